import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Exchange, Outcome } from '../../model/exchange.ts'
import type { ObservedExchange } from '../../model/observed.ts'
import { createSketch, decodeSketch, type Sketch } from '../../model/sketch.ts'
import type { Instant } from '../../model/time.ts'
import type { Violation, ViolationSeverity } from '../../model/violation.ts'
import { blobOrNull } from './rows.ts'

export const minuteMs = 60_000
export const hourMs = 3_600_000
/** Elements of one interface in one hour that are counted on their own. */
const violationKindsMax = 500

/** Counts of exchanges over one interface and one span. */
export interface Tally {
  readonly outcomes: { [O in Outcome]: number }
  readonly violations: { [S in ViolationSeverity]: number }
  requestBytes: number
  answerBytes: number
  fullyObserved: number
  readonly sketch: Sketch
}

export function emptyTally(): Tally {
  return {
    outcomes: { answered: 0, failed: 0, unanswered: 0, orphan: 0, 'one-way': 0 },
    violations: { observe: 0, warn: 0, ticket: 0 },
    requestBytes: 0,
    answerBytes: 0,
    fullyObserved: 0,
    sketch: createSketch(),
  }
}

interface InterfaceTally extends Tally {
  firstAt: Instant
  lastAt: Instant
}

interface ViolationTally {
  readonly iface: number
  readonly hour: Instant
  readonly violation: Violation
  count: number
  lastAt: Instant
  exchangeId: string
}

/** The counts of one batch, gathered before they are written: one row per interface and minute, not one per exchange. */
export interface BatchTallies {
  add(iface: number, at: Instant, observed: ObservedExchange): void
  write(change: number): void
}

/** `database` must be in a transaction when `write` runs. */
export function createTallyWriter(database: DatabaseSync): { begin(): BatchTallies } {
  const minutes = spanStatements(database, 'minutes')
  const hours = spanStatements(database, 'hours')
  const interfaces = database.prepare(`
    UPDATE interfaces SET change = ?, first_at = min(first_at, ?), last_at = max(last_at, ?),
      answered = answered + ?, failed = failed + ?, unanswered = unanswered + ?, orphan = orphan + ?, one_way = one_way + ?,
      v_observe = v_observe + ?, v_warn = v_warn + ?, v_ticket = v_ticket + ? WHERE num = ?`)
  const violation = violationStatements(database)
  return {
    begin: () => {
      const byMinute = new Map<string, { iface: number; at: Instant; tally: Tally }>()
      const byInterface = new Map<number, InterfaceTally>()
      const byViolation = new Map<string, ViolationTally>()
      return {
        add: (iface, at, observed) => {
          addTo(spanTally(byMinute, iface, Math.floor(at / minuteMs) * minuteMs), observed)
          const whole = byInterface.get(iface) ?? { ...emptyTally(), firstAt: at, lastAt: at }
          byInterface.set(iface, whole)
          whole.firstAt = Math.min(whole.firstAt, at)
          whole.lastAt = Math.max(whole.lastAt, at)
          addTo(whole, observed)
          for (const breach of observed.violations) addViolation(byViolation, iface, at, breach, observed.exchange.id)
        },
        write: (change) => {
          for (const [num, t] of byInterface)
            interfaces.run(change, t.firstAt, t.lastAt, ...outcomeNumbers(t), ...violationNumbers(t), num)
          for (const { iface, at, tally } of byMinute.values()) writeSpan(minutes, iface, at, tally)
          for (const { iface, at, tally } of hoursOf(byMinute.values())) writeSpan(hours, iface, at, tally)
          for (const t of byViolation.values()) violation(t)
        },
      }
    },
  }
}

function spanTally(map: Map<string, { iface: number; at: Instant; tally: Tally }>, iface: number, at: Instant): Tally {
  const key = `${iface}/${at}`
  const known = map.get(key)
  if (known !== undefined) return known.tally
  const tally = emptyTally()
  map.set(key, { iface, at, tally })
  return tally
}

function addTo(tally: Tally, { exchange, violations }: ObservedExchange): void {
  tally.outcomes[exchange.outcome] += 1
  for (const violation of violations) tally.violations[violation.severity] += 1
  tally.requestBytes += exchange.request?.bodyBytes ?? 0
  tally.answerBytes += answerBytes(exchange)
  if (exchange.coverage === 'full') tally.fullyObserved += 1
  if (exchange.latencyMs !== null) tally.sketch.record(exchange.latencyMs)
}

function answerBytes(exchange: Exchange): number {
  let sum = 0
  for (const answer of exchange.answers) sum += answer.bodyBytes
  return sum
}

