import type { CharsetFacts, Facts, Key, Stamp } from '../../../gateway/model/document.ts'
import type { EdgeHealth } from '../../../gateway/model/entry.ts'
import type { Answer, ConnectionStory, Exchange, Outcome } from '../../../gateway/model/exchange.ts'
import type { Catalogue, Interface } from '../../../gateway/model/interface.ts'
import type { Json } from '../../../gateway/model/json.ts'
import type { Inspected, InspectedExchange, Monitor, Reading, RunningMonitor } from '../../../gateway/model/reading.ts'
import type { Instant, Millis } from '../../../gateway/model/time.ts'
import type { Violation } from '../../../gateway/model/violation.ts'
import type { WireFact } from '../../../gateway/model/wire.ts'

/** Monday 2026-11-23, 08:00 in Shanghai: an ordinary workday. */
export const mondayMorning: Instant = Date.UTC(2026, 10, 23, 0, 0, 0)
export const minuteMs: Millis = 60_000
export const hourMs: Millis = 3_600_000
export const dayMs: Millis = 24 * hourMs
export const weekMs: Millis = 7 * dayMs

/** A seeded generator (mulberry32): the same seed gives the same stream. Numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Normal with mean 0 and deviation 1. */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Exponential with mean 1: the gaps of arrivals that know nothing of each other. */
export function exponential(random: () => number): number {
  return -Math.log(1 - random())
}

export function anInterface(id: string, changes: Partial<Interface> = {}): Interface {
  return {
    id,
    name: { zh: id, en: id },
    from: 'his',
    to: 'lis',
    protocol: 'mllp',
    format: 'hl7v2',
    options: {},
    contract: null,
    criticality: 'high',
    sources: { proxy: null, capture: null },
    objectives: { successRate: 0.995, latencyP95Ms: 800 },
    expectedVolume: null,
    ...changes,
  }
}

/** A hospital with these interfaces, and the systems that they name. */
export function aCatalogue(...interfaces: readonly Interface[]): Catalogue {
  const systemIds = [...new Set(interfaces.flatMap((iface) => [iface.from, iface.to]))]
  return {
    hospital: { name: '深圳市人民医院', timezone: 'Asia/Shanghai', calendar: 'cn' },
    systems: systemIds.map((id) => ({
      id,
      name: { zh: id, en: id },
      owner: null,
      addresses: [],
      depends: [],
      timezone: null,
    })),
    interfaces,
  }
}

/** What one exchange of a test is like; everything has a healthy default. Times of the request are the entry's unless given. */
export interface ExchangeWish {
  readonly at: Instant
  readonly interfaceId?: string
  readonly id?: string
  readonly outcome?: Outcome
  readonly code?: string | null
  readonly controlId?: string | null
  /** What the body names its message by; left out: the control id. */
  readonly ownId?: string | null
  readonly connection?: Partial<ConnectionStory>
  readonly type?: string
  readonly latencyMs?: Millis | null
  readonly thinkMs?: Millis
  /** First to last byte of the request. */
  readonly sendMs?: Millis
  readonly connectMs?: Millis | null
  readonly idleBeforeMs?: Millis
  /** On the wire. */
  readonly requestBytes?: number
  readonly wire?: readonly WireFact[]
  readonly requestFrom?: 'initiator' | 'acceptor'
  readonly sender?: string | null
  readonly answerer?: string | null
  readonly sequence?: number | null
  /** System minus gateway, milliseconds: what the sender's and the answerer's clocks add to their stamps. */
  readonly sentOffsetMs?: Millis
  readonly answeredOffsetMs?: Millis
  /** How long before it passed the message was made; how long before the answer passed it was made. */
  readonly queuedMs?: Millis
  readonly stampResolutionMs?: Millis
  readonly requestStamps?: readonly Stamp[]
  /** Beside the request's own. */
  readonly eventStamps?: readonly Stamp[]
  readonly answerStamps?: readonly Stamp[]
  readonly charset?: Partial<CharsetFacts>
  readonly defects?: Facts['defects']
  readonly keys?: readonly Key[]
  readonly answerKeys?: readonly Key[]
  /** ERR-3 of the answer. */
  readonly errorCodes?: readonly string[]
  readonly violations?: readonly Violation[]
  readonly codes?: Facts['codes']
  readonly answerCodes?: Facts['codes']
  readonly answerParts?: Facts['parts']
  /** What request and answer say of the books of both ends. */
  readonly reckoning?: Facts['reckoning']
  readonly answerReckoning?: Facts['reckoning']
  /** The answer says, without refusing, that it has none of what it was asked for. */
  readonly hasNone?: boolean
  /** The answer counts more than it brings. */
  readonly countsMore?: boolean
  readonly version?: string | null
  readonly hasFacts?: boolean
}

