import type { Millis } from '../model/time.ts'
import { defaultObserverLimits, type ObserverLimits } from './observe.ts'

/** Everything that bounds an edge. */
export interface EdgeLimits {
  readonly observer: ObserverLimits
  /** Connections at once; one more is reset at once and counted. */
  readonly connectionsMax: number
  /** Memory that observation may take: bodies of open exchanges and of frames that are being read. */
  readonly heldBytesMax: number
  /** What was forwarded and isn't observed yet lies in a ring of so many bytes; beyond, bytes aren't observed. */
  readonly ringBytes: number
  /** Entries that wait for the log, by their bodies' size and by count. */
  readonly queueBytesMax: number
  readonly queueEntriesMax: number
  /** A batch goes to the log when it has so many bytes or entries, or is so old. What waits is what the collector has to carry along. */
  readonly batchBytes: number
  readonly batchEntries: number
  readonly batchMs: Millis
  readonly dialTimeoutMs: Millis
  /** Idle time before TCP keep-alive probes; 0: none. */
  readonly keepAliveMs: Millis
  /** Draining waits so long for connections to end by themselves, and then for the log. */
  readonly drainMs: Millis
}

export const defaultEdgeLimits: EdgeLimits = {
  observer: defaultObserverLimits,
  connectionsMax: 4_096,
  heldBytesMax: 268_435_456,
  ringBytes: 25_165_824,
  queueBytesMax: 67_108_864,
  queueEntriesMax: 100_000,
  batchBytes: 1_048_576,
  batchEntries: 128,
  batchMs: 20,
  dialTimeoutMs: 10_000,
  keepAliveMs: 60_000,
  drainMs: 10_000,
}
