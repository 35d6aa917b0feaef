import { createSecretKey, type KeyObject } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { failure } from '../../model/failures.ts'
import { beforeFirst, endSealOf, isSameSeal, sealOf, writtenForm } from '../audit-chain.ts'
import type { AuditLink, AuditQuery, AuditRecord, AuditRow, AuditSlice, Checkpoint } from '../audit-store.ts'
import type { Page } from '../exchange-store.ts'
import { auditColumns, createAuditReader, recordOf } from './audit-reader.ts'
import type { Connection } from './connection.ts'
import { numberOf } from './rows.ts'

/** The questions about the audit, synchronous. */
export interface AuditQueries {
  appendAudit(row: AuditRow): void
  audit(query: AuditQuery): Page<AuditRecord>
  auditEnd(): AuditLink | null
  verifyAudit(after: AuditLink | null, limit: number): AuditSlice
  auditLink(number: number): AuditLink | null
  saveCheckpoint(checkpoint: Checkpoint): void
  checkpoints(limit: number): readonly Checkpoint[]
}

/** Without a key of its own anybody could continue the chain: for tests and measurements. */
export const noAuditKey = createSecretKey(Buffer.alloc(32))

export function createAuditQueries({ database, file, transaction }: Connection, key: KeyObject): AuditQueries {
  const reader = createAuditReader(database)
  const insert = database.prepare(`INSERT INTO audit_records (${auditColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const setEnd = database.prepare('INSERT OR REPLACE INTO audit_end (only, number, hash, seal) VALUES (1, ?, ?, ?)')
  const newest = database.prepare('SELECT number, hash FROM audit_records ORDER BY number DESC LIMIT 1')
  const list = database.prepare(
    `SELECT ${auditColumns} FROM audit_records WHERE number < ? AND at >= ? AND at < ? AND (?4 IS NULL OR by = ?4)
     AND (?5 IS NULL OR substr(action, 1, length(?5)) = ?5) AND (?6 IS NULL OR outcome = ?6) ORDER BY number DESC LIMIT ?7`,
  )
  const saveCheckpoint = database.prepare(
    'INSERT OR IGNORE INTO audit_checkpoints (number, hash, at, signature) VALUES (?, ?, ?, ?)',
  )
  const trueEnd = (): AuditLink => {
    const end = reader.end()
    const row = newest.get()
    if (end === null && row === undefined) return beforeFirst
    const isTrue =
      end !== null && row?.number === end.number && row.hash === end.hash && isSameSeal(endSealOf(key, end), end.seal)
    if (!isTrue)
      throw failure('AUDIT_DAMAGED', 'The end of the audit is not the one that was written last.', { place: { file } })
    return end
  }
  return {
    appendAudit: (given) => {
      const row = writtenForm(given)
      durably(database, () =>
        transaction(() => {
          const previous = trueEnd()
          const link = { number: previous.number + 1, hash: sealOf(key, previous, row) }
          const { at, by, role, action, subject, reason, address, outcome } = row
          insert.run(link.number, at, by, role, action, subject, reason, address, outcome, link.hash)
          setEnd.run(link.number, link.hash, endSealOf(key, link))
        }),
      )
    },
    audit: ({ from = 0, to = Number.MAX_SAFE_INTEGER, by, action, outcome, limit, cursor }) => {
      const before = cursor === undefined ? Number.NaN : Number.parseInt(cursor, 36)
      const start = Number.isSafeInteger(before) ? before : Number.MAX_SAFE_INTEGER
      const rows = list.all(start, from, to, by ?? null, action ?? null, outcome ?? null, limit + 1)
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      return {
        items: shown.map(recordOf),
        nextCursor: rows.length > limit && last !== undefined ? numberOf(last, 'number').toString(36) : null,
      }
    },
    auditEnd: () => {
      const end = reader.end()
      return end === null ? null : { number: end.number, hash: end.hash }
    },
    verifyAudit: (after, limit) => reader.slice(key, after, limit),
    auditLink: reader.link,
    saveCheckpoint: ({ number, hash, at, signature }) => {
      durably(database, () => transaction(() => saveCheckpoint.run(number, hash, at, signature)))
    },
    checkpoints: (limit) => reader.checkpoints(limit),
  }
}

/** What was answered is on the disk, a loss of power included: the store's other writes may lose their last moment. */
function durably<T>(database: DatabaseSync, run: () => T): T {
  database.exec('PRAGMA synchronous = FULL')
  try {
    return run()
  } finally {
    database.exec('PRAGMA synchronous = NORMAL')
  }
}
