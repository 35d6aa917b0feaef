import type { EdgeHealth } from '../model/entry.ts'
import type { Side } from '../model/frame.ts'
import type { Interface } from '../model/interface.ts'
import type { Instant } from '../model/time.ts'
import type { WireEvent } from '../model/wire.ts'
import type { Level } from './shed.ts'

/**
 * What the forwarding side of an edge tells of what it did, each time after it did it. Nothing here waits or throws: what can't be taken
 * in is counted. One witness observes in the same thread (`witnessHere`), another in a thread of its own (`startThreadWitness`).
 */
export interface Witness {
  /** From now on `watch` is the number of this interface as it is configured now. A number is never used again. */
  watch(watch: number, iface: Interface): void
  /** A connection of that watch begins. `connection` is a number that no other one of the edge has. */
  open(connection: number, watch: number, opening: Opening): ConnectionWitness
  /** A second has passed. */
  tick(told: ForwardingHealth): void
  /** Nothing more will be told: resolves when all is in the log, or lost and counted, at the latest after the limits' `drainMs`. */
  finish(told: ForwardingHealth): Promise<void>
  readonly heldBytes: number
  readonly level: Level
}

export type Opening = Extract<WireEvent, { kind: 'open' }>
/** What is told of a connection besides its bytes, once it has begun. */
export type LineEvent = Extract<WireEvent, { kind: 'connected' | 'refused' | 'end' | 'closed' }>

/** One connection's witness. */
export interface ConnectionWitness {
  /** `bytes` is the caller's again when this returns. */
  bytes(from: Side, bytes: Uint8Array, at: Instant): void
  tell(event: LineEvent): void
}

/** What the forwarding side says of itself once a second: the part of a tick that it knows. */
export interface ForwardingHealth {
  readonly at: Instant
  /** Watches that a listener uses, or a connection that is carried. */
  readonly watches: readonly number[]
  readonly health: Omit<EdgeHealth, 'exchanges' | 'heldBytes' | 'observationLagMsMax'>
}
