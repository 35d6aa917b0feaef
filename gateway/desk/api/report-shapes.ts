/**
 * What a health report says, daily, weekly or monthly: the same shape for the API, the store, the command and every renderer.
 * Instants are ISO 8601 in the hospital's zone. What wasn't observed is null, never zero. Exempt from the file length: a table.
 */
import { flag, instant, integer, list, nullable, number, type Of, object, oneOf, text } from './schema.ts'

const words = object({ zh: text(), en: text() })
const count = integer({ minimum: 0 })
const ratio = number({ minimum: 0, maximum: 1 })
const kind = oneOf(['daily', 'weekly', 'monthly'])
const severity = oneOf(['P1', 'P2', 'P3', 'P4'])
const span = { from: instant(), to: instant('Exclusive.') }
const quantiles = object({ p50: nullable(number()), p95: nullable(number()), p99: nullable(number()), n: count })

/** One line of a score: what took how many points off 100, in words with its numbers. */
const scorePart = object({
  id: oneOf(['success-rate', 'latency', 'silence', 'violations', 'incidents', 'repeats', 'clock', 'coverage']),
  penalty: number({ minimum: 0, maximum: 100 }),
  text: words,
})
export type ScorePart = Of<typeof scorePart>

/** Counts of one span; `successRate` is null where nothing was owed an answer. */
const tally = object({
  exchanges: count,
  answered: count,
  failed: count,
  unanswered: count,
  orphans: count,
  oneWay: count,
  successRate: nullable(ratio),
  latencyMs: quantiles,
})
export type ReportTally = Of<typeof tally>

const failureClass = object({ id: text(), text: words, count, before: nullable(count) })
export type FailureClass = Of<typeof failureClass>

const violationLine = object({
  element: text(),
  rule: text(),
  severity: oneOf(['observe', 'warn', 'ticket']),
  message: words,
  count,
  /** Null: the span before was not observed. 0: new. */
  before: nullable(count),
})
export type ViolationLine = Of<typeof violationLine>

const trend = object({
  errors: count,
  errorsBefore: nullable(count),
  ratio: nullable(number()),
  verdict: oneOf(['warn', 'few', 'busier', 'chance', 'no-before', 'steady']),
})

const point = object({ at: instant(), exchanges: count, errors: count, p95Ms: nullable(number()) })
export type ReportPoint = Of<typeof point>

const observation = object({
  state: oneOf(['whole', 'part', 'none']),
  /** First and last exchange within the span; null: none. */
  firstAt: nullable(instant()),
  lastAt: nullable(instant()),
  /** What to know of the numbers; null: nothing. */
  text: nullable(words),
})

const interfaceReport = object({
  id: text(),
  name: words,
  from: text({ description: 'System id.' }),
  fromName: words,
  to: text({ description: 'System id.' }),
  toName: words,
  criticality: oneOf(['high', 'medium', 'low']),
  objectives: object({ successRate: ratio, latencyP95Ms: number() }),
  observation,
  /** 100 less the penalties of `parts`; null where nothing was observed. */
  score: nullable(integer({ minimum: 0, maximum: 100 })),
  scoreBefore: nullable(integer({ minimum: 0, maximum: 100 })),
  parts: list(scorePart),
  now: nullable(tally),
  before: nullable(tally),
  failures: list(failureClass),
  /** Minutes in which messages were due and none came, by the alerts for it. */
  silenceMin: nullable(number()),
  silenceMinBefore: nullable(number()),
  violations: object({
    total: count,
    before: nullable(count),
    kinds: count,
    newKinds: count,
    goneKinds: count,
    top: list(violationLine),
  }),
  coverage: nullable(ratio),
  trend,
  /** By day of a week or a month, by hour of a day. */
  points: list(point),
})
export type InterfaceReport = Of<typeof interfaceReport>

const systemReport = object({
  id: text(),
  name: words,
  verdict: oneOf(['in-step', 'unknown', 'offset', 'timezone', 'drift', 'step']),
  offsetS: nullable(number()),
  errorS: nullable(number()),
  driftPpm: nullable(number()),
  changedAt: nullable(instant()),
  /** Minutes of the span in which its clock was wrong, by the alerts for it. */
  wrongMin: number({ minimum: 0 }),
  text: words,
})
export type SystemReport = Of<typeof systemReport>

/** `subject`: the interfaces that show it, by id. */
const versionChange = object({ at: instant(), subject: text(), text: words })
export type VersionChange = Of<typeof versionChange>

const incidentLine = object({
  ticketId: text(),
  title: words,
  cause: text({ description: 'An id of the root-cause list, or unknown.' }),
  causeName: words,
  severity,
  interfaceIds: list(text()),
  onsetAt: instant(),
  detectedAt: instant(),
  repairedAt: nullable(instant()),
  detectS: nullable(number()),
  repairS: nullable(number()),
  state: oneOf(['open', 'assigned', 'resolved', 'closed']),
  owner: nullable(text()),
  transfers: count,
  isMajor: flag(),
  /** Opened before the span. */
  isCarried: flag(),
})
export type IncidentLine = Of<typeof incidentLine>

