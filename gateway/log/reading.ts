import type { Entry, LoggedEntry, Position } from '../model/entry.ts'
import { BytesError } from './bytes.ts'
import { decodeEntry } from './entry-codec.ts'
import type { OpenSegment } from './open-segment.ts'
import { formatPosition, positionsIn, type Spot } from './position.ts'
import { segmentHeaderBytes } from './segment.ts'

/** A reading in progress: what was found so far. `blockAt` and `index` say which entry comes next. */
export interface Reading {
  readonly limit: { readonly entries: number; readonly bytes: number }
  readonly entries: LoggedEntry[]
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
export function takeEntries(segment: OpenSegment, payload: Buffer, endAt: number, reading: Reading): void {
  const { blockAt } = reading
  const positionOf = positionsIn({ blockAt, logId: segment.header.logId })
  let index = 0
  for (const [start, end] of entryBounds(payload)) {
    if (index >= reading.index) {
      if (isFull(reading)) {
        reading.index = index
        return
      }
      const position = positionOf(index, end === payload.length ? endAt - blockAt : 0)
      const entry = decoded(payload, start, end)
      if (entry === null) reading.lost.push({ reason: 'corrupt', bytes: end - start })
      else reading.entries.push({ position, entry })
      reading.next = position
      reading.bytes += end - start
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

/** Null for bytes that no entry has: the checksum held, so a writer with a fault wrote them. */
export function decoded(payload: Buffer, start: number, end: number): Entry | null {
  try {
    return decodeEntry(payload, start, end)
  } catch (error) {
    if (error instanceof BytesError) return null
    throw error
  }
}
