import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { freePorts } from '../support/ports.ts'
import { root, run } from './child.ts'
import { oneInterface } from './one-interface.ts'

const folder = mkdtempSync(join(tmpdir(), 'auscult-early-stop-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.for(['edge', 'analysis', 'desk', 'all'])('role %s, told to stop as soon as it is seen: exit 0, and nothing of it stays', {
  timeout: 60_000,
}, async (role) => {
  const [listen, upstream, api] = await freePorts(3)
  const configFile = join(folder, `${role}.yaml`)
  writeFileSync(configFile, oneInterface({ listen, upstream }))
  const dataFolder = join(folder, role)
  const note = join(dataFolder, 'run', `${role === 'all' ? 'supervisor' : role}.json`)
  mkdirSync(join(dataFolder, 'run'), { recursive: true })
  const seen = appears(note)
  const place = ['--config', configFile, '--data', dataFolder, '--listen', `127.0.0.1:${api}`]
  const child = run([join(root, 'gateway/cli.ts'), 'start', '--role', role, ...place])
  await seen
  expect(await child.stop(), child.errors()).toBe(0)
  const left = readdirSync(join(dataFolder, 'run'))
  expect(left.filter((name) => !['compiled', 'used-with'].includes(name))).toEqual([])
})

function appears(file: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const watcher = watch(join(file, '..'), () => {
    if (!existsSync(file)) return
    watcher.close()
    resolve()
  })
  return promise
}
