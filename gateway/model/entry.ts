import type { Exchange } from './exchange.ts'
import type { Measurement } from './measurement.ts'
import type { Instant, Millis } from './time.ts'

/** The edge's own health, once a second. Deciding causes look here before they blame a system. */
export interface EdgeHealth {
  readonly edgeId: string
  /** Worst event-loop delay of the thread that forwards, since the last tick. */
  readonly loopLagMsMax: Millis
  /** How late what passed was observed, at worst since the last tick. Left out where nothing lies between passing and observing. */
  readonly observationLagMsMax?: Millis
  readonly connections: number
  readonly heldBytes: number
  /** Observations shed since the last tick, by reason. */
  readonly dropped: { readonly [reason: string]: number }
  /** Exchanges seen and bytes forwarded since the last tick. */
  readonly exchanges: number
  readonly forwardedBytes: number
  /** The machine's own clock: what chrony or the kernel says. Null = unknown. */
  readonly clock: { readonly synchronised: boolean | null; readonly errorBoundMs: Millis | null }
  /** Interfaces that this edge listens for, with open connections now. Analysis needs it to tell silent from dead. */
  readonly listening: { readonly [interfaceId: string]: number }
}

/** Of an edge without sockets, which reads what was kept: nothing open, nothing held, nothing lost. */
export const quietHealth: Omit<EdgeHealth, 'edgeId'> = {
  loopLagMsMax: 0,
  connections: 0,
  heldBytes: 0,
  dropped: {},
  exchanges: 0,
  forwardedBytes: 0,
  clock: { synchronised: null, errorBoundMs: null },
  listening: {},
}

/** The position of the nth entry (from 1) of entries that were made from something else than a log: positions compare as texts. */
export function madePosition(nth: number): Position {
  return String(nth).padStart(12, '0')
}

/**
 * An item of the Log. `at` decreases by no more than the edges' reordering, except where an edge's clock was set back; analysis time is its running maximum, and follows such a clock.
 */
export type Entry =
  | { readonly kind: 'exchange'; readonly at: Instant; readonly exchange: Exchange }
  | { readonly kind: 'tick'; readonly at: Instant; readonly health: EdgeHealth }
  | { readonly kind: 'measurement'; readonly at: Instant; readonly measurement: Measurement }

/** Whose exchange an entry is; null: it is none. */
export function interfaceIdOf(entry: Entry): string | null {
  return entry.kind === 'exchange' ? entry.exchange.interfaceId : null
}

/**
 * Where an entry stands in the Log; opaque, but ordered by `compare` of the log that made it.
 * The text is at most 64 ASCII characters, so that it can stand in a database row.
 */
export type Position = string

export interface LoggedEntry {
  readonly position: Position
  readonly entry: Entry
}

/** The Log port: the only seam between seeing and thinking. */
export interface LogWriter {
  /**
   * Takes the entries in order. Resolves when they are durable to the configured degree. Never blocks the caller's
   * event loop. Rejects with a Failure (`DISK_FULL`, ...) when they could not be kept: the caller counts them as dropped.
   */
  append(entries: readonly Entry[]): Promise<void>
  /** Entries taken that are not yet durable. */
  readonly pendingBytes: number
  close(): Promise<void>
}

export interface LogReader {
  /**
   * The entries after `position` (null = from the oldest kept), at most `limit.entries` and about `limit.bytes`. Empty when there
   * is nothing new. A position that retention has dropped goes on at the oldest kept; `lost` then says so.
   */
  read(position: Position | null, limit: { entries: number; bytes: number }): Promise<LogBatch>
  /** What `read` gives, its entries not made yet: for whoever shares a batch out, or wants some entries of it, or has it before its turn comes. */
  outline(position: Position | null, limit: { entries: number; bytes: number }): Promise<LogOutline>
  /** One entry by its position, or null when retention has dropped it. */
  at(position: Position): Promise<Entry | null>
  /** Resolves when there may be something after `position`, or after `waitMs`, or on abort. */
  wait(position: Position | null, waitMs: Millis, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

export interface OutlinedEntry {
  readonly position: Position
  /** Null: no exchange, or bytes that no entry has. */
  readonly interfaceId: string | null
  /** As the log holds it: a view of what was read at once. */
  readonly bytes: Uint8Array
}

export interface LogOutline extends Pick<LogBatch, 'next' | 'behindBytes'> {
  readonly entries: readonly OutlinedEntry[]
  /** All of it made: bytes that no entry has are lost. */
  batch(): LogBatch
}

export interface LogBatch {
  readonly entries: readonly LoggedEntry[]
  /** Where to go on from; null when the log is empty. */
  readonly next: Position | null
  /** Something between the asked position and the first entry is gone (retention) or damaged. */
  readonly lost: readonly { readonly reason: 'retention' | 'corrupt'; readonly bytes: number }[]
  /** Bytes in the log after `next`: how far behind the reader is. */
  readonly behindBytes: number
}
