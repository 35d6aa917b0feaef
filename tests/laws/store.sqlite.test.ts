import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { secretsFrom } from '../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../gateway/store/sqlite-store.ts'
import type { Store } from '../../gateway/store/store.ts'
import { reportStoreLaw } from './report-store.ts'
import { type StorePlace, storeLaw } from './store.ts'

const secrets = secretsFrom(new Uint8Array(32).fill(1))

for (const sealing of ['sealed', 'open'] as const) {
  const open = async (comparePositions: (a: string, b: string) => number): Promise<StorePlace> => {
    const folder = mkdtempSync(join(tmpdir(), 'auscult-law-'))
    const opened: Store[] = []
    const again = async () => {
      const store = openSqliteStore({
        folder,
        tokenKeys: [secrets.key('tokens')],
        bodyKey: sealing === 'sealed' ? secrets.key('bodies') : null,
        auditKey: secrets.key('audit'),
        comparePositions,
      })
      opened.push(store)
      return store
    }
    return {
      store: await again(),
      again,
      clear: async () => {
        for (const store of opened) await store.close()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  }
  storeLaw(`SQLite, bodies ${sealing}`, open)
  if (sealing === 'open') reportStoreLaw('SQLite', open)
}
