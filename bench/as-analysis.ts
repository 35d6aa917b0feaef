import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { engineFlags } from '../gateway/supervise.ts'

/** Runs the bench at that address again, and ends, unless it runs with the flags of the analysis role: V8 takes them at its start only. */
export function asAnalysis(url: string): void {
  const flags = engineFlags.analysis.filter((flag) => !process.execArgv.includes(flag))
  if (flags.length === 0) return
  const again = [...process.execArgv, ...flags, fileURLToPath(url), ...process.argv.slice(2)]
  process.exit(spawnSync(process.execPath, again, { stdio: 'inherit' }).status ?? 1)
}
