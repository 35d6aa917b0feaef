import { setImmediate as turn } from 'node:timers/promises'
import { MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Interface } from '../model/interface.ts'
import type { Logger } from '../model/logger.ts'
import type { Millis } from '../model/time.ts'
import { Observation, type ObservationOptions } from './observation.ts'
import { RingReader } from './ring.ts'
import { levels } from './shed.ts'
import { isForwardingHealth, toldOf } from './wire-record.ts'
import type { ForwardingHealth } from './witness.ts'

/** What the forwarding thread asks for beside the ring. Sent before the record that needs it is written. */
export type Order =
  | { readonly kind: 'watch'; readonly watch: number; readonly iface: Interface }
  | { readonly kind: 'log-port'; readonly port: MessagePort }
  | { readonly kind: 'finish'; readonly told: ForwardingHealth }

/** What the observing thread answers. A failure's text holds no identifiers: it is logged as it is. */
export type Word =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly advice: string }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly fields: object; readonly words: string }
  | { readonly kind: 'finished' }

export interface ObservingOptions extends Omit<ObservationOptions, 'logger'> {
  readonly memory: SharedArrayBuffer
  readonly port: MessagePort
  /** Serves a port over which others have entries logged. Without it such ports are closed. */
  readonly connectLog?: (port: MessagePort) => void
}

/**
 * The observing thread's work: takes from the ring until it is told to finish and all that was written before is observed and logged. While
 * there is traffic it looks for more every few milliseconds, so that the forwarding thread wakes nobody; in silence it sleeps.
 */
export async function observeRing(options: ObservingOptions): Promise<void> {
  await new Observing(options).run()
}

class Observing {
  readonly #options: ObservingOptions
  readonly #reader: RingReader
  readonly #observation: Observation
  #finish: ForwardingHealth | null = null
  /** The last second that was told. With the last object of its shape V8 would forget the shape, and compile `#take` anew at the next one. */
  #second: ForwardingHealth | null = null
  #beats = 0

  constructor(options: ObservingOptions) {
    this.#options = options
    this.#reader = new RingReader(options.memory)
    this.#observation = new Observation({ ...options, logger: this.#logger() })
  }

  async run(): Promise<void> {
    const { port } = this.#options
    // Nothing else keeps a thread alive that waits for the ring.
    port.ref()
    this.#say({ kind: 'ready' })
    for (let emptyLooks = 0; ; ) {
      this.#hear()
      const count = this.#take()
      this.#publish()
      emptyLooks = count === 0 ? emptyLooks + 1 : 0
      if (count === recordsPerTurn) await turn()
      else if (this.#finish !== null) break
      else if (emptyLooks < emptyLooksMax) await this.#pause(count === 0 ? lookEveryMs : lookSoonMs)
      else await this.#reader.wait(sleepMs)
    }
    await this.#observation.finish(this.#finish)
    this.#publish()
  }

  /** Observes what lies in the ring, up to a limit: the log's own work has to have its turn. */
  #take(): number {
    const reader = this.#reader
    let count = 0
    while (count < recordsPerTurn && reader.next()) {
      if (count === 0) this.#observation.late(reader.at)
      const { connection } = reader
      const told = toldOf(reader, this.#observation.copiesBodies(connection))
      switch (told.kind) {
        case 'line':
          this.#observation.see(connection, told.event)
          break
        case 'opening':
          this.#hear()
          this.#observation.open(connection, told.watch, told.opening)
          break
        case 'second':
          this.#second = told.told
          this.#observation.tick(this.#second)
          break
        case 'unknown':
          break
        default:
          told satisfies never
      }
      reader.release()
      count += 1
    }
    return count
  }

  #hear(): void {
    const { port } = this.#options
    for (let heard = receiveMessageOnPort(port); heard !== undefined; heard = receiveMessageOnPort(port)) {
      const order: unknown = heard.message
      if (!isOrder(order)) continue
      switch (order.kind) {
        case 'watch':
          this.#observation.watch(order.watch, order.iface)
          break
        case 'log-port':
          if (this.#options.connectLog === undefined) order.port.close()
          else this.#options.connectLog(order.port)
          break
        case 'finish':
          this.#finish = order.told
          break
        default:
          order satisfies never
      }
    }
  }

  /** The forwarding thread has a logger: this one has nothing to load for a line a day. */
  #logger(): Logger {
    const log = (level: 'info' | 'warn' | 'error') => (fields: object, words: string) => {
      this.#say({ kind: 'log', level, fields, words })
    }
    return { info: log('info'), warn: log('warn'), error: log('error') }
  }

  #say(word: Word): void {
    this.#options.port.postMessage(word)
  }

  #publish(): void {
    const { level, heldBytes, inMemory } = this.#observation
    this.#beats = (this.#beats + 1) & 0x3fff_ffff
    this.#reader.publish({ beats: this.#beats, level: levels.indexOf(level), heldKb: Math.ceil(heldBytes / 1_024), inMemory })
  }

  #pause(forMs: Millis): Promise<void> {
    return new Promise((resolve) => this.#options.clock.after(forMs, resolve))
  }
}

/** Sent by the other thread of this same program: its outline is enough to know it by. */
function isOrder(value: unknown): value is Order {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false
  if (value.kind === 'finish') return 'told' in value && isForwardingHealth(value.told)
  if (value.kind === 'log-port') return 'port' in value && value.port instanceof MessagePort
  if (value.kind !== 'watch' || !('watch' in value) || !('iface' in value)) return false
  return typeof value.watch === 'number' && typeof value.iface === 'object' && value.iface !== null && 'id' in value.iface
}

const recordsPerTurn = 512
const lookEveryMs: Millis = 5
/** Where something came, more will: what is taken often is taken in pieces that no other thread waits long for. */
const lookSoonMs: Millis = 1
/** So many looks in vain, and the thread sleeps until it is woken. */
const emptyLooksMax = 40
const sleepMs: Millis = 1_000
