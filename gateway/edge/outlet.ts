import type { Entry, LogWriter } from '../model/entry.ts'
import type { Exchange } from '../model/exchange.ts'
import { Failure } from '../model/failure.ts'
import type { Logger } from '../model/logger.ts'
import type { Clock } from '../model/time.ts'
import type { EdgeLimits } from './limits.ts'
import { keptBytesOf } from './open.ts'
import type { Tally } from './tally.ts'

type OutletLimits = Pick<EdgeLimits, 'queueBytesMax' | 'queueEntriesMax' | 'batchBytes' | 'batchEntries' | 'batchMs'>

/** What an entry costs besides its bodies. */
const entryBytes = 1_024

/**
 * Brings entries to the log in batches, one at a time, in order. Never waits and never fails towards the clinical path: what the
 * log can't take (queue full: `log-full`; refused by the log: `log-full` or `log-failed`) is dropped, newest first, and counted.
 */
export class Outlet {
  readonly #log: LogWriter
  readonly #clock: Clock
  readonly #limits: OutletLimits
  readonly #dropped: Tally
  readonly #logger: Logger
  #queue: Entry[] = []
  #queuedBytes = 0
  /** Bytes of the batch that the log has and hasn't kept yet. */
  #sentBytes = 0
  #sentCount = 0
  #sending: Promise<void> | null = null
  #cancelTimer: (() => void) | null = null
  #isFailing = false

  constructor(setup: {
    readonly log: LogWriter
    readonly clock: Clock
    readonly limits: OutletLimits
    readonly dropped: Tally
    readonly logger: Logger
  }) {
    this.#log = setup.log
    this.#clock = setup.clock
    this.#limits = setup.limits
    this.#dropped = setup.dropped
    this.#logger = setup.logger
  }

  /** Bytes that wait for the log, or for its word that they are kept. */
  get heldBytes(): number {
    return this.#queuedBytes + this.#sentBytes
  }

  /** Entries that wait for the log, or for its word that they are kept. */
  get queuedCount(): number {
    return this.#queue.length + this.#sentCount
  }

  /** How full the queue is, 0..1. */
  get pressure(): number {
    const { queueBytesMax, queueEntriesMax } = this.#limits
    return Math.max(this.heldBytes / queueBytesMax, this.#queue.length / queueEntriesMax)
  }

  /** Queues an entry, or drops it when the queue is full. */
  add(entry: Entry): void {
    const bytes = entry.kind === 'exchange' ? entryBytes + bodyBytes(entry.exchange) : entryBytes
    const isFull = this.#queue.length >= this.#limits.queueEntriesMax || this.heldBytes + bytes > this.#limits.queueBytesMax
    // A tick is small, and the one entry that tells analysis what was dropped: it has a little room of its own.
    if (isFull && (entry.kind !== 'tick' || this.#queue.length >= this.#limits.queueEntriesMax + ticksBeyond)) {
      this.#dropped.add('log-full', 1)
      return
    }
    this.#queue.push(entry)
    this.#queuedBytes += bytes
    if (this.#queue.length >= this.#limits.batchEntries || this.#queuedBytes >= this.#limits.batchBytes) this.#send()
    else this.#cancelTimer ??= this.#clock.after(this.#limits.batchMs, () => this.#send())
  }

  /** Resolves when everything that was added is kept or dropped. */
  async flush(): Promise<void> {
    while (this.#queue.length > 0 || this.#sending !== null) {
      this.#send()
      await this.#sending
    }
  }

  #send(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    if (this.#sending !== null || this.#queue.length === 0) return
    const batch = this.#queue
    this.#sentBytes = this.#queuedBytes
    this.#sentCount = batch.length
    this.#queue = []
    this.#queuedBytes = 0
    this.#sending = this.#append(batch).finally(() => {
      this.#sending = null
      this.#sentBytes = 0
      this.#sentCount = 0
      // What came meanwhile has waited long enough.
      this.#send()
    })
  }

  async #append(batch: readonly Entry[]): Promise<void> {
    try {
      await this.#log.append(batch)
      if (this.#isFailing) this.#logger.info({}, 'the log takes entries again')
      this.#isFailing = false
    } catch (error) {
      const code = error instanceof Failure ? error.code : 'BUG'
      this.#dropped.add(code === 'DISK_FULL' ? 'log-full' : 'log-failed', batch.length)
      if (!this.#isFailing) this.#logger.error({ code }, 'the log takes no entries; traffic goes on unobserved')
      this.#isFailing = true
    }
  }
}

const ticksBeyond = 64

function bodyBytes(exchange: Exchange): number {
  let bytes = exchange.request === null ? 0 : keptBytesOf(exchange.request)
  for (const answer of exchange.answers) bytes += keptBytesOf(answer)
  return bytes
}
