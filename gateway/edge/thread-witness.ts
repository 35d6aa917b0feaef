import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads'
import { Failure } from '../model/failure.ts'
import type { Interface } from '../model/interface.ts'
import type { Logger } from '../model/logger.ts'
import type { Clock, Millis } from '../model/time.ts'
import { addCounts, addHealth } from './forwarding-health.ts'
import { Line } from './line.ts'
import type { Order, Word } from './observing.ts'
import { RingReader, type RingWriter } from './ring.ts'
import { RingPen } from './ring-pen.ts'
import { type Level, levels } from './shed.ts'
import { bytesOf, secondRecord } from './wire-record.ts'
import type { ConnectionWitness, ForwardingHealth, Opening, Witness } from './witness.ts'

export interface ThreadWitnessOptions {
  /** Starts a thread that runs `observeRing` over this memory and port (which is to be transferred). */
  readonly start: (memory: SharedArrayBuffer, port: MessagePort) => Worker
  readonly ringBytes: number
  readonly clock: Clock
  readonly logger: Logger
  /** How long finishing may take. */
  readonly drainMs: Millis
  /** A thread that has something to do and doesn't go on for so long is ended and started again. */
  readonly hangMs: Millis
  /** A thread was started for one that died: ports that were connected died with it. */
  readonly restarted?: () => void
}

export interface StartedWitness extends Witness {
  /** Resolves when the thread has its log. Rejects with the Failure for which it can't begin. Later it is started again, whatever it dies of. */
  readonly ready: Promise<void>
  /** Hands the thread that has the log this end of a channel, to serve it (`serveEntries`). */
  connectLog(port: MessagePort): void
  /** Ends the thread as it stands. */
  stop(): Promise<void>
}

/** A witness in a thread of its own. What is told before it is ready waits in the ring. */
export function startThreadWitness(options: ThreadWitnessOptions): StartedWitness {
  return new ThreadWitness(options)
}

class ThreadWitness implements StartedWitness {
  readonly #options: ThreadWitnessOptions
  readonly #watches = new Map<number, Interface>()
  readonly #lines = new Map<number, Line>()
  readonly #pen: RingPen
  readonly #ready = Promise.withResolvers<void>()
  readonly #finished = Promise.withResolvers<void>()
  #worker: Worker | null = null
  #port: MessagePort | null = null
  #isFinishing = false
  /** A thread has begun before: that this is so is no longer for whoever started us to hear. */
  #isProven = false
  /** The thread that runs now has begun. */
  #hasBegun = false
  /** What could not be said in a tick yet. */
  #unsaid: ForwardingHealth | null = null
  #beats = -1
  #beatAtMs: Millis
  #begunAtMs: Millis
  #restartMs: Millis = 0

  constructor(options: ThreadWitnessOptions) {
    this.#options = options
    this.#beatAtMs = options.clock.monotonic()
    this.#begunAtMs = this.#beatAtMs
    this.#pen = new RingPen(options.ringBytes, (line) => this.#lines.delete(line.number))
    // Whoever waits for it hears it; until then it must not end the process.
    this.#ready.promise.catch(() => {})
    this.#begin()
  }

  get ready(): Promise<void> {
    return this.#ready.promise
  }

  get heldBytes(): number {
    return this.#writer.state.heldKb * 1_024 + this.#writer.usedBytes
  }

