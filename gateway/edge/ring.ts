/**
 * A bounded queue of records in memory that two threads share: one writes, one reads, and neither ever waits for the other. A record that
 * doesn't fit is refused. Each record lies in one piece; positions count in units of eight bytes, twice around the memory, so that full and empty differ.
 */
export interface RecordHead {
  /** What the record is; the ring doesn't care. 0..255. */
  readonly kind: number
  /** 0..255 */
  readonly side: number
  readonly connection: number
  readonly at: number
  /** One more number, of whatever the kind says. */
  readonly value: number
}

/** Numbers that the reading thread publishes for the writing one, each 0..2^31-1. */
export interface ReaderState {
  /** Counts on while the reader lives. */
  readonly beats: number
  readonly level: number
  readonly heldKb: number
  /** Exchanges and entries that only the reader's memory holds. */
  readonly inMemory: number
}

/** Memory for a ring that holds up to `byteCount` bytes, 4 kB at least. */
export function ringMemory(byteCount: number): SharedArrayBuffer {
  return new SharedArrayBuffer(stateBytes + Math.ceil(Math.max(byteCount, 4_096) / unitBytes) * unitBytes)
}

/** The writing end. Of one thread only. */
export class RingWriter {
  readonly #ring: Ring
  #head: number
  #tail: number
  readonly #reserve: number

  /** `reserveBytes`: room that only records without a payload to speak of may use, so that a ring full of bytes still takes an end. */
  constructor(memory: SharedArrayBuffer, reserveBytes: number) {
    this.#ring = new Ring(memory)
    this.#head = this.#ring.load(headPlace)
    this.#tail = this.#ring.load(tailPlace)
    this.#reserve = reserveBytes >>> unitShift
  }

  /** How full it is, 0..1. */
  get fill(): number {
    return this.#ring.used() / this.#ring.units
  }

  get usedBytes(): number {
    return this.#ring.used() * unitBytes
  }

  get state(): ReaderState {
    return this.#ring.state()
  }

  /** Wakes a reader that sleeps. */
  wake(): void {
    this.#ring.wake()
  }

