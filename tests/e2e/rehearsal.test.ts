import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findRunning } from '../../gateway/run-folder.ts'
import { freePorts } from '../support/ports.ts'
import { eventually, root, run } from './child.ts'

const folder = mkdtempSync(join(tmpdir(), 'auscult-rehearsal-'))
const dataFolder = join(folder, 'data')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('an edge that was rehearsed finds all that it reads compiled, and the rehearsal leaves nothing else', {
  timeout: 60_000,
}, async () => {
  const [listen, upstream] = await freePorts(2)
  const configFile = join(folder, 'auscult.yaml')
  writeFileSync(configFile, config(`{ listen: "127.0.0.1:${listen}", upstream: "127.0.0.1:${upstream}" }`))
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

function config(proxy: string): string {
  return `hospital: { name: test, timezone: Asia/Shanghai, calendar: cn }
systems: [{ id: his, name: his }, { id: lis, name: lis }]
interfaces:
  - { id: orders, name: orders, from: his, to: lis, protocol: mllp, criticality: high, objectives: { successRate: 0.99, latencyP95Ms: 5000 }, source: { proxy: ${proxy} } }
`
}
