import type { SQLInputValue } from 'node:sqlite'
import type { Incident } from '../../model/incident.ts'
import type { Ticket, TicketState } from '../../model/ticket.ts'
import { noEffects, type TicketEffects } from '../duty-store.ts'
import type { Page } from '../exchange-store.ts'
import type { TicketQuery, VersionedTicket } from '../store.ts'
import { nextChange } from './commit.ts'
import type { Connection } from './connection.ts'
import type { DutyQueries } from './duty-queries.ts'
import type { KnowledgeQueries } from './knowledge-queries.ts'
import { numberOf, ownJson, type Row, textOf } from './rows.ts'

/** The questions about tickets, synchronous. */
export interface TicketQueries {
  unsweptIncidents(limit: number): readonly { incident: Incident; version: number; ticket: VersionedTicket | null }[]
  openTicket(ticket: Ticket, incidentVersion: number, effects?: TicketEffects): boolean
  saveTicket(ticket: Ticket, expectedVersion: number, incidentVersion?: number, effects?: TicketEffects): boolean
  ticket(id: string): VersionedTicket | null
  tickets(query: TicketQuery): Page<Ticket>
  openTicketCounts(): { readonly [interfaceId: string]: number }
  ticketCounts(): readonly { state: TicketState; cause: string; severity: Ticket['severity']; count: number }[]
}

export function createTicketQueries(
  connection: Connection,
  duties: DutyQueries,
  learn: KnowledgeQueries['learn'],
): TicketQueries {
  const { database } = connection
  const unswept = database.prepare(`
    SELECT i.body AS incident, i.version AS incident_version, t.body AS body, t.version AS version
    FROM incidents i LEFT JOIN tickets t ON t.incident_id = i.id
    WHERE i.ticketed = 1 AND (t.num IS NULL OR t.incident_version < i.version) ORDER BY i.opened_at, i.id LIMIT ?`)
  const open = database.prepare(`
    INSERT INTO tickets (id, incident_id, state, severity, cause, opened_at, resolved_at, version, incident_version, change, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?) ON CONFLICT DO NOTHING`)
  const save = database.prepare(`
    UPDATE tickets SET state = ?, severity = ?, cause = ?, resolved_at = ?, version = version + 1, incident_version = max(incident_version, ?),
      change = ?, body = ? WHERE id = ? AND version = ?`)
  const byId = database.prepare('SELECT body, version FROM tickets WHERE id = ?')
  const openCounts = database.prepare(`
    SELECT j.value AS id, count(*) AS count FROM tickets t, json_each(t.body, '$.interfaceIds') j
    WHERE t.state IN ('open', 'assigned') GROUP BY j.value`)
  const counts = database.prepare(
    'SELECT state, cause, severity, count(*) AS count FROM tickets GROUP BY state, cause, severity ORDER BY state, cause, severity',
  )
  return {
    unsweptIncidents: (limit) =>
      unswept.all(limit).map((row) => ({
        incident: ownJson(row, 'incident'),
        version: numberOf(row, 'incident_version'),
        ticket: row.body === null ? null : versioned(row),
      })),
    openTicket: (t, incidentVersion, effects = noEffects) =>
      connection.transaction(() => {
        const change = nextChange(database)
        const values = [
          t.id,
          t.incidentId,
          t.state,
          t.severity,
          bestCause(t),
          t.openedAt,
          t.resolvedAt,
          incidentVersion,
          change,
          JSON.stringify(t),
        ]
        const isOpened = open.run(...values).changes === 1
        return isOpened && duties.apply(t.id, effects)
      }),
    saveTicket: (t, expectedVersion, incidentVersion = 0, effects = noEffects) =>
      connection.transaction(() => {
        if (!duties.isStillDue(effects)) return false
        const change = nextChange(database)
        const values = [
          t.state,
          t.severity,
          bestCause(t),
          t.resolvedAt,
          incidentVersion,
          change,
          JSON.stringify(t),
          t.id,
          expectedVersion,
        ]
        const isSaved = save.run(...values).changes === 1
        if (isSaved && effects.lesson != null) learn(effects.lesson)
        return isSaved && duties.apply(t.id, effects)
      }),
    ticket: (id) => {
      const row = byId.get(id)
      return row === undefined ? null : versioned(row)
    },
    tickets: (query) => {
      const { sql, values } = selection(query)
      const rows = database.prepare(sql).all(...values)
      const shown = rows.slice(0, query.limit)
      return {
        items: shown.map((row) => ownJson(row, 'body')),
        nextCursor: rows.length > query.limit ? cursorOf(shown.at(-1)) : null,
      }
    },
    openTicketCounts: () => Object.fromEntries(openCounts.all().map((row) => [textOf(row, 'id'), numberOf(row, 'count')])),
    ticketCounts: () =>
      counts.all().map((row) => ({
        state: stateOf(textOf(row, 'state')),
        cause: textOf(row, 'cause'),
        severity: severityOf(textOf(row, 'severity')),
        count: numberOf(row, 'count'),
      })),
  }
}

function versioned(row: Row): VersionedTicket {
  return { ticket: ownJson(row, 'body'), version: numberOf(row, 'version') }
}

function bestCause(ticket: Ticket): string {
  return ticket.causes[0]?.id ?? 'unknown'
}

function selection(query: TicketQuery): { readonly sql: string; readonly values: readonly SQLInputValue[] } {
  const clauses = ['TRUE']
  const values: SQLInputValue[] = []
  const and = (clause: string, ...more: readonly SQLInputValue[]) => {
    clauses.push(clause)
    values.push(...more)
  }
  if (query.states !== undefined) and(`state IN (${query.states.map(() => '?').join(', ')})`, ...query.states)
  if (query.cause !== undefined) and('cause = ?', query.cause)
  if (query.openedFrom !== undefined) and('opened_at >= ?', query.openedFrom)
  if (query.interfaceId !== undefined)
    and("EXISTS (SELECT 1 FROM json_each(body, '$.interfaceIds') j WHERE j.value = ?)", query.interfaceId)
  const num = query.cursor === undefined ? Number.NaN : Number.parseInt(query.cursor, 36)
  // Opening and number never change, so that a cursor stays where it is while tickets come and move on.
  if (Number.isSafeInteger(num)) and('(opened_at, num) < ((SELECT opened_at FROM tickets WHERE num = ?), ?)', num, num)
  return {
    sql: `SELECT num, opened_at, body FROM tickets WHERE ${clauses.join(' AND ')} ORDER BY opened_at DESC, num DESC LIMIT ?`,
    values: [...values, query.limit + 1],
  }
}

function cursorOf(row: Row | undefined): string | null {
  return row === undefined ? null : numberOf(row, 'num').toString(36)
}

function stateOf(word: string): TicketState {
  return word === 'assigned' || word === 'resolved' || word === 'closed' ? word : 'open'
}

function severityOf(word: string): Ticket['severity'] {
  return word === 'P1' || word === 'P2' || word === 'P3' ? word : 'P4'
}
