import type { BodyFiles } from '../bodies.ts'
import type { Pruned, Retention } from '../store.ts'
import type { Connection } from './connection.ts'
import { seqAt } from './exchange-rows.ts'
import { createKeyIndex } from './key-index.ts'
import { numberOf } from './rows.ts'

const rowsPerSlice = 2_000
const pagesPerSlice = 2_000

/** Does one slice of pruning: short transactions, so that nobody waits for the lock, and pages go back to the disk as it goes. */
export function createPrune(
  connection: Connection,
  bodies: BodyFiles,
  keepBodiesFrom: (day: number) => void,
): (retention: Retention) => Pruned {
  const { database } = connection
  const exchanges = database.prepare(
    'DELETE FROM exchanges WHERE seq IN (SELECT seq FROM exchanges WHERE seq < ? ORDER BY seq LIMIT ?)',
  )
  const keys = createKeyIndex(database)
  const spans = ['minutes', 'hours', 'violation_hours', 'dropped'] as const
  const series = spans.map((table) => ({ table, statement: database.prepare(`DELETE FROM ${table} WHERE at < ?`) }))
  const alerts = database.prepare("DELETE FROM alerts WHERE state = 'resolved' AND resolved_at < ?")
  const incidents = database.prepare(`
    DELETE FROM incidents WHERE resolved_at < ? AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.incident_id = incidents.id AND t.state <> 'closed')`)
  const withheld = database.prepare(
    'DELETE FROM withheld WHERE NOT EXISTS (SELECT 1 FROM incidents i WHERE i.id = withheld.incident_id)',
  )
  const tickets = database.prepare("DELETE FROM tickets WHERE state = 'closed' AND resolved_at < ?")
  const duties = database.prepare('DELETE FROM duties WHERE NOT EXISTS (SELECT 1 FROM tickets t WHERE t.id = duties.ticket_id)')
  const notices = database.prepare('DELETE FROM notices WHERE at < ?')
  const deliveries = database.prepare(
    'DELETE FROM deliveries WHERE NOT EXISTS (SELECT 1 FROM notices n WHERE n.id = deliveries.notice_id)',
  )
  const past = [
    'DELETE FROM planned_changes WHERE end_at < ?',
    'DELETE FROM silences WHERE end_at < ?',
    'DELETE FROM declarations WHERE at < ? AND in_checkpoint = 1',
  ].map((sql) => database.prepare(sql))
  const snapshots = database.prepare(`
    DELETE FROM snapshots WHERE NOT EXISTS (
      SELECT 1 FROM planned_changes c WHERE snapshots.digest IN (c.body ->> '$.snapshot', c.body ->> '$.snapshotBefore'))`)
  const free = database.prepare('PRAGMA freelist_count')
  return (retention) => {
    keepBodiesFrom(Math.floor(retention.bodiesBefore / 86_400_000))
    const bodyFiles = bodies.drop(retention.bodiesBefore)
    const before = seqAt(retention.exchangesBefore)
    const work = connection.transaction(() => {
      for (const { table, statement } of series)
        statement.run(table === 'minutes' ? retention.minutesBefore : retention.hoursBefore)
      alerts.run(retention.closedBefore)
      if (incidents.run(retention.closedBefore).changes > 0) withheld.run()
      if (tickets.run(retention.closedBefore).changes > 0) duties.run()
      if (notices.run(retention.closedBefore).changes > 0) deliveries.run()
      const gone = past.map((statement) => statement.run(retention.closedBefore).changes)
      if (gone[0] !== 0) snapshots.run()
      return { rows: Number(exchanges.run(before, rowsPerSlice).changes), hasPrunedKeys: keys.prune(before) }
    })
    // `all`, not `exec`: each step of this statement frees one page.
    database.prepare(`PRAGMA incremental_vacuum(${pagesPerSlice})`).all()
    const freePages = numberOf(free.get(), 'freelist_count')
    const more = work.rows > 0 || work.hasPrunedKeys || freePages > 0
    // The file itself shrinks when the log in front of it is written back.
    if (!more) database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return { more, exchanges: work.rows, bodyFiles }
  }
}
