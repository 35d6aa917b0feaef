import type { ReportAction } from '../../model/report.ts'
import type { Text } from '../../model/text.ts'
import { type Instant, isoInZone } from '../../model/time.ts'
import type { CarriedAction, FirstThing, HealthReport, IncidentLine, InterfaceReport } from '../api/report-shapes.ts'
import { coverageOf } from '../health.ts'
import { fitToTell } from '../notices/write-notice.ts'
import { successRateOf } from '../penalties.ts'
import { collaborationOf } from './collaboration.ts'
import { firstsRule, firstThings } from './firsts.ts'
import type { Gathered } from './gather.ts'
import { interfaceReport } from './interface-report.ts'
import { countText } from './numbers.ts'
import { dateText, lastPeriod, nextPeriod, periodTitle } from './period.ts'
import { weighedLoss, weights, wholeScore } from './score.ts'
import { systemReports } from './system-report.ts'
import { incidentLines, reportTickets, ticketSummary } from './ticket-report.ts'
import { versionChanges } from './version-changes.ts'

const hourMs = 3_600_000
/** An interface with this many points has nothing that a meeting must talk about. */
const healthyFrom = 90

/** The report of what was gathered. Pure: the same answers of the store give the same report. */
export function healthReport(gathered: Gathered): HealthReport {
  const { period, catalogue, madeAt } = gathered
  const { hospital } = catalogue
  const iso = (at: Instant) => isoInZone(at, hospital.timezone)
  const tickets = reportTickets(gathered.tickets)
  const interfaces = catalogue.interfaces.map((iface) => interfaceReport(iface, gathered, tickets)).toSorted(worstFirst)
  const incidents = incidentLines(gathered, tickets)
  const summary = summaryOf(interfaces)
  const firsts = firstThings(interfaces, catalogue, period, tickets)
  const actions = gathered.actions
    .filter((one) => one.period !== period.name && one.madeAt < period.to)
    .map((action) => carried(action, gathered, incidents))
  const owners = new Set([...firsts, ...actions, ...incidents].map(({ owner }) => owner))
  return {
    kind: period.kind,
    period: period.name,
    earlier: lastPeriod(period.kind, period.from, hospital).name,
    later: period.to > madeAt ? null : nextPeriod(period, hospital).name,
    from: iso(period.from),
    to: iso(period.to),
    before: { from: iso(period.before.from), to: iso(period.before.to) },
    madeAt: iso(madeAt),
    isRunning: madeAt < period.to,
    hospital: { name: hospital.name, timezone: hospital.timezone },
    title: periodTitle(period, hospital),
    headline: headlineOf(summary, incidents),
    notes: notesOf(gathered, interfaces),
    summary,
    firsts,
    firstsRule,
    actions,
    teams: [...gathered.teams].flatMap(([id, name]) => (owners.has(id) ? [{ id, name }] : [])),
    warnings: interfaces.flatMap(warningOf),
    interfaces,
    systems: systemReports(gathered),
    versionChanges: versionChanges(gathered),
    incidents,
    tickets: ticketSummary(gathered, tickets, incidents),
    collaboration: period.kind === 'monthly' ? collaborationOf(period, tickets) : null,
  }
}

/** The three things to do first as actions that the next report carries on; what an open action asks for already is not asked for twice. */
export function actionsOf(
  report: HealthReport,
  open: readonly ReportAction[],
  { madeAt, dueOn }: { readonly madeAt: Instant; readonly dueOn: string },
): readonly ReportAction[] {
  const isAsked = ({ interfaceIds, cause }: FirstThing) =>
    open.some((one) => one.state === 'open' && one.interfaceId === interfaceIds[0] && one.cause === cause)
  const asked = report.firsts.filter((first) => !isAsked(first))
  return asked.map(({ rank, interfaceIds, cause, text, owner }) => ({
    id: `${report.period}-${rank}`,
    period: report.period,
    madeAt,
    interfaceId: interfaceIds[0] ?? '',
    cause,
    text,
    owner,
    dueOn,
    state: 'open',
    note: null,
    changedAt: madeAt,
  }))
}

