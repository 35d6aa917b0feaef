/**
 * The edge beside HAProxy (one thread), a Node process that forwards and looks at nothing, and a direct connection. Closed loop, 1 kB messages, one outstanding per connection, load and answers in C. The
 * ways are measured in turn, in an order that moves on each round, so that what else the machine does hits all of them alike; the figures are medians
 * over the rounds. With a 5 MB message every 250 ms among small ones: how long the small ones wait. Options: `[--rounds 3] [--seconds 1] [--warm 6]`.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ProtocolName } from '../gateway/model/interface.ts'
import { engineEnvironment, engineFlags } from '../gateway/supervise.ts'
import { freePort } from '../tests/support/ports.ts'
import { bareForwarder } from './bare-forwarder.ts'
import { cpuMsOf } from './processor-time.ts'

interface Way {
  readonly name: string
  readonly port: number
  /** The process in between; null for the direct way. */
  readonly pid: number | null
}

interface Measured {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
  /** Processor time of the process in between, user and system, per round trip: what a busy machine distorts least. */
  readonly cpuUs: number
}

const { values: arguments_ } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1' },
    warm: { type: 'string', default: '6' },
  },
})
const rounds = Number(arguments_.rounds)
const folder = mkdtempSync(join(tmpdir(), 'auscult-bench-'))
const load = join(folder, 'load')
const children: ChildProcess[] = []
let protocol: ProtocolName = 'mllp'

/** Measures that protocol's interfaces; HAProxy is in the mode for it: TCP, or HTTP. */
export async function besideHaproxy(measured: 'mllp' | 'http'): Promise<void> {
  protocol = measured
  try {
    await bench()
  } finally {
    for (const child of children) child.kill()
    rmSync(folder, { recursive: true })
  }
}

async function bench(): Promise<void> {
  if (!compiled()) return
  const [answersPort, answers] = await started(load, [protocol, 'answer', '0'])
  const ways: Way[] = [{ name: 'direct', port: answersPort, pid: null }]
  const haproxy = await startHaproxy(answersPort)
  if (haproxy !== null) ways.push(haproxy)
  const [barePort, bare] = await started(process.execPath, ['-e', bareForwarder(0, answersPort)])
  ways.push({ name: 'bare', port: barePort, pid: bare.pid ?? null })
  const edgeProgram = [...engineFlags.edge, new URL('edge-process.ts', import.meta.url).pathname, String(answersPort), protocol]
  const [edgePort, edge] = await started(process.execPath, edgeProgram, engineEnvironment.edge)
  ways.push({ name: 'edge', port: edgePort, pid: edge.pid ?? null })
  // What Node runs is compiled as it runs: it is as fast as it gets after some ten thousand round trips, and then for months.
  for (const way of ways) {
    const isCompiled = way.name === 'edge' || way.name === 'bare'
    ask(way, { connections: 64, seconds: isCompiled ? arguments_.warm : '0.5', largeBytes: 0 })
  }
  for (const connections of [1, 8, 64]) report(`${connections} connections`, ways, { connections, largeBytes: 0 })
  report('4 connections beside 5 MB messages', ways, { connections: 4, largeBytes: 5_000_000 })
  edge.kill('SIGTERM')
  if (edge.stdout !== null) console.log(`captured by the edge: ${String((await once(edge.stdout, 'data'))[0]).trim()}`)
  answers.kill()
}

function report(
  title: string,
  ways: readonly Way[],
  load: { readonly connections: number; readonly largeBytes: number },
): void {
  const measured = new Map<string, Measured[]>(ways.map((way) => [way.name, []]))
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < ways.length; i++) {
      const way = ways[(i + round) % ways.length]
      if (way !== undefined) measured.get(way.name)?.push(ask(way, { ...load, seconds: arguments_.seconds }))
    }
  }
  const median = (name: string, key: keyof Measured): number => {
    const sorted = (measured.get(name) ?? []).map((one) => one[key]).sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  }
  console.log(`\n${title}; load average ${loadavg()[0]?.toFixed(1)}`)
  for (const { name } of ways) {
    const ratio = median(name, 'perSecond') / median('haproxy', 'perSecond')
    const added = (key: 'p50' | 'p99'): string => `${median(name, key)} us (+${median(name, key) - median('direct', key)})`
    console.log(
      `  ${name.padEnd(8)} ${String(median(name, 'perSecond')).padStart(7)} rt/s  of haproxy ${ratio.toFixed(2)}  ` +
        `p50 ${added('p50')}  p99 ${added('p99')}  p99.9 ${median(name, 'p999')} us  max ${median(name, 'max')} us  cpu ${median(name, 'cpuUs').toFixed(0)} us`,
    )
  }
}

function ask(
  way: Way,
  options: { readonly connections: number; readonly seconds: string; readonly largeBytes: number },
): Measured {
  const { connections, seconds, largeBytes } = options
  const before = cpuMsOf(way.pid)
  const line = execFileSync(
    load,
    [protocol, 'ask', String(way.port), String(connections), seconds, '1000', String(largeBytes)],
    {
      encoding: 'utf8',
    },
  )
  const read: Omit<Measured, 'cpuUs'> = JSON.parse(line)
  return { ...read, cpuUs: ((cpuMsOf(way.pid) - before) * 1_000) / (read.perSecond * Number(seconds)) }
}

function compiled(): boolean {
  try {
    execFileSync('cc', ['-O2', '-o', load, new URL('load.c', import.meta.url).pathname])
    return true
  } catch (error) {
    console.error('skipped: the load generator could not be compiled with cc', error)
    return false
  }
}

/** Starts a program that prints its port. */
async function started(
  program: string,
  options: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<[number, ChildProcess]> {
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...environment } })
  children.push(child)
  if (child.stdout === null) throw new Error(`${program} has no output`)
  const [line] = await once(child.stdout, 'data')
  return [Number(String(line)), child]
}

async function startHaproxy(upstreamPort: number): Promise<Way | null> {
  const port = await freePort()
  const config = join(folder, 'haproxy.cfg')
  writeFileSync(
    config,
    `global\n  nbthread 1\ndefaults\n  mode ${protocol === 'http' ? 'http' : 'tcp'}\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n` +
      `listen bench\n  bind 127.0.0.1:${port}\n  server answers 127.0.0.1:${upstreamPort}\n`,
  )
  try {
    execFileSync('haproxy', ['-c', '-f', config], { stdio: 'ignore' })
  } catch {
    console.error('haproxy is left out: it is not installed')
    return null
  }
  const child = spawn('haproxy', ['-db', '-f', config], { stdio: 'ignore' })
  children.push(child)
  await new Promise((resolve) => setTimeout(resolve, 300))
  return { name: 'haproxy', port, pid: child.pid ?? null }
}
