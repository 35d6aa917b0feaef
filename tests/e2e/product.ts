import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { isRecord } from '../../fixtures/hospital/story.ts'
import { findRunning } from '../../gateway/run-folder.ts'
import { freePorts } from '../support/ports.ts'
import { tell } from '../support/told.ts'
import { type Child, eventually, once, root, run } from './child.ts'

/** The product and the simulated hospital as separate processes, all on free ports of loopback, in a folder of their own. */
export interface Product extends AsyncDisposable {
  readonly folder: string
  readonly configFile: string
  readonly dataFolder: string
  /** `http://127.0.0.1:PORT` of the API. */
  readonly api: string
  readonly auscult: Child
  readonly hospital: Child
  /** `http://127.0.0.1:PORT` of the hospital's control port. */
  readonly control: string
  /** Starts another supervisor, after the one before was killed: it takes the running roles over. */
  restart(): Promise<void>
  /** SIGTERM to the supervisor at work, and its exit code. */
  stop(): Promise<number | null>
  /** GET below /api/v1, signed in. Rejects on any status but 200. */
  get(path: string): Promise<unknown>
  /** The same, as it came. */
  text(path: string): Promise<string>
  /** Begins or ends a fault. */
  fault(id: string, state: 'on' | 'off', order?: { on?: string; with?: { [knob: string]: number | string } }): Promise<void>
}

export interface ProductOptions {
  /** A story of faults; left out, the hospital stays healthy until `fault` says otherwise. */
  readonly story?: string
  readonly seed?: number
  /** Multiplies the hospital's volumes. */
  readonly speed?: number
  /** Role of the token that `get` signs in with. */
  readonly role?: string
  readonly readyWithinMs?: number
}

/** Starts both and waits until the product is ready and the hospital speaks. Rejects with what the processes said when it takes too long; nothing is left running. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-e2e-'))
  const children: Child[] = []
  const end = async () => {
    for (const child of children.toReversed()) await child.stop()
    // What a killed supervisor left, when a test failed before another took it over.
    for (const pid of processesOf(folder)) process.kill(pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const product = await begin(options, folder, children)
    return {
      ...product,
      [Symbol.asyncDispose]: async () => {
        await tellAll(product)
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

async function begin(
  options: ProductOptions,
  folder: string,
  children: Child[],
): Promise<Omit<Product, keyof AsyncDisposable>> {
  const dataFolder = join(folder, 'data')
  const configFile = join(folder, 'auscult.yaml')
  const [apiPort = 0, ...ports] = await freePorts(1 + demoPortCount)
  writeFileSync(configFile, onPorts(readFileSync(join(root, 'deploy/demo/auscult.yaml'), 'utf8'), ports))
  const api = `http://127.0.0.1:${apiPort}`
  const cli = join(root, 'gateway/cli.ts')
  const withinMs = options.readyWithinMs ?? 60_000
  const startArgs = [cli, 'start', '--config', configFile, '--data', dataFolder, '--listen', `127.0.0.1:${apiPort}`]
  const auscult = run(startArgs)
  children.push(auscult)
  let supervisor = auscult
  await eventually('the product is ready', withinMs, () => isOk(`${api}/readyz`), auscult)
  const story = options.story === undefined ? [] : ['--story', options.story]
  const hospitalMain = join(root, 'fixtures/hospital/main.ts')
  const hospital = run([
    hospitalMain,
    '--config',
    configFile,
    '--seed',
    String(options.seed ?? 1),
    '--speed',
    String(options.speed ?? 1),
    '--control',
    '127.0.0.1:0',
    ...story,
  ])
  children.push(hospital)
  await eventually('the hospital speaks', withinMs, async () => /"event":"ready"/.test(hospital.output()), hospital)
  const control = /"control":"([^"]+)"/.exec(hospital.output())?.[1] ?? ''
  const token = await once([cli, 'token', '--role', options.role ?? 'engineer', '--data', dataFolder])
  const text = async (path: string) => {
    const response = await fetch(`${api}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
    if (response.status !== 200) throw new Error(`GET ${path}: ${response.status}`)
    return response.text()
  }
  return {
    folder,
    configFile,
    dataFolder,
    api,
    auscult,
    hospital,
    control,
    stop: () => supervisor.stop(60_000),
    async restart() {
      const next = run(startArgs)
      supervisor = next
      children.push(next)
      const isSupervised = async () => findRunning(dataFolder, 'supervisor')?.pid === next.process.pid
      await eventually('a supervisor is at work again', withinMs, isSupervised, next)
    },
    get: async (path) => JSON.parse(await text(path)),
    text,
    async fault(id, state, order) {
      const response = await fetch(`${control}/faults/${id}/${state}`, { method: 'POST', body: JSON.stringify(order ?? {}) })
      if (response.status !== 200) throw new Error(`fault ${id} ${state}: ${response.status}`)
    },
  }
}

/** For the privacy law over the whole run; a product that has ended already told what it had to tell in its log. */
async function tellAll(product: Pick<Product, 'api' | 'text'>): Promise<void> {
  const metrics = await fetch(`${product.api}/metrics`).then(
    (response) => response.text(),
    () => '',
  )
  tell('metric', metrics)
  tell('ticket', await product.text('/tickets?limit=500').catch(() => ''))
  // The day that runs, by the hospital's wall clock.
  const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  for (const format of ['html', 'json'])
    tell('report', await product.text(`/reports/daily?day=${day}&format=${format}`).catch(() => ''))
}