  get level(): Level {
    return levels[this.#writer.state.level] ?? 'full'
  }

  watch(watch: number, iface: Interface): void {
    this.#watches.set(watch, iface)
    this.#order({ kind: 'watch', watch, iface })
  }

  open(connection: number, watch: number, opening: Opening): ConnectionWitness {
    const line = new Line(connection, watch, opening, this.#pen)
    this.#lines.set(connection, line)
    return line
  }

  tick(told: ForwardingHealth): void {
    this.#pen.settle()
    const watches = new Set(told.watches)
    for (const line of this.#lines.values()) watches.add(line.watch)
    for (const watch of this.#watches.keys()) if (!watches.has(watch)) this.#watches.delete(watch)
    const whole = this.#whole({ ...told, watches: [...watches] })
    this.#unsaid = this.#pen.control(secondRecord(whole)) ? null : whole
    this.#watchOver()
  }

  async finish(told: ForwardingHealth): Promise<void> {
    const { clock, drainMs } = this.#options
    this.#isFinishing = true
    this.#pen.settle()
    this.#order({ kind: 'finish', told: this.#whole(told) })
    this.#writer.wake()
    const cancel = clock.after(drainMs, () => this.#finished.resolve())
    if (this.#worker !== null) await this.#finished.promise
    cancel()
    await this.stop()
  }

  connectLog(port: MessagePort): void {
    const order: Order = { kind: 'log-port', port }
    this.#port?.postMessage(order, [port])
  }

  async stop(): Promise<void> {
    this.#isFinishing = true
    await this.#worker?.terminate()
    this.#port?.close()
  }

  get #writer(): RingWriter {
    return this.#pen.writer
  }

  /** With what was not said before, and what the pen had to leave out. */
  #whole(told: ForwardingHealth): ForwardingHealth {
    const shed = { ...told, health: { ...told.health, dropped: addCounts(told.health.dropped, this.#pen.dropped.take()) } }
    return this.#unsaid === null ? shed : addHealth(this.#unsaid, shed)
  }

  #begin(): void {
    const { port1, port2 } = new MessageChannel()
    const worker = this.#options.start(this.#pen.memory, port2)
    this.#port = port1
    this.#worker = worker
    this.#begunAtMs = this.#options.clock.monotonic()
    this.#beatAtMs = this.#begunAtMs
    this.#hasBegun = false
    port1.on('message', (word: unknown) => this.#heard(word))
    // What it threw is told by its end; unheard it would end this process.
    worker.on('error', (error: unknown) => this.#options.logger.error({ reason: nameOf(error) }, 'the observing thread failed'))
    worker.once('exit', () => this.#died(port1))
    for (const [watch, iface] of this.#watches) this.#order({ kind: 'watch', watch, iface })
  }

  #heard(word: unknown): void {
    if (!isWord(word)) return
    if (word.kind === 'finished') this.#finished.resolve()
    if (word.kind === 'ready') {
      this.#isProven = true
      this.#hasBegun = true
      this.#ready.resolve()
    }
    if (word.kind === 'log') this.#options.logger[word.level](word.fields, word.words)
    if (word.kind !== 'failed') return
    if (!this.#isProven) this.#ready.reject(new Failure(word))
    else this.#options.logger.error({ code: word.code }, word.message)
  }

  /** The thread is gone: everything that only it knew is lost, and counted. A new one begins in the middle of every connection. */
  #died(port: MessagePort): void {
    for (let last = receiveMessageOnPort(port); last !== undefined; last = receiveMessageOnPort(port)) this.#heard(last.message)
    port.close()
    this.#worker = null
    if (this.#isFinishing) this.#finished.resolve()
    if (this.#isFinishing || !this.#isProven) {
      this.#ready.reject(new Error('The observing thread ended before it began.'))
      return
    }
    const { clock, logger } = this.#options
    const unread = unreadOf(this.#pen.memory)
    const lostCount = unread.recordCount + this.#writer.state.inMemory
    this.#pen.renew()
    this.#pen.dropped.add('observer-died', Math.max(1, lostCount))
    for (const line of [...this.#lines.values()]) {
      const lost = unread.bytes.get(line.number) ?? { initiator: 0, acceptor: 0 }
      if (!line.tellAnew(lost, clock.now())) this.#lines.delete(line.number)
    }
    logger.error({ lost: lostCount }, 'the observing thread died and is started again; traffic went on')
    // One that dies as soon as it begins must not cost the forwarding thread its time.
    const livedMs = clock.monotonic() - this.#begunAtMs
    this.#restartMs = livedMs > restartMsMax ? 0 : Math.min(restartMsMax, Math.max(50, this.#restartMs * 2))
    clock.after(this.#restartMs, () => {
      if (this.#isFinishing) return
      this.#begin()
      this.#options.restarted?.()
    })
  }

  /** Ends a thread that has something to do and doesn't go on. */
  #watchOver(): void {
    const { clock } = this.#options
    const { beats } = this.#writer.state
    // A machine that is very busy takes its time to begin; to end it then would make it busier.
    const hangMs = this.#options.hangMs * (this.#hasBegun ? 1 : 10)
    if (beats !== this.#beats || this.#writer.usedBytes === 0) {
      this.#beats = beats
      this.#beatAtMs = clock.monotonic()
    } else if (clock.monotonic() - this.#beatAtMs > hangMs) void this.#worker?.terminate()
  }

  #order(order: Order): void {
    this.#port?.postMessage(order)
  }
}

/** What a dead thread had not taken from its ring: records, and bytes by connection and side. */
function unreadOf(memory: SharedArrayBuffer): {
  readonly recordCount: number
  readonly bytes: ReadonlyMap<number, { readonly initiator: number; readonly acceptor: number }>
} {
  const bytes = new Map<number, { initiator: number; acceptor: number }>()
  const reader = new RingReader(memory)
  let recordCount = 0
  while (reader.next()) {
    recordCount += 1
    const { connection } = reader
    const chunk = bytesOf(reader)
    if (chunk !== null) {
      const lost = bytes.get(connection) ?? { initiator: 0, acceptor: 0 }
      lost[chunk.from] += chunk.byteCount
      bytes.set(connection, lost)
    }
    reader.release()
  }
  return { recordCount, bytes }
}

/** Sent by the other thread of this same program: its outline is enough to know it by. */
function isWord(value: unknown): value is Word {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false
  if (value.kind === 'ready' || value.kind === 'finished') return true
  if (value.kind === 'log') return 'level' in value && 'fields' in value && 'words' in value
  return value.kind === 'failed' && 'code' in value && 'message' in value && 'advice' in value
}

/** An error's name says what it is; its text might hold what it stumbled over. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}

const restartMsMax: Millis = 10_000