  /** False, with nothing written: there is no room. `isUrgent`: may use the reserve. */
  write(record: RecordHead, payload: Uint8Array, isUrgent: boolean): boolean {
    const ring = this.#ring
    const needed = headUnits + ((payload.byteLength + unitBytes - 1) >>> unitShift)
    const start = ring.place(this.#head)
    const toEnd = ring.units - start
    // One that would lie in two pieces begins at the ring's beginning, and the rest of it stays empty.
    const skipped = toEnd < needed ? toEnd : 0
    const wanted = skipped + needed + (isUrgent ? 0 : this.#reserve)
    if (!this.#hasRoom(wanted)) return false
    if (skipped > 0) ring.words[start * 2] = skipMark
    const unit = skipped > 0 ? 0 : start
    const word = unit * 2
    ring.words[word] = payload.byteLength
    ring.words[word + 1] = record.kind | (record.side << 8)
    ring.words[word + 2] = record.connection
    ring.numbers[unit + 2] = record.at
    ring.numbers[unit + 3] = record.value
    if (payload.byteLength > 0) ring.bytes.set(payload, (unit + headUnits) * unitBytes)
    this.#head = ring.onward(this.#head, skipped + needed)
    ring.store(headPlace, this.#head)
    ring.wake()
    return true
  }

  #hasRoom(units: number): boolean {
    const ring = this.#ring
    if (ring.units - ring.between(this.#tail, this.#head) >= units) return true
    this.#tail = ring.load(tailPlace)
    return ring.units - ring.between(this.#tail, this.#head) >= units
  }
}

/** The reading end. Of one thread only; another thread may read on when the first is dead. */
export class RingReader implements RecordHead {
  readonly #ring: Ring
  #tail: number
  #read: number
  #start = 0
  #length = 0
  #page = nothing
  #pageUsed = pageBytes

  constructor(memory: SharedArrayBuffer) {
    this.#ring = new Ring(memory)
    this.#tail = this.#ring.load(tailPlace)
    this.#read = this.#tail
  }

  get kind(): number {
    return this.#word(1) & 0xff
  }

  get side(): number {
    return (this.#word(1) >>> 8) & 0xff
  }

  get connection(): number {
    return this.#word(2)
  }

  get at(): number {
    return this.#ring.numbers[this.#start + 2] ?? 0
  }

  get value(): number {
    return this.#ring.numbers[this.#start + 3] ?? 0
  }

  get payloadBytes(): number {
    return this.#length
  }

  /** Whether there is a record. It is this object's until `release`. */
  next(): boolean {
    const ring = this.#ring
    if (ring.load(headPlace) === this.#tail) return false
    let start = ring.place(this.#tail)
    if (ring.words[start * 2] === skipMark) {
      this.#tail = ring.onward(this.#tail, ring.units - start)
      start = 0
    }
    this.#start = start
    this.#length = ring.words[start * 2] ?? 0
    this.#read = ring.onward(this.#tail, headUnits + ((this.#length + unitBytes - 1) >>> unitShift))
    return true
  }

  /** The record's payload where it lies: gone with `release`. */
  view(): Uint8Array {
    const start = (this.#start + headUnits) * unitBytes
    return this.#ring.bytes.subarray(start, start + this.#length)
  }

  /** A copy of the record's payload. Short ones lie side by side in pages small enough for one body to keep all of its page (`passageOf`). */
  payload(): Buffer {
    const length = this.#length
    if (length > pageBytes / 4) return this.#copyTo(Buffer.allocUnsafeSlow(length), 0)
    if (this.#pageUsed + length > pageBytes) {
      this.#page = Buffer.allocUnsafeSlow(pageBytes)
      this.#pageUsed = 0
    }
    const start = this.#pageUsed
    this.#pageUsed += length
    return this.#copyTo(this.#page, start)
  }

  /** Gives the record's room back. */
  release(): void {
    this.#tail = this.#read
    this.#ring.store(tailPlace, this.#tail)
  }

  publish(state: ReaderState): void {
    this.#ring.publish(state)
  }

  /** Resolves when something was written to an empty ring, at the latest after `waitMs`. */
  async wait(waitMs: number): Promise<void> {
    await this.#ring.sleep(waitMs, () => this.#ring.load(headPlace) !== this.#tail)
  }

  #copyTo(memory: Buffer, at: number): Buffer {
    const start = (this.#start + headUnits) * unitBytes
    this.#ring.bytes.copy(memory, at, start, start + this.#length)
    return memory.subarray(at, at + this.#length)
  }

  #word(index: number): number {
    return this.#ring.words[this.#start * 2 + index] ?? 0
  }
}

/** The memory, seen from one thread. */
class Ring {
  readonly words: Uint32Array
  readonly numbers: Float64Array
  readonly bytes: Buffer
  readonly units: number
  readonly #places: Int32Array

  constructor(memory: SharedArrayBuffer) {
    this.#places = new Int32Array(memory, 0, stateBytes / 4)
    this.words = new Uint32Array(memory, stateBytes)
    this.numbers = new Float64Array(memory, stateBytes)
    this.bytes = Buffer.from(memory, stateBytes)
    this.units = this.bytes.length >>> unitShift
  }

  used(): number {
    return this.between(this.load(tailPlace), this.load(headPlace))
  }

  /** Where in the memory a position lies. */
  place(position: number): number {
    return position < this.units ? position : position - this.units
  }

  onward(position: number, units: number): number {
    const next = position + units
    return next < this.units * 2 ? next : next - this.units * 2
  }

  between(from: number, to: number): number {
    return to >= from ? to - from : to - from + this.units * 2
  }

  load(place: number): number {
    return Atomics.load(this.#places, place)
  }

  store(place: number, value: number): void {
    Atomics.store(this.#places, place, value)
  }

  /** Only a reader that sleeps is woken: one that is awake comes by itself. */
  wake(): void {
    if (Atomics.load(this.#places, asleepPlace) === 0) return
    Atomics.store(this.#places, asleepPlace, 0)
    Atomics.notify(this.#places, asleepPlace)
  }

  async sleep(waitMs: number, isNeeded: () => boolean): Promise<void> {
    Atomics.store(this.#places, asleepPlace, 1)
    // What was written before the writer could see that we sleep wakes nobody.
    if (!isNeeded()) await Atomics.waitAsync(this.#places, asleepPlace, 1, waitMs).value
    Atomics.store(this.#places, asleepPlace, 0)
  }

  state(): ReaderState {
    return {
      beats: this.load(beatsPlace),
      level: this.load(beatsPlace + 1),
      heldKb: this.load(beatsPlace + 2),
      inMemory: this.load(beatsPlace + 3),
    }
  }

  publish({ beats, level, heldKb, inMemory }: ReaderState): void {
    this.store(beatsPlace, beats)
    this.store(beatsPlace + 1, level)
    this.store(beatsPlace + 2, heldKb)
    this.store(beatsPlace + 3, inMemory)
  }
}

const unitBytes = 8
const unitShift = 3
/** Length, kind and side; connection; instant; value. */
const headUnits = 4
/** In place of a length: nothing more until the ring's beginning. */
const skipMark = 0xffff_ffff
/** What both threads write often lies on cache lines of its own. */
const headPlace = 0
const tailPlace = 32
const asleepPlace = 64
const beatsPlace = 96
const stateBytes = 512
/** Of Node's own pool one body would keep 64 kB, so that each had to be copied once more. */
const pageBytes = 16_384
const nothing = Buffer.alloc(0)
