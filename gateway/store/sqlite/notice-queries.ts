import type { Notice } from '../../model/notice.ts'
import type { Instant } from '../../model/time.ts'
import type { Delivery, FailingChannel, NoticeToSend, TryResult } from '../duty-store.ts'
import type { Connection } from './connection.ts'
import { numberOf, ownJson, type Row, textOf, textOrNull } from './rows.ts'

/** The questions about notices and their deliveries, synchronous. */
export interface NoticeQueries {
  /** Inside a transaction. */
  add(toSend: NoticeToSend): void
  dueDeliveries(channel: string, now: Instant, limit: number): readonly Delivery[]
  settleDelivery(noticeId: string, channel: string, result: TryResult): boolean
  keepChannels(names: readonly string[]): void
  failingChannels(): readonly FailingChannel[]
  deliveries(ticketId: string): readonly Delivery[]
  deliveryCounts(): readonly { channel: string; state: Delivery['state']; count: number }[]
}

const columns = 'n.body, d.channel, d.state, d.tries, d.next_at, d.sent_at'
const deliveriesMax = 500
/** A first notice is out when so many channels have it (SLA-06: two). */
const channelsOfFirst = 2

/** Exempt from the function length: it is the list of the statements and what each answers. */
export function createNoticeQueries(connection: Connection): NoticeQueries {
  const { database } = connection
  const notice = database.prepare('INSERT INTO notices (id, ticket_id, at, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const delivery = database.prepare(
    "INSERT INTO deliveries (notice_id, channel, state, tries, next_at) VALUES (?, ?, 'waiting', 0, ?) ON CONFLICT DO NOTHING",
  )
  const due = database.prepare(`
    SELECT ${columns} FROM deliveries d JOIN notices n ON n.id = d.notice_id
    WHERE d.channel = ? AND d.state = 'waiting' AND d.next_at <= ? ORDER BY d.next_at, n.at, n.id LIMIT ?`)
  const settle = database.prepare(`
    UPDATE deliveries SET state = ?, tries = tries + 1, next_at = ?, sent_at = ?
    WHERE notice_id = ? AND channel = ? AND state = 'waiting'`)
  const notified = database.prepare(`
    UPDATE duties SET state = 'done', ended_at = ? WHERE kind = 'notify' AND state = 'open'
      AND ticket_id = (SELECT ticket_id FROM notices WHERE id = ? AND json_extract(body, '$.kind') = 'first')
      AND (SELECT count(*) FROM deliveries WHERE notice_id = ? AND state = 'sent') >= ?`)
  const fails = database.prepare('INSERT INTO failing_channels (name, since, is_told) VALUES (?, ?, 0) ON CONFLICT DO NOTHING')
  const told = database.prepare('UPDATE failing_channels SET is_told = 1 WHERE name = ? AND is_told = 0')
  const works = database.prepare('DELETE FROM failing_channels WHERE name = ?')
  const failing = database.prepare('SELECT name, since, is_told FROM failing_channels ORDER BY name')
  const ofTicket = database.prepare(`
    SELECT ${columns} FROM notices n JOIN deliveries d ON d.notice_id = n.id
    WHERE n.ticket_id = ? ORDER BY n.at DESC, n.id, d.channel LIMIT ?`)
  const counts = database.prepare(
    'SELECT channel, state, count(*) AS count FROM deliveries GROUP BY channel, state ORDER BY channel, state',
  )
  const abandon = database.prepare(
    "UPDATE deliveries SET state = 'abandoned' WHERE state = 'waiting' AND channel NOT IN (SELECT value FROM json_each(?))",
  )
  const forget = database.prepare('DELETE FROM failing_channels WHERE name NOT IN (SELECT value FROM json_each(?))')
  const add = ({ notice: n, channels }: NoticeToSend) => {
    if (notice.run(n.id, n.ticketId, n.at, JSON.stringify(n)).changes === 0) return
    for (const channel of channels) delivery.run(n.id, channel, n.at)
  }
  const failed = (channel: string, result: Extract<TryResult, { outcome: 'failed' }>) => {
    fails.run(channel, result.at)
    if (result.alarm !== null && told.run(channel).changes === 1) add(result.alarm)
  }
  return {
    add,
    dueDeliveries: (channel, now, limit) => due.all(channel, now, limit).map(deliveryOf),
    settleDelivery: (id, channel, result) =>
      connection.transaction(() => {
        const { at } = result
        const state = result.outcome === 'sent' ? 'sent' : result.nextAt === null ? 'abandoned' : 'waiting'
        const nextAt = result.outcome === 'failed' && result.nextAt !== null ? result.nextAt : at
        if (settle.run(state, nextAt, state === 'sent' ? at : null, id, channel).changes === 0) return false
        if (result.outcome === 'failed') failed(channel, result)
        else {
          if (works.run(channel).changes === 1 && result.alarm !== null) add(result.alarm)
          notified.run(at, id, id, channelsOfFirst)
        }
        return true
      }),
    keepChannels: (names) =>
      connection.transaction(() => {
        abandon.run(JSON.stringify(names))
        forget.run(JSON.stringify(names))
      }),
    failingChannels: () =>
      failing.all().map((row) => ({
        name: textOf(row, 'name'),
        since: numberOf(row, 'since'),
        isTold: numberOf(row, 'is_told') === 1,
      })),
    deliveries: (ticketId) => ofTicket.all(ticketId, deliveriesMax).map(deliveryOf),
    deliveryCounts: () =>
      counts.all().map((row) => ({
        channel: textOf(row, 'channel'),
        state: stateOf(textOrNull(row, 'state')),
        count: numberOf(row, 'count'),
      })),
  }
}

function deliveryOf(row: Row): Delivery {
  return {
    notice: ownJson<Notice>(row, 'body'),
    channel: textOf(row, 'channel'),
    state: stateOf(textOf(row, 'state')),
    tries: numberOf(row, 'tries'),
    nextAt: numberOf(row, 'next_at'),
    sentAt: row.sent_at === null ? null : numberOf(row, 'sent_at'),
  }
}

function stateOf(word: string | null): Delivery['state'] {
  return word === 'sent' || word === 'abandoned' ? word : 'waiting'
}
