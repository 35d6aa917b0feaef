import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { type Duty, type DutyKind, dutyKinds } from '../../model/duty.ts'
import type { Ticket } from '../../model/ticket.ts'
import type { Instant } from '../../model/time.ts'
import type { DutyOfTicket, DutyQuery, DutyTally, NoticeToSend, OwnerLoad, TicketEffects } from '../duty-store.ts'
import type { Page } from '../exchange-store.ts'
import { numberOf, ownJson, type Row, textOf } from './rows.ts'

/** The questions about duties and leases, synchronous. */
export interface DutyQueries {
  /** Whether the duty that is to be written as late is still open and was not found late before. Inside a transaction. */
  isStillDue(effects: TicketEffects): boolean
  /** Writes what a ticket's change does to its duties. Inside the transaction of the ticket. Gives true. */
  apply(ticketId: string, effects: TicketEffects): true
  duties(query: DutyQuery): Page<DutyOfTicket>
  dueDuties(now: Instant, limit: number): readonly { duty: Duty; ticket: Ticket; version: number }[]
  dutyTallies(from: Instant, to: Instant): readonly DutyTally[]
  ownerLoads(): readonly OwnerLoad[]
  takeLease(name: string, holder: string, now: Instant, ttlMs: number): boolean
  dropLease(name: string, holder: string): void
}

/** A lease that ends later was given by a clock that was set back since, perhaps to who is dead: the work would rest until then. */
const leaseMsMax = 600_000
const columns = 'd.rowid AS num, d.id, d.ticket_id, d.kind, d.started_at, d.due_at, d.state, d.overdue_at, d.ended_at'

export function createDutyQueries(database: DatabaseSync, addNotice: (toSend: NoticeToSend) => void): DutyQueries {
  const stillDue = database.prepare("SELECT 1 FROM duties WHERE id = ? AND state = 'open' AND overdue_at IS NULL")
  const late = database.prepare('UPDATE duties SET overdue_at = ? WHERE id = ?')
  const end = database.prepare("UPDATE duties SET state = ?, ended_at = ? WHERE ticket_id = ? AND kind = ? AND state = 'open'")
  const start = database.prepare(`
    INSERT INTO duties (id, ticket_id, kind, started_at, due_at, state) VALUES (?, ?, ?, ?, ?, 'open')
    ON CONFLICT DO UPDATE SET state = 'open', ended_at = NULL WHERE state = 'void'`)
  const due = database.prepare(`
    SELECT ${columns}, t.body, t.version FROM duties d JOIN tickets t ON t.id = d.ticket_id
    WHERE d.state = 'open' AND d.overdue_at IS NULL AND d.due_at <= ? ORDER BY d.due_at, d.rowid LIMIT ?`)
  const tallies = database.prepare(`
    SELECT kind, sum(state = 'done' AND overdue_at IS NULL) AS kept, sum(overdue_at IS NOT NULL) AS late FROM duties
    WHERE due_at >= ? AND due_at < ? AND state <> 'void' AND (state = 'done' OR overdue_at IS NOT NULL) GROUP BY kind ORDER BY kind`)
  const loads = database.prepare(`
    SELECT json_extract(t.body, '$.owner') AS owner, sum(t.state = 'open') AS open, sum(t.state = 'assigned') AS assigned,
      sum(EXISTS (SELECT 1 FROM duties d WHERE d.ticket_id = t.id AND d.state = 'open' AND d.overdue_at IS NOT NULL)) AS late
    FROM tickets t WHERE t.state IN ('open', 'assigned') GROUP BY owner ORDER BY count(*) DESC, owner`)
  // One statement: of two desks that ask at once, one gets it.
  const lease = database.prepare(`
    INSERT INTO leases (name, holder, expires_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE
    SET holder = excluded.holder, expires_at = excluded.expires_at
    WHERE holder = excluded.holder OR expires_at <= ? OR expires_at > ?`)
  const unlease = database.prepare('DELETE FROM leases WHERE name = ? AND holder = ?')
  return {
    isStillDue: ({ overdue }) => overdue === null || stillDue.get(overdue.dutyId) !== undefined,
    apply: (ticketId, { ends, starts, overdue, notices }) => {
      if (overdue !== null) late.run(overdue.at, overdue.dutyId)
      for (const { kind, state, at } of ends) end.run(state, at, ticketId, kind)
      for (const { id, kind, startedAt, dueAt } of starts) start.run(id, ticketId, kind, startedAt, dueAt)
      for (const toSend of notices) addNotice(toSend)
      return true
    },
    duties: (query) => {
      const { sql, values } = selection(query)
      const rows = database.prepare(sql).all(...values)
      const shown = rows.slice(0, query.limit)
      const last = shown.at(-1)
      return {
        items: shown.map((row) => ({ duty: dutyOf(row), ticket: ownJson<Ticket>(row, 'body') })),
        nextCursor: rows.length > query.limit && last !== undefined ? numberOf(last, 'num').toString(36) : null,
      }
    },
    dueDuties: (now, limit) =>
      due.all(now, limit).map((row) => ({
        duty: dutyOf(row),
        ticket: ownJson<Ticket>(row, 'body'),
        version: numberOf(row, 'version'),
      })),
    dutyTallies: (from, to) =>
      tallies.all(from, to).map((row) => ({ kind: kindOf(row), kept: numberOf(row, 'kept'), late: numberOf(row, 'late') })),
    ownerLoads: () =>
      loads.all().map((row) => ({
        owner: row.owner === null ? null : textOf(row, 'owner'),
        open: numberOf(row, 'open'),
        assigned: numberOf(row, 'assigned'),
        late: numberOf(row, 'late'),
      })),
    takeLease: (name, holder, now, ttlMs) => lease.run(name, holder, now + ttlMs, now, now + leaseMsMax).changes === 1,
    dropLease: (name, holder) => {
      unlease.run(name, holder)
    },
  }
}

