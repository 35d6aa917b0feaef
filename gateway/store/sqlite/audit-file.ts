import type { KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { failure } from '../../model/failures.ts'
import type { AuditStore } from '../audit-store.ts'
import { createAuditReader } from './audit-reader.ts'
import { guarded } from './guard.ts'

/** The audit of a store's folder, only to be read: whoever examines it changes nothing, and a desk may run on. */
export type AuditFile = Pick<AuditStore, 'verifyAudit' | 'auditLink' | 'checkpoints'> & { close(): void }

/** Fails with AUDIT_UNREADABLE where no database with an audit is, STORE_CORRUPT where it is damaged. */
export function openAuditFile(folder: string, key: KeyObject): AuditFile {
  const file = join(folder, 'auscult.db')
  if (!existsSync(file)) throw failure('AUDIT_UNREADABLE', 'there is no database here', { place: { file } })
  return guarded(file, () => {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
    if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'audit_records'").get() === undefined) {
      database.close()
      throw failure('AUDIT_UNREADABLE', 'the database has no audit chain yet: start this version on it once', {
        place: { file },
      })
    }
    const reader = createAuditReader(database)
    return {
      verifyAudit: async (after, limit) => guarded(file, () => reader.slice(key, after, limit)),
      auditLink: async (number) => guarded(file, () => reader.link(number)),
      checkpoints: async (limit) => guarded(file, () => reader.checkpoints(limit)),
      close: () => database.close(),
    }
  })
}
