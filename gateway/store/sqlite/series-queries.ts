import type { DatabaseSync } from 'node:sqlite'
import { createSketch, decodeSketch } from '../../model/sketch.ts'
import type { Instant } from '../../model/time.ts'
import type { ViolationSeverity } from '../../model/violation.ts'
import type { SeriesPoint, SeriesQuery, ViolationCount } from '../store.ts'
import { blobOrNull, numberOf, ownJson, type Row, textOf } from './rows.ts'
import { emptyTally, hourMs, mergeTally, type Tally } from './tallies.ts'

/** The questions about numbers over time, synchronous. */
export interface SeriesQueries {
  series(query: SeriesQuery): readonly SeriesPoint[]
  violationCounts(interfaceId: string, from: Instant, to: Instant): readonly ViolationCount[]
}

const violationCountsMax = 500

export function createSeriesQueries(database: DatabaseSync): SeriesQueries {
  const span = 'iface = (SELECT num FROM interfaces WHERE id = ?) AND at >= ? AND at < ?'
  const minutes = database.prepare(`SELECT * FROM minutes WHERE ${span} ORDER BY at`)
  const hours = database.prepare(`SELECT * FROM hours WHERE ${span} ORDER BY at`)
  const violations = database.prepare(`
    SELECT element, rule, severity, sum(count) AS count, max(last_at) AS last_at, exchange_id, message
    FROM violation_hours WHERE ${span} GROUP BY element, rule, severity ORDER BY count DESC, element, rule LIMIT ${violationCountsMax}`)
  return {
    series: ({ interfaceId, from, to, stepMs }) => {
      // Whole hours come from the hours: the same counts, merged when they were written, and kept for longer.
      const rows = stepMs % hourMs === 0 && from % hourMs === 0 ? hours : minutes
      const made = new Map<number, Tally>()
      for (const row of rows.all(interfaceId, from, to)) {
        const step = Math.floor((numberOf(row, 'at') - from) / stepMs)
        const tally = made.get(step)
        // Most steps are one row, whose own tally will do: a merge costs more than all the rest.
        if (tally === undefined) made.set(step, tallyOfRow(row))
        else mergeTally(tally, tallyOfRow(row))
      }
      const empty = emptyTally()
      return Array.from({ length: Math.max(Math.ceil((to - from) / stepMs), 0) }, (_, step) =>
        pointOf(from + step * stepMs, made.get(step) ?? empty),
      )
    },
    violationCounts: (interfaceId, from, to) =>
      violations.all(interfaceId, Math.floor(from / hourMs) * hourMs, to).map((row) => ({
        element: textOf(row, 'element'),
        rule: textOf(row, 'rule'),
        severity: severityOf(textOf(row, 'severity')),
        message: ownJson(row, 'message'),
        count: numberOf(row, 'count'),
        lastAt: numberOf(row, 'last_at'),
        exchangeId: textOf(row, 'exchange_id'),
      })),
  }
}

function severityOf(word: string): ViolationSeverity {
  return word === 'ticket' || word === 'warn' ? word : 'observe'
}

function tallyOfRow(row: Row): Tally {
  const sketch = blobOrNull(row, 'sketch')
  return {
    outcomes: {
      answered: numberOf(row, 'answered'),
      failed: numberOf(row, 'failed'),
      unanswered: numberOf(row, 'unanswered'),
      orphan: numberOf(row, 'orphan'),
      'one-way': numberOf(row, 'one_way'),
    },
    violations: { observe: numberOf(row, 'v_observe'), warn: numberOf(row, 'v_warn'), ticket: numberOf(row, 'v_ticket') },
    requestBytes: numberOf(row, 'request_bytes'),
    answerBytes: numberOf(row, 'answer_bytes'),
    fullyObserved: numberOf(row, 'fully'),
    sketch: sketch === null ? createSketch() : decodeSketch(sketch),
  }
}

function pointOf(at: Instant, tally: Tally): SeriesPoint {
  const { outcomes, sketch } = tally
  return {
    at,
    exchanges: outcomes.answered + outcomes.failed + outcomes.unanswered + outcomes.orphan + outcomes['one-way'],
    answered: outcomes.answered,
    failed: outcomes.failed,
    unanswered: outcomes.unanswered,
    orphans: outcomes.orphan,
    oneWay: outcomes['one-way'],
    violations: { ...tally.violations },
    requestBytes: tally.requestBytes,
    answerBytes: tally.answerBytes,
    fullyObserved: tally.fullyObserved,
    latencyMs: { p50: sketch.quantile(0.5), p95: sketch.quantile(0.95), p99: sketch.quantile(0.99), n: sketch.count },
  }
}
