import type { Entry, LogBatch, LoggedEntry, LogOutline, OutlinedEntry, Position } from '../model/entry.ts'
import { BytesError } from './bytes.ts'
import { decodeEntry, interfaceOf } from './entry-codec.ts'
import type { OpenSegment } from './open-segment.ts'
import { formatPosition, positionsIn, type Spot } from './position.ts'
import { segmentHeaderBytes } from './segment.ts'

/** A reading in progress: what was found so far. `blockAt` and `index` say which entry comes next. */
export interface Reading {
  readonly limit: { readonly entries: number; readonly bytes: number }
  readonly entries: EntryBytes[]
  readonly lost: { readonly reason: 'retention' | 'corrupt'; readonly bytes: number }[]
  bytes: number
  next: Position | null
  blockAt: number
  index: number
}

/** There is something, and a limit is reached. */
export function isFull(reading: Reading): boolean {
  return reading.entries.length > 0 && (reading.entries.length >= reading.limit.entries || reading.bytes >= reading.limit.bytes)
}

/** Goes on behind an entry. */
export function goOnAfter(spot: Spot, reading: Reading): void {
  reading.blockAt = spot.blockAt + spot.blockBytes
  reading.index = spot.blockBytes === 0 ? spot.index + 1 : 0
}

/** Begins a segment: what ended before it and was not read is lost. A gap that a restart left is none. */
export function enter(segment: OpenSegment, reading: Reading): void {
  const lostBytes = reading.blockAt === -1 ? 0 : segment.header.previousEnd - reading.blockAt
  if (lostBytes > 0) reading.lost.push({ reason: 'retention', bytes: lostBytes })
  reading.blockAt = segment.base + segmentHeaderBytes
  reading.index = 0
}

/** Goes on behind damage, and says how much of it there was. */
export function pass(segment: OpenSegment, endAt: number, reading: Reading): void {
  const bytes = endAt - reading.blockAt
  reading.lost.push({ reason: 'corrupt', bytes })
  reading.next = formatPosition({ blockAt: reading.blockAt, index: 0, blockBytes: bytes, logId: segment.header.logId })
  reading.blockAt = endAt
  reading.index = 0
}

/** Takes what of a block is asked for and fits. */
export function takeEntries({ header }: Pick<OpenSegment, 'header'>, payload: Buffer, endAt: number, reading: Reading): void {
  const { blockAt } = reading
  const block = { payload, positionOf: positionsIn({ blockAt, logId: header.logId }), bytes: endAt - blockAt }
  let index = 0
  for (const [start, end] of entryBounds(payload)) {
    if (index >= reading.index) {
      if (isFull(reading)) {
        reading.index = index
        return
      }
      const entry = new EntryBytes(block, index, start, end)
      reading.entries.push(entry)
      reading.bytes += end - start
      // Of the others nobody asks.
      if (end === payload.length || isFull(reading)) reading.next = entry.position
    }
    index += 1
  }
  reading.blockAt = endAt
  reading.index = 0
}

/** Where each entry of a block begins and ends, its length left out. */
export function* entryBounds(payload: Buffer): Generator<readonly [number, number]> {
  let at = 0
  while (at + 4 <= payload.length) {
    const start = at + 4
    at = Math.min(start + payload.readUInt32LE(start - 4), payload.length)
    yield [start, at]
  }
}

interface Block {
  readonly payload: Buffer
  readonly positionOf: ReturnType<typeof positionsIn>
  /** Of the log. */
  readonly bytes: number
}

/** An entry as it stands in its block. */
class EntryBytes implements OutlinedEntry {
  readonly #block: Block
  readonly #index: number
  readonly #start: number
  readonly #end: number

  constructor(block: Block, index: number, start: number, end: number) {
    this.#block = block
    this.#index = index
    this.#start = start
    this.#end = end
  }

  get bytes(): Uint8Array {
    return this.#block.payload.subarray(this.#start, this.#end)
  }

  get byteCount(): number {
    return this.#end - this.#start
  }

  get position(): Position {
    const { payload, positionOf, bytes } = this.#block
    return positionOf(this.#index, this.#end === payload.length ? bytes : 0)
  }

  get interfaceId(): string | null {
    return orNull(() => interfaceOf(this.#block.payload, this.#start, this.#end))
  }

  /** Made anew each time. Null: those bytes are of no entry. */
  entry(): Entry | null {
    return decoded(this.#block.payload, this.#start, this.#end)
  }
}

/** What was found, with what `read` makes of it. */
export function outlineOf({ entries, lost, next }: Reading, behindBytes: number): LogOutline {
  return {
    entries,
    next,
    behindBytes,
    batch() {
      const made: LoggedEntry[] = []
      const unmade: LogBatch['lost'][number][] = []
      for (const outlined of entries) {
        const entry = outlined.entry()
        if (entry === null) unmade.push({ reason: 'corrupt', bytes: outlined.byteCount })
        else made.push({ position: outlined.position, entry })
      }
      return { entries: made, next, lost: [...lost, ...unmade], behindBytes }
    },
  }
}

/** Null for bytes that no entry has: the checksum held, so a writer with a fault wrote them. */
export function decoded(payload: Buffer, start: number, end: number): Entry | null {
  return orNull(() => decodeEntry(payload, start, end))
}

function orNull<T>(make: () => T): T | null {
  try {
    return make()
  } catch (error) {
    if (error instanceof BytesError) return null
    throw error
  }
}
