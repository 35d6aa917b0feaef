/**
 * All benches in turn: `npm run bench` (some minutes), `npm run bench -- --short` (about one). Each prints its own table; docs/performance.md says
 * what was measured where. Exits 1 when one of them fails.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const isShort = process.argv.includes('--short')
const benches: readonly { readonly file: string; readonly args: readonly string[]; readonly shortArgs: readonly string[] }[] = [
  { file: 'edge.ts', args: ['--rounds', '5', '--seconds', '2'], shortArgs: ['--rounds', '1', '--seconds', '1'] },
  { file: 'http.ts', args: ['--rounds', '5', '--seconds', '2'], shortArgs: ['--rounds', '1', '--seconds', '1'] },
  { file: 'dimse.ts', args: [], shortArgs: ['--rounds', '1', '--images', '50', '--large', '128'] },
  { file: 'log.ts', args: [], shortArgs: [] },
  { file: 'hl7v2.ts', args: [], shortArgs: ['0.3'] },
  { file: 'bodies.ts', args: [], shortArgs: ['0.3'] },
  { file: 'dicom.ts', args: [], shortArgs: ['0.3'] },
  { file: 'contracts.ts', args: [], shortArgs: ['0.3'] },
  {
    file: 'diagnosis.ts',
    args: ['--split', 'development', '--per-cause', '4'],
    shortArgs: ['--split', 'development', '--short', '--only', 'fault'],
  },
  { file: 'analysis.ts', args: ['--minutes', '120', '--rounds', '4'], shortArgs: ['--minutes', '20', '--rounds', '2'] },
]

let failed = 0
for (const { file, args, shortArgs } of benches) {
  console.log(`\n== bench/${file}`)
  const path = fileURLToPath(new URL(file, import.meta.url))
  const done = spawnSync(process.execPath, [...process.execArgv, path, ...(isShort ? shortArgs : args)], { stdio: 'inherit' })
  if (done.status !== 0) failed += 1
}
process.exitCode = failed === 0 ? 0 : 1