const pairLine = object({
  systems: list(text()),
  names: list(words),
  tickets: count,
  transfersMean: number(),
  transfersMeanBefore: nullable(number()),
})
const repeatLine = object({ interfaceId: text(), cause: text(), causeName: words, count, spanDays: count })

const ticketSummary = object({
  opened: count,
  resolved: count,
  openAtEnd: count,
  openedBefore: nullable(count),
  bySeverity: object({ P1: count, P2: count, P3: count, P4: count }),
  /** Mean over the tickets that were open in the span; null without any. */
  transfersMean: nullable(number()),
  transfersMeanBefore: nullable(number()),
  detectSMedian: nullable(number()),
  repairSMedian: nullable(number()),
  difficult: count,
  pairs: list(pairLine),
  repeats: list(repeatLine),
})
export type TicketSummary = Of<typeof ticketSummary>

const first = object({
  rank: count,
  interfaceIds: list(text()),
  cause: nullable(text()),
  text: words,
  /** The numbers that put it here. */
  why: words,
  owner: nullable(text()),
  ticketIds: list(text()),
})
export type FirstThing = Of<typeof first>

export const reportAction = object({
  id: text(),
  period: text(),
  interfaceId: text(),
  cause: nullable(text()),
  text: words,
  owner: nullable(text()),
  dueOn: nullable(text({ format: 'date' })),
  state: oneOf(['open', 'done', 'dropped']),
  note: nullable(text()),
  changedAt: instant(),
})
export type ReportActionAnswer = Of<typeof reportAction>

/** An action of an earlier report. `isSeen`: what it was about was seen again in this span; null: nobody can say. */
const carriedAction = object({
  id: text(),
  period: text(),
  text: words,
  owner: nullable(text()),
  dueOn: nullable(text()),
  state: oneOf(['open', 'done', 'dropped']),
  note: nullable(text()),
  isLate: flag(),
  isSeen: nullable(flag()),
})
export type CarriedAction = Of<typeof carriedAction>

const measure = object({
  value: nullable(number()),
  before: nullable(number()),
  of: count,
  points: nullable(number()),
  text: words,
})
export type Measure = Of<typeof measure>

/** The four collaboration measures, each worth 25 points. */
const collaboration = object({
  score: nullable(integer({ minimum: 0, maximum: 100 })),
  transfers: measure,
  responseMin: measure,
  closeRate: measure,
  repeatHelp: measure,
})
export type Collaboration = Of<typeof collaboration>

export const healthReport = object(
  {
    kind,
    period: text(),
    /** Names of the spans before and after; null: that one has not begun. */
    earlier: text(),
    later: nullable(text()),
    ...span,
    before: object(span),
    madeAt: instant(),
    /** Made before the span was over: numbers are as of `madeAt`. */
    isRunning: flag(),
    hospital: object({ name: text(), timezone: text() }),
    title: words,
    headline: words,
    /** What isn't known, and why. */
    notes: list(words),
    summary: object({
      score: nullable(integer({ minimum: 0, maximum: 100 })),
      scoreBefore: nullable(integer({ minimum: 0, maximum: 100 })),
      interfaces: count,
      observed: count,
      healthy: count,
      exchanges: nullable(count),
      exchangesBefore: nullable(count),
      successRate: nullable(ratio),
      successRateBefore: nullable(ratio),
      silenceMin: nullable(number()),
      coverage: nullable(ratio),
    }),
    firsts: list(first),
    /** What put the three where they are. */
    firstsRule: words,
    actions: list(carriedAction),
    warnings: list(object({ interfaceId: text(), text: words })),
    interfaces: list(interfaceReport),
    systems: list(systemReport),
    /** Null in reports that were made before they were kept. */
    versionChanges: nullable(list(versionChange)),
    incidents: list(incidentLine),
    tickets: ticketSummary,
    collaboration: nullable(collaboration),
  },
  {
    /** What the owners are called that are teams. Left out of reports that were made before it was kept. */
    teams: list(object({ id: text(), name: words })),
  },
)
export type HealthReport = Of<typeof healthReport>

const madeReport = object({
  id: text(),
  kind,
  period: text(),
  madeAt: instant(),
  title: words,
  headline: words,
})
export type MadeReportAnswer = Of<typeof madeReport>

const scheduleLine = object({
  kind,
  isOn: flag(),
  time: text({ description: 'Wall clock of the hospital: 07:30.' }),
  rule: words,
  nextPeriod: nullable(text()),
  nextAt: nullable(instant()),
})

export const reportShapes = {
  HealthReport: healthReport,
  ReportList: object({ items: list(madeReport), nextCursor: nullable(text()) }),
  ReportSchedule: object({ items: list(scheduleLine) }),
  ReportAction: reportAction,
  ReportActionList: object({ items: list(reportAction) }),
} as const