let running = 0
const empty = new Uint8Array(0)

/** An inspected exchange. Its entry stands in the log when the answer came. */
export function exchanged(wish: ExchangeWish): InspectedExchange {
  running += 1
  const outcome = wish.outcome ?? 'answered'
  const isAnswered = outcome === 'answered' || outcome === 'failed' || outcome === 'orphan'
  const latencyMs = wish.latencyMs === undefined ? (isAnswered ? 20 : null) : wish.latencyMs
  const answerAt = wish.at + (latencyMs ?? 20)
  const resolutionMs = wish.stampResolutionMs ?? 1
  const stamp = (at: Instant): Stamp => ({
    path: 'MSH-7',
    kind: 'message',
    at: Math.floor(at / resolutionMs) * resolutionMs,
    resolutionMs,
    hasZone: false,
  })
  const code = wish.code === undefined ? (outcome === 'answered' ? 'AA' : outcome === 'failed' ? 'AE' : null) : wish.code
  const controlId = wish.controlId === undefined ? `M${running}` : wish.controlId
  const answer: Answer = {
    startAt: wish.at + (wish.thinkMs ?? Math.max((latencyMs ?? 20) - 1, 0)),
    endAt: answerAt,
    wireBytes: 80,
    body: empty,
    bodyBytes: 76,
    stage: 'application',
    verdict: outcome === 'failed' ? 'no' : 'yes',
    code,
  }
  const isRefused = wish.wire?.some((fact) => fact.kind === 'refused') ?? false
  const exchange: Exchange = {
    id: wish.id ?? `e-${running}`,
    interfaceId: wish.interfaceId ?? 'his-lis-lab-order',
    connection: {
      id: 'c1',
      initiator: '10.1.0.10:40000',
      acceptor: '10.1.0.20:6661',
      openedAt: wish.at - 1000,
      connectMs: wish.connectMs === undefined ? 0.4 : wish.connectMs,
      exchangesBefore: 0,
      idleBeforeMs: wish.idleBeforeMs ?? null,
      ...wish.connection,
    },
    requestFrom: isRefused ? null : (wish.requestFrom ?? 'initiator'),
    outcome,
    controlId: isRefused ? null : controlId,
    type: wish.type ?? 'OML^O21',
    request:
      isRefused || outcome === 'orphan'
        ? null
        : {
            startAt: wish.at - (wish.sendMs ?? 0.5),
            endAt: wish.at,
            wireBytes: wish.requestBytes ?? 1004,
            body: empty,
            bodyBytes: 1000,
          },
    answers: isAnswered ? [answer] : [],
    code,
    latencyMs,
    wire: wish.wire ?? [],
    coverage: 'full',
  }
  const charset: CharsetFacts = {
    declared: 'UNICODE UTF-8',
    detected: 'utf-8',
    verdict: 'agrees',
    nonAsciiCount: 12,
    delimiterInTrail: false,
    ...wish.charset,
  }
  const errors = (wish.errorCodes ?? []).map((error) => ({ code: error, location: null, textDigest: null }))
  const facts = (
    stamps: readonly Stamp[],
    sender: string | null,
    keys: readonly Key[] = [],
    codes: Facts['codes'] = [],
  ): Facts => ({
    type: wish.type ?? 'OML^O21',
    version: wish.version === undefined ? '2.4' : wish.version,
    controlId: wish.ownId === undefined ? controlId : wish.ownId,
    sender,
    receiver: null,
    sequence: wish.sequence ?? null,
    stamps,
    keys,
    charset,
    ack: null,
    defects: wish.defects ?? [],
    codes,
  })
  const hasFacts = wish.hasFacts ?? true
  const sentAt = wish.at - 0.5 - (wish.queuedMs ?? 1) + (wish.sentOffsetMs ?? 0)
  const ackedAt = answer.startAt - Math.min(1, (latencyMs ?? 20) / 2) + (wish.answeredOffsetMs ?? 0)
  const sender = wish.sender === undefined ? 'HIS|SZPH' : wish.sender
  const answerer = wish.answerer === undefined ? 'LIS|SZPH' : wish.answerer
  const ofAnswer = {
    ...facts(wish.answerStamps ?? [stamp(ackedAt)], answerer, wish.answerKeys, wish.answerCodes),
    ack: errors.length === 0 ? null : { code: code ?? '', answersId: controlId, errors },
  }
  const answerFacts: Facts = {
    ...ofAnswer,
    ...(wish.answerParts === undefined ? {} : { parts: wish.answerParts }),
    ...(wish.answerReckoning === undefined ? {} : { reckoning: wish.answerReckoning }),
    ...(wish.hasNone === true ? { hasNone: true } : {}),
    ...(wish.countsMore === true ? { countsMore: true } : {}),
  }
  const ofRequest = facts(
    [...(wish.requestStamps ?? [stamp(sentAt)]), ...(wish.eventStamps ?? [])],
    sender,
    wish.keys,
    wish.codes,
  )
  const at = isAnswered ? answerAt : wish.at + (latencyMs ?? 0)
  return {
    kind: 'exchange',
    now: at,
    entry: { kind: 'exchange', at, exchange },
    requestFacts:
      hasFacts && exchange.request !== null
        ? { ...ofRequest, ...(wish.reckoning === undefined ? {} : { reckoning: wish.reckoning }) }
        : null,
    answerFacts: hasFacts && isAnswered ? answerFacts : null,
    violations: wish.violations ?? [],
  }
}

