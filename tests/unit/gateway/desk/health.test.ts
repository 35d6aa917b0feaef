import { describe, expect, it } from 'vitest'
import { dawn } from '../../../../fixtures/observed/made.ts'
import { healthOf, type Signs, stateOf } from '../../../../gateway/desk/health.ts'
import type { Alert } from '../../../../gateway/model/incident.ts'
import type { SeriesPoint } from '../../../../gateway/store/store.ts'
import { catalogue } from './open-desk.ts'

function ordered() {
  const [iface] = catalogue.interfaces
  if (iface === undefined) throw new Error('the catalogue has interfaces')
  return iface
}

function point(more: Partial<SeriesPoint>): SeriesPoint {
  const zero = { answered: 0, failed: 0, unanswered: 0, orphans: 0, oneWay: 0 }
  const counts = { ...zero, ...more }
  const exchanges = counts.answered + counts.failed + counts.unanswered + counts.orphans + counts.oneWay
  return {
    at: dawn,
    requestBytes: 0,
    answerBytes: 0,
    violations: { observe: 0, warn: 0, ticket: 0 },
    latencyMs: { p50: null, p95: null, p99: null, n: 0 },
    fullyObserved: exchanges,
    ...counts,
    exchanges,
  }
}

function firing(signal: string, severity: 'warn' | 'ticket'): Alert {
  const [monitor = ''] = signal.split('/')
  const subject = { kind: 'interface', id: 'his-lis-lab-order' } as const
  const reading = {
    monitor,
    signal,
    subject,
    at: dawn,
    onsetAt: dawn,
    state: 'bad',
    score: 2,
    severity,
    facts: {},
    exchangeIds: [],
  } as const
  return {
    id: signal,
    monitor,
    signal,
    subject,
    state: 'firing',
    flapping: false,
    onsetAt: dawn,
    pendingAt: dawn,
    firingAt: dawn,
    resolvedAt: null,
    lastBadAt: dawn,
    reading,
  }
}

function judged(hour: SeriesPoint, alerts: readonly Alert[] = [], isObserved = true) {
  const signs: Signs = { isObserved, lastHour: hour, lastMinutes: [hour], firing: alerts }
  const health = healthOf(ordered(), signs)
  return {
    state: stateOf(signs, health),
    score: health.score,
    parts: health.parts.map(({ id, penalty }) => `${id} ${penalty}`),
  }
}

describe('health', () => {
  it('is 100 where nothing is wrong, and unknown where nothing was seen', () => {
    expect(judged(point({ answered: 100 }))).toEqual({ state: 'ok', score: 100, parts: [] })
    expect(judged(point({}))).toEqual({ state: 'ok', score: 100, parts: [] })
    expect(judged(point({}), [], false)).toEqual({ state: 'not-yet-observed', score: null, parts: [] })
  })
  it('says what took how much', () => {
    expect(judged(point({ answered: 90, failed: 10 }))).toEqual({ state: 'degraded', score: 72, parts: ['success-rate 28.5'] })
    expect(judged(point({ answered: 100, latencyMs: { p50: 1, p95: 1_200, p99: 2_000, n: 100 } })).parts).toEqual([
      'latency 10',
    ])
    expect(judged(point({ answered: 100, latencyMs: { p50: 1, p95: 1_200, p99: 2_000, n: 9 } })).parts).toEqual([])
    expect(judged(point({ answered: 100, violations: { observe: 90, warn: 10, ticket: 0 } })).parts).toEqual(['violations 3'])
    expect(judged(point({ answered: 100, fullyObserved: 50 })).parts).toEqual(['coverage 5'])
    expect(judged(point({ answered: 100 }), [firing('clock/zone', 'ticket'), firing('latency/shift', 'warn')])).toEqual({
      state: 'degraded',
      score: 70,
      parts: ['alerts 30'],
    })
  })
  it('counts no orphan against an interface', () => {
    expect(judged(point({ answered: 10, orphans: 90 })).score).toBe(100)
  })
  it('tells down from silent', () => {
    expect(judged(point({ unanswered: 2 })).state).toBe('down')
    expect(judged(point({ unanswered: 1 })).state).not.toBe('down')
    expect(judged(point({}), [firing('failures/refused', 'ticket')]).state).toBe('down')
    expect(judged(point({}), [firing('silence/gap', 'ticket')]).state).toBe('silent')
    expect(judged(point({ failed: 200 }), [firing('silence/gap', 'ticket'), firing('failures/rate', 'ticket')])).toMatchObject({
      state: 'down',
      score: 5,
    })
  })
})
