import type { Side } from '../model/frame.ts'
import type { Instant } from '../model/time.ts'
import type { WireEvent } from '../model/wire.ts'
import type { RecordHead } from './ring.ts'
import { bytesHead, lineRecord, openingRecord, type WireRecord } from './wire-record.ts'
import type { ConnectionWitness, LineEvent, Opening } from './witness.ts'

/** What lines write with. It changes its ring when the observing thread is started anew. */
export interface Pen {
  /** Whether bytes are taken in now. `isShedding`: the last ones were not. */
  takes(flow: { readonly isBulk: boolean; readonly isShedding: boolean }): boolean
  /** False, with nothing written: there is no room. */
  bytes(head: RecordHead, bytes: Uint8Array): boolean
  control(record: WireRecord): boolean
  /** Something of that line could not be written, and is owed. */
  owes(line: Line): void
  /** Bytes were not shown, once. */
  shed(): void
  over(line: Line): void
}

type Gap = Extract<WireEvent, { kind: 'gap' }>

/**
 * Tells one connection's story through a ring that may be full. What doesn't fit is not waited for: bytes become a gap of their side, and
 * the gap, like an event that found no room, is told before anything else of this connection as soon as there is room.
 */
export class Line implements ConnectionWitness {
  readonly #connection: number
  readonly watch: number
  readonly #opening: Opening
  readonly #pen: Pen
  /** In order. At most the connection's few events, and between two of them a gap of each side. */
  #owed: (Opening | LineEvent | Gap)[]
  #isConnected = false
  #isOver = false
  readonly #ends: LineEvent[] = []
  /** Who spoke last, and how many bytes without a word from the other side. */
  #speaker: Side = 'initiator'
  #runBytes = 0

  constructor(connection: number, watch: number, opening: Opening, pen: Pen) {
    this.#connection = connection
    this.watch = watch
    this.#opening = opening
    this.#pen = pen
    this.#owed = [opening]
    if (!this.settle()) pen.owes(this)
  }

  bytes(from: Side, bytes: Uint8Array, at: Instant): void {
    const isBulk = this.#runs(from, bytes.byteLength) > bulkBytes
    const isTaken =
      this.#pen.takes({ isBulk, isShedding: this.#owed.length > 0 }) &&
      this.settle() &&
      this.#pen.bytes(bytesHead(this.#connection, from, at), bytes)
    if (!isTaken) this.#owe({ kind: 'gap', at, from, byteCount: bytes.byteLength })
  }

  tell(event: LineEvent): void {
    if (event.kind === 'connected') this.#isConnected = true
    if (event.kind === 'end') this.#ends.push(event)
    this.#isOver = event.kind === 'closed' || event.kind === 'refused'
    if (!this.settle() || !this.#pen.control(lineRecord(this.#connection, event))) this.#owe(event)
    if (this.#isOver && this.#owed.length === 0) this.#pen.over(this)
  }

  /** Tells what is owed; false when not all of it found room. */
  settle(): boolean {
    while (this.#owed[0] !== undefined) {
      if (!this.#pen.control(this.#record(this.#owed[0]))) return false
      this.#owed.shift()
    }
    return true
  }

  /** Whether all is told, and nothing more will come. */
  get isSettled(): boolean {
    return this.#isOver && this.#owed.length === 0
  }

  /**
   * Tells an observer that knows nothing: the connection is there, and so many bytes of it were never observed. What was owed to the
   * observer before is forgotten. False: the connection is over, and there is nothing to tell any more.
   */
  tellAnew(unread: Readonly<Record<Side, number>>, at: Instant): boolean {
    if (this.#isOver) return false
    const lost = { ...unread }
    for (const owed of this.#owed) if (owed.kind === 'gap') lost[owed.from] += owed.byteCount
    this.#owed = [this.#opening]
    if (this.#isConnected) {
      const gap = (from: Side): Gap => ({ kind: 'gap', at, from, byteCount: lost[from] })
      this.#owed.push({ kind: 'connected', at, midStream: true }, gap('initiator'), gap('acceptor'), ...this.#ends)
    }
    if (!this.settle()) this.#pen.owes(this)
    return true
  }

  #runs(from: Side, byteCount: number): number {
    this.#runBytes = from === this.#speaker ? this.#runBytes + byteCount : byteCount
    this.#speaker = from
    return this.#runBytes
  }

  #owe(event: LineEvent | Gap): void {
    if (event.kind === 'gap') this.#pen.shed()
    const same = event.kind === 'gap' ? this.#openGap(event.from) : -1
    const known = this.#owed[same]
    if (event.kind === 'gap' && known?.kind === 'gap') {
      this.#owed[same] = { ...known, byteCount: known.byteCount + event.byteCount }
      return
    }
    this.#owed.push(event)
    this.#pen.owes(this)
  }

  /** Where the gap of that side stands after which nothing but gaps came; -1: there is none. */
  #openGap(from: Side): number {
    for (let at = this.#owed.length - 1; at >= 0; at--) {
      const owed = this.#owed[at]
      if (owed?.kind !== 'gap') return -1
      if (owed.from === from) return at
    }
    return -1
  }

  #record(owed: Opening | LineEvent | Gap): WireRecord {
    return owed.kind === 'open' ? openingRecord(this.#connection, this.watch, owed) : lineRecord(this.#connection, owed)
  }

  get number(): number {
    return this.#connection
  }
}

/** A message that is longer than anything whose body is kept whole by default: it gives way when the ring fills up. */
const bulkBytes = 1_048_576