export function ticked(at: Instant, changes: Partial<EdgeHealth> = {}): Inspected {
  const health: EdgeHealth = {
    edgeId: 'edge-1',
    loopLagMsMax: 2,
    connections: 4,
    heldBytes: 0,
    dropped: {},
    exchanges: 1,
    forwardedBytes: 2000,
    clock: { synchronised: true, errorBoundMs: 5 },
    listening: { 'his-lis-lab-order': 1 },
    ...changes,
  }
  return { kind: 'tick', now: at, entry: { kind: 'tick', at, health } }
}

export function aViolation(changes: Partial<Violation> = {}): Violation {
  return {
    path: 'PID-3',
    element: 'PID-3',
    rule: 'required',
    severity: 'ticket',
    message: { zh: 'PID-3 必填', en: 'PID-3 is required and is empty' },
    shape: 'empty',
    side: 'request',
    ...changes,
  }
}

/** In log order, with `now` the running maximum, as analysis makes it. */
export function inOrder(items: readonly Inspected[]): readonly Inspected[] {
  const sorted = [...items].sort((a, b) => a.entry.at - b.entry.at)
  let now = Number.NEGATIVE_INFINITY
  return sorted.map((item) => {
    now = Math.max(now, item.entry.at)
    return { ...item, now }
  })
}

/** Runs items through a monitor from the beginning; all its readings. */
export function readingsOf(monitor: Monitor, catalogue: Catalogue, items: Iterable<Inspected>): readonly Reading[] {
  const run = monitor.start({ catalogue }, null)
  return feed(run, items)
}

export function feed(run: RunningMonitor, items: Iterable<Inspected>): readonly Reading[] {
  const readings: Reading[] = []
  for (const item of items) readings.push(...run.assess(item))
  return readings
}

/** The state as it comes back from the database. */
export function throughJson(state: Json): Json {
  const text: Json = JSON.parse(JSON.stringify(state))
  return text
}

/** Index of the item whose assessment first gave a bad reading of the signal; null = never. */
export function firstBad(run: RunningMonitor, items: Iterable<Inspected>, signal: string, isTicket = false): number | null {
  let index = 0
  for (const item of items) {
    for (const reading of run.assess(item)) {
      if (reading.signal === signal && reading.state === 'bad' && (!isTicket || reading.severity === 'ticket')) return index
    }
    index += 1
  }
  return null
}

/** Arrival times of a steady flow, exponential gaps. */
export function* arrivals(random: () => number, from: Instant, to: Instant, perHour: number): Generator<Instant> {
  for (let at = from + (exponential(random) * hourMs) / perHour; at < to; at += (exponential(random) * hourMs) / perHour)
    yield at
}

/** Sixty interface-weeks (and a day) of healthy arrivals, from 2 to 5000 messages an hour, each with its own seed. */
export function healthyWeeks(): readonly { readonly perHour: number; readonly seed: number; readonly to: Instant }[] {
  const weeks = [
    { perHour: 2, count: 15, lengthMs: weekMs },
    { perHour: 5, count: 15, lengthMs: weekMs },
    { perHour: 20, count: 13, lengthMs: weekMs },
    { perHour: 60, count: 10, lengthMs: weekMs },
    { perHour: 200, count: 5, lengthMs: weekMs },
    { perHour: 600, count: 2, lengthMs: weekMs },
    { perHour: 5000, count: 1, lengthMs: dayMs },
  ]
  return weeks.flatMap(({ perHour, count, lengthMs }) =>
    Array.from({ length: count }, (_, i) => ({ perHour, seed: perHour * 100 + i, to: mondayMorning + lengthMs })),
  )
}
