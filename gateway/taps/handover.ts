import type { Entry } from '../model/entry.ts'
import { type Clock, type Millis, pause } from '../model/time.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/** So much is handed over at once: the thread that takes it forwards clinical bytes as well, and shall be held up for no more than a moment. */
const pieceBytes = 262_144
const pieceEntries = 200
/** What an entry weighs besides its body. */
const entryBytes = 1_024
/** So many pieces are on their way at once; a source waits for the others. */
const piecesMax = 4
/** Entries that the log refused are offered again after this: its disk may be full, or slower than the traffic. */
const againAfterMs: Millis = 1_000

/** Hands entries from the worker to the thread that writes the log, and knows what became of them. Nothing is dropped: a source that can't hand over waits. */
export class Handover {
  readonly #post: (message: FromWorker) => void
  readonly #clock: Clock
  readonly #signal: AbortSignal
  readonly #pending = new Map<number, (answer: Answer) => void>()
  readonly #waiting: (() => void)[] = []
  #number = 0

  constructor(setup: { post(message: FromWorker): void; clock: Clock; signal: AbortSignal }) {
    this.#post = setup.post
    this.#clock = setup.clock
    this.#signal = setup.signal
    setup.signal.addEventListener('abort', () => {
      for (const next of this.#waiting.splice(0)) next()
      for (const resolve of this.#pending.values()) resolve('STOPPED')
    })
  }

  /** Resolves when the log has kept them, but for what it can never keep (LOG_ENTRY_TOO_LARGE), which is logged. Rejects when the signal said stop before. */
  async emit(entries: readonly Entry[]): Promise<void> {
    for (const piece of piecesOf(entries)) await this.#handOver(piece)
  }

  answered(message: Exclude<ToWorker, { kind: 'stop' }>): void {
    this.#pending.get(message.number)?.(message.kind === 'kept' ? 'kept' : message.code)
  }

  async #handOver(piece: readonly Entry[]): Promise<void> {
    while (!this.#signal.aborted) {
      const answer = await this.#offer(piece)
      if (answer === 'kept') return
      if (answer === 'LOG_ENTRY_TOO_LARGE') {
        if (piece.length > 1) for (const entry of piece) await this.#handOver([entry])
        else
          this.#post({
            kind: 'log',
            level: 'error',
            fields: { code: answer },
            words: 'an entry of the taps is too large for the log',
          })
        return
      }
      await pause(this.#clock, againAfterMs, this.#signal)
    }
    throw new Error('stopped before the entries were kept')
  }

  async #offer(entries: readonly Entry[]): Promise<Answer> {
    while (this.#pending.size >= piecesMax && !this.#signal.aborted)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    if (this.#signal.aborted) return 'STOPPED'
    this.#number += 1
    const number = this.#number
    try {
      return await new Promise<Answer>((resolve) => {
        this.#pending.set(number, resolve)
        this.#post({ kind: 'entries', number, entries })
      })
    } finally {
      this.#pending.delete(number)
      this.#waiting.shift()?.()
    }
  }
}

/** `kept`, or why not. */
type Answer = string

/** The entries in their order, cut where a piece would grow beyond what is handed over at once. */
function piecesOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const pieces: Entry[][] = []
  let bytes = 0
  for (const entry of entries) {
    const weight = entryBytes + (entry.kind === 'exchange' ? (entry.exchange.request?.body.length ?? 0) : 0)
    const open = pieces.at(-1)
    if (open === undefined || bytes + weight > pieceBytes || open.length >= pieceEntries) {
      pieces.push([entry])
      bytes = weight
    } else {
      open.push(entry)
      bytes += weight
    }
  }
  return pieces
}