/** Those with a score first, the one that lost most (weighed) at the top; what wasn't observed at the end. */
function worstFirst(a: InterfaceReport, b: InterfaceReport): number {
  if (a.score === null || b.score === null)
    return Number(a.score === null) - Number(b.score === null) || a.id.localeCompare(b.id)
  return weighedLoss(b) - weighedLoss(a) || weights[b.criticality] - weights[a.criticality] || a.id.localeCompare(b.id)
}

function summaryOf(interfaces: readonly InterfaceReport[]): HealthReport['summary'] {
  const observed = interfaces.filter(({ score }) => score !== null)
  const total = (which: 'now' | 'before') => {
    const tallies = interfaces.map((one) => one[which]).filter((tally) => tally !== null)
    if (tallies.length === 0) return { exchanges: null, rate: null }
    const sum = (of: (tally: (typeof tallies)[number]) => number) => tallies.reduce((all, tally) => all + of(tally), 0)
    const exchanges = sum((tally) => tally.exchanges)
    const all = { exchanges, orphans: sum(({ orphans }) => orphans), answered: sum(({ answered }) => answered) }
    return { exchanges, rate: successRateOf({ ...all, oneWay: sum(({ oneWay }) => oneWay) }) }
  }
  const [now, before] = [total('now'), total('before')]
  const seen = observed.reduce(
    (sum, { now: tally, coverage }) => ({
      all: sum.all + (tally?.exchanges ?? 0),
      full: sum.full + (tally?.exchanges ?? 0) * (coverage ?? 1),
    }),
    { all: 0, full: 0 },
  )
  return {
    score: wholeScore(interfaces),
    scoreBefore: wholeScore(interfaces.map(({ scoreBefore, criticality }) => ({ score: scoreBefore, criticality }))),
    interfaces: interfaces.length,
    observed: observed.length,
    healthy: observed.filter(({ score }) => score !== null && score >= healthyFrom).length,
    exchanges: now.exchanges,
    exchangesBefore: before.exchanges,
    successRate: now.rate,
    successRateBefore: before.rate,
    silenceMin: observed.length === 0 ? null : observed.reduce((sum, { silenceMin }) => sum + (silenceMin ?? 0), 0),
    coverage: observed.length === 0 ? null : coverageOf(seen.all, seen.full),
  }
}

function headlineOf(
  { score, scoreBefore, observed, healthy }: HealthReport['summary'],
  incidents: readonly IncidentLine[],
): Text {
  if (score === null) return { zh: '本期没有观测到报文', en: 'Nothing was observed in this span' }
  const open = incidents.filter(({ repairedAt }) => repairedAt === null).length
  const before = scoreBefore === null ? { zh: '', en: '' } : { zh: `（上期 ${scoreBefore}）`, en: ` (${scoreBefore} before)` }
  const count = incidents.length
  const repaired = open === 0 ? { zh: '均已恢复', en: 'all repaired' } : { zh: `${open} 张未恢复`, en: `${open} not repaired` }
  const tickets =
    count === 0
      ? { zh: '没有工单', en: 'no tickets' }
      : { zh: `工单 ${count} 张，${repaired.zh}`, en: `${count} ticket${count === 1 ? '' : 's'}, ${repaired.en}` }
  return {
    zh: `综合得分 ${score}${before.zh}；观测 ${observed} 个接口，${healthy} 个健康；${tickets.zh}`,
    en: `Score ${score}${before.en}; ${observed} interfaces observed, ${healthy} healthy; ${tickets.en}`,
  }
}

