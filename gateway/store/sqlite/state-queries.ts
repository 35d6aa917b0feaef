import type { DatabaseSync } from 'node:sqlite'
import type { Alert, Incident } from '../../model/incident.ts'
import type { Json } from '../../model/json.ts'
import type { ClockState } from '../../model/reading.ts'
import type { Instant } from '../../model/time.ts'
import type { Changes, EdgeTick, InterfaceTotals } from '../store.ts'
import { numberOf, ownJson, type Row, textOf } from './rows.ts'
import { minuteMs } from './tallies.ts'

/** The questions about what holds now, synchronous. */
export interface StateQueries {
  totals(): readonly InterfaceTotals[]
  alerts(filter: { readonly state?: Alert['state'] }): readonly Alert[]
  alert(id: string): Alert | null
  incident(id: string): Incident | null
  clocks(): readonly ClockState[]
  edges(): readonly EdgeTick[]
  dropped(from?: Instant): readonly { readonly reason: string; readonly count: number }[]
  lostBytes(): number
  monitorMemory(name: string): Json | null
  changes(since: number): Changes
}

const alertsMax = 1000

export function createStateQueries(database: DatabaseSync): StateQueries {
  const totals = database.prepare('SELECT * FROM interfaces ORDER BY id')
  const alerts = database.prepare(`SELECT body FROM alerts WHERE state = ? ORDER BY id LIMIT ${alertsMax}`)
  const allAlerts = database.prepare(`SELECT body FROM alerts ORDER BY id LIMIT ${alertsMax}`)
  const alert = database.prepare('SELECT body FROM alerts WHERE id = ?')
  const incident = database.prepare('SELECT body FROM incidents WHERE id = ?')
  const clocks = database.prepare('SELECT body FROM clocks ORDER BY system_id')
  const edges = database.prepare('SELECT edge_id, at, health FROM edges ORDER BY edge_id')
  const droppedEver = database.prepare('SELECT reason, count FROM dropped_ever ORDER BY reason')
  const droppedFrom = database.prepare(
    'SELECT reason, sum(count) AS count FROM dropped WHERE at >= ? GROUP BY reason ORDER BY reason',
  )
  const lost = database.prepare("SELECT value FROM meta WHERE name = 'lost-bytes'")
  const memory = database.prepare("SELECT json_extract(state, '$.monitors') -> ? AS value FROM checkpoint")
  const change = database.prepare("SELECT value FROM meta WHERE name = 'change'")
  const changed = {
    interfaces: database.prepare('SELECT id FROM interfaces WHERE change > ? ORDER BY id'),
    tickets: database.prepare('SELECT id FROM tickets WHERE change > ? ORDER BY change LIMIT 1000'),
    systems: database.prepare('SELECT system_id AS id FROM clocks WHERE change > ? ORDER BY system_id'),
  }
  return {
    totals: () => totals.all().map(totalsOf),
    alerts: ({ state }) =>
      (state === undefined ? allAlerts.all() : alerts.all(state)).map((row) => ownJson<Alert>(row, 'body')),
    alert: (id) => bodyOf<Alert>(alert.get(id)),
    incident: (id) => bodyOf<Incident>(incident.get(id)),
    clocks: () => clocks.all().map((row) => ownJson<ClockState>(row, 'body')),
    edges: () =>
      edges.all().map((row) => ({ edgeId: textOf(row, 'edge_id'), at: numberOf(row, 'at'), health: ownJson(row, 'health') })),
    dropped: (from) =>
      (from === undefined ? droppedEver.all() : droppedFrom.all(Math.floor(from / minuteMs) * minuteMs)).map((row) => ({
        reason: textOf(row, 'reason'),
        count: numberOf(row, 'count'),
      })),
    lostBytes: () => {
      const row = lost.get()
      return row === undefined ? 0 : numberOf(row, 'value')
    },
    monitorMemory: (name) => {
      const row = memory.get(name)
      return row === undefined || row.value === null ? null : ownJson<Json>(row, 'value')
    },
    changes: (since) => {
      const row = change.get()
      const ids = (statement: (typeof changed)['tickets']) => statement.all(since).map((r) => textOf(r, 'id'))
      // The counter is read first: what changes in between is told again next time, never left out.
      const now = row === undefined ? 0 : numberOf(row, 'value')
      return {
        change: now,
        interfaceIds: ids(changed.interfaces),
        ticketIds: ids(changed.tickets),
        systemIds: ids(changed.systems),
      }
    },
  }
}

function bodyOf<T>(row: Row | undefined): T | null {
  return row === undefined ? null : ownJson<T>(row, 'body')
}

function totalsOf(row: Row): InterfaceTotals {
  const answered = numberOf(row, 'answered')
  const failed = numberOf(row, 'failed')
  const unanswered = numberOf(row, 'unanswered')
  const orphans = numberOf(row, 'orphan')
  const oneWay = numberOf(row, 'one_way')
  return {
    interfaceId: textOf(row, 'id'),
    exchanges: answered + failed + unanswered + orphans + oneWay,
    answered,
    failed,
    unanswered,
    orphans,
    oneWay,
    firstAt: numberOf(row, 'first_at'),
    lastAt: numberOf(row, 'last_at'),
    violations: { observe: numberOf(row, 'v_observe'), warn: numberOf(row, 'v_warn'), ticket: numberOf(row, 'v_ticket') },
  }
}
