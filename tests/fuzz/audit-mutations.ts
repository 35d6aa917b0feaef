/** What somebody with the database but without the key can do to the audit: thousands of changes, each to be found, the first bad record named. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type AuditVerdict, checkAudit } from '../../gateway/desk/audit/check-audit.ts'
import { endSealOf, sealOf, signCheckpoint, signingKeysFrom, writtenForm } from '../../gateway/store/audit-chain.ts'
import type { AuditLink, AuditRow, Checkpoint } from '../../gateway/store/audit-store.ts'
import { secretsFrom } from '../../gateway/store/secrets.ts'
import { createAuditQueries } from '../../gateway/store/sqlite/audit-queries.ts'
import { createAuditReader } from '../../gateway/store/sqlite/audit-reader.ts'
import { openConnection } from '../../gateway/store/sqlite/connection.ts'
import type { Random } from './mutate.ts'

const secrets = secretsFrom(new Uint8Array(32).fill(9))
const key = secrets.key('audit')
const keys = signingKeysFrom(secrets.key('checkpoints'))
const recordCount = 160
const signedAt = [20, 40, 60, 80, 100, 120, 140]
/** The anchor knows of these; behind the last one only the store's own end stands. */
const anchoredAt = [40, 80, 120]

interface Stage {
  readonly database: DatabaseSync
  readonly links: readonly AuditLink[]
  readonly random: Random
}

/** Does one change and says which record is then the first bad one. */
type Mutation = (stage: Stage) => number

export const mutations: { readonly [name: string]: Mutation } = {
  flip: (stage) => flip(stage),
  delete: ({ database, random }) => {
    const number = random.below(recordCount) + 1
    database.exec(`DELETE FROM audit_records WHERE number = ${number}`)
    return number
  },
  insert: ({ database, random }) => {
    const after = random.below(recordCount + 1)
    const copied = random.below(recordCount) + 1
    database.exec(`
      CREATE TEMP TABLE forged AS SELECT * FROM audit_records WHERE number = ${copied};
      UPDATE audit_records SET number = -number - 1 WHERE number > ${after};
      UPDATE audit_records SET number = -number WHERE number < 0;
      UPDATE forged SET number = ${after + 1}, by = by || 'x';
      INSERT INTO audit_records SELECT * FROM forged;
      DROP TABLE forged`)
    return after + 1
  },
  swap: ({ database, random }) => {
    const [a, b] = two(random)
    database.exec(`
      UPDATE audit_records SET number = -1 WHERE number = ${a};
      UPDATE audit_records SET number = ${a} WHERE number = ${b};
      UPDATE audit_records SET number = ${b} WHERE number = -1`)
    return Math.min(a, b)
  },
  truncate: ({ database, links, random }) => {
    const kept = random.below(recordCount)
    const link = links[kept - 1]
    database.exec(`DELETE FROM audit_records WHERE number > ${kept}`)
    if (random.below(2) === 0) database.exec(`DELETE FROM audit_checkpoints WHERE number > ${kept}`)
    // The end is made to fit as far as that goes without the key.
    if (random.below(10) < 7 && link !== undefined)
      database.exec(`UPDATE audit_end SET number = ${kept}, hash = '${link.hash}'`)
    else if (random.below(2) === 0) database.exec('DELETE FROM audit_end')
    // Nothing left and nothing remembered is how an installation begins: only what was signed tells.
    return kept + 1
  },
  'replay of an older state': (stage) => replay(stage, 0),
  'replay of an older state that then went on': (stage) => replay(stage, 1 + stage.random.below(60)),
  'flip of a signature': ({ database, random }) => {
    const number = signedAt[random.below(signedAt.length)] ?? 0
    const column = ['hash', 'signature', 'at'][random.below(3)] ?? 'at'
    database.exec(
      column === 'at'
        ? `UPDATE audit_checkpoints SET at = at + 1 WHERE number = ${number}`
        : `UPDATE audit_checkpoints SET ${column} = substr(${column}, 2) || '0' WHERE number = ${number}`,
    )
    return number
  },
}

