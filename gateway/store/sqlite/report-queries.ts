import type { Alert } from '../../model/incident.ts'
import { type MadeReport, type ReportAction, type ReportDuty, type ReportKind, reportKinds } from '../../model/report.ts'
import type { Ticket } from '../../model/ticket.ts'
import type { Instant } from '../../model/time.ts'
import type { NoticeToSend } from '../duty-store.ts'
import type { Page } from '../exchange-store.ts'
import type { FailureCount, ReportStore } from '../report-store.ts'
import type { Connection } from './connection.ts'
import { outcomes, seqAt } from './exchange-rows.ts'
import { numberOf, ownJson, type Row, textOf, textOrNull } from './rows.ts'

/** The questions about reports, synchronous. */
export interface ReportQueries {
  failureCounts(from: Instant, to: Instant): readonly FailureCount[]
  alertsDuring(from: Instant, to: Instant): readonly Alert[]
  ticketsDuring(from: Instant, to: Instant): readonly Ticket[]
  observedFrom(): Instant | null
  keepReport(made: Parameters<ReportStore['keepReport']>[0]): boolean
  report(id: string): MadeReport | null
  reports(query: Parameters<ReportStore['reports']>[0]): Page<Omit<MadeReport, 'body'>>
  reportDuties(): readonly ReportDuty[]
  planReport(kind: ReportKind, duty: ReportDuty | null): void
  reportActions(query: { readonly changedFrom: Instant }): readonly ReportAction[]
  reportAction(id: string): ReportAction | null
  saveReportAction(action: ReportAction, expectedChangedAt: Instant): boolean
}

/** Where the list of wire facts stands in a row's packed detail (detail.ts). */
const firstWireFact = "json_extract(e.detail, '$[6][0].kind')"
/** By number, in the text of the statement: only so does SQLite see that the index of rare outcomes will do. */
const rare = ['failed', 'unanswered', 'orphan'] as const

