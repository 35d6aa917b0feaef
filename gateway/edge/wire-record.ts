import type { EndHow, Side } from '../model/frame.ts'
import type { Instant } from '../model/time.ts'
import type { RefusedHow, WireEvent } from '../model/wire.ts'
import type { RecordHead, RingReader } from './ring.ts'
import type { ForwardingHealth, LineEvent, Opening } from './witness.ts'

/** A record of the ring before it is written: its head, and what it carries besides. */
export interface WireRecord {
  readonly head: RecordHead
  readonly payload: Uint8Array
}

/** What a record says. `unknown`: nothing that this version writes. */
export type Told =
  | { readonly kind: 'opening'; readonly watch: number; readonly opening: Opening }
  | { readonly kind: 'line'; readonly event: WireEvent }
  | { readonly kind: 'second'; readonly told: ForwardingHealth }
  | { readonly kind: 'unknown' }

export function bytesHead(connection: number, from: Side, at: Instant): RecordHead {
  return { kind: kinds.bytes, side: from === 'initiator' ? 0 : 1, connection, at, value: 0 }
}

export function openingRecord(connection: number, watch: number, opening: Opening): WireRecord {
  const { at, initiator, acceptor } = opening
  return { head: { kind: kinds.open, side: 0, connection, at, value: watch }, payload: json([initiator, acceptor]) }
}

export function secondRecord(told: ForwardingHealth): WireRecord {
  return { head: { kind: kinds.second, side: 0, connection: 0, at: told.at, value: 0 }, payload: json(told) }
}

export function lineRecord(connection: number, event: LineEvent | Extract<WireEvent, { kind: 'gap' }>): WireRecord {
  const { at } = event
  const head = (value: number, from: Side = 'initiator'): RecordHead => {
    return { kind: kinds[event.kind], side: sides.indexOf(from), connection, at, value }
  }
  switch (event.kind) {
    case 'connected':
      return { head: head(event.midStream === true ? 1 : 0), payload: nothing }
    case 'refused':
      return { head: head(refusals.indexOf(event.how)), payload: nothing }
    case 'end':
      return { head: head(endings.indexOf(event.how), event.from), payload: nothing }
    case 'gap':
      return { head: head(event.byteCount, event.from), payload: nothing }
    case 'closed':
      return { head: head(0), payload: nothing }
    default:
      return event satisfies never
  }
}

/** Side and length of a record of bytes, or null for any other. */
export function bytesOf(record: RingReader): { readonly from: Side; readonly byteCount: number } | null {
  return record.kind === kinds.bytes ? { from: sideOf(record), byteCount: record.payloadBytes } : null
}

/** What the reader's record says; of bytes a copy, or, where `isView` says so, the ring's own memory, which is theirs until `release`. */
export function toldOf(record: RingReader, isView: boolean): Told {
  const { at, kind } = record
  // Nearly every record.
  if (kind === kinds.bytes) {
    const bytes = isView ? record.view() : record.payload()
    return { kind: 'line', event: { kind: 'bytes', at, from: sideOf(record), bytes } }
  }
  switch (kind) {
    case kinds.open:
      return openingOf(record)
    case kinds.connected:
      return {
        kind: 'line',
        event: record.value === 1 ? { kind: 'connected', at, midStream: true } : { kind: 'connected', at },
      }
    case kinds.refused:
      return { kind: 'line', event: { kind: 'refused', at, how: refusals[record.value] ?? 'unreachable' } }
    case kinds.end:
      return { kind: 'line', event: { kind: 'end', at, from: sideOf(record), how: endings[record.value] ?? 'rst' } }
    case kinds.gap:
      return { kind: 'line', event: { kind: 'gap', at, from: sideOf(record), byteCount: record.value } }
    case kinds.closed:
      return { kind: 'line', event: { kind: 'closed', at } }
    case kinds.second:
      return secondOf(record)
    default:
      return { kind: 'unknown' }
  }
}

function openingOf(record: RingReader): Told {
  const ends: unknown = JSON.parse(record.payload().toString())
  const [initiator, acceptor]: readonly unknown[] = Array.isArray(ends) ? ends : []
  if (typeof initiator !== 'string' || typeof acceptor !== 'string') return { kind: 'unknown' }
  return { kind: 'opening', watch: record.value, opening: { kind: 'open', at: record.at, initiator, acceptor } }
}

function secondOf(record: RingReader): Told {
  const told: unknown = JSON.parse(record.payload().toString())
  return isForwardingHealth(told) ? { kind: 'second', told } : { kind: 'unknown' }
}

/** Written by the other thread of this same program: its outline is enough to know it by. */
export function isForwardingHealth(value: unknown): value is ForwardingHealth {
  if (typeof value !== 'object' || value === null || !('at' in value) || !('watches' in value) || !('health' in value))
    return false
  return (
    typeof value.at === 'number' && Array.isArray(value.watches) && typeof value.health === 'object' && value.health !== null
  )
}

function sideOf(record: RecordHead): Side {
  return record.side === 0 ? 'initiator' : 'acceptor'
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}

const kinds = { bytes: 1, gap: 2, open: 3, connected: 4, refused: 5, end: 6, closed: 7, second: 8 } as const
const sides: readonly Side[] = ['initiator', 'acceptor']
const endings: readonly EndHow[] = ['fin', 'rst', 'timeout']
const refusals: readonly RefusedHow[] = ['refused', 'timeout', 'unreachable', 'dns', 'tls', 'gateway']
const nothing = new Uint8Array(0)
