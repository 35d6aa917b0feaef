import type { Alert } from '../model/incident.ts'
import type { Interface } from '../model/interface.ts'
import type { SeriesPoint } from '../store/store.ts'
import type { Health, InterfaceState } from './api/shapes.ts'
import { coveragePenalty, latencyPenalty, successPenalty, successRateOf, violationPenalty } from './penalties.ts'

/** What the last hour of one interface, and what fires on it now, say about its health. */
export interface Signs {
  readonly isObserved: boolean
  readonly lastHour: SeriesPoint
  /** The newest minutes, newest last. */
  readonly lastMinutes: readonly SeriesPoint[]
  /** Firing alerts whose subject is this interface. */
  readonly firing: readonly Alert[]
}

/**
 * 100 less what each part takes off, so that every point that is missing has a line that says why. Failures beyond the objective
 * take 3 points for each percent, up to 60; latency 20 at twice the objective; violations 15 where every second exchange has one;
 * a firing alert that may ticket 25, each further one 10; coverage a tenth of what is missing. Null until something was observed.
 */
export function healthOf(iface: Interface, signs: Signs): Health {
  if (!signs.isObserved) return { score: null, parts: [] }
  const parts = [
    successPart(iface, signs.lastHour),
    latencyPart(iface, signs.lastHour),
    violationPart(signs.lastHour),
    alertPart(signs.firing),
    coveragePart(signs.lastHour),
  ]
  const lost = parts.reduce((sum, part) => sum + part.penalty, 0)
  return { score: Math.max(0, Math.round(100 - lost)), parts: parts.filter((part) => part.penalty > 0) }
}

/** `down` when nothing succeeds, `silent` when nothing comes that should, `degraded` when something fires or health is poor. */
export function stateOf(signs: Signs, health: Health): InterfaceState {
  if (!signs.isObserved) return 'not-yet-observed'
  const recent = signs.lastMinutes.reduce(
    (sum, p) => ({ all: sum.all + p.exchanges - p.orphans, good: sum.good + p.answered + p.oneWay }),
    { all: 0, good: 0 },
  )
  if (recent.all >= 2 && recent.good === 0) return 'down'
  if (signs.firing.some((alert) => alert.signal === 'failures/refused') && recent.good === 0) return 'down'
  if (signs.firing.some((alert) => alert.monitor === 'silence')) return 'silent'
  const isTicketed = signs.firing.some((alert) => alert.reading.severity === 'ticket')
  return isTicketed || (health.score ?? 100) < 80 ? 'degraded' : 'ok'
}

type Part = Health['parts'][number]

function successPart({ objectives }: Interface, hour: SeriesPoint): Part {
  const rate = successRateOf(hour)
  return {
    id: 'success-rate',
    text: { zh: '成功率低于目标', en: 'Success rate below its objective' },
    penalty: successPenalty(rate, objectives),
    value: rate,
    objective: objectives.successRate,
  }
}

function latencyPart({ objectives }: Interface, { latencyMs }: SeriesPoint): Part {
  return {
    id: 'latency',
    text: { zh: 'P95 时延超过目标', en: '95th percentile of latency above its objective' },
    penalty: latencyPenalty(latencyMs, objectives),
    value: latencyMs.p95,
    objective: objectives.latencyP95Ms,
  }
}

function violationPart({ exchanges, violations }: SeriesPoint): Part {
  const share = exchanges === 0 ? 0 : (violations.warn + violations.ticket) / exchanges
  return {
    id: 'violations',
    text: { zh: '报文违反契约', en: 'Messages break the contract' },
    penalty: violationPenalty(share),
    value: share,
    objective: 0,
  }
}

function alertPart(firing: readonly Alert[]): Part {
  const grave = firing.filter((alert) => alert.reading.severity === 'ticket').length
  const light = firing.length - grave
  return {
    id: 'alerts',
    text: { zh: '有告警触发', en: 'Alerts are firing' },
    penalty: Math.min(40, grave === 0 ? 0 : 15 + grave * 10) + Math.min(10, light * 5),
    value: firing.length,
    objective: 0,
  }
}

function coveragePart({ exchanges, fullyObserved }: SeriesPoint): Part {
  const coverage = coverageOf(exchanges, fullyObserved)
  return {
    id: 'coverage',
    text: { zh: '观测不完整', en: 'Not everything was observed' },
    penalty: coveragePenalty(coverage),
    value: coverage,
    objective: 1,
  }
}

/** Share that was observed in full; 1 where there was nothing to observe. */
export function coverageOf(exchanges: number, fullyObserved: number): number {
  return exchanges === 0 ? 1 : fullyObserved / exchanges
}
