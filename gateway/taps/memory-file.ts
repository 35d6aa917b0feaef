import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from '../model/json.ts'
import type { TapMemory } from '../model/tap.ts'

/** What a source remembers, in a file of its own that only this user may read. It is whole, old or new, whatever happens while it is written. */
export function memoryFile(folder: string, interfaceId: string): TapMemory {
  const path = join(folder, `${interfaceId}.json`)
  return {
    async load() {
      try {
        const state: Json = JSON.parse(await readFile(path, 'utf8'))
        return state
      } catch {
        return null
      }
    },
    async save(state) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const next = `${path}.next`
      const file = await open(next, 'w', 0o600)
      try {
        await file.writeFile(JSON.stringify(state))
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(next, path)
    },
  }
}
