import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Facts, Key } from '../../gateway/model/document.ts'
import type { EdgeHealth } from '../../gateway/model/entry.ts'
import type { Outcome } from '../../gateway/model/exchange.ts'
import type { Measurement } from '../../gateway/model/measurement.ts'
import type { Inspected, Monitor, MonitorOptions } from '../../gateway/model/reading.ts'
import type { WireFact } from '../../gateway/model/wire.ts'
import {
  aCatalogue,
  anInterface,
  aViolation,
  dayMs,
  exchanged,
  feed,
  hourMs,
  inOrder,
  mondayMorning,
  normal,
  seeded,
  throughJson,
  ticked,
} from '../unit/monitors/stream.ts'

/** Interfaces with a trouble of their own: questions that go unanswered, tasks that are called back, images that are stored, a batch and who is slowed down by it. */
const ownTroubles = [
  anInterface('emr-cdss-rx-check', { from: 'emr', to: 'cdss' }),
  anInterface('his-prereview-rx', { to: 'prereview', protocol: 'http', format: 'json' }),
  anInterface('modality-pacs-store', { from: 'modalities', to: 'pacs' }),
  anInterface('cssd-his-trace', { from: 'cssd', to: 'his' }),
  anInterface('miniapp-his-appointment', { from: 'miniapp', to: 'his' }),
]

/** The catalogue that the law's streams speak of. */
export const lawCatalogue = aCatalogue(
  anInterface('his-lis-lab-order'),
  anInterface('lis-emr-lab-result', { from: 'lis', to: 'emr' }),
  anInterface('adt-broadcast', { to: 'emr', expectedVolume: { perHour: Array<number>(24).fill(300), weekendFactor: 0.5 } }),
)

/** What the law's monitors are started with. */
export const lawOptions: MonitorOptions = {
  catalogue: { ...lawCatalogue, interfaces: [...lawCatalogue.interfaces, ...ownTroubles] },
  journeyPlans: [],
}

/**
 * A stream of an hour and more in which everything goes wrong in turn: failures, refusals, slowness, breaches, clocks, copies, gaps,
 * silence, lag. By seed.
 */
export function troubledStream(seed: number, count: number): readonly Inspected[] {
  const random = seeded(seed)
  const items: Inspected[] = []
  const ids = lawCatalogue.interfaces.map((iface) => iface.id)
  let trouble = 'none'
  let at = mondayMorning
  for (let i = 0; i < count; i += 1) {
    if (random() < 0.02) trouble = troubles[Math.floor(random() * troubles.length)] ?? 'none'
    at += Math.floor(random() * 4_000)
    items.push(ticked(at, health(trouble, random)))
    const interfaceId = ids[Math.floor(random() * ids.length)] ?? ''
    // One interface stops in the middle of the stream; the others go on.
    const isSilent = interfaceId === 'adt-broadcast' && i > 0.4 * count && i < 0.8 * count
    // Towards its end one interface has a code that its receiver doesn't know.
    const isCoded = interfaceId === 'lis-emr-lab-result' && i > 0.82 * count && i < 0.95 * count
    if (!isSilent && random() < 0.6) items.push(message(at, i, interfaceId, isCoded ? 'codes' : trouble, random))
    if (random() < 0.3) items.push(measured(at, interfaceId, trouble, random))
    if (!isSilent && random() < 0.1) items.push(association(at, i, interfaceId, trouble))
    if (random() < 0.3) items.push(link(at, trouble === 'loss'))
    if (random() < 0.3) items.push(...images(at, i, i > 0.6 * count && i < 0.8 * count))
    items.push(...batch(at, i), viewed(at, i))
    // Before anything else was sent again.
    if (i === 10) items.push(...hammered(at))
    if (random() < 0.5) items.push(...task(at, i, i > 0.7 * count && i < 0.9 * count))
  }
  return inOrder(items)
}

/** Sixteen days for questions that take weeks: a message every half an hour, and from some day on, by seed, many of them fail or stay away. On the last morning, which alone has a tick every five seconds, one
 * interface has much traffic and then hardly any. */
