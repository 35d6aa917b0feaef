import type { Entry } from './entry.ts'
import type { Interface } from './interface.ts'
import type { Json } from './json.ts'
import type { Clock } from './time.ts'

/** What a source that is read (Kafka, files) is given. It reads until `signal` says stop, and never rejects: what goes wrong out there is measured. */
export interface TapContext {
  readonly iface: Interface
  /** Zone of the hospital's wall clock, for deadlines. */
  readonly timezone: string
  /** Of each body this much is kept. */
  readonly bodyBytesMax: number
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Resolves when the Log has kept the entries, however long that takes; only then may a position be committed. Rejects when `signal` ends the wait. */
  emit(entries: readonly Entry[]): Promise<void>
  /** What this source remembers across restarts, where its system keeps no position for it. */
  readonly memory: TapMemory
}

export interface TapMemory {
  /** Null: nothing is remembered, or it can't be read. */
  load(): Promise<Json | null>
  save(state: Json): Promise<void>
}
