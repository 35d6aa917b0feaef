import type { Declaration, PlannedChange, Silence } from '../model/change.ts'
import type { Position } from '../model/entry.ts'
import type { Incident } from '../model/incident.ts'
import type { Instant } from '../model/time.ts'
import type { Page } from './exchange-store.ts'

/** A declaration on its way to analysis. Numbers rise in the order of writing. */
export interface NumberedDeclaration {
  readonly num: number
  readonly declaration: Declaration
}

/** One that analysis has taken: it counts for the entries after that position; null: from the first on. */
export interface TakenDeclaration extends NumberedDeclaration {
  readonly after: Position | null
}

/** The read side of analysis for what people declare. What was taken is written by `ResultStore.commit`, with its batch. */
export interface DeclarationStore {
  /** What no analysis has taken yet, oldest first. */
  untakenDeclarations(limit: number): Promise<readonly NumberedDeclaration[]>
  /** What was taken and isn't part of the checkpoint: a restart declares it again at the same places. In order. */
  takenDeclarations(): Promise<readonly TakenDeclaration[]>
}

/** A configuration as it was, without secrets. Kept once for each digest. */
export interface Snapshot {
  /** SHA-256 of the text, in hex. */
  readonly digest: string
  readonly text: string
}

export interface ChangeQuery {
  /** Only those whose window touches the time from here on, or up to here. */
  readonly from?: Instant
  readonly to?: Instant
  readonly limit: number
  readonly cursor?: string
}

export interface WithheldIncidents {
  readonly items: readonly Incident[]
  readonly count: number
  /** Of them, those that became tickets after all. */
  readonly ticketedCount: number
}

export interface ChangeStore extends DeclarationStore {
  /**
   * Writes one revision and declares it to analysis, in one transaction. False, and nothing is written, when the revision isn't the next
   * one of what is there (1 for a new one): somebody wrote in between. `snapshots` are those that it names by their digests.
   */
  savePlannedChange(change: PlannedChange, snapshots: readonly Snapshot[]): Promise<boolean>
  plannedChange(id: string): Promise<PlannedChange | null>
  /** Latest begin first. */
  plannedChanges(query: ChangeQuery): Promise<Page<PlannedChange>>
  snapshot(digest: string): Promise<Snapshot | null>
  /** As with `savePlannedChange`. */
  saveSilence(silence: Silence): Promise<boolean>
  silence(id: string): Promise<Silence | null>
  /** Latest begin first. */
  silences(query: ChangeQuery): Promise<Page<Silence>>
  /** Incidents that the planned change or the silence held back at some time, newest first. */
  withheldIncidents(declaredId: string, limit: number): Promise<WithheldIncidents>
}