/** Exempt from the function length: it is the list of the statements and what each answers. */
export function createReportQueries(connection: Connection, addNotice: (toSend: NoticeToSend) => void): ReportQueries {
  const { database } = connection
  const failures = database.prepare(`
    SELECT i.id AS iface, e.outcome AS outcome, e.code AS code, ${firstWireFact} AS wire, count(*) AS count
    FROM exchanges e JOIN interfaces i ON i.num = e.iface
    WHERE e.seq >= ? AND e.seq < ? AND e.outcome IN (${rare.map((word) => outcomes.indexOf(word)).join(', ')})
    GROUP BY 1, 2, 3, 4 ORDER BY count DESC, 1, 2, 3, 4 LIMIT 2000`)
  const alerts = database.prepare(`
    SELECT body FROM alerts WHERE (resolved_at IS NULL OR resolved_at >= ?) AND json_extract(body, '$.onsetAt') < ?
    ORDER BY id LIMIT 5000`)
  const tickets = database.prepare(
    'SELECT body FROM tickets WHERE opened_at < ? AND (resolved_at IS NULL OR resolved_at >= ?) ORDER BY opened_at DESC, num DESC LIMIT 2000',
  )
  const first = database.prepare('SELECT min(first_at) AS at FROM interfaces')
  const insert = database.prepare(
    'INSERT INTO reports (id, kind, period, made_at, head, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const endDuty = database.prepare('DELETE FROM report_duties WHERE kind = ? AND period = ?')
  const dropDuties = database.prepare('DELETE FROM report_duties WHERE kind = ?')
  const beginDuty = database.prepare('INSERT INTO report_duties (kind, period, due_at) VALUES (?, ?, ?)')
  const duties = database.prepare('SELECT kind, period, due_at FROM report_duties ORDER BY due_at, kind')
  const byId = database.prepare('SELECT num, id, kind, period, made_at, head, body FROM reports WHERE id = ?')
  const list = database.prepare(`
    SELECT num, id, kind, period, made_at, head FROM reports
    WHERE num < ? AND (? IS NULL OR kind = ?) ORDER BY num DESC LIMIT ?`)
  const addAction = database.prepare(
    'INSERT INTO report_actions (id, state, changed_at, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const actions = database.prepare(
    "SELECT body FROM report_actions WHERE state = 'open' OR changed_at >= ? ORDER BY id LIMIT 500",
  )
  const action = database.prepare('SELECT body FROM report_actions WHERE id = ?')
  const saveAction = database.prepare(
    'UPDATE report_actions SET state = ?, changed_at = ?, body = ? WHERE id = ? AND changed_at = ?',
  )
  return {
    failureCounts: (from, to) => failures.all(seqAt(from), seqAt(to)).map(failureOf),
    alertsDuring: (from, to) => alerts.all(from, to).map((row) => ownJson<Alert>(row, 'body')),
    ticketsDuring: (from, to) =>
      tickets
        .all(to, from)
        .map((row) => ownJson<Ticket>(row, 'body'))
        .reverse(),
    observedFrom: () => {
      const row = first.get()
      return row === undefined || row.at === null ? null : numberOf(row, 'at')
    },
    keepReport: ({ report, next, actions: added, notices }) =>
      connection.transaction(() => {
        if (endDuty.run(report.kind, report.period).changes === 0) return false
        const head = JSON.stringify({ title: report.title, headline: report.headline })
        insert.run(report.id, report.kind, report.period, report.madeAt, head, JSON.stringify(report.body))
        beginDuty.run(next.kind, next.period, next.dueAt)
        for (const one of added) addAction.run(one.id, one.state, one.changedAt, JSON.stringify(one))
        for (const toSend of notices) addNotice(toSend)
        return true
      }),
    report: (id) => {
      const row = byId.get(id)
      return row === undefined ? null : { ...headOf(row), body: ownJson(row, 'body') }
    },
    reports: ({ kind = null, limit, cursor }) => {
      const before = cursor === undefined ? Number.NaN : Number.parseInt(cursor, 36)
      const rows = list.all(Number.isSafeInteger(before) ? before : Number.MAX_SAFE_INTEGER, kind, kind, limit + 1)
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      return {
        items: shown.map(headOf),
        nextCursor: rows.length > limit && last !== undefined ? numberOf(last, 'num').toString(36) : null,
      }
    },
    reportDuties: () => duties.all().map(dutyOf),
    planReport: (kind, duty) =>
      connection.transaction(() => {
        dropDuties.run(kind)
        if (duty !== null) beginDuty.run(kind, duty.period, duty.dueAt)
      }),
    reportActions: ({ changedFrom }) => actions.all(changedFrom).map((row) => ownJson<ReportAction>(row, 'body')),
    reportAction: (id) => {
      const row = action.get(id)
      return row === undefined ? null : ownJson<ReportAction>(row, 'body')
    },
    saveReportAction: (changed, expected) =>
      saveAction.run(changed.state, changed.changedAt, JSON.stringify(changed), changed.id, expected).changes === 1,
  }
}

function failureOf(row: Row): FailureCount {
  const outcome = outcomes[numberOf(row, 'outcome')]
  return {
    interfaceId: textOf(row, 'iface'),
    outcome: outcome === 'failed' || outcome === 'orphan' ? outcome : 'unanswered',
    code: textOrNull(row, 'code'),
    wire: textOrNull(row, 'wire'),
    count: numberOf(row, 'count'),
  }
}

function headOf(row: Row): Omit<MadeReport, 'body'> {
  const head = ownJson<Pick<MadeReport, 'title' | 'headline'>>(row, 'head')
  return {
    id: textOf(row, 'id'),
    kind: kindOf(row),
    period: textOf(row, 'period'),
    madeAt: numberOf(row, 'made_at'),
    title: head.title,
    headline: head.headline,
  }
}

function dutyOf(row: Row): ReportDuty {
  return { kind: kindOf(row), period: textOf(row, 'period'), dueAt: numberOf(row, 'due_at') }
}

function kindOf(row: Row): ReportKind {
  const word = textOf(row, 'kind')
  return reportKinds.find((kind) => kind === word) ?? 'weekly'
}
