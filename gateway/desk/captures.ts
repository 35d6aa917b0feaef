import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Clock, Instant, Millis } from '../model/time.ts'
import type { CaptureFound, CaptureOrder, Works } from '../model/work.ts'
import type { Store } from '../store/store.ts'
import { Refusal } from './api/problems.ts'

/** A capture that somebody brought: its file, its analysis, its exchanges. Lives for an hour, in its own folder. */
export interface Capture {
  readonly id: string
  readonly name: string
  readonly isSample: boolean
  readonly by: string
  readonly receivedAt: Instant
  readonly deletedAt: Instant
  bytes: number
  state: 'running' | 'finished' | 'failed'
  packets: number
  failure: { readonly message: string; readonly advice: string } | null
  assign: CaptureOrder['assign']
  found: CaptureFound | null
}

export interface Captures {
  readonly bytesMax: number
  list(): readonly Capture[]
  find(id: string): Capture | null
  /** Takes a file as it comes, and begins its analysis. Refuses with TOO_LARGE, TOO_MANY_REQUESTS, INVALID_REQUEST. */
  receive(file: Readable, name: string, by: string): Promise<Capture>
  sample(by: string): Promise<Capture>
  /** Begins the analysis again. */
  analyze(id: string, assign: CaptureOrder['assign']): Promise<Capture>
  remove(id: string): Promise<void>
  /** The store of its exchanges; null while it is being analysed. */
  store(id: string): Promise<Store | null>
  close(): Promise<void>
}

export interface CapturesOptions {
  /** Emptied at the start and at the end. */
  readonly folder: string
  readonly bytesMax: number
  readonly works: Works
  readonly clock: Clock
  /** The capture that comes with the product, with its configuration. */
  readonly sample: { readonly file: string; readonly configFile: string }
  openStore(folder: string): Promise<Store>
}

const keptMs: Millis = 3_600_000
const capturesMax = 8
const runningMax = 1
const sweepEveryMs: Millis = 60_000
const markBytes = 4
/** pcap in both byte orders and resolutions, pcapng. */
const marks = [
  [0xd4, 0xc3, 0xb2, 0xa1],
  [0xa1, 0xb2, 0xc3, 0xd4],
  [0x4d, 0x3c, 0xb2, 0xa1],
  [0xa1, 0xb2, 0x3c, 0x4d],
  [0x0a, 0x0d, 0x0d, 0x0a],
]

export async function createCaptures(options: CapturesOptions): Promise<Captures> {
  await rm(options.folder, { recursive: true, force: true })
  return new CaptureShelf(options)
}

interface Held {
  readonly capture: Capture
  readonly folder: string
  stop: () => Promise<void>
  /** Opened once, however many ask for it at the same time. */
  store: Promise<Store> | null
  /** Counts analyses: each has a store of its own. */
  round: number
}

class CaptureShelf implements Captures {
  readonly bytesMax: number
  readonly #options: CapturesOptions
  readonly #held = new Map<string, Held>()
  #cancelSweep: () => void

  constructor(options: CapturesOptions) {
    this.#options = options
    this.bytesMax = options.bytesMax
    this.#cancelSweep = options.clock.after(sweepEveryMs, () => this.#sweep())
  }

  list(): readonly Capture[] {
    return [...this.#held.values()].map(({ capture }) => capture).toSorted((a, b) => b.receivedAt - a.receivedAt)
  }

  find(id: string): Capture | null {
    return this.#held.get(id)?.capture ?? null
  }

  async receive(file: Readable, name: string, by: string): Promise<Capture> {
    try {
      this.#refuseTooMany()
      const held = this.#make({ name, by, isSample: false })
      return await this.#take(held, (path) => this.#write(file, path))
    } finally {
      // Whatever is left of it is read by nobody.
      file.resume()
    }
  }

  async sample(by: string): Promise<Capture> {
    this.#refuseTooMany()
    const held = this.#make({ name: 'sample.pcap', by, isSample: true })
    return this.#take(held, async (path) => {
      await copyFile(this.#options.sample.file, path)
      return (await stat(path)).size
    })
  }

  async analyze(id: string, assign: CaptureOrder['assign']): Promise<Capture> {
    const held = this.#held.get(id)
    if (held === undefined) throw new Refusal('NOT_FOUND', 'There is no such capture; it may have been deleted.')
    if (held.capture.state === 'running') throw new Refusal('CONFLICT', 'It is being analysed.')
    this.#refuseTooMany()
    // Before anything is waited for: nobody else begins it, or opens its store again.
    held.capture.state = 'running'
    await closeStore(held)
    this.#checkKept(held)
    held.capture.assign = assign
    this.#start(held)
    return held.capture
  }

  async remove(id: string): Promise<void> {
    const held = this.#held.get(id)
    if (held === undefined) return
    this.#held.delete(id)
    await held.stop()
    await closeStore(held)
    await rm(held.folder, { recursive: true, force: true })
  }

