import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { announce, findRunning, isAlive, rememberConfig, rememberedConfig, withdraw } from '../../../gateway/run-folder.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'auscult-run-'))

describe('run folder', () => {
  it('finds a live process by its note, and none after it has withdrawn', () => {
    const data = folder()
    expect(findRunning(data, 'edge')).toBeNull()
    announce(data, 'edge', 'ready', { listen: '127.0.0.1:1' })
    expect(findRunning(data, 'edge')).toMatchObject({ pid: process.pid, phase: 'ready', says: { listen: '127.0.0.1:1' } })
    withdraw(data, 'edge')
    expect(findRunning(data, 'edge')).toBeNull()
  })

  it('remembers which configuration it was used with, after everybody has gone too', () => {
    const data = folder()
    expect(rememberedConfig(data)).toBeNull()
    announce(data, 'desk', 'ready')
    rememberConfig(data, '/etc/auscult.yaml')
    withdraw(data, 'desk')
    expect(rememberedConfig(data)).toBe('/etc/auscult.yaml')
    writeFileSync(join(data, 'run', 'used-with'), '{"file":')
    expect(rememberedConfig(data)).toBeNull()
  })

  it('takes no dead process, no later one with the same pid and no damaged note for a live one', async () => {
    const child = spawn('sleep', ['60'])
    const pid = child.pid ?? 0
    expect(isAlive({ pid, bornAt: null })).toBe(true)
    expect(isAlive({ pid, bornAt: 'another time' })).toBe(false)
    const ended = new Promise((resolve) => child.on('exit', resolve))
    child.kill('SIGKILL')
    await ended
    expect(isAlive({ pid, bornAt: null })).toBe(false)
    const data = folder()
    mkdirSync(join(data, 'run'))
    writeFileSync(join(data, 'run', 'desk.json'), '{"pid":')
    expect(findRunning(data, 'desk')).toBeNull()
  })

  it('leaves the note of another process alone', () => {
    const data = folder()
    mkdirSync(join(data, 'run'))
    writeFileSync(
      join(data, 'run', 'edge.json'),
      JSON.stringify({ name: 'edge', pid: process.ppid, bornAt: null, phase: 'ready', says: {} }),
    )
    withdraw(data, 'edge')
    expect(findRunning(data, 'edge')?.pid).toBe(process.ppid)
  })
})
