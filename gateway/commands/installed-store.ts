import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '../app.ts'
import type { Config } from '../config/config.ts'
import { failure } from '../model/failures.ts'
import type { Store } from '../store/store.ts'

/**
 * The store of an installation that is there: opening one makes it where there is none, and a question must not. Without a configuration bodies stay sealed.
 * Rejects with STORE_NOT_FOUND.
 */
export async function openInstalledStore(
  dataFolder: string,
  config: Pick<Config, 'encryption'> = { encryption: null },
): Promise<Store> {
  const folder = join(dataFolder, 'store')
  if (!existsSync(join(folder, 'auscult.db')))
    throw failure('STORE_NOT_FOUND', 'there is no database here', { place: { file: folder } })
  return openStore(config, dataFolder)
}
