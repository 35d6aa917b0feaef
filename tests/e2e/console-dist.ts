import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the console's files are once they are built. */
export const consoleDist = fileURLToPath(new URL('../../console/dist', import.meta.url))

/** Why a test can't open the console; null: it can. */
export function unbuiltConsole(): string | null {
  return existsSync(join(consoleDist, 'index.html')) ? null : 'console/dist is not built (npm run console:build)'
}
