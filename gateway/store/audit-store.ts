import type { Instant } from '../model/time.ts'
import type { Page } from './exchange-store.ts'

/** Something that somebody did or was refused. Never holds a body, and of a patient's identifier only a pseudonym. */
export interface AuditRow {
  readonly at: Instant
  readonly by: string
  readonly role: string
  /** In words, as `reveal request`, `ticket assign`, `sign in`. */
  readonly action: string
  /** The id of what it was done to. */
  readonly subject: string
  readonly reason: string | null
  /** Where the request came from; left out where nobody asked over the network. */
  readonly address?: string | null
  /** Default `done`. */
  readonly outcome?: AuditOutcome
}
export type AuditOutcome = 'done' | 'refused'

/** One place of the chain: a record's number, counted from 1 without a gap, and its seal. */
export interface AuditLink {
  readonly number: number
  /** 64 hexadecimal digits. */
  readonly hash: string
}

/** A row as the chain holds it. */
export type AuditRecord = AuditLink & Required<AuditRow>

/** The installation's signature under one place of the chain, so that whoever keeps it can prove what was there. */
export interface Checkpoint extends AuditLink {
  readonly at: Instant
  /** Ed25519, hexadecimal. */
  readonly signature: string
}

export interface AuditQuery {
  readonly from?: Instant
  readonly to?: Instant
  readonly by?: string
  /** What the action begins with: `reveal` finds `reveal request` and `reveal answer`. */
  readonly action?: string
  readonly outcome?: AuditOutcome
  readonly limit: number
  readonly cursor?: string
}

/** The first record that isn't as it was written. */
export interface AuditBreach {
  readonly number: number
  readonly why: AuditFault
}
export type AuditFault =
  /** The record's own words, its number or its seal were changed, or the record before it was. */
  | 'altered'
  /** It was taken out, or put where another one was. */
  | 'missing'
  /** The chain ends before the end that the store, a checkpoint or an anchor knows. */
  | 'cut-off'
  /** A checkpoint or an anchor says something else of this place of the chain. */
  | 'contradicted'
  /** A checkpoint or an anchor for this place doesn't carry the installation's signature. */
  | 'unsigned'

/** One slice of a verification. Give `last` as `after` for the next, until `isEnd` or `breach`. */
export interface AuditSlice {
  readonly last: AuditLink
  readonly breach: AuditBreach | null
  readonly isEnd: boolean
}

/**
 * The audit as a chain: each record's seal is an HMAC-SHA-256, under a key of the installation, over the record, its number and the
 * seal before it. Nothing here changes or removes a record.
 */
export interface AuditStore {
  /** Resolves when the record is on the disk. Rejects with AUDIT_DAMAGED when the end of the chain is not the one that was written last. */
  appendAudit(row: AuditRow): Promise<void>
  /** Newest first. */
  audit(query: AuditQuery): Promise<Page<AuditRecord>>
  /** The last record's place; null before the first. */
  auditEnd(): Promise<AuditLink | null>
  /** Checks at most `limit` records after a place that was checked before; from the beginning where there is none. */
  verifyAudit(after: AuditLink | null, limit: number): Promise<AuditSlice>
  /** The place of that number as it stands there now, checked or not. */
  auditLink(number: number): Promise<AuditLink | null>
  saveCheckpoint(checkpoint: Checkpoint): Promise<void>
  /** Newest first. */
  checkpoints(limit: number): Promise<readonly Checkpoint[]>
}