/** Runs `count` mutations in turn; gives how many of each were found, and throws at the first that wasn't, or that was misnamed. */
export async function mutateAudit(count: number, random: Random): Promise<{ readonly [name: string]: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-audit-fuzz-'))
  const connection = openConnection(folder)
  const { database } = connection
  try {
    const audit = createAuditQueries(connection, key)
    const links: AuditLink[] = []
    for (let n = 1; n <= recordCount; n++) {
      audit.appendAudit(rowOf(n))
      const end = audit.auditEnd()
      if (end !== null) links.push(end)
    }
    const signed = signedAt.map((n) => signatureAt(links, n))
    for (const checkpoint of signed) audit.saveCheckpoint(checkpoint)
    const anchored = signed.filter(({ number }) => anchoredAt.includes(number))
    const untouched = await verdictOf(database, anchored)
    if (untouched.breach !== null || untouched.records !== recordCount) throw new Error('the untouched chain is not whole')
    const found: { [name: string]: number } = {}
    const kinds = Object.entries(mutations)
    for (let i = 0; i < count; i++) {
      const [name, mutate] = kinds[i % kinds.length] ?? ['', () => 0]
      database.exec('BEGIN')
      const expected = mutate({ database, links, random })
      const { breach } = await verdictOf(database, anchored)
      database.exec('ROLLBACK')
      if (breach?.number !== expected)
        throw new Error(`mutation ${i} (${name}): record ${expected} was to be named, not ${breach?.number ?? 'none'}`)
      found[name] = (found[name] ?? 0) + 1
    }
    return found
  } finally {
    connection.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function verdictOf(database: DatabaseSync, anchored: readonly Checkpoint[]): Promise<AuditVerdict> {
  const reader = createAuditReader(database)
  const audit = {
    verifyAudit: async (after: AuditLink | null, limit: number) => reader.slice(key, after, limit),
    auditLink: async (number: number) => reader.link(number),
    checkpoints: async (limit: number) => reader.checkpoints(limit),
  }
  return checkAudit({ audit, keys, anchored })
}

const textColumns = ['by', 'role', 'action', 'subject', 'reason', 'address', 'hash']

function flip({ database, links, random }: Stage): number {
  const number = random.below(recordCount) + 1
  const where = `WHERE number = ${number}`
  const kind = random.below(12)
  const column = textColumns[kind]
  if (column === 'hash') {
    const { hash = '' } = links[number - 1] ?? {}
    database.exec(`UPDATE audit_records SET hash = '${flippedHex(hash, random)}' ${where}`)
  } else if (column !== undefined) {
    database.exec(
      `UPDATE audit_records SET ${column} = char(unicode(coalesce(${column}, 'a')) + 1) || substr(coalesce(${column}, ''), 2) ${where}`,
    )
  } else if (kind === 7) database.exec(`UPDATE audit_records SET at = at + ${random.below(2) === 0 ? 1 : -0.5} ${where}`)
  else if (kind === 8)
    database.exec(`UPDATE audit_records SET outcome = CASE outcome WHEN 'done' THEN 'refused' ELSE 'done' END ${where}`)
  else if (kind === 9) database.exec(`UPDATE audit_records SET subject = x'00ff' ${where}`)
  else if (kind === 10) {
    database.exec(`UPDATE audit_records SET number = ${number + 1000} ${where}`)
  } else {
    database.exec(`UPDATE audit_records SET number = ${-number} ${where}`)
    return -number
  }
  return number
}

/** The records, the end and the signatures as they were once, all of them true, and then perhaps more records with true seals. */
function replay({ database, links, random }: Stage, more: number): number {
  // Before the newest anchor: what came after it nobody outside of the store can know.
  const kept = 1 + random.below(Math.max(...anchoredAt) - 1)
  database.exec(`DELETE FROM audit_records WHERE number > ${kept}; DELETE FROM audit_checkpoints WHERE number > ${kept}`)
  let end = links[kept - 1] ?? { number: 0, hash: '' }
  const insert = database.prepare(
    'INSERT INTO audit_records (number, at, by, role, action, subject, reason, address, outcome, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  for (let n = 0; n < more; n++) {
    const row = writtenForm({ ...rowOf(kept + n + 1), by: 'another' })
    end = { number: end.number + 1, hash: sealOf(key, end, row) }
    insert.run(end.number, row.at, row.by, row.role, row.action, row.subject, row.reason, row.address, row.outcome, end.hash)
  }
  database.exec(`UPDATE audit_end SET number = ${end.number}, hash = '${end.hash}', seal = '${endSealOf(key, end)}'`)
  // The first anchor beyond what was kept says no: where the chain reaches it another record stands there, else it ends before it.
  const beyond = anchoredAt.find((number) => number > kept) ?? 0
  return beyond <= end.number ? beyond : end.number + 1
}

function rowOf(n: number): AuditRow {
  return {
    at: 1_795_392_000_000 + n * 1000,
    by: n % 3 === 0 ? 'chen.wei' : '张工',
    role: 'engineer',
    action: n % 5 === 0 ? 'reveal request' : 'view request',
    subject: `e1-${n}`,
    reason: n % 5 === 0 ? `ticket t${n}` : null,
    address: n % 2 === 0 ? '10.1.0.9' : null,
    outcome: n % 11 === 0 ? 'refused' : 'done',
  }
}

function signatureAt(links: readonly AuditLink[], number: number): Checkpoint {
  const link = links[number - 1]
  if (link === undefined) throw new Error(`no record ${number}`)
  return signCheckpoint(keys, { ...link, at: 1_795_392_000_000 + number * 1000 })
}

function flippedHex(hash: string, random: Random): string {
  const at = random.below(hash.length)
  const digit = (Number.parseInt(hash.charAt(at), 16) ^ (1 << random.below(4))).toString(16)
  return hash.slice(0, at) + digit + hash.slice(at + 1)
}

function two(random: Random): readonly [number, number] {
  const a = random.below(recordCount) + 1
  const b = random.below(recordCount - 1) + 1
  return [a, b >= a ? b + 1 : b]
}