function selection(query: DutyQuery): { readonly sql: string; readonly values: readonly SQLInputValue[] } {
  const clauses = ['TRUE']
  const values: SQLInputValue[] = []
  const and = (clause: string, ...more: readonly SQLInputValue[]) => {
    clauses.push(clause)
    values.push(...more)
  }
  if (query.ticketId !== undefined) and('d.ticket_id = ?', query.ticketId)
  if (query.state !== undefined) and('d.state = ?', query.state)
  if (query.isOverdue !== undefined) and(`d.overdue_at IS ${query.isOverdue ? 'NOT ' : ''}NULL`)
  const num = query.cursor === undefined ? Number.NaN : Number.parseInt(query.cursor, 36)
  // A deadline never changes, so that a cursor stays where it is while duties end and others begin.
  if (Number.isSafeInteger(num)) and('(d.due_at, d.rowid) > ((SELECT due_at FROM duties WHERE rowid = ?), ?)', num, num)
  return {
    sql: `SELECT ${columns}, t.body FROM duties d JOIN tickets t ON t.id = d.ticket_id WHERE ${clauses.join(' AND ')} ORDER BY d.due_at, d.rowid LIMIT ?`,
    values: [...values, query.limit + 1],
  }
}

function kindOf(row: Row): DutyKind {
  const kind = textOf(row, 'kind')
  return dutyKinds.find((known) => known === kind) ?? 'solve'
}

function dutyOf(row: Row): Duty {
  const state = textOf(row, 'state')
  return {
    id: textOf(row, 'id'),
    ticketId: textOf(row, 'ticket_id'),
    kind: kindOf(row),
    startedAt: numberOf(row, 'started_at'),
    dueAt: numberOf(row, 'due_at'),
    state: state === 'done' || state === 'void' ? state : 'open',
    overdueAt: row.overdue_at === null ? null : numberOf(row, 'overdue_at'),
    endedAt: row.ended_at === null ? null : numberOf(row, 'ended_at'),
  }
}
