import type { Entry } from '../model/entry.ts'
import { type Clock, type Millis, pause } from '../model/time.ts'
import type { Offer, OfferAnswer } from './messages.ts'

/** So much is handed over at once: the thread that takes it observes clinical traffic as well, and shall be held up for no more than a moment. */
const pieceBytes = 65_536
const pieceEntries = 50
/** And so much in a second: a backlog of hours is read in minutes, and leaves the processor to the traffic. */
const entriesPerSecondMax = 2_000
const bytesPerSecondMax = 8 * 1024 * 1024
/** What an entry weighs besides its body. */
const entryBytes = 1_024
/** So many pieces are on their way at once; a source waits for the others. */
const piecesMax = 2
/** Entries that the log refused are offered again after this: its disk may be full, or slower than the traffic. */
const againAfterMs: Millis = 1_000

/** `kept`, or why not. */
type Answer = string

/** Hands entries from the worker to the thread that writes the log, and knows what became of them. Nothing is dropped: a source that can't hand over waits. */
export class Handover {
  readonly #clock: Clock
  readonly #signal: AbortSignal
  readonly #tooLarge: () => void
  readonly #pending = new Map<number, (answer: Answer) => void>()
  readonly #waiting: (() => void)[] = []
  #post: (offer: Offer) => void
  #number = 0
  /** When the next piece may go, on the clock that never goes back. */
  #nextMs: Millis = Number.NEGATIVE_INFINITY

  /** `post` brings an offer to the thread that writes the log; `tooLarge` hears of an entry that the log can never keep. */
  constructor(setup: { post(offer: Offer): void; tooLarge(): void; clock: Clock; signal: AbortSignal }) {
    this.#post = setup.post
    this.#tooLarge = setup.tooLarge
    this.#clock = setup.clock
    this.#signal = setup.signal
    setup.signal.addEventListener('abort', () => {
      for (const next of this.#waiting.splice(0)) next()
      this.#answerAll('STOPPED')
    })
  }

  /** The log is reached another way from now on: what it hasn't answered is offered again. */
  redirect(post: (offer: Offer) => void): void {
    this.#post = post
    this.#answerAll('REDIRECTED')
  }

  answered({ number, code }: OfferAnswer): void {
    this.#pending.get(number)?.(code ?? 'kept')
  }

  /** Resolves when the log has kept them, but for what it can never keep (LOG_ENTRY_TOO_LARGE), which is told. Rejects when the signal said stop before. */
  async emit(entries: readonly Entry[]): Promise<void> {
    for (const piece of piecesOf(entries)) {
      await this.#pace(piece)
      await this.#handOver(piece.entries)
    }
  }

  /** Waits for this piece's turn. A piece after a rest goes at once. */
  async #pace({ entries, bytes }: Piece): Promise<void> {
    const nowMs = this.#clock.monotonic()
    const turnMs = Math.max(nowMs, this.#nextMs)
    this.#nextMs = turnMs + Math.max(entries.length / entriesPerSecondMax, bytes / bytesPerSecondMax) * 1_000
    if (turnMs > nowMs) await pause(this.#clock, turnMs - nowMs, this.#signal)
  }

  async #handOver(piece: readonly Entry[]): Promise<void> {
    while (!this.#signal.aborted) {
      const answer = await this.#offer(piece)
      if (answer === 'kept') return
      if (answer === 'LOG_ENTRY_TOO_LARGE') {
        if (piece.length > 1) for (const entry of piece) await this.#handOver([entry])
        else this.#tooLarge()
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
        this.#post({ number, entries })
      })
    } finally {
      this.#pending.delete(number)
      this.#waiting.shift()?.()
    }
  }

  #answerAll(answer: Answer): void {
    for (const resolve of this.#pending.values()) resolve(answer)
  }
}

interface Piece {
  readonly entries: Entry[]
  bytes: number
}

/** The entries in their order, cut where a piece would grow beyond what is handed over at once. */
function piecesOf(entries: readonly Entry[]): readonly Piece[] {
  const pieces: Piece[] = []
  for (const entry of entries) {
    const bytes = entryBytes + (entry.kind === 'exchange' ? (entry.exchange.request?.body.length ?? 0) : 0)
    const open = pieces.at(-1)
    if (open === undefined || open.bytes + bytes > pieceBytes || open.entries.length >= pieceEntries)
      pieces.push({ entries: [entry], bytes })
    else {
      open.entries.push(entry)
      open.bytes += bytes
    }
  }
  return pieces
}