export function troubledWeeks(seed: number): readonly Inspected[] {
  const random = seeded(seed)
  const items: Inspected[] = []
  const lastAt = mondayMorning + 16 * dayMs - 4 * hourMs
  const turnAt = mondayMorning + (13 + random() * 2) * dayMs
  for (let at = mondayMorning; at < mondayMorning + 16 * dayMs; at += 30 * 60_000) {
    const isLast = at >= lastAt
    for (let tickAt = at; tickAt < at + (isLast ? 30 * 60_000 : 1); tickAt += 5_000)
      items.push(ticked(tickAt, health('none', random)))
    for (const { id } of lawCatalogue.interfaces) {
      const isBad = random() < (at < turnAt ? 0.05 : 0.5)
      const item = exchanged({
        at: at + Math.floor(random() * 60_000),
        id: `w${items.length}`,
        controlId: `W${items.length}`,
        interfaceId: id,
        outcome: isBad ? 'failed' : 'answered',
      })
      if (at < turnAt || id === 'his-lis-lab-order' || random() < 0.3) items.push(item)
    }
    if (isLast && at < lastAt + 2 * hourMs) items.push(...crowd(at, items.length))
  }
  return inOrder(items)
}

/** Forty messages in half an hour. */
function crowd(from: number, number: number): readonly Inspected[] {
  return Array.from({ length: 40 }, (_, i) =>
    exchanged({ at: from + i * 45_000, id: `c${number + i}`, controlId: `C${number + i}`, interfaceId: 'adt-broadcast' }),
  )
}

/** Four minutes of quick answers, then two in which a dozen callers wait for each answer and come again at once. */
export function crowdedStream(seed: number): readonly Inspected[] {
  const random = seeded(seed)
  const items: Inspected[] = []
  const add = (at: number, latencyMs: number) =>
    items.push(exchanged({ at, id: `f${items.length}`, controlId: `F${items.length}`, latencyMs }))
  const turnAt = mondayMorning + 240_000
  for (let at = mondayMorning; at < turnAt; at += 400 * random()) add(at, 20 + 20 * random())
  for (let caller = 0; caller < 12; caller += 1) {
    for (let at = turnAt + caller; at < turnAt + 120_000; ) {
      const latencyMs = random() < 0.2 ? 30 : 2800 + 300 * random()
      add(at, latencyMs)
      at += latencyMs + 2
    }
  }
  return inOrder(items)
}

/** A sender whose messages pass at once, then wait ever longer before they go out, and drain. */
export function queuedStream(seed: number, count: number): readonly Inspected[] {
  const random = seeded(seed)
  const items: Inspected[] = []
  let at = mondayMorning
  for (let i = 0; i < count; i += 1) {
    at += 2_000 + Math.floor(random() * 3_000)
    items.push(ticked(at, health('none', random)))
    const depth = i > 0.4 * count && i < 0.8 * count ? (i - 0.4 * count) * 4_000 : 0
    items.push(
      exchanged({
        at,
        id: `q${i}`,
        controlId: `Q${i}`,
        interfaceId: 'his-lis-lab-order',
        queuedMs: depth + random() * 900,
        latencyMs: 40 * Math.exp(0.3 * normal(random)),
        stampResolutionMs: 1000,
      }),
    )
  }
  return inOrder(items)
}

