/**
 * Images through the edge beside a direct connection: `node bench/dimse.ts [--rounds 5] [--images 200] [--large 1024]` (megabytes). dcmtk's storescu
 * sends to its storescp, which lets them go: directly, through a bare forwarder in Node that looks at nothing, and through the product's own edge
 * (`auscult start --role edge`), its log on disk. The ways are measured in turn, in an order that moves on each round; the figures are medians over
 * the rounds, and the processor time of what is in between. The edge's resident memory is read every 20 ms throughout. It runs as the supervisor runs
 * it after an installation: in its first life, rehearsed.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { engineEnvironment, engineFlags } from '../gateway/supervise.ts'
import { ctImage, part10, text } from '../tests/support/dicom-file.ts'
import { uids, uint32LE } from '../tests/support/dimse.ts'
import { freePort, isOpen } from '../tests/support/ports.ts'
import { bareForwarder } from './bare-forwarder.ts'
import { cpuMsOf } from './processor-time.ts'

const { values: arguments_ } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    images: { type: 'string', default: '200' },
    large: { type: 'string', default: '1024' },
  },
})
const rounds = Number(arguments_.rounds)
const imageCount = Number(arguments_.images)
const largeBytes = Number(arguments_.large) * 1_048_576
const imageBytes = 524_288

const env = { ...process.env, TCP_NODELAY: '1' }
const cli = fileURLToPath(new URL('../gateway/cli.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'auscult-bench-'))
const children: ChildProcess[] = []
try {
  await bench()
} finally {
  for (const child of children) child.kill()
  rmSync(folder, { recursive: true })
}

interface Way {
  readonly name: string
  readonly port: number
  /** The process in between; null for the direct way. */
  readonly pid: number | null
}

interface Sent {
  readonly ms: number
  readonly cpuMs: number
}

async function bench(): Promise<void> {
  if (!hasDcmtk()) return
  const [storePort, pipePort, edgePort] = [await freePort(), await freePort(), await freePort()]
  await started('storescp', ['--ignore', '+B', String(storePort)], storePort)
  const pipe = await started(process.execPath, ['-e', bareForwarder(pipePort, storePort)], pipePort)
  const config = writeConfig(edgePort, storePort)
  const command = [...process.execArgv, ...engineFlags.edge, cli, 'start', '--role', 'edge', ...config]
  const edgeEnv = { ...engineEnvironment.edge, NODE_COMPILE_CACHE: join(folder, 'compiled') }
  execFileSync(process.execPath, [...command, '--rehearse'], { env: { ...env, ...edgeEnv }, stdio: 'ignore' })
  const edge = await started(process.execPath, command, edgePort, edgeEnv)
  const watch = watchMemory(edge.pid ?? 0)
  const ways: readonly Way[] = [
    { name: 'direct', port: storePort, pid: null },
    { name: 'pipe', port: pipePort, pid: pipe.pid ?? null },
    { name: 'edge', port: edgePort, pid: edge.pid ?? null },
  ]
  const images = writeImages()
  const large = writeLarge()
  for (const way of ways) await sent(way, images)
  report(`${imageCount} images of ${imageBytes / 1_048_576} MB`, await measured(ways, images), imageCount * imageBytes)
  report(`one of ${largeBytes / 1_048_576} MB`, await measured(ways, [large]), largeBytes)
  watch.stop()
  console.log(
    `the edge's resident memory: ${watch.atRest} MB before the first image, at most ${watch.most()} MB (goal: below 150)`,
  )
  await stopped(edge)
  const listed = [...process.execArgv, cli, 'analyze', join(folder, 'data/log'), ...config.slice(0, 2), '--json']
  const seen = JSON.parse(execFileSync(process.execPath, listed, { encoding: 'utf8' })).interfaces[0]?.answered
  const expected = (rounds + 1) * (imageCount + 2) + rounds * 3
  console.log(`exchanges in the log: ${seen} answered of ${expected} sent`)
  if (seen !== expected) process.exitCode = 1
}

async function stopped(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM')
  await once(child, 'exit')
}

