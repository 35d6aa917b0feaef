import { execFile } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { comparePositions, dawn } from '../../fixtures/observed/made.ts'
import { fileAnchor } from '../../gateway/desk/audit/anchors.ts'
import { signCheckpoint, signingKeysFrom } from '../../gateway/store/audit-chain.ts'
import { openSecrets } from '../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../gateway/store/sqlite-store.ts'
import { root } from './child.ts'

let data = ''
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'auscult-verify-'))
  const secrets = openSecrets(join(data, 'secrets'))
  const store = openSqliteStore({
    folder: join(data, 'store'),
    tokenKeys: [secrets.key('tokens')],
    auditKey: secrets.key('audit'),
    bodyKey: null,
    comparePositions,
  })
  for (let n = 1; n <= 5; n += 1)
    await store.appendAudit({
      at: dawn + n,
      by: 'wang',
      role: 'engineer',
      action: 'reveal request',
      subject: `e${n}`,
      reason: 'x',
    })
  const end = await store.auditEnd()
  if (end === null) throw new Error('nothing was written')
  const checkpoint = signCheckpoint(signingKeysFrom(secrets.key('checkpoints')), { ...end, at: dawn })
  await store.saveCheckpoint(checkpoint)
  await fileAnchor(join(data, 'elsewhere.jsonl')).write(checkpoint)
  await store.close()
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

function verify(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const command = [join(root, 'gateway/cli.ts'), 'audit', 'verify', '--data', data, ...args]
  return new Promise((resolve) => {
    execFile(process.execPath, command, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out: String(out), err: String(err) }),
    )
  })
}

function change(sql: string): void {
  const database = new DatabaseSync(join(data, 'store', 'auscult.db'))
  database.exec(sql)
  database.close()
}

it('says that the audit is whole, and that without an anchor its end could not be missed', async () => {
  const { code, out, err } = await verify()
  expect([code, out]).toEqual([0, 'the audit is whole: 5 records; signed up to 5, anchored up to 0\n'])
  expect(err).toContain('no anchor')
  const anchored = await verify('--anchor', join(data, 'elsewhere.jsonl'), '--json')
  expect(JSON.parse(anchored.out)).toMatchObject({ records: 5, breach: null, anchoredUpTo: 5 })
})

it('names the first record that is wrong, and exits with 1', async () => {
  change("UPDATE audit_records SET by = 'li' WHERE number = 3; DELETE FROM audit_records WHERE number = 5")
  const { code, out } = await verify()
  expect([code, out]).toEqual([
    1,
    'record 3 is wrong: it, or the record before it, is not as it was written (altered); 2 records before it are whole\n',
  ])
})

it('misses what was cut off with everything that knew of it, by the anchor', async () => {
  change('DELETE FROM audit_records; DELETE FROM audit_end; DELETE FROM audit_checkpoints')
  expect((await verify()).code).toBe(0)
  const { code, out } = await verify('--anchor', join(data, 'elsewhere.jsonl'))
  expect([code, out.startsWith('record 1 is wrong: the chain ends before it')]).toEqual([1, true])
})

it('names a line of the anchor that was spoiled', async () => {
  const file = join(data, 'elsewhere.jsonl')
  appendFileSync(file, `${readFileSync(file, 'utf8').replace('signature', 'signatura')}`)
  const { code, out } = await verify('--anchor', file)
  expect([code, out.split('\n')[1]]).toEqual([1, `${file}:2: this line of the anchor is not as it was written`])
})

it('says with 2 what can not be used', async () => {
  writeFileSync(join(data, 'noise.txt'), 'hello\n')
  expect(await verify('--anchor', join(data, 'noise.txt'))).toMatchObject({ code: 2, out: '' })
  expect(await verify('--anchor', join(data, 'missing.txt'))).toMatchObject({ code: 2, out: '' })
  rmSync(join(data, 'store'), { recursive: true })
  mkdirSync(join(data, 'store'))
  expect((await verify()).err).toMatch(/there is no database here \[AUDIT_UNREADABLE\]/)
})
