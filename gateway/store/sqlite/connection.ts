import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { failure } from '../../model/failures.ts'
import { guarded } from './guard.ts'
import { migrate } from './migrations.ts'

/** An open database file of the current schema. */
export interface Connection {
  readonly database: DatabaseSync
  readonly file: string
  /** Runs `run` in one write transaction: all of it or nothing. Errors come out as they are. */
  transaction<T>(run: () => T): T
  close(): void
}

/** How long a call waits for another process's transaction before it fails with STORE_BUSY. */
const busyTimeoutMs = 5_000

/** Opens or makes `folder/auscult.db`. Fails with STORE_CORRUPT, STORE_VERSION_NEWER, STORE_UNWRITABLE or DISK_FULL. */
export function openConnection(folder: string): Connection {
  const file = join(folder, 'auscult.db')
  return guarded(file, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const database = new DatabaseSync(file, { timeout: busyTimeoutMs })
    try {
      // Page size and auto_vacuum must stand before the first table; on an existing file the line changes nothing.
      database.exec(
        'PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL',
      )
      database.exec(
        'PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 67108864',
      )
      migrate(database, file)
      const check = database.prepare('PRAGMA schema_version').get()
      if (check === undefined) throw failure('STORE_CORRUPT', 'The database has no schema.', { place: { file } })
    } catch (error) {
      database.close()
      throw error
    }
    return { database, file, transaction: (run) => transaction(database, run), close: () => database.close() }
  })
}

function transaction<T>(database: DatabaseSync, run: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = run()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // A full disk or an I/O error may have rolled back already (https://www.sqlite.org/lang_transaction.html, 3.1).
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