function notesOf(
  { period, madeAt, observedFrom, interfaces: read, catalogue }: Gathered,
  interfaces: readonly InterfaceReport[],
) {
  const notes: Text[] = []
  const time = (at: Instant) => isoInZone(at, catalogue.hospital.timezone).slice(0, 16).replace('T', ' ')
  if (madeAt < period.to)
    notes.push({
      zh: `本期尚未结束：数字截至 ${time(madeAt)}。`,
      en: `The span is not over: numbers are as of ${time(madeAt)}.`,
    })
  if (observedFrom !== null && observedFrom >= period.before.to && observedFrom < period.to)
    notes.push({
      zh: `听诊自 ${time(observedFrom)} 起观测，之前没有数据，无法与上期比较。`,
      en: `Auscult observes since ${time(observedFrom)}; there is nothing before to compare with.`,
    })
  for (const gap of gapsOf(read, { from: Math.max(period.from, observedFrom ?? period.to), to: Math.min(period.to, madeAt) }))
    notes.push({
      zh: `${time(gap.from)} 至 ${time(gap.to)} 所有接口均无报文：可能未在观测，数字不含这段时间。`,
      en: `From ${time(gap.from)} to ${time(gap.to)} nothing came on any interface: perhaps nothing was observed; the numbers lack this time.`,
    })
  const unseen = interfaces.filter(({ observation }) => observation.state === 'none')
  if (unseen.length > 0)
    notes.push({
      zh: `${unseen.length} 个接口本期没有观测数据：${unseen.map(({ name }) => name.zh).join('、')}。`,
      en: `${unseen.length} interfaces have no observations in this span: ${unseen.map(({ name }) => name.en).join(', ')}.`,
    })
  return notes
}

const gapHoursMin = 2
const gapsMax = 5

/** Whole hours in which nothing came on any interface, two in a row at least; the oldest few. */
function gapsOf(read: Gathered['interfaces'], span: { readonly from: Instant; readonly to: Instant }) {
  const busy = new Set([...read.values()].flatMap(({ hours }) => hours.flatMap((h) => (h.exchanges > 0 ? [h.at] : []))))
  const gaps: { from: Instant; to: Instant }[] = []
  const first = Math.ceil(span.from / hourMs) * hourMs
  for (let at = first; at + hourMs <= span.to; at += hourMs) {
    if (busy.has(at)) continue
    const last = gaps.at(-1)
    if (last?.to === at) last.to = at + hourMs
    else gaps.push({ from: at, to: at + hourMs })
  }
  return gaps.filter(({ from, to }) => to - from >= gapHoursMin * hourMs).slice(0, gapsMax)
}

/** FAULT-02: a week with 30 % more errors than the week before. */
function warningOf({ id, name, trend, failures }: InterfaceReport): HealthReport['warnings'] {
  if (trend.verdict !== 'warn') return []
  const { errors, errorsBefore, ratio } = trend
  const [most] = failures
  const growth =
    ratio === null
      ? { zh: '上期为 0', en: 'none before' }
      : { zh: `+${((ratio - 1) * 100).toFixed(0)}%`, en: `+${((ratio - 1) * 100).toFixed(0)}%` }
  const [now, before] = [countText(errors), countText(errorsBefore ?? 0)]
  return [
    {
      interfaceId: id,
      text: {
        zh: `${name.zh}：失败 ${before} → ${now}（${growth.zh}）${most === undefined ? '' : `，主要为${most.text.zh}`}；派专科工程师核对`,
        en: `${name.en}: failures ${before} → ${now} (${growth.en})${most === undefined ? '' : `, mostly ${most.text.en}`}; send a specialist`,
      },
    },
  ]
}

function carried(
  action: ReportAction,
  { period, catalogue, interfaces, madeAt }: Gathered,
  incidents: readonly IncidentLine[],
): CarriedAction {
  const { id, text, owner, dueOn, state, note } = action
  const isObserved = (interfaces.get(action.interfaceId)?.now.whole ?? null) !== null
  const since = isoInZone(action.madeAt, catalogue.hospital.timezone)
  const isSeen = incidents.some(
    ({ detectedAt, interfaceIds, cause }) =>
      detectedAt >= since && interfaceIds.includes(action.interfaceId) && cause === action.cause,
  )
  return {
    ...{ id, text, dueOn, state },
    period: action.period,
    owner: owner === null ? null : fitToTell(owner),
    note: note === null ? null : fitToTell(note),
    isLate: state === 'open' && dueOn !== null && dueOn < dateText(Math.min(period.to, madeAt), catalogue.hospital),
    isSeen: action.cause === null || !isObserved ? null : isSeen,
  }
}
