import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findRunning } from '../../gateway/run-folder.ts'
import { freePorts } from '../support/ports.ts'
import { eventually, root, run } from './child.ts'
import { oneInterface } from './one-interface.ts'

const folder = mkdtempSync(join(tmpdir(), 'auscult-rehearsal-'))
const dataFolder = join(folder, 'data')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('an edge that was rehearsed finds all that it reads compiled, and the rehearsal leaves nothing else', {
  timeout: 60_000,
}, async () => {
  const [listen, upstream] = await freePorts(2)
  const configFile = join(folder, 'auscult.yaml')
  writeFileSync(configFile, oneInterface({ listen, upstream }))
  const args = [join(root, 'gateway/cli.ts'), 'start', '--role', 'edge', '--config', configFile, '--data', dataFolder]
  const compiledFolder = join(folder, 'compiled')
  const compiled = () => readdirSync(compiledFolder, { recursive: true, encoding: 'utf8' }).toSorted()

  const rehearsal = run([...args, '--rehearse'], { NODE_COMPILE_CACHE: compiledFolder })
  expect(await new Promise((resolve) => rehearsal.process.once('exit', resolve)), rehearsal.errors()).toBe(0)
  const before = compiled()
  expect(before.length).toBeGreaterThan(100)
  expect(readdirSync(dataFolder, { recursive: true })).toEqual(['run'])

  const edge = run(args, { NODE_COMPILE_CACHE: compiledFolder })
  await eventually('the edge is ready', 30_000, async () => findRunning(dataFolder, 'edge')?.phase === 'ready', edge)
  expect(await edge.stop()).toBe(0)
  expect(compiled()).toEqual(before)
})
