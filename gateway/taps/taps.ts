import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import type { Catalogue } from '../model/interface.ts'
import type { Logger } from '../model/logger.ts'
import type { Clock, Instant, Millis } from '../model/time.ts'
import type { FromWorker, Offer, TapsTask, ToWorker } from './messages.ts'
import { hasTaps } from './run-taps.ts'

export interface StartTapsOptions {
  readonly catalogue: Catalogue
  readonly bodyBytesMax: number
  /** Where sources remember what they read. Made when it is needed. */
  readonly memoryFolder: string
  /** Brings this end of a channel to the thread that writes the log, which serves it by `serveEntries`. Called whenever there is a new one. */
  connectLog(port: MessagePort): void
  readonly clock: Clock
  readonly logger: Logger
  readonly limits?: Partial<TapsLimits>
  /** What the thread runs; tests put one here that fails. */
  readonly program?: URL
}

export interface TapsLimits {
  /** Heap of the thread; beyond it the thread dies, and no other. */
  readonly heapMegabytesMax: number
  /** A thread that says nothing for so long is ended and begun again. */
  readonly silentMsMax: Millis
  readonly restartMsMin: Millis
  readonly restartMsMax: Millis
  /** How long a stopping thread may take. */
  readonly stopMsMax: Millis
}

export interface RunningTaps {
  /** Another catalogue: where nothing of the taps' changed, nothing is done; else they begin anew, and go on where they were. */
  reload(catalogue: Catalogue): Promise<void>
  /** The thread that writes the log began again: it gets a new channel, and what it hasn't answered is offered again. */
  reconnectLog(): void
  /** Stops; what was read and isn't kept yet will be read again. */
  close(): Promise<void>
}

const defaultLimits: TapsLimits = {
  heapMegabytesMax: 512,
  silentMsMax: 60_000,
  restartMsMin: 1_000,
  restartMsMax: 60_000,
  stopMsMax: 2_000,
}

/**
 * Runs the taps of a catalogue in a thread of their own, and begins them again, after a growing pause, whenever that thread dies or hangs. Each end and
 * each new beginning is a measurement `taps`. A catalogue without taps starts no thread.
 */
export function startTaps(options: StartTapsOptions): RunningTaps {
  const taps = new Taps(options)
  taps.begin()
  return taps
}

class Taps implements RunningTaps {
  readonly #options: StartTapsOptions
  readonly #limits: TapsLimits
  #catalogue: Catalogue
  #worker: Worker | null = null
  #cancelRestart: () => void = () => {}
  #cancelSilence: () => void = () => {}
  #begunMs: Millis = 0
  #pauseMs: Millis
  #deaths = 0
  #isClosed = false

  constructor(options: StartTapsOptions) {
    this.#options = options
    this.#catalogue = options.catalogue
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#pauseMs = this.#limits.restartMsMin
  }

