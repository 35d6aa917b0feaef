import { errorTrend } from '../../model/error-trend.ts'
import type { Interface } from '../../model/interface.ts'
import type { Text } from '../../model/text.ts'
import { type Instant, isoInZone } from '../../model/time.ts'
import type { SeriesPoint, ViolationCount } from '../../store/store.ts'
import type { InterfaceReport, ReportTally, ViolationLine } from '../api/report-shapes.ts'
import { coverageOf } from '../health.ts'
import { successRateOf } from '../penalties.ts'
import { failureClasses } from './failure-classes.ts'
import type { Gathered, GatheredInterface } from './gather.ts'
import { type SpanSigns, scoreOf } from './score.ts'
import { badSpan, minutesIn, overlaps, type Span } from './spans.ts'
import { systemName } from './system-report.ts'
import { type ReportTickets, repeatsOn } from './ticket-report.ts'

const hourMs = 3_600_000
const violationLinesMax = 5

/** Everything about one interface of the catalogue. Pure. */
export function interfaceReport(iface: Interface, gathered: Gathered, tickets: ReportTickets): InterfaceReport {
  const { period, madeAt, catalogue } = gathered
  const own = gathered.interfaces.get(iface.id)
  if (own === undefined) throw new Error(`nothing was gathered for ${iface.id}`)
  const span = { from: period.from, to: Math.min(period.to, madeAt) }
  const [now, before] = [tallyOf(own.now.whole), tallyOf(own.before.whole)]
  const signs = signsOf(iface, gathered, span, tickets, own.now, now)
  const signsBefore = signsOf(iface, gathered, period.before, tickets, own.before, before)
  const wasObserved = own.before.whole !== null
  const { score, parts } = scoreOf(iface, signs)
  const iso = (at: Instant) => isoInZone(at, catalogue.hospital.timezone)
  return {
    id: iface.id,
    name: iface.name,
    from: iface.from,
    fromName: systemName(iface.from, catalogue),
    to: iface.to,
    toName: systemName(iface.to, catalogue),
    criticality: iface.criticality,
    objectives: iface.objectives,
    observation: observationOf(own, gathered, iso),
    score,
    scoreBefore: wasObserved ? scoreOf(iface, signsBefore).score : null,
    parts,
    now,
    before,
    failures: failureClasses(own.now.failures, wasObserved ? own.before.failures : null),
    silenceMin: own.totals === null ? null : signs.silenceMin,
    silenceMinBefore: wasObserved ? signsBefore.silenceMin : null,
    violations: violationsOf(own),
    coverage: signs.coverage,
    trend: trendOf(now, before),
    points: own.points.map((point) => ({
      at: iso(point.at),
      exchanges: point.exchanges,
      errors: point.failed + point.unanswered,
      p95Ms: point.latencyMs.p95,
    })),
  }
}

function signsOf(
  iface: Interface,
  { alerts, catalogue, madeAt }: Gathered,
  span: Span,
  tickets: ReportTickets,
  { whole }: GatheredInterface['now'],
  tally: ReportTally | null,
): SpanSigns {
  const ends = [iface.from, iface.to]
  const bad = (monitor: string, isOwn: (kind: string, id: string) => boolean) =>
    alerts
      .filter((alert) => alert.monitor === monitor && isOwn(alert.subject.kind, alert.subject.id))
      .flatMap((alert) => {
        const found = badSpan(alert, madeAt)
        return found !== null && overlaps(found, span) ? [{ id: alert.subject.id, ...found }] : []
      })
  const silent = bad('silence', (kind, id) => kind === 'interface' && id === iface.id)
  const wrong = new Set(bad('clock', (kind, id) => kind === 'system' && ends.includes(id)).map(({ id }) => id))
  const opened = tickets.openedIn(span).filter(({ interfaceIds }) => interfaceIds.includes(iface.id))
  return {
    tally,
    silenceMin: minutesIn(span, silent),
    violations: whole === null ? 0 : whole.violations.warn + whole.violations.ticket,
    severities: opened.map(({ severity }) => severity),
    repeats: repeatsOn(iface.id, span, tickets.all).length,
    wrongClocks: catalogue.systems.filter(({ id }) => wrong.has(id)).map(({ name }) => name),
    coverage: whole === null ? null : coverageOf(whole.exchanges, whole.fullyObserved),
  }
}