/** Adds what `other` counted to `tally`. */
export function mergeTally(tally: Tally, other: Tally): void {
  tally.outcomes.answered += other.outcomes.answered
  tally.outcomes.failed += other.outcomes.failed
  tally.outcomes.unanswered += other.outcomes.unanswered
  tally.outcomes.orphan += other.outcomes.orphan
  tally.outcomes['one-way'] += other.outcomes['one-way']
  tally.violations.observe += other.violations.observe
  tally.violations.warn += other.violations.warn
  tally.violations.ticket += other.violations.ticket
  tally.requestBytes += other.requestBytes
  tally.answerBytes += other.answerBytes
  tally.fullyObserved += other.fullyObserved
  tally.sketch.merge(other.sketch)
}

function hoursOf(spans: Iterable<{ iface: number; at: Instant; tally: Tally }>) {
  const byHour = new Map<string, { iface: number; at: Instant; tally: Tally }>()
  for (const { iface, at, tally } of spans) mergeTally(spanTally(byHour, iface, Math.floor(at / hourMs) * hourMs), tally)
  return byHour.values()
}

function addViolation(
  map: Map<string, ViolationTally>,
  iface: number,
  at: Instant,
  violation: Violation,
  exchangeId: string,
): void {
  const hour = Math.floor(at / hourMs) * hourMs
  const key = `${iface}\0${hour}\0${violation.element}\0${violation.rule}\0${violation.severity}`
  const known = map.get(key)
  if (known === undefined) {
    map.set(key, { iface, hour, violation, count: 1, lastAt: at, exchangeId })
    return
  }
  known.count += 1
  if (at < known.lastAt) return
  known.lastAt = at
  known.exchangeId = exchangeId
}

interface SpanStatements {
  readonly sketch: StatementSync
  readonly upsert: StatementSync
}

function spanStatements(database: DatabaseSync, table: 'minutes' | 'hours'): SpanStatements {
  const counted = [
    'answered',
    'failed',
    'unanswered',
    'orphan',
    'one_way',
    'v_observe',
    'v_warn',
    'v_ticket',
    'request_bytes',
    'answer_bytes',
    'fully',
  ]
  return {
    sketch: database.prepare(`SELECT sketch FROM ${table} WHERE iface = ? AND at = ?`),
    upsert: database.prepare(`
      INSERT INTO ${table} (iface, at, ${counted.join(', ')}, sketch) VALUES (?, ?, ${counted.map(() => '?').join(', ')}, ?)
      ON CONFLICT DO UPDATE SET ${counted.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}, sketch = excluded.sketch`),
  }
}

function writeSpan(statements: SpanStatements, iface: number, at: Instant, tally: Tally): void {
  const before = statements.sketch.get(iface, at)
  const known = before === undefined ? null : blobOrNull(before, 'sketch')
  const sketch = known === null ? createSketch() : decodeSketch(known)
  sketch.merge(tally.sketch)
  statements.upsert.run(
    iface,
    at,
    ...outcomeNumbers(tally),
    ...violationNumbers(tally),
    tally.requestBytes,
    tally.answerBytes,
    tally.fullyObserved,
    sketch.count === 0 ? null : sketch.encode(),
  )
}

function outcomeNumbers({ outcomes }: Tally): number[] {
  return [outcomes.answered, outcomes.failed, outcomes.unanswered, outcomes.orphan, outcomes['one-way']]
}

function violationNumbers({ violations }: Tally): number[] {
  return [violations.observe, violations.warn, violations.ticket]
}

function violationStatements(database: DatabaseSync): (tally: ViolationTally) => void {
  const update = database.prepare(`
    UPDATE violation_hours SET count = count + ?1, exchange_id = iif(?2 >= last_at, ?3, exchange_id), last_at = max(last_at, ?2)
    WHERE iface = ?4 AND at = ?5 AND element = ?6 AND rule = ?7 AND severity = ?8`)
  const insert = database.prepare(`
    INSERT INTO violation_hours (iface, at, element, rule, severity, count, last_at, exchange_id, message)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE (SELECT count(*) FROM violation_hours WHERE iface = ?1 AND at = ?2) < ${violationKindsMax}`)
  return (t) => {
    const { element, rule, severity, message } = t.violation
    const { changes } = update.run(t.count, t.lastAt, t.exchangeId, t.iface, t.hour, element, rule, severity)
    if (changes === 0)
      insert.run(t.iface, t.hour, element, rule, severity, t.count, t.lastAt, t.exchangeId, JSON.stringify(message))
  }
}
