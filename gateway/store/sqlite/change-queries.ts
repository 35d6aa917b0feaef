import type { SQLInputValue } from 'node:sqlite'
import { type Declaration, type PlannedChange, type Silence, silenceEndOf, windowEndOf } from '../../model/change.ts'
import type { Incident } from '../../model/incident.ts'
import type { Instant } from '../../model/time.ts'
import type { ChangeQuery, NumberedDeclaration, Snapshot, TakenDeclaration, WithheldIncidents } from '../change-store.ts'
import type { Page } from '../exchange-store.ts'
import type { Connection } from './connection.ts'
import { numberOf, ownJson, textOf, textOrNull } from './rows.ts'

/** The questions about planned changes and silences, synchronous. */
export interface ChangeQueries {
  untakenDeclarations(limit: number): readonly NumberedDeclaration[]
  takenDeclarations(): readonly TakenDeclaration[]
  savePlannedChange(change: PlannedChange, snapshots: readonly Snapshot[]): boolean
  plannedChange(id: string): PlannedChange | null
  plannedChanges(query: ChangeQuery): Page<PlannedChange>
  snapshot(digest: string): Snapshot | null
  saveSilence(silence: Silence): boolean
  silence(id: string): Silence | null
  silences(query: ChangeQuery): Page<Silence>
  withheldIncidents(declaredId: string, limit: number): WithheldIncidents
}

export function createChangeQueries(connection: Connection): ChangeQueries {
  const { database } = connection
  const untaken = database.prepare('SELECT num, body FROM declarations WHERE is_taken = 0 ORDER BY num LIMIT ?')
  const taken = database.prepare(
    'SELECT num, body, after FROM declarations WHERE is_taken = 1 AND in_checkpoint = 0 ORDER BY num',
  )
  const declare = database.prepare('INSERT INTO declarations (at, body) VALUES (?, ?)')
  const keepSnapshot = database.prepare('INSERT INTO snapshots (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const snapshot = database.prepare('SELECT digest, text FROM snapshots WHERE digest = ?')
  const held = database.prepare(`
    SELECT i.body AS body FROM withheld w JOIN incidents i ON i.id = w.incident_id WHERE w.declared_id = ?
    ORDER BY i.opened_at DESC, i.id LIMIT ?`)
  const heldCount = database.prepare(`
    SELECT count(*) AS count, coalesce(sum(i.ticketed), 0) AS ticketed FROM withheld w JOIN incidents i ON i.id = w.incident_id
    WHERE w.declared_id = ?`)
  const changes = rowsOf<PlannedChange>(connection, 'planned_changes')
  const silences = rowsOf<Silence>(connection, 'silences')
  const tell = (at: Instant, declaration: Declaration) => declare.run(at, JSON.stringify(declaration))
  return {
    untakenDeclarations: (limit) =>
      untaken.all(limit).map((row) => ({ num: numberOf(row, 'num'), declaration: ownJson<Declaration>(row, 'body') })),
    takenDeclarations: () =>
      taken.all().map((row) => ({
        num: numberOf(row, 'num'),
        declaration: ownJson<Declaration>(row, 'body'),
        after: textOrNull(row, 'after'),
      })),
    savePlannedChange: (change, snapshots) =>
      connection.transaction(() => {
        if (!changes.save(change, windowEndOf(change))) return false
        for (const { digest, text } of snapshots) keepSnapshot.run(digest, text)
        // A new configuration has no window: analysis needn't know of it.
        if (change.origin === 'person') tell(windowEndOf(change), { kind: 'change', change })
        return true
      }),
    plannedChange: changes.byId,
    plannedChanges: changes.list,
    snapshot: (digest) => {
      const row = snapshot.get(digest)
      return row === undefined ? null : { digest: textOf(row, 'digest'), text: textOf(row, 'text') }
    },
    saveSilence: (silence) =>
      connection.transaction(() => {
        if (!silences.save(silence, silenceEndOf(silence))) return false
        tell(silenceEndOf(silence), { kind: 'silence', silence })
        return true
      }),
    silence: silences.byId,
    silences: silences.list,
    withheldIncidents: (declaredId, limit) => {
      const counts = heldCount.get(declaredId)
      return {
        items: held.all(declaredId, limit).map((row) => ownJson<Incident>(row, 'body')),
        count: numberOf(counts, 'count'),
        ticketedCount: numberOf(counts, 'ticketed'),
      }
    },
  }
}

interface Declared {
  readonly id: string
  readonly revision: number
  readonly fromAt: Instant
}

/** Both tables are alike: an id, a revision, a span of time, and the whole as JSON. */
function rowsOf<T extends Declared>({ database }: Connection, table: 'planned_changes' | 'silences') {
  const insert = database.prepare(
    `INSERT INTO ${table} (id, revision, from_at, end_at, body) VALUES (?, 1, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const update = database.prepare(
    `UPDATE ${table} SET revision = revision + 1, from_at = ?, end_at = ?, body = ? WHERE id = ? AND revision = ?`,
  )
  const byId = database.prepare(`SELECT body FROM ${table} WHERE id = ?`)
  return {
    save: (item: T, endAt: Instant): boolean => {
      const body = JSON.stringify(item)
      return item.revision === 1
        ? insert.run(item.id, item.fromAt, endAt, body).changes === 1
        : update.run(item.fromAt, endAt, body, item.id, item.revision - 1).changes === 1
    },
    byId: (id: string): T | null => {
      const row = byId.get(id)
      return row === undefined ? null : ownJson<T>(row, 'body')
    },
    list: ({ from, to, limit, cursor }: ChangeQuery): Page<T> => {
      const clauses = ['TRUE']
      const values: SQLInputValue[] = []
      const and = (clause: string, ...more: readonly SQLInputValue[]) => {
        clauses.push(clause)
        values.push(...more)
      }
      if (from !== undefined) and('end_at >= ?', from)
      if (to !== undefined) and('from_at < ?', to)
      if (cursor !== undefined) and(`(from_at, id) < (SELECT from_at, id FROM ${table} WHERE id = ?)`, cursor)
      const sql = `SELECT id, body FROM ${table} WHERE ${clauses.join(' AND ')} ORDER BY from_at DESC, id DESC LIMIT ?`
      const rows = database.prepare(sql).all(...values, limit + 1)
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      return {
        items: shown.map((row) => ownJson<T>(row, 'body')),
        nextCursor: rows.length > limit && last !== undefined ? textOf(last, 'id') : null,
      }
    },
  }
}
