import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '../app.ts'
import { failure } from '../model/failures.ts'
import type { Store } from '../store/store.ts'

/** The store of an installation that is there, without its configuration: bodies stay sealed. Throws ACCOUNT_NOT_FOUND where there is none. */
export function openInstalledStore(dataFolder: string): Promise<Store> {
  const folder = join(dataFolder, 'store')
  if (!existsSync(join(folder, 'auscult.db')))
    throw failure('ACCOUNT_NOT_FOUND', 'there is no database here', { place: { file: folder } })
  return openStore({ encryption: null }, dataFolder)
}