  async store(id: string): Promise<Store | null> {
    const held = this.#held.get(id)
    if (held === undefined || held.capture.state !== 'finished') return null
    const opening = held.store ?? this.#options.openStore(join(held.folder, `store-${held.round}`))
    held.store = opening
    try {
      return await opening
    } catch (error) {
      if (held.store === opening) held.store = null
      throw error
    }
  }

  async close(): Promise<void> {
    this.#cancelSweep()
    await Promise.all([...this.#held.keys()].map((id) => this.remove(id)))
    await rm(this.#options.folder, { recursive: true, force: true })
  }

  #refuseTooMany(): void {
    const running = [...this.#held.values()].filter(({ capture }) => capture.state === 'running').length
    if (running >= runningMax) throw new Refusal('TOO_MANY_REQUESTS', 'Another capture is being analysed; wait for it.', 10)
    if (this.#held.size >= capturesMax)
      throw new Refusal('TOO_MANY_REQUESTS', `There are ${capturesMax} captures here already; delete one.`, 60)
  }

  #make(of: Pick<Capture, 'name' | 'by' | 'isSample'>): Held {
    const receivedAt = this.#options.clock.now()
    const capture: Capture = {
      ...{ id: randomUUID(), ...of, receivedAt, deletedAt: receivedAt + keptMs },
      ...{ bytes: 0, state: 'running', packets: 0, failure: null, assign: [], found: null },
    }
    const folder = join(this.#options.folder, capture.id)
    const held: Held = { capture, folder, stop: async () => {}, store: null, round: 0 }
    this.#held.set(capture.id, held)
    return held
  }

  /** Begins the analysis of what `fill` puts there. What fails on the way, or was deleted meanwhile, leaves nothing. */
  async #take(held: Held, fill: (path: string) => Promise<number>): Promise<Capture> {
    const { capture, folder } = held
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      capture.bytes = await fill(join(folder, 'capture'))
      this.#checkKept(held)
    } catch (error) {
      this.#held.delete(capture.id)
      await rm(folder, { recursive: true, force: true })
      throw error
    }
    this.#start(held)
    return capture
  }

  #checkKept({ capture }: Held): void {
    if (!this.#held.has(capture.id)) throw new Refusal('NOT_FOUND', 'The capture was deleted meanwhile.')
  }

  /** Bytes written. Never more than the limit, whatever is sent. A refused sender's stream is left open, so that it hears why. */
  async #write(file: Readable, path: string): Promise<number> {
    const { bytesMax } = this
    let bytes = 0
    let head = Buffer.alloc(0)
    const out = await open(path, 'w', 0o600)
    try {
      for await (const chunk of file.iterator({ destroyOnReturn: false })) {
        if (!(chunk instanceof Uint8Array)) throw new Error('an upload is bytes')
        if (head.length < markBytes) head = Buffer.concat([head, chunk.subarray(0, markBytes)])
        if (head.length >= markBytes && !isCapture(head)) throw noCapture()
        bytes += chunk.length
        if (bytes > bytesMax) throw new Refusal('TOO_LARGE', `A capture may have ${Math.floor(bytesMax / 1_048_576)} MB.`)
        await out.appendFile(chunk)
      }
    } finally {
      await out.close()
    }
    if (bytes === 0) throw new Refusal('INVALID_REQUEST', 'The file is empty.')
    if (head.length < markBytes) throw noCapture()
    return bytes
  }

  #start(held: Held): void {
    const { capture, folder } = held
    held.round += 1
    Object.assign(capture, { state: 'running', packets: 0, failure: null, found: null })
    const order: CaptureOrder = {
      kind: 'capture',
      file: join(folder, 'capture'),
      configFile: capture.isSample ? this.#options.sample.configFile : null,
      storeFolder: join(folder, `store-${held.round}`),
      assign: capture.assign,
    }
    const { stop } = this.#options.works.start(order, (said) => {
      if (said.kind === 'progress') capture.packets = said.done
      else if (said.kind === 'failed') {
        capture.state = 'failed'
        capture.failure = { message: said.message, advice: said.advice }
      } else if (said.result.kind === 'capture') {
        capture.found = said.result
        capture.packets = said.result.packets
        capture.state = 'finished'
      }
    })
    held.stop = stop
  }

  #sweep(): void {
    const now = this.#options.clock.now()
    for (const { id, deletedAt } of this.list()) if (deletedAt <= now) this.remove(id).catch(() => {})
    this.#cancelSweep = this.#options.clock.after(sweepEveryMs, () => this.#sweep())
  }
}

/** Nothing is lost with a store that can't be closed: its folder goes. */
async function closeStore(held: Held): Promise<void> {
  const { store } = held
  held.store = null
  await store?.then((open) => open.close()).catch(() => {})
}

function noCapture(): Refusal {
  return new Refusal('INVALID_REQUEST', 'The file is no pcap or pcapng capture.')
}

function isCapture(chunk: Uint8Array): boolean {
  return marks.some((mark) => mark.every((byte, i) => chunk[i] === byte))
}