function report(title: string, measured: ReadonlyMap<string, readonly Sent[]>, bytes: number): void {
  const megabytes = bytes / 1_048_576
  const of = (name: string, key: keyof Sent): number => median((measured.get(name) ?? []).map((one) => one[key]))
  console.log(`\n${title}`)
  for (const name of measured.keys()) {
    const ms = of(name, 'ms')
    console.log(
      `  ${name.padEnd(6)} ${Math.round(ms)} ms  ${Math.round(megabytes / (ms / 1_000))} MB/s  of direct ${(of('direct', 'ms') / ms).toFixed(2)} (goal 0.9)  ` +
        `cpu ${((of(name, 'cpuMs') * 1_024) / megabytes).toFixed(0)} ms a gigabyte`,
    )
  }
}

async function measured(ways: readonly Way[], files: readonly string[]): Promise<ReadonlyMap<string, readonly Sent[]>> {
  const times = new Map<string, Sent[]>(ways.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < ways.length; i++) {
      const way = ways[(i + round) % ways.length]
      if (way !== undefined) times.get(way.name)?.push(await sent(way, files))
    }
  }
  return times
}

/** How long storescu takes to send the files in one association; its own start counts on all ways alike. */
function sent(way: Way, files: readonly string[]): Promise<Sent> {
  const [began, cpuBefore] = [performance.now(), cpuMsOf(way.pid)]
  return new Promise((resolve, reject) => {
    execFile('storescu', ['-xe', '127.0.0.1', String(way.port), ...files], { env }, (error) => {
      if (error === null) resolve({ ms: performance.now() - began, cpuMs: cpuMsOf(way.pid) - cpuBefore })
      else reject(error)
    })
  })
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
}

/** Resident memory of a process, read from proc(5) every 20 ms. */
function watchMemory(pid: number) {
  const megabytes = (): number => {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Math.round(Number(line?.[1]) / 1_024)
  }
  const atRest = megabytes()
  let most = atRest
  const timer = setInterval(() => {
    most = Math.max(most, megabytes())
  }, 20)
  return { atRest, most: () => most, stop: () => clearInterval(timer) }
}

function writeImages(): readonly string[] {
  return Array.from({ length: imageCount }, (_, i) => {
    const path = join(folder, `image${i}.dcm`)
    writeFileSync(
      path,
      ctImage({ instance: `1.2.826.0.1.3680043.10.1.4.${i}`, patientName: 'BENCH', pixels: Buffer.alloc(imageBytes, i) }),
    )
    return path
  })
}

/** A file of this size that takes no room on the disk: all its pixels are zero. */
function writeLarge(): string {
  const path = join(folder, 'large.dcm')
  const head = Buffer.concat([
    part10(uids.ct, '1.2.826.0.1.3680043.10.1.5'),
    text(0x0008, 0x0016, 'UI', uids.ct),
    text(0x0008, 0x0018, 'UI', '1.2.826.0.1.3680043.10.1.5'),
    Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x57, 0, 0]),
    uint32LE(largeBytes),
  ])
  writeFileSync(path, head)
  truncateSync(path, head.length + largeBytes)
  return path
}

function writeConfig(listen: number, upstream: number): readonly string[] {
  const file = join(folder, 'bench.yaml')
  const source = `{ proxy: { listen: "127.0.0.1:${listen}", upstream: "127.0.0.1:${upstream}" } }`
  writeFileSync(
    file,
    `hospital: { name: bench, timezone: Asia/Shanghai, calendar: cn }\n` +
      `systems:\n  - { id: modalities, name: modalities }\n  - { id: pacs, name: pacs }\n` +
      `interfaces:\n  - { id: store, name: store, from: modalities, to: pacs, protocol: dimse, criticality: high, ` +
      `objectives: { successRate: 0.99, latencyP95Ms: 5000 }, source: ${source} }\n`,
  )
  mkdirSync(join(folder, 'data'))
  return ['--config', file, '--data', join(folder, 'data')]
}

async function started(
  program: string,
  options: readonly string[],
  port: number,
  more: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const log = openSync(join(folder, 'said.log'), 'a')
  const child = spawn(program, options, { env: { ...env, ...more }, stdio: ['ignore', log, log] })
  children.push(child)
  for (let tries = 0; !(await isOpen(port)); tries++) {
    if (child.exitCode !== null || tries > 200) throw new Error(`${program}: ${readFileSync(join(folder, 'said.log'), 'utf8')}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return child
}

function hasDcmtk(): boolean {
  try {
    execFileSync('storescu', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    console.error('skipped: dcmtk is not installed')
    return false
  }
}
