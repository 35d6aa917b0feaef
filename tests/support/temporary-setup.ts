import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

/** All that a run writes to temporary folders, whoever writes it, lies in one and goes with it: a test that is cut short tidies nothing. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-tests-'))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
