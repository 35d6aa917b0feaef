import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { runProbe } from '../../adapters/probes/run-probe.ts'
import { systemClock } from '../../gateway/clock.ts'
import type { Measurement } from '../../gateway/model/measurement.ts'
import type { Probe } from '../../gateway/model/probe.ts'
import { freePorts } from '../support/ports.ts'
import { missingPeers } from './missing.ts'

const folder = mkdtempSync(join(tmpdir(), 'auscult-probe-peers-'))
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const plan = { everyMs: null, at: [], timeoutMs: 10_000 }
const run = {
  subject: { kind: 'interface' as const, id: 'peer' },
  clock: systemClock(),
  timezone: 'Asia/Shanghai',
  signal: new AbortController().signal,
}

function begin(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: 'ignore', cwd: folder })
  children.push(child)
  return child
}

/** Asks until the peer is up; the test's own time-out is the only limit. */
async function whenUp(probe: Probe): Promise<Measurement> {
  for (;;) {
    const found = await runProbe(probe, run)
    if (found.code !== 'ECONNREFUSED' && found.code !== 'ETIMEDOUT') return found
    await delay(100)
  }
}

const noDcmtk = missingPeers([['storescp', '--version']])
describe.skipIf(noDcmtk !== null)('DCMTK storescp', { timeout: 60_000 }, () => {
  test('answers a C-ECHO', async () => {
    const [port = 0] = await freePorts(1)
    begin('storescp', ['-aet', 'PACS', '-od', folder, String(port)])
    const echo = {
      ...plan,
      kind: 'c-echo' as const,
      address: { host: '127.0.0.1', port },
      calledAe: 'PACS',
      callingAe: 'AUSCULT',
    }
    expect(await whenUp(echo)).toMatchObject({ verdict: 'yes', code: null, facts: { status: '0000' } })
  })

  test('refuses every association, and the probe says why', async () => {
    const [port = 0] = await freePorts(1)
    begin('storescp', ['--refuse', '-od', folder, String(port)])
    const echo = {
      ...plan,
      kind: 'c-echo' as const,
      address: { host: '127.0.0.1', port },
      calledAe: 'PACS',
      callingAe: 'AUSCULT',
    }
    expect(await whenUp(echo)).toMatchObject({ verdict: 'no', code: expect.stringMatching(/^RJ-[12]-[123]-\d+$/) })
  })
})

const noChrony = missingPeers([['chronyd', '--version']])
describe.skipIf(noChrony !== null)('chronyd', { timeout: 60_000 }, () => {
  /** A server of its own clock on loopback, that never touches the machine's. */
  async function serve(lines: readonly string[]): Promise<Measurement> {
    const [port = 0] = await freePorts(1)
    const config = join(folder, `chrony-${port}.conf`)
    const own = [`port ${port}`, 'bindaddress 127.0.0.1', 'allow 127.0.0.1', 'cmdport 0', `pidfile ${config}.pid`]
    writeFileSync(config, [...own, ...lines].join('\n'))
    begin('chronyd', ['-d', '-x', '-U', '-u', process.env.USER ?? 'root', '-f', config])
    return whenUp({ ...plan, timeoutMs: 2_000, kind: 'ntp', address: { host: '127.0.0.1', port }, offsetMsMax: 1_000 })
  }

  test('says how far its clock is off: not at all', async () => {
    const found = await serve(['local stratum 3'])
    expect(found).toMatchObject({ verdict: 'yes', code: null, facts: { stratum: 3, samples: 4, leap: 0 } })
    // Both read the same clock: what is left is the way there and back.
    expect(Math.abs(Number(found.facts.offsetMs))).toBeLessThan(500)
  })

  test('says when it is not synchronised itself', async () => {
    expect(await serve([])).toMatchObject({
      verdict: 'no',
      code: expect.stringMatching(/^NTP_(UNSYNCHRONISED|KISS_OF_DEATH)$/),
    })
  })
})
