import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import { root } from './child.ts'

const passes = `test('passes', () => {})`
const fails = `test('fails', () => { throw new Error('so it is') })`
const abortsAlways = `test('is ended', () => process.abort())`
const abortsOnce = `
import { existsSync, writeFileSync } from 'node:fs'
test('is ended', () => {
  if (existsSync('seen')) return
  writeFileSync('seen', '')
  process.abort()
})`

const runs: readonly { what: string; files: readonly string[]; code: number; isTwice: boolean }[] = [
  { what: 'all pass: once, and it passes', files: [passes], code: 0, isTwice: false },
  { what: 'a test fails: once, and it fails', files: [passes, fails], code: 1, isTwice: false },
  { what: 'the engine ended one process: that file again, and it passes', files: [passes, abortsOnce], code: 0, isTwice: true },
  { what: 'it ends so again: it fails', files: [passes, abortsAlways], code: 1, isTwice: true },
  { what: 'the engine ended one, and a test failed: once, and it fails', files: [fails, abortsOnce], code: 1, isTwice: false },
  { what: 'the engine ended two: once, and it fails', files: [abortsAlways, abortsAlways], code: 1, isTwice: false },
]

test.for(runs)('$what', { timeout: 60_000 }, ({ files, code, isTwice }) => {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-test-run-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const [at, text] of files.entries()) {
    writeFileSync(join(folder, `${at}.test.js`), `import { test } from 'vitest'\n${text}\n`)
  }
  const { VITEST: _, ...env } = process.env
  const done = spawnSync(process.execPath, [join(root, 'tests/run.ts')], { cwd: folder, env, encoding: 'utf8' })
  expect(done.status, done.stdout + done.stderr).toBe(code)
  expect(done.stderr.includes('is run once more')).toBe(isTwice)
})