/** Save and start at any moment, through JSON, change nothing; the same items give the same readings; what is saved is bounded. */
export function monitorLaw(
  monitor: Monitor,
  stream: (seed: number, count: number) => readonly Inspected[] = troubledStream,
): void {
  describe(`monitor law: ${monitor.name}`, () => {
    test('stopped anywhere and started again from what it saved, it gives the same readings', () => {
      let told = 0
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 1e6 }),
          fc.array(fc.integer({ min: 0, max: 1100 }), { minLength: 1, maxLength: 4 }),
          (seed, cuts) => {
            const items = stream(seed, 700)
            const whole = feed(monitor.start(lawOptions, null), items)
            const parts = [0, ...cuts.map((cut) => Math.floor((cut / 1101) * items.length)), items.length].toSorted(
              (a, b) => a - b,
            )
            let run = monitor.start(lawOptions, null)
            const pieces = parts.slice(1).flatMap((end, i) => {
              const readings = feed(run, items.slice(parts[i], end))
              const saved = throughJson(run.save())
              run = monitor.start(lawOptions, saved)
              expect(throughJson(run.save())).toEqual(saved)
              return readings
            })
            told += whole.length
            expect(pieces).toEqual(whole)
          },
        ),
        { numRuns: 12, seed: 7 },
      )
      expect(told).toBeGreaterThan(0)
    })

    test('what it saves is its own: going on doesn’t change it', () => {
      const items = stream(3, 600)
      const run = monitor.start(lawOptions, null)
      feed(run, items.slice(0, 300))
      const saved = run.save()
      const before = JSON.stringify(saved)
      feed(run, items.slice(300))
      expect(JSON.stringify(saved)).toBe(before)
    })

    test('readings are well formed, and while bad at most one a minute unless the severity changed', () => {
      const items = stream(11, 3000)
      const readings = feed(monitor.start(lawOptions, null), items)
      const last = new Map<string, (typeof readings)[number]>()
      for (const reading of readings) {
        const key = `${reading.signal} ${reading.subject.kind} ${reading.subject.id}`
        const before = last.get(key)
        expect(reading.monitor).toBe(monitor.name)
        expect(reading.signal.startsWith(`${monitor.name}/`)).toBe(true)
        expect(reading.onsetAt).toBeLessThanOrEqual(reading.at)
        // Some know it to the minute.
        expect(reading.onsetAt).toBeGreaterThan((items[0]?.now ?? 0) - 60_000)
        expect(reading.exchangeIds.length).toBeLessThanOrEqual(10)
        for (const fact of Object.values(reading.facts)) if (typeof fact === 'number') expect(Number.isFinite(fact)).toBe(true)
        if (before === undefined) expect(reading.state).toBe('bad')
        else if (before.state === reading.state) {
          expect(reading.state).toBe('bad')
          if (before.severity === reading.severity) expect(reading.at - before.at).toBeGreaterThanOrEqual(60_000)
        }
        last.set(key, reading)
      }
    })

    test('what another version saved is not guessed at', () => {
      const run = monitor.start(lawOptions, [0, 'something else'])
      expect(throughJson(run.save())).toEqual(throughJson(monitor.start(lawOptions, null).save()))
    })
  })
}

const troubles = [
  'none',
  'failed',
  'refused',
  'slow',
  'breach',
  'charset',
  'sender-zone',
  'answer-zone',
  'copies',
  'late',
  'mismatch',
  'orphan',
  'framing',
  'gap',
  'lag',
  'measured',
  'associations',
  'codes',
  'version',
  'parts',
  'denied',
  'idle',
  'loss',
  'calling',
] as const

/** What Auscult asked or counted by itself: well, or not. */
function measured(at: number, interfaceId: string, trouble: string, random: () => number): Inspected {
  const isBad = trouble === 'measured' && random() < 0.9
  const verdict = isBad ? ('no' as const) : ('yes' as const)
  const code = (bad: string) => (isBad ? bad : null)
  const kinds: readonly Pick<Measurement, 'name' | 'by' | 'code' | 'facts'>[] = [
    { name: 'probe', by: 'tcp', code: code('ECONNREFUSED'), facts: {} },
    { name: 'probe', by: 'tls', code: code('CERT_HAS_EXPIRED'), facts: { daysLeft: isBad ? -1 : 200 } },
    {
      name: 'consumer-lag',
      by: 'kafka',
      code: null,
      facts: { group: 'g', topic: 't', lagMs: isBad ? 90_000 : 0, lagMessages: isBad ? 900 : 0, members: 1 },
    },
    { name: 'file-due', by: 'files', code: code('FILE_MISSING'), facts: { deadline: '02:30' } },
  ]
  const kind = kinds[Math.floor(random() * kinds.length)] ?? { name: 'probe', by: 'tcp', code: null, facts: {} }
  const measurement: Measurement = { ...kind, subject: { kind: 'interface', id: interfaceId }, at, verdict, tookMs: 1 }
  return { kind: 'measurement', now: at, entry: { kind: 'measurement', at, measurement } }
}

/** What a capture says of the network below an interface. */
function link(at: number, isLossy: boolean): Inspected {
  const facts = {
    segments: 100,
    resent: isLossy ? 9 : 0,
    rttMs: 2,
    network: '10.1.60.0/24',
    networkSegments: 90,
    networkResent: 9,
  }
  const subject = { kind: 'interface', id: 'his-lis-lab-order' } as const
  const measurement = { name: 'link', by: 'capture', subject, at, verdict: null, code: null, tookMs: null, facts }
  return { kind: 'measurement', now: at, entry: { kind: 'measurement', at, measurement } }
}