export function tallyOf(point: SeriesPoint | null): ReportTally | null {
  if (point === null) return null
  const { exchanges, answered, failed, unanswered, orphans, oneWay, latencyMs } = point
  return { exchanges, answered, failed, unanswered, orphans, oneWay, successRate: successRateOf(point), latencyMs }
}

function trendOf(now: ReportTally | null, before: ReportTally | null): InterfaceReport['trend'] {
  const errors = now === null ? 0 : now.failed + now.unanswered
  const errorsBefore = before === null ? null : before.failed + before.unanswered
  const { ratio, verdict } = errorTrend(
    { errors: errorsBefore ?? 0, exchanges: before?.exchanges ?? 0 },
    { errors, exchanges: now?.exchanges ?? 0 },
  )
  return { errors, errorsBefore, ratio, verdict }
}

function observationOf(
  { totals, hours }: GatheredInterface,
  { period: { from, to }, observedFrom }: Gathered,
  iso: (at: Instant) => string,
): InterfaceReport['observation'] {
  const busy = hours.filter(({ exchanges }) => exchanges > 0)
  const [first, last] = [busy[0], busy.at(-1)]
  if (totals === null)
    return {
      state: 'none',
      firstAt: null,
      lastAt: null,
      text: { zh: '尚未观测到任何报文', en: 'nothing has been observed yet' },
    }
  if (totals.firstAt >= to) return { state: 'none', firstAt: null, lastAt: null, text: begun(iso(totals.firstAt)) }
  if (first === undefined || last === undefined)
    return { state: 'none', firstAt: null, lastAt: null, text: { zh: '本期没有报文', en: 'nothing came in this span' } }
  const isLate = totals.firstAt > from + hourMs
  // When Auscult itself began is a note of the whole report.
  const isLater = totals.firstAt > Math.max(from, observedFrom ?? from) + hourMs
  return {
    state: isLate ? 'part' : 'whole',
    firstAt: iso(isLate ? totals.firstAt : Math.max(first.at, from)),
    lastAt: iso(Math.min(last.at + hourMs, to)),
    text: isLater ? begun(iso(totals.firstAt)) : null,
  }
}

const weekdays = [
  { zh: '周日', en: 'Sunday' },
  { zh: '周一', en: 'Monday' },
  { zh: '周二', en: 'Tuesday' },
  { zh: '周三', en: 'Wednesday' },
  { zh: '周四', en: 'Thursday' },
  { zh: '周五', en: 'Friday' },
  { zh: '周六', en: 'Saturday' },
] as const satisfies readonly Text[]

/** `iso` has the hospital's own date. */
function begun(iso: string): Text {
  const day = weekdays[new Date(`${iso.slice(0, 10)}T00:00:00Z`).getUTCDay()] ?? weekdays[0]
  const at = `${iso.slice(5, 10)} ${iso.slice(11, 16)}`
  return { zh: `${day.zh}（${at}）之前未观测`, en: `not observed before ${day.en}, ${at}` }
}

/** What is new this time is a change of shape: the first sign of an upgrade or a new device. */
function violationsOf({ now, before }: GatheredInterface): InterfaceReport['violations'] {
  const wasObserved = before.whole !== null
  const countBefore = (v: ViolationCount) => before.violations.find((other) => kindOf(other) === kindOf(v))?.count ?? 0
  const isGrave = ({ severity }: ViolationCount) => severity !== 'observe'
  const nowGrave = now.violations.filter(isGrave)
  const beforeGrave = before.violations.filter(isGrave)
  const kinds = new Set(now.violations.map(kindOf))
  const sum = (rows: readonly ViolationCount[]) => rows.reduce((total, { count }) => total + count, 0)
  const lines: readonly ViolationLine[] = nowGrave.map((v) => ({
    element: v.element,
    rule: v.rule,
    severity: v.severity,
    message: v.message,
    count: v.count,
    before: wasObserved ? countBefore(v) : null,
  }))
  return {
    total: sum(nowGrave),
    before: wasObserved ? sum(beforeGrave) : null,
    kinds: nowGrave.length,
    newKinds: wasObserved ? nowGrave.filter((v) => countBefore(v) === 0).length : 0,
    goneKinds: now.whole === null ? 0 : beforeGrave.filter((v) => !kinds.has(kindOf(v))).length,
    // New ones first: they are what changed.
    top: lines
      .toSorted((a, b) => Number(b.before === 0) - Number(a.before === 0) || b.count - a.count)
      .slice(0, violationLinesMax),
  }
}

function kindOf({ element, rule }: ViolationCount): string {
  return `${element} ${rule}`
}