  begin(): void {
    if (this.#isClosed || !hasTaps(this.#catalogue)) return
    this.#begunMs = this.#options.clock.monotonic()
    try {
      const worker = this.#started()
      this.#worker = worker
      let code = 'TAPS_ENDED'
      worker.on('message', (message: FromWorker) => this.#heard(worker, message))
      worker.on('error', (error) => {
        code = codeOf(error)
      })
      worker.on('exit', () => {
        if (this.#worker === worker) this.#ended(code)
      })
      this.#awaitWord(worker)
      if (this.#deaths > 0) this.#tell('yes', null)
    } catch (error) {
      // No memory or no thread to be had: the edge goes on without.
      this.#ended(codeOf(error))
    }
  }

  async reload(catalogue: Catalogue): Promise<void> {
    const isSame = JSON.stringify(tapsPart(catalogue)) === JSON.stringify(tapsPart(this.#catalogue))
    this.#catalogue = catalogue
    if (isSame) return
    await this.#stop()
    this.begin()
  }

  reconnectLog(): void {
    if (this.#worker === null) return
    const order: ToWorker = { kind: 'log-port', port: this.#channel() }
    this.#worker.postMessage(order, [order.port])
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#stop()
  }

  #started(): Worker {
    const { bodyBytesMax, memoryFolder, program } = this.#options
    const logPort = this.#channel()
    const task: TapsTask = { catalogue: this.#catalogue, bodyBytesMax, memoryFolder, logPort }
    return new Worker(program ?? new URL('./worker.ts', import.meta.url), {
      workerData: task,
      transferList: [logPort],
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.heapMegabytesMax, maxYoungGenerationSizeMb: 64 },
      // kafkajs reckons a pause of less than nothing once in a while; Node 24 takes it for 1 ms, and would say so on standard error.
      execArgv: ['--disable-warning=TimeoutNegativeWarning'],
      name: 'taps',
    })
  }

  #heard(worker: Worker, message: FromWorker): void {
    this.#awaitWord(worker)
    switch (message.kind) {
      case 'log':
        this.#options.logger[message.level](message.fields, message.words)
        return
      case 'alive':
        return
      case 'stopped':
        // Whatever a driver still holds open ends with its thread.
        void worker.terminate()
        return
      default:
        message satisfies never
    }
  }

  /** A channel whose other end the log has. */
  #channel(): MessagePort {
    const { port1, port2 } = new MessageChannel()
    this.#options.connectLog(port1)
    return port2
  }

  /** A thread that loops says nothing, and nothing but its end helps. */
  #awaitWord(worker: Worker): void {
    this.#cancelSilence()
    if (this.#worker !== worker) return
    this.#cancelSilence = this.#options.clock.after(this.#limits.silentMsMax, () => {
      this.#options.logger.warn({ silentMs: this.#limits.silentMsMax }, 'the taps say nothing: their thread is ended')
      void worker.terminate()
    })
  }

  #ended(code: string): void {
    this.#worker = null
    this.#cancelSilence()
    const { clock, logger } = this.#options
    this.#deaths += 1
    if (clock.monotonic() - this.#begunMs > this.#limits.restartMsMax) this.#pauseMs = this.#limits.restartMsMin
    logger.error({ code, delayMs: this.#pauseMs }, 'the taps ended: they are begun again')
    this.#tell('no', code)
    this.#cancelRestart = clock.after(this.#pauseMs, () => this.begin())
    this.#pauseMs = Math.min(this.#pauseMs * 2, this.#limits.restartMsMax)
  }

  async #stop(): Promise<void> {
    this.#cancelRestart()
    this.#cancelSilence()
    const worker = this.#worker
    if (worker === null) return
    this.#worker = null
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    const stop: ToWorker = { kind: 'stop' }
    worker.postMessage(stop)
    const cancel = this.#options.clock.after(this.#limits.stopMsMax, () => void worker.terminate())
    await ended
    cancel()
  }

  #tell(verdict: 'yes' | 'no', code: string | null): void {
    const at: Instant = this.#options.clock.now()
    const measurement = {
      name: 'taps',
      by: 'gateway',
      subject: { kind: 'gateway' as const, id: 'taps' },
      at,
      verdict,
      code,
      tookMs: null,
      facts: { deaths: this.#deaths },
    }
    const port = this.#channel()
    const offer: Offer = { number: 1, entries: [{ kind: 'measurement', at, measurement }] }
    // Kept or not: the log says itself when it takes nothing.
    port.once('message', () => port.close())
    port.postMessage(offer)
    port.unref()
  }
}

function tapsPart({ hospital, interfaces, systems }: Catalogue): unknown {
  return [
    hospital.timezone,
    interfaces.map(({ id, from, sources, probes }) => [id, from, sources.kafka, sources.files, probes]),
    systems.map(({ id, probes }) => [id, probes]),
  ]
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : null
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : 'TAPS_FAULT'
}
