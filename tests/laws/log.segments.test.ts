import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../../gateway/clock.ts'
import { openLogReader } from '../../gateway/log/reader.ts'
import { openLogWriter } from '../../gateway/log/writer.ts'
import { logLaw } from './log.ts'

const program = join(import.meta.dirname, 'log-writer-program.ts')

for (const { name, key } of [
  { name: 'segment files, plain', key: null },
  { name: 'segment files, sealed', key: Buffer.alloc(32, 7) },
]) {
  logLaw({
    name,
    openWriter: (folder) =>
      openLogWriter({
        folder,
        segmentBytesMax: 16_000,
        retention: { bytes: 1e12, ageMs: 1e12 },
        sync: 'none',
        key,
        clock: systemClock(),
      }),
    openReader: (folder) => openLogReader({ folder, key, clock: systemClock() }),
    files: async (folder) => {
      const names = await readdir(folder)
      return names
        .filter((file) => file.endsWith('.log'))
        .sort()
        .map((file) => join(folder, file))
    },
    writerProgram: (folder, first) => [program, folder, String(first), key?.toString('hex') ?? ''],
  })
}