/** Processes whose command line names this folder, which nobody else's does. Linux; elsewhere none are found. */
export function processesOf(folder: string): readonly number[] {
  const pids = existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : []
  return pids.map(Number).filter((pid) => {
    try {
      return pid !== process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)
    } catch {
      return false
    }
  })
}

/** What a test looks at in a ticket. */
export interface SeenTicket {
  readonly id: string
  readonly state: string
  readonly interfaceIds: readonly string[]
  readonly systemIds: readonly string[]
  /** Ranked, best first. */
  readonly causes: readonly { readonly id: string; readonly confidence: number }[]
}

/** Waits for a ticket that fits, asking the API twice a second. Rejects with the tickets that there were. */
export async function waitForTicket(
  product: Product,
  fits: (ticket: SeenTicket) => boolean,
  withinMs: number,
): Promise<SeenTicket> {
  let seen: readonly SeenTicket[] = []
  let found: SeenTicket | undefined
  const isThere = async () => {
    seen = ticketsOf(await product.get('/tickets'))
    found = seen.find(fits)
    return found !== undefined
  }
  await eventually('the ticket', withinMs, isThere, product.auscult).catch((error: unknown) => {
    throw new Error(`no such ticket; there are ${JSON.stringify(seen)}`, { cause: error })
  })
  if (!found) throw new Error('the ticket was there')
  return found
}

/** Every ticket that the API lists now. */
export async function ticketsNow(product: Product): Promise<readonly SeenTicket[]> {
  return ticketsOf(await product.get('/tickets?limit=500'))
}

/** The API's list, whether it comes bare or as `items` or `tickets` of a page. */
function ticketsOf(answer: unknown): readonly SeenTicket[] {
  const page = isRecord(answer) ? (answer.items ?? answer.tickets) : answer
  const list: readonly unknown[] = Array.isArray(page) ? page : []
  return list.flatMap((t) => {
    if (!isRecord(t) || typeof t.id !== 'string' || !Array.isArray(t.interfaceIds) || !Array.isArray(t.causes)) return []
    const causes: readonly unknown[] = t.causes
    return [
      {
        id: t.id,
        state: String(t.state),
        interfaceIds: t.interfaceIds.map(String),
        systemIds: Array.isArray(t.systemIds) ? t.systemIds.map(String) : [],
        causes: causes.flatMap((c) => (isRecord(c) ? [{ id: String(c.id), confidence: Number(c.confidence) }] : [])),
      },
    ]
  })
}

/** How many ports `onPorts` takes: two for each proxy of the demo, and one for its Kafka broker. */
export const demoPortCount = 47

/** The demo's configuration on other ports: front and back of each proxy in the order of the interfaces, the broker's last; its certificates stay where they are. */
export function onPorts(yaml: string, ports: readonly number[]): string {
  const document = parseDocument(yaml)
  const rest = ports.slice(0, -1)
  for (let at = 0; document.hasIn(['interfaces', at]); at += 1) {
    const source = ['interfaces', at, 'source']
    const proxy = [...source, 'proxy']
    if (document.hasIn([...source, 'kafka'])) document.setIn([...source, 'kafka', 'brokers', 0], `127.0.0.1:${ports.at(-1)}`)
    if (!document.hasIn(proxy)) continue
    document.setIn([...proxy, 'listen'], `127.0.0.1:${rest.shift()}`)
    document.setIn([...proxy, 'upstream'], `127.0.0.1:${rest.shift()}`)
    for (const file of [
      ['listen', 'cert'],
      ['listen', 'key'],
      ['upstream', 'ca'],
    ]) {
      const key = [...proxy, 'tls', ...file]
      if (document.hasIn(key)) document.setIn(key, join(root, 'deploy/demo', String(document.getIn(key))))
    }
  }
  return document.toString({ lineWidth: 0 })
}

async function isOk(url: string): Promise<boolean> {
  return (await fetch(url)).status === 200
}
