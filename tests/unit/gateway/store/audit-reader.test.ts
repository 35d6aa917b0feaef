import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { comparePositions, dawn } from '../../../../fixtures/observed/made.ts'
import { secretsFrom } from '../../../../gateway/store/secrets.ts'
import { createAuditReader } from '../../../../gateway/store/sqlite/audit-reader.ts'
import { openSqliteStore } from '../../../../gateway/store/sqlite-store.ts'

test('a record that a desk writes while the chain is verified from outside is no breach', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-audit-'))
  const secrets = secretsFrom(new Uint8Array(32).fill(3))
  const auditKey = secrets.key('audit')
  const store = openSqliteStore({ folder, tokenKeys: [secrets.key('tokens')], bodyKey: null, auditKey, comparePositions })
  const append = () => store.appendAudit({ at: dawn, by: 'li', role: 'viewer', action: 'view', subject: 'x', reason: null })
  await append()
  const database = new DatabaseSync(join(folder, 'auscult.db'), { readOnly: true })
  // Whatever the reader asks, a desk has written one more since.
  const written: Promise<void>[] = []
  const busy = new Proxy(database, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      if (name !== 'prepare') return member.bind(target)
      return (sql: string) => {
        const statement = target.prepare(sql)
        return {
          get: (...values: string[]) => {
            written.push(append())
            return statement.get(...values)
          },
          all: (...values: string[]) => statement.all(...values),
        }
      }
    },
  })
  const reader = createAuditReader(busy)
  expect(reader.slice(auditKey, null, 10)).toMatchObject({ last: { number: 1 }, breach: null, isEnd: true })
  expect(reader.slice(auditKey, null, 10)).toMatchObject({ last: { number: 2 }, breach: null })
  await Promise.all(written)
  database.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})
