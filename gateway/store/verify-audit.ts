import type { KeyObject } from 'node:crypto'
import { beforeFirst, endSealOf, isSameSeal, sealOf } from './audit-chain.ts'
import type { AuditBreach, AuditLink, AuditRow, AuditSlice } from './audit-store.ts'

/** A stored record as it is found: `row` is null where the columns no longer hold what the schema says. */
export interface FoundRecord extends AuditLink {
  readonly row: Required<AuditRow> | null
}

/** The end of the chain as the store remembers it. */
export interface FoundEnd extends AuditLink {
  readonly seal: string
}

/** Checks records, oldest first, against the place before them. The first that is wrong ends it. */
export function verifyRecords(
  key: KeyObject,
  after: AuditLink | null,
  records: Iterable<FoundRecord>,
): Omit<AuditSlice, 'isEnd'> {
  let last = after ?? beforeFirst
  for (const { number, hash, row } of records) {
    // A number below the one that is due belongs to nothing: it was changed, or put in. One above it says that the one due is gone.
    if (number <= last.number) return { last, breach: { number, why: 'altered' } }
    if (number !== last.number + 1) return { last, breach: { number: last.number + 1, why: 'missing' } }
    if (row === null || !isSameSeal(sealOf(key, last, row), hash)) return { last, breach: { number, why: 'altered' } }
    last = { number, hash }
  }
  return { last, breach: null }
}

/** Checks the end that the store remembers against the last record that is there; null when they agree. */
export function verifyEnd(key: KeyObject, last: AuditLink, end: FoundEnd | null): AuditBreach | null {
  if (end === null) return last.number === 0 ? null : { number: last.number + 1, why: 'cut-off' }
  if (end.number > last.number) return { number: last.number + 1, why: 'cut-off' }
  const isIts = end.number === last.number && end.hash === last.hash && isSameSeal(endSealOf(key, end), end.seal)
  // A true end was sealed under the key: where this one wasn't, what came behind the last record is unknown.
  return isIts ? null : { number: last.number + 1, why: 'cut-off' }
}