/** An object that is stored, slowly or not, and an echo that is always fast. */
function images(at: number, i: number, isSlow: boolean): readonly Inspected[] {
  const wish = { interfaceId: 'modality-pacs-store', stampResolutionMs: 1000 }
  const latencyMs = (60 + (i % 7)) * (isSlow ? 12 : 1)
  return [
    exchanged({ ...wish, at, id: `s-${i}`, type: 'C-STORE', code: '0000', requestBytes: 500_000, latencyMs }),
    exchanged({ ...wish, at: at + 1, id: `h-${i}`, type: 'C-ECHO', code: '0000', requestBytes: 200, latencyMs: 4 + (i % 3) }),
  ]
}

/** Now and then many messages at once, which lock what the other interface needs. */
function batch(at: number, i: number): readonly Inspected[] {
  const isBatch = i % 90 < 5
  const wish = { stampResolutionMs: 1000 }
  const victim = exchanged({
    ...wish,
    at,
    id: `v-${i}`,
    interfaceId: 'miniapp-his-appointment',
    latencyMs: (30 + (i % 9)) * (isBatch ? 25 : 1),
  })
  const many = Array.from({ length: isBatch ? 12 : 0 }, (_, n) =>
    exchanged({ ...wish, at: at + n, id: `b-${i}-${n}`, interfaceId: 'cssd-his-trace' }),
  )
  return [victim, ...many]
}

/** A question that is answered but now and then, when nobody ever does. */
function viewed(at: number, i: number): Inspected {
  const isUnheard = i % 25 === 24 && i % 500 > 300
  const wire = isUnheard ? [{ kind: 'timeout', at, afterMs: 5000 } as const] : []
  const outcome = isUnheard ? 'unanswered' : 'answered'
  return exchanged({ at, id: `q-${i}`, controlId: `Q-${i}`, interfaceId: 'emr-cdss-rx-check', outcome, wire })
}

/** A task, and the callback that says that it is done, unless it is lost; then its receiver doesn't know the drug either. */
function task(at: number, i: number, isLost: boolean): readonly Inspected[] {
  const keys: readonly Key[] = [{ kind: 'task', value: `T${i}`, authority: null }]
  const wish = { interfaceId: 'his-prereview-rx', stampResolutionMs: 1000 }
  const codes = [{ path: 'items.drugCode', value: isLost ? 'YP9' : `YP${i % 9}` }]
  const answerCodes = [{ path: 'alerts.code', value: isLost ? 'DRUG_NOT_FOUND' : 'PASS' }]
  const accepted = exchanged({
    ...wish,
    at,
    id: `t-${i}`,
    type: 'POST /tasks',
    code: '202',
    answerKeys: keys,
    codes,
    answerCodes,
  })
  if (isLost) return [accepted]
  return [accepted, exchanged({ ...wish, at: at + 700 + (i % 7) * 100, id: `d-${i}`, type: 'POST /done', code: '200', keys })]
}

/** A DICOM association of which a context is accepted, or isn't. */
function association(at: number, i: number, interfaceId: string, trouble: string): Inspected {
  const item = exchanged({ at, id: `a-${i}`, interfaceId, type: 'A-ASSOCIATE', code: 'AC' })
  const { exchange } = item.entry
  const result = trouble === 'associations' ? '3' : '0'
  const request = exchange.request && { ...exchange.request, envelope: [['context', '1 1.2.3 1.2.840.10008.1.2']] as const }
  const answers = exchange.answers.map((answer) => ({
    ...answer,
    envelope: [['context', `1 ${result} 1.2.840.10008.1.2`]] as const,
  }))
  return { ...item, entry: { ...item.entry, exchange: { ...exchange, request, answers } } }
}

function health(trouble: string, random: () => number): Partial<EdgeHealth> {
  const listening = Object.fromEntries(lawOptions.catalogue.interfaces.map((iface) => [iface.id, 1]))
  if (trouble !== 'lag') return { listening }
  return { listening, loopLagMsMax: 300 + random() * 3000, dropped: { queue: Math.floor(random() * 2) } }
}

