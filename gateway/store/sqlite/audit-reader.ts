import type { KeyObject } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { AuditLink, AuditRecord, AuditSlice, Checkpoint } from '../audit-store.ts'
import { type FoundEnd, type FoundRecord, verifyEnd, verifyRecords } from '../verify-audit.ts'
import { numberOf, type Row, textOf, textOrNull } from './rows.ts'

export const auditColumns = 'number, at, by, role, action, subject, reason, address, outcome, hash'

/** Reads the chain as it is found, true or not. */
export interface AuditReader {
  slice(key: KeyObject, after: AuditLink | null, limit: number): AuditSlice
  link(number: number): AuditLink | null
  end(): FoundEnd | null
  /** Newest first. */
  checkpoints(limit: number): readonly Checkpoint[]
}

export function createAuditReader(database: DatabaseSync): AuditReader {
  const after = database.prepare(`SELECT ${auditColumns} FROM audit_records WHERE number > ? ORDER BY number LIMIT ?`)
  const one = database.prepare('SELECT number, hash FROM audit_records WHERE number = ?')
  const end = database.prepare('SELECT number, hash, seal FROM audit_end')
  const checkpoints = database.prepare('SELECT number, hash, at, signature FROM audit_checkpoints ORDER BY number DESC LIMIT ?')
  const readEnd = () => {
    const row = end.get()
    return row === undefined ? null : { number: numberIn(row, 'number'), hash: textIn(row, 'hash'), seal: textIn(row, 'seal') }
  }
  return {
    slice: (key, place, limit) => {
      const { found, end: knownEnd } = atOnce(database, () => ({
        // From below zero: a record whose number was changed must not fall out of sight.
        found: after.all(place?.number ?? Number.MIN_SAFE_INTEGER, limit).map(foundOf),
        end: readEnd(),
      }))
      const { last, breach } = verifyRecords(key, place, found)
      const isEnd = found.length < limit
      return { last, isEnd, breach: breach ?? (isEnd ? verifyEnd(key, last, knownEnd) : null) }
    },
    link: (number) => {
      const row = one.get(number)
      return row === undefined ? null : { number: numberIn(row, 'number'), hash: textIn(row, 'hash') }
    },
    end: readEnd,
    checkpoints: (limit) =>
      checkpoints.all(limit).map((row) => ({
        number: numberIn(row, 'number'),
        hash: textIn(row, 'hash'),
        at: numberIn(row, 'at'),
        signature: textIn(row, 'signature'),
      })),
  }
}

/** What is read stands there at one moment: between two reads another process may write a record, and the chain would seem to be cut off. */
function atOnce<T>(database: DatabaseSync, read: () => T): T {
  // A savepoint is a transaction where there is none, and a part of the one that there is.
  database.exec('SAVEPOINT audit_read')
  try {
    return read()
  } finally {
    database.exec('RELEASE audit_read')
  }
}

function foundOf(row: Row): FoundRecord {
  const link = { number: numberIn(row, 'number'), hash: textIn(row, 'hash') }
  try {
    const { number: _number, hash: _hash, ...fields } = recordOf(row)
    return { ...link, row: fields }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return { ...link, row: null }
  }
}

/** Throws TypeError where a column doesn't hold what the schema says. */
export function recordOf(row: Row): AuditRecord {
  const outcome = textOf(row, 'outcome')
  if (outcome !== 'done' && outcome !== 'refused') throw new TypeError('column outcome is no outcome')
  return {
    number: numberOf(row, 'number'),
    hash: textOf(row, 'hash'),
    at: numberOf(row, 'at'),
    by: textOf(row, 'by'),
    role: textOf(row, 'role'),
    action: textOf(row, 'action'),
    subject: textOf(row, 'subject'),
    reason: textOrNull(row, 'reason'),
    address: textOrNull(row, 'address'),
    outcome,
  }
}

/** Of a column that somebody may have written over: what can't be right is a value that fits nothing. */
function textIn(row: Row, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value : ''
}

function numberIn(row: Row, column: string): number {
  const value = row[column]
  return typeof value === 'number' ? value : -1
}