/** Four messages that are refused, and sent again ten times at once. */
function hammered(from: number): readonly Inspected[] {
  return Array.from({ length: 44 }, (_, i) => {
    const copy = i % 11
    const wire: WireFact[] = copy === 0 ? [] : [{ kind: 'duplicate', of: 'e', sameBody: true, copy }]
    const [at, controlId] = [from + i * 100, `H${Math.floor(i / 11)}`]
    return exchanged({ at, id: `h${i}`, controlId, interfaceId: 'his-lis-lab-order', outcome: 'failed', code: 'AE', wire })
  })
}

function message(at: number, i: number, interfaceId: string, trouble: string, random: () => number): Inspected {
  const isHit = trouble !== 'none' && random() < 0.8
  const is = (name: string) => isHit && trouble === name
  const wire: WireFact[] = []
  const idleBeforeMs = trouble === 'idle' ? 600_000 * random() : trouble === 'none' ? 200_000 * random() : 0
  const isForgotten = trouble === 'idle' && idleBeforeMs > 240_000
  if (isForgotten) wire.push({ kind: 'reset', by: 'acceptor', at, idleMs: 3 })
  if (is('refused')) wire.push({ kind: 'refused', how: 'refused', at })
  if (is('copies')) wire.push({ kind: 'duplicate', of: 'e', sameBody: random() < 0.7, copy: 2 })
  if (is('late')) wire.push({ kind: 'late', at, afterMs: 30_000 + random() * 1000 })
  if (is('mismatch')) wire.push({ kind: 'wrong-control-id', distance: random() < 0.2 ? null : 1, at })
  if (is('framing')) wire.push({ kind: 'missing-final-cr', by: 'initiator' })
  if (is('framing') && wire.length === 1) wire.push({ kind: 'partial', by: 'initiator', bytes: 200, how: 'stuck' })
  const isStalled = is('calling') && i % 2 === 0
  const isNewCode = is('codes') && random() < 0.5
  const outcome: Outcome =
    is('refused') || is('late') || isForgotten
      ? 'unanswered'
      : is('failed') || is('denied') || isNewCode
        ? 'failed'
        : is('orphan')
          ? 'orphan'
          : 'answered'
  return exchanged({
    at,
    id: `x${i}`,
    controlId: `C${i}`,
    interfaceId,
    outcome,
    wire,
    sendMs: is('calling') ? 20_000 : 0.5,
    // Its answers stand still on their way as well, now and then.
    ...(isStalled ? { thinkMs: 1 } : {}),
    latencyMs: outcome === 'unanswered' ? null : 40 * Math.exp(0.4 * normal(random)) * (is('slow') || isStalled ? 20 : 1),
    violations: is('breach') ? [aViolation(), aViolation({ rule: 'length', element: 'OBX-5', severity: 'warn' })] : [],
    charset: is('charset') ? { verdict: 'contradicts' } : {},
    sentOffsetMs: is('sender-zone') ? -7_200_000 : 0,
    answeredOffsetMs: is('answer-zone') ? -28_800_000 : 0,
    keys: [{ kind: 'placer', value: `P${i % 40}`, authority: null }],
    errorCodes: is('denied') ? ['204'] : [],
    idleBeforeMs,
    sequence: is('gap') && random() < 0.3 ? null : i,
    stampResolutionMs: random() < 0.5 ? 1 : 1000,
    codes: codesOf(random, isNewCode),
    answerParts: (trouble === 'parts' ? ['Patient', 'OperationOutcome'] : ['Patient', 'Observation']).map((type) => ({
      type,
      keys: [],
      ack: null,
    })),
    version: trouble === 'version' ? '2.5.1' : '2.4',
    // For a while one element is eight hours behind the others.
    eventStamps: [
      { path: 'OBR[1]-22', kind: 'event', at: at - (i % 300 > 200 ? 28_800_000 : 1_000), resolutionMs: 1000, hasZone: false },
    ],
    // Books are compared now and then, and differ for a while.
    answerReckoning: i % 40 === 0 ? { agrees: i % 200 < 80, counts: [{ of: 'ROWS', count: i }] } : undefined,
  })
}

/** Seven of a dozen codes, and one that the dictionary doesn't have. */
function codesOf(random: () => number, isNew: boolean): Facts['codes'] {
  const from = Math.floor(random() * 12)
  const usual = Array.from({ length: 7 }, (_, k) => ({ path: 'OBX-3.1', value: `C${(from + k) % 12}` }))
  return isNew ? [...usual, { path: 'OBX-3.1', value: 'NEW' }] : usual
}
