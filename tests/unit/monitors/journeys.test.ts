import { expect, test } from 'vitest'
import type { Key, KeyKind } from '../../../gateway/model/document.ts'
import type { JourneyPlan } from '../../../gateway/model/journey.ts'
import type { Inspected, Reading } from '../../../gateway/model/reading.ts'
import { journeys } from '../../../monitors/journeys.ts'
import {
  aCatalogue,
  anInterface,
  type ExchangeWish,
  exchanged,
  exponential,
  feed,
  hourMs,
  inOrder,
  minuteMs,
  mondayMorning,
  seeded,
  ticked,
} from './stream.ts'

const orders = anInterface('orders', { from: 'his', to: 'lis' })
const analysers = anInterface('analysers', { from: 'analyser', to: 'lis' })
const results = anInterface('results', { from: 'lis', to: 'emr' })
const tasks = anInterface('tasks', { from: 'his', to: 'review', protocol: 'http', format: 'json' })
const catalogue = aCatalogue(orders, analysers, results, tasks)
const named = (zh: string) => ({ zh, en: zh })
const plan: JourneyPlan = {
  id: 'lab',
  name: named('检验'),
  steps: [
    { interfaces: ['orders'], name: named('申请') },
    { interfaces: ['analysers'], name: named('仪器') },
    { interfaces: ['results'], name: named('结果') },
  ],
}
const listening = { orders: 1, analysers: 1, results: 1, tasks: 1 }

const key = (kind: KeyKind, value: string): Key => ({ kind, value, authority: null })

interface Course {
  readonly lastsMs: number
  readonly perHour?: number
  readonly seed?: number
  /** What becomes of the order of that moment. */
  readonly fate?: (at: number, random: () => number) => 'fulfilled' | 'no-result' | 'not-measured' | 'late' | 'cancelled'
  readonly measuredWish?: (at: number) => Partial<ExchangeWish>
  readonly resultWish?: (at: number) => Partial<ExchangeWish>
  readonly hears?: (at: number) => boolean
  readonly orderKeys?: (n: number) => readonly Key[]
  readonly orderCodes?: (n: number) => ExchangeWish['codes']
  readonly fateOf?: (n: number, at: number, random: () => number) => 'fulfilled' | 'not-measured'
}

/** Orders, each measured after about five minutes and reported two minutes later. */
function laboratory({
  lastsMs,
  perHour = 240,
  seed = 1,
  fate,
  measuredWish,
  resultWish,
  hears,
  orderKeys,
  orderCodes,
  fateOf,
}: Course): readonly Inspected[] {
  const random = seeded(seed)
  const items: Inspected[] = []
  const to = mondayMorning + lastsMs
  let n = 0
  for (let at = mondayMorning; at < to; at += (exponential(random) * hourMs) / perHour) {
    n += 1
    const keys = orderKeys?.(n) ?? [key('placer', `P${n}`), key('patient', 'one and the same')]
    const become = fate?.(at, random) ?? fateOf?.(n, at, random) ?? 'fulfilled'
    const measuredAt = at + minuteMs * (4 + exponential(random)) + (become === 'late' ? hourMs : 0)
    const ordered = orderCodes?.(n)
    items.push(
      exchanged({ at, interfaceId: 'orders', id: `o${n}`, keys, ...(ordered === undefined ? {} : { codes: ordered }) }),
    )
    if (become === 'cancelled') {
      const codes = [{ path: 'ORC-1', value: 'CA' }]
      items.push(exchanged({ at: at + 1000, interfaceId: 'orders', type: 'OML^O21', keys, codes }))
    }
    if (become === 'not-measured' || become === 'cancelled') continue
    items.push(exchanged({ at: measuredAt, interfaceId: 'analysers', type: 'ORU^R01', keys, ...measuredWish?.(measuredAt) }))
    if (become === 'no-result') continue
    const reportedAt = measuredAt + minuteMs * (1 + exponential(random))
    items.push(exchanged({ at: reportedAt, interfaceId: 'results', type: 'ORU^R01', keys, ...resultWish?.(reportedAt) }))
  }
  for (let at = mondayMorning; at < to; at += 1000) if (hears?.(at) ?? true) items.push(ticked(at, { listening }))
  return inOrder(items.filter((item) => item.entry.at < to && (hears?.(item.entry.at) ?? true)))
}

function told(items: readonly Inspected[]): readonly Reading[] {
  return feed(journeys.start({ catalogue, journeyPlans: [plan] }, null), items)
}

const bad = (readings: readonly Reading[]) => readings.filter((r) => r.state === 'bad')
const faultAt = mondayMorning + 6 * hourMs
const afterFault = (at: number) => at >= faultAt

test('orders that are no longer measured are told where the measurements stay away, once, and of the time when they should have come', () => {
  const readings = told(laboratory({ lastsMs: 8 * hourMs, fate: (at) => (afterFault(at) ? 'not-measured' : 'fulfilled') }))
  const first = bad(readings)[0]
  expect(first).toMatchObject({
    signal: 'journeys/missing',
    severity: 'ticket',
    subject: { kind: 'interface', id: 'analysers' },
  })
  expect(first?.facts).toMatchObject({ from: 'orders', share: 1, lateSince: 0 })
  const limitMs = 1000 * Number(first?.facts.limitS)
  expect(limitMs).toBeLessThan(30 * minuteMs)
  // The limit itself, and the proof.
  expect((first?.at ?? 0) - faultAt).toBeLessThan(limitMs + 6 * minuteMs)
  expect(Math.abs((first?.onsetAt ?? 0) - faultAt - 5 * minuteMs)).toBeLessThan(3 * minuteMs)
  expect(first?.exchangeIds.every((id) => id.startsWith('o'))).toBe(true)
})

test('a third of the results stay in one system: told where they stay away, and nowhere else', () => {
  const readings = told(
    laboratory({
      lastsMs: 8 * hourMs,
      fate: (at, random) => (afterFault(at) && random() < 0.33 ? 'no-result' : 'fulfilled'),
    }),
  )
  const signals = new Set(bad(readings).map((r) => `${r.signal} ${r.subject.id}`))
  expect(signals).toContain('journeys/missing results')
  expect([...signals].filter((s) => s.endsWith(' analysers'))).toEqual([])
  const missing = bad(readings).findLast((r) => r.subject.id === 'results')
  expect(Number(missing?.facts.passedSince)).toBeGreaterThan(5)
})

test('one result in seven is lost from the second hour on: what was never to come is not taken for what is usual', () => {
  const from = mondayMorning + 90 * minuteMs
  // Of the first minutes some have their result elsewhere: they were asked before the limit was known.
  const fate = (at: number, random: () => number) =>
    (at < mondayMorning + 4 * minuteMs && random() < 0.7) || (at >= from && random() < 1 / 7) ? 'no-result' : 'fulfilled'
  const readings = bad(told(laboratory({ lastsMs: 4 * hourMs, perHour: 300, fate })))
  expect(readings[0]).toMatchObject({ signal: 'journeys/missing', subject: { id: 'results' } })
  expect((readings[0]?.at ?? 0) - from).toBeLessThan(60 * minuteMs)
  expect(readings[0]?.at ?? 0).toBeGreaterThan(from)
})

test('it is good again when results come again', () => {
  const readings = told(
    laboratory({
      lastsMs: 10 * hourMs,
      fate: (at) => (afterFault(at) && at < faultAt + hourMs ? 'not-measured' : 'fulfilled'),
    }),
  )
  expect(bad(readings).length).toBeGreaterThan(0)
  const last = new Map(readings.map((r) => [`${r.signal} ${r.subject.id}`, r.state]))
  expect([...last.values()].every((state) => state === 'good')).toBe(true)
})

test('what comes late is counted as late; where all of it comes, nothing stays away', () => {
  const late = (lostShare: number) => (at: number, random: () => number) =>
    afterFault(at) ? (random() < lostShare ? 'not-measured' : 'late') : 'fulfilled'
  const partly = told(laboratory({ lastsMs: 9 * hourMs, fate: late(0.7) }))
  expect(Number(bad(partly).at(-1)?.facts.lateSince)).toBeGreaterThan(10)
  expect(told(laboratory({ lastsMs: 9 * hourMs, fate: late(0) })).at(-1)?.state).toBe('good')
})

test.each([
  ['healthy weeks of orders', 60, 40 * hourMs, 'fulfilled' as const],
  ['orders of which one in ten is cancelled', 240, 20 * hourMs, 'cancelled' as const],
])('%s give nothing', (_, perHour, lastsMs, odd) => {
  for (const seed of [1, 2, 3]) {
    const fate = (_at: number, random: () => number) => (random() < 0.1 ? odd : 'fulfilled')
    expect(bad(told(laboratory({ perHour, lastsMs, seed, fate })))).toEqual([])
  }
})

test('a gap of our own in which results passed unseen is no fault', () => {
  const hears = (at: number) => at < faultAt || at > faultAt + hourMs
  expect(bad(told(laboratory({ lastsMs: 9 * hourMs, hears })))).toEqual([])
})

test('nothing is ever joined by the patient alone', () => {
  const readings = told(
    laboratory({ lastsMs: 8 * hourMs, orderKeys: () => [key('patient', 'p'), key('visit', 'v')], fate: () => 'fulfilled' }),
  )
  expect(readings).toEqual([])
})

test.each([
  { name: 'callbacks of accepted tasks that stop', everyMs: 3_000, toMin: 60, lostMin: 45, toldWithinMin: 2 },
  {
    name: 'callbacks that stop after only a quarter of an hour in which they came',
    everyMs: 12_000,
    toMin: 32,
    lostMin: 17,
    toldWithinMin: 8,
  },
])('$name', ({ everyMs, toMin, lostMin, toldWithinMin }) => {
  const items: Inspected[] = []
  const random = seeded(5)
  const to = mondayMorning + toMin * minuteMs
  const lostFrom = mondayMorning + lostMin * minuteMs
  for (let i = 0; i * everyMs < hourMs; i += 1) {
    const at = mondayMorning + i * everyMs
    const task = [key('task', `T${i}`), key('prescription', `R${i}`)]
    for (let ms = 0; ms < everyMs; ms += 1000) items.push(ticked(at + ms, { listening }))
    items.push(
      exchanged({
        at,
        interfaceId: 'tasks',
        type: 'POST /tasks',
        code: '202',
        keys: [key('prescription', `R${i}`)],
        answerKeys: task,
      }),
    )
    // Questions about the task are no callback.
    items.push(exchanged({ at: at + 900, interfaceId: 'tasks', type: 'GET /tasks/{}', code: '200', answerKeys: task }))
    if (at < lostFrom) {
      const doneAt = at + 300 + 2000 * exponential(random)
      items.push(exchanged({ at: doneAt, interfaceId: 'tasks', type: 'POST /done', code: '200', keys: task }))
    }
  }
  const readings = bad(told(inOrder(items.filter((item) => item.entry.at < to))))
  expect(readings[0]).toMatchObject({ signal: 'journeys/callback', subject: { id: 'tasks' } })
  expect((readings[0]?.at ?? 0) - lostFrom).toBeLessThan(toldWithinMin * minuteMs)
})

test('callbacks that come and are refused stay away, and whose key was accepted by who calls back is not denied', () => {
  const items: Inspected[] = []
  for (let i = 0; i < 300; i += 1) {
    const at = mondayMorning + i * 10_000
    const task = [key('task', `T${i}`)]
    for (let ms = 0; ms < 10_000; ms += 1000) items.push(ticked(at + ms, { listening }))
    const accepted = { code: '202', keys: [key('prescription', `R${i}`)], answerKeys: [key('prescription', `R${i}`), ...task] }
    items.push(exchanged({ at, interfaceId: 'tasks', type: 'POST /tasks', ...accepted }))
    const isRefused = i >= 200
    const said = isRefused ? ({ outcome: 'failed', code: '404' } as const) : { code: '200' }
    const keys = [...task, key('prescription', `R${i}`)]
    items.push(exchanged({ at: at + 700, interfaceId: 'tasks', type: 'POST /done', keys, ...said }))
  }
  const readings = bad(told(inOrder(items)))
  expect(new Set(readings.map((r) => r.signal))).toEqual(new Set(['journeys/callback']))
  const { missing, refusedSince } = readings.at(-1)?.facts ?? {}
  expect(refusedSince).toBe(missing)
})

test('results under numbers of another form, whose orders nobody sent, are told; results of orders of before we listened are not', () => {
  const course = { lastsMs: 7 * hourMs, seed: 4 }
  const renumbered = (at: number) => ({ keys: [key('placer', `X-${Math.floor(at / 1000)}`)] })
  const odd = told(laboratory({ ...course, resultWish: (at) => (at > faultAt && at % 6 < 1 ? renumbered(at) : {}) }))
  const orphans = bad(odd).filter((r) => r.signal === 'journeys/orphan')
  expect(orphans[0]).toMatchObject({ severity: 'ticket', subject: { id: 'results' }, facts: { shape: 'A-9{10}' } })
  expect(Math.abs((orphans[0]?.onsetAt ?? 0) - faultAt)).toBeLessThan(15 * minuteMs)
  const earlier = (at: number) => ({ keys: [key('placer', `P${9000 + (Math.floor(at / 1000) % 1000)}`)] })
  const before = told(laboratory({ ...course, resultWish: (at) => (at > faultAt && at % 6 < 1 ? earlier(at) : {}) }))
  expect(bad(before).filter((r) => r.signal === 'journeys/orphan')).toEqual([])
})

test('results whose numbers differ from known ones by a letter alone are of orders from elsewhere, unless others stay away for them', () => {
  const number = (letter: string, n: number) => key('placer', `${letter}${100_000 + (n % 900_000)}`)
  const course = { lastsMs: 8 * hourMs, seed: 4, orderKeys: (n: number) => [number('P', n)] }
  const others = Array.from({ length: 150 }, (_, n) =>
    exchanged({ at: faultAt + n * 40_000, interfaceId: 'results', type: 'ORU^R01', keys: [number('Q', n)] }),
  )
  const beside = told(inOrder([...laboratory(course), ...others]))
  expect(bad(beside)).toEqual([])
  const inPlace = told(
    laboratory({
      ...course,
      resultWish: (at) => (at > faultAt && at % 4 < 1 ? { keys: [number('Q', Math.floor(at / 1000))] } : {}),
    }),
  )
  expect(bad(inPlace).map((r) => r.signal)).toContain('journeys/orphan')
})

test('results of a kind that was ordered elsewhere from the beginning may come by the group; those of a third kind are still told', () => {
  const course = { lastsMs: 7 * hourMs, seed: 4 }
  const numbered = (form: string, at: number) => ({ keys: [key('placer', `${form}${Math.floor(at / 1000)}`)] })
  const isCheckUp = (at: number) => (at > faultAt ? at % 4 < 3 : at % 6 < 1)
  const checkUps = (at: number) => (isCheckUp(at) ? numbered('TJ-', at) : {})
  const orphansOf = (resultWish: (at: number) => object) =>
    bad(told(laboratory({ ...course, resultWish }))).filter((r) => r.signal === 'journeys/orphan')
  expect(orphansOf(checkUps)).toEqual([])
  const third = orphansOf((at) => (at > faultAt && at % 6 >= 3 && at % 6 < 4 ? numbered('X-', at) : checkUps(at)))
  expect(third[0]).toMatchObject({ severity: 'ticket', facts: { shape: 'A-9{10}' } })
})

test('numbers of orders from elsewhere that grow by a digit are of elsewhere still; others of that length are not', () => {
  const course = { lastsMs: 7 * hourMs, seed: 4 }
  const isCheckUp = (at: number) => at % 6 < 1
  // 99,999 is followed by 100,000 when the fault would begin.
  const counted = (first: string, at: number) => `TJ-${first}${Math.floor((at - faultAt) / 1000)}`
  const checkUps = (at: number) =>
    isCheckUp(at) ? { keys: [key('placer', `TJ-${100_000 + Math.floor((at - faultAt) / 1000)}`)] } : {}
  const orphansOf = (resultWish: (at: number) => object) =>
    bad(told(laboratory({ ...course, resultWish }))).filter((r) => r.signal === 'journeys/orphan')
  expect(orphansOf(checkUps)).toEqual([])
  const longer = orphansOf((at) =>
    at > faultAt && isCheckUp(at) ? { keys: [key('placer', counted('2', at).padEnd(9, '0'))] } : checkUps(at),
  )
  expect(longer[0]).toMatchObject({ severity: 'ticket', facts: { shape: 'A{2}-9{6}' } })
})

const refused = { outcome: 'failed', errorCodes: ['204'] } as const

test('a system that denies what it accepted is told; one that never heard of it is not', () => {
  const orderKeys = (n: number) => [key('placer', `P${n}`), key('patient', `M${n}`)]
  const course = { lastsMs: 7 * hourMs, seed: 3, orderKeys }
  // The laboratory has accepted the order and refuses its measurement.
  const denying = told(laboratory({ ...course, measuredWish: (at) => (at > faultAt ? refused : {}) }))
  expect(bad(denying).find((r) => r.signal === 'journeys/denied')).toMatchObject({ subject: { id: 'analysers' } })
  // The record system never saw the order itself.
  const unheard = told(laboratory({ ...course, resultWish: (at) => (at > faultAt ? refused : {}) }))
  expect(bad(unheard).filter((r) => r.signal === 'journeys/denied')).toEqual([])
})

test('what is denied of one patient is one, as of one who was merged into another, and so is one order that is asked for again and again', () => {
  const onePatient = (n: number) => [key('placer', `P${n}`), key('patient', 'merged')]
  const course = { lastsMs: 7 * hourMs, seed: 3, orderKeys: onePatient }
  const denied = (items: readonly Inspected[]) => bad(told(items)).filter((r) => r.signal === 'journeys/denied')
  expect(denied(laboratory({ ...course, measuredWish: (at) => (at > faultAt ? refused : {}) }))).toEqual([])
  const asked = Array.from({ length: 400 }, (_, n) => {
    const passed = { at: mondayMorning + n * 5_000, interfaceId: 'tasks' }
    const isAsking = n > 200 && n % 4 === 3
    if (!isAsking) return exchanged({ ...passed, type: 'POST /tasks', keys: [key('placer', `P${n}`)] })
    return exchanged({
      ...passed,
      type: 'GET /tasks/{}',
      controlId: null,
      keys: [key('placer', 'P150')],
      outcome: 'failed',
      code: '404',
    })
  })
  expect(denied(asked)).toEqual([])
})

test('it is denied in words too, and by the number that was given when it was taken', () => {
  const course = (wish: Partial<ExchangeWish>, numberOf: (n: number) => string) =>
    Array.from({ length: 400 }, (_, n) => {
      const at = mondayMorning + n * 5_000
      const given = {
        interfaceId: 'tasks',
        type: 'POST /tasks',
        keys: [key('placer', `P${n}`)],
        answerKeys: [key('task', `T${n}`)],
      }
      if (n % 4 < 3) return exchanged({ at, ...given })
      const asked = { at, interfaceId: 'tasks', type: 'GET /tasks/{}', keys: [key('task', numberOf(n))] }
      return exchanged(n > 200 ? { ...asked, ...wish } : asked)
    })
  const signals = (items: readonly Inspected[]) => bad(told(items)).map(({ signal }) => signal)
  expect(signals(course({ outcome: 'failed', errorCodes: ['TASK_NOT_FOUND'] }, (n) => `T${n - 2}`))).toContain(
    'journeys/denied',
  )
  expect(signals(course({ outcome: 'failed', errorCodes: ['TASK_NOT_FOUND'] }, (n) => `U${n}`))).toEqual([])
  expect(signals(course({ outcome: 'failed', errorCodes: ['BUSY_NOW'] }, (n) => `T${n - 2}`))).toEqual([])
})

test('a system that has accepted something, and says when asked after it that it has none, is told; of what it never had, it may say so', () => {
  const course = (asksAfter: (n: number) => number) =>
    Array.from({ length: 400 }, (_, n) => {
      const at = mondayMorning + n * 5_000
      if (n % 4 < 3) return exchanged({ at, interfaceId: 'tasks', type: 'PushTraceBatch', keys: [key('pack', `CP${n}`)] })
      const keys = [key('pack', `CP${asksAfter(n)}`)]
      return exchanged({ at, interfaceId: 'tasks', type: 'QueryPackStatus', keys, hasNone: n > 200 })
    })
  const denying = bad(told(course((n) => n - 2)))
  expect(denying[0]).toMatchObject({ signal: 'journeys/denied', severity: 'ticket', subject: { id: 'tasks' } })
  expect((denying[0]?.at ?? 0) - mondayMorning).toBeLessThan(300 * 5_000)
  expect(bad(told(course((n) => 10_000 + n)))).toEqual([])
  // Who answers a command with nothing has done it.
  const commands = course((n) => n - 2).map((item) => ({
    ...item,
    requestFacts: item.requestFacts === null ? null : { ...item.requestFacts, type: 'PushTraceBatch' },
  }))
  expect(bad(told(commands))).toEqual([])
})

/** One instrument with its queue: each minute it takes one, and of those that are asked for a share is lost behind it. */
function queueing({
  hours,
  everyMs,
  lostShare,
}: {
  hours: number
  everyMs: (at: number) => number
  lostShare: (at: number) => number
}) {
  const random = seeded(12)
  const items: Inspected[] = []
  const to = mondayMorning + hours * hourMs
  let freeAt = mondayMorning
  let n = 0
  for (let at = mondayMorning; at < to; at += exponential(random) * 30_000) {
    n += 1
    const keys = [key('placer', `Q${n}`)]
    freeAt = Math.max(freeAt, at) + everyMs(at)
    items.push(exchanged({ at, interfaceId: 'orders', id: `q${n}`, keys }))
    if (random() < lostShare(at)) continue
    items.push(exchanged({ at: freeAt + minuteMs, interfaceId: 'analysers', type: 'ORU^R01', keys }))
  }
  for (let at = mondayMorning; at < to; at += 1000) items.push(ticked(at, { listening }))
  return told(inOrder(items.filter((item) => item.entry.at < to)))
}

test('where all become slow and a part is lost, it is told that later ones came before it; where all only become slow, nothing is', () => {
  const slower = (at: number) => 25_000 + Math.max(0, at - mondayMorning - hourMs) / 400
  const lostFrom = mondayMorning + 70 * minuteMs
  const lossy = bad(queueing({ hours: 2.5, everyMs: slower, lostShare: (at) => (at > lostFrom ? 0.3 : 0) }))
  expect(lossy[0]).toMatchObject({ signal: 'journeys/missing', severity: 'ticket', subject: { id: 'analysers' } })
  expect((lossy[0]?.at ?? 0) - lostFrom).toBeLessThan(40 * minuteMs)
  expect(bad(queueing({ hours: 2.5, everyMs: slower, lostShare: () => 0 }))).toEqual([])
})

test('a number that is cut short is that of many results: their orders are unknown, and nothing that was accepted is denied', () => {
  const cut = (at: number) => ({
    keys: [key('placer', 'P1'), key('filler', `R${at}`)],
    ...(at % 2 < 1 ? { outcome: 'failed' as const, errorCodes: ['204'] } : {}),
  })
  const orderKeys = (n: number) => [key('placer', `P${100_000 + n}`)]
  const readings = bad(
    told(laboratory({ lastsMs: 7 * hourMs, orderKeys, resultWish: (at) => (at > faultAt && at % 3 < 1.5 ? cut(at) : {}) })),
  )
  expect(readings.filter((r) => r.signal === 'journeys/denied')).toEqual([])
  expect(readings.find((r) => r.signal === 'journeys/orphan')?.facts).toMatchObject({ shape: 'A9', usualShape: 'A9{6}' })
})

test('of several things in one order each has its own result: one of them stays away, told by what it is', () => {
  const items: Inspected[] = []
  const random = seeded(6)
  const to = mondayMorning + 5 * hourMs
  const lostFrom = mondayMorning + 3 * hourMs
  let n = 0
  for (let at = mondayMorning; at < to; at += (exponential(random) * hourMs) / 120) {
    n += 1
    const parts = ['CBC', 'LIVER', 'CLOT'].map((what, i) => ({ what, placer: key('placer', `P${n}-${i}`) }))
    items.push(
      exchanged({
        at,
        interfaceId: 'orders',
        keys: [...parts.map(({ placer }) => placer), key('group', `G${n}`)],
        codes: parts.map(({ what }) => ({ path: 'OBR-4.1', value: what })),
      }),
    )
    for (const { what, placer } of parts) {
      const doneAt = at + minuteMs * (4 + exponential(random))
      if (what === 'CLOT' && at > lostFrom) continue
      items.push(exchanged({ at: doneAt, interfaceId: 'results', type: 'ORU^R01', keys: [placer] }))
    }
  }
  for (let at = mondayMorning; at < to; at += 1000) items.push(ticked(at, { listening }))
  const readings = bad(told(inOrder(items.filter((item) => item.entry.at < to))))
  expect(readings[0]).toMatchObject({ signal: 'journeys/missing', subject: { id: 'results' } })
  expect((readings[0]?.at ?? 0) - lostFrom).toBeLessThan(30 * minuteMs)
  expect((readings[0]?.at ?? 0) - lostFrom).toBeGreaterThan(0)
})

const codeOf = (n: number) => [{ path: 'OBR-4.1', value: n % 20 === 0 ? 'RARE' : `USUAL${n % 4}` }]

test('one thing in twenty that is ordered stays away wholly: told, though its share is small; now and then one of it is nothing', () => {
  const rare = (share: number) =>
    told(
      laboratory({
        lastsMs: 9 * hourMs,
        perHour: 240,
        orderCodes: codeOf,
        fateOf: (n, at, random) => (afterFault(at) && n % 20 === 0 && random() < share ? 'not-measured' : 'fulfilled'),
      }),
    )
  const [first] = bad(rare(1))
  expect(first).toMatchObject({
    signal: 'journeys/missing',
    severity: 'ticket',
    subject: { kind: 'interface', id: 'analysers' },
  })
  expect(first?.facts).toMatchObject({ share: 1, lateSince: 0 })
  expect(Number(first?.facts.ofOneKind)).toBeLessThan(8)
  expect(first?.onsetAt ?? 0).toBeGreaterThan(faultAt)
  expect(bad(rare(0.3))).toEqual([])
})

test('a queue that grows makes all late, and nothing stays away: no word', () => {
  // One instrument takes as long for one more as there are orders: its queue comes and goes by chance alone.
  const random = seeded(11)
  let freeAt = mondayMorning
  const items: Inspected[] = []
  const to = mondayMorning + 12 * hourMs
  let n = 0
  for (let at = mondayMorning; at < to; at += exponential(random) * minuteMs) {
    n += 1
    const keys = [key('placer', `Q${n}`)]
    freeAt = Math.max(freeAt, at) + exponential(random) * minuteMs * 0.98
    items.push(exchanged({ at, interfaceId: 'orders', id: `q${n}`, keys }))
    items.push(exchanged({ at: freeAt + minuteMs, interfaceId: 'analysers', type: 'ORU^R01', keys }))
  }
  for (let at = mondayMorning; at < to; at += 1000) items.push(ticked(at, { listening }))
  expect(told(inOrder(items.filter((item) => item.entry.at < to)))).toEqual([])
})

test('of two ways that begin at one step the slower one has a queue of days: all of it comes, in its order, and nothing is missing', () => {
  const checkUps = anInterface('check-ups', { from: 'lis', to: 'centre' })
  const ways: JourneyPlan = {
    ...plan,
    steps: [
      { interfaces: ['analysers'], name: named('仪器') },
      { interfaces: ['results', 'check-ups'], name: named('结果') },
    ],
  }
  const items: Inspected[] = []
  const random = seeded(3)
  const to = mondayMorning + 48 * hourMs
  let freeAt = mondayMorning
  let n = 0
  for (let at = mondayMorning; at < to; at += exponential(random) * 5 * minuteMs) {
    n += 1
    const keys = [key('placer', `W${n}`)]
    items.push(exchanged({ at, interfaceId: 'analysers', type: 'ORU^R01', keys }))
    const isCheckUp = random() < 0.4
    if (isCheckUp) freeAt = Math.max(freeAt, at) + exponential(random) * 25 * minuteMs
    const doneAt = isCheckUp ? freeAt : at + minuteMs * (2 + 10 * exponential(random))
    items.push(exchanged({ at: doneAt, interfaceId: isCheckUp ? 'check-ups' : 'results', type: 'ORU^R01', keys }))
  }
  const hearing = { ...listening, 'check-ups': 1 }
  for (let at = mondayMorning; at < to; at += 5000) items.push(ticked(at, { listening: hearing }))
  const hospital = aCatalogue(orders, analysers, results, checkUps)
  const running = journeys.start({ catalogue: hospital, journeyPlans: [ways] }, null)
  expect(bad(feed(running, inOrder(items.filter((item) => item.entry.at < to))))).toEqual([])
})

test('nothing follows on an instrument’s control material, which names no patient and no order', () => {
  const items = laboratory({
    lastsMs: 30 * hourMs,
    perHour: 120,
    orderKeys: (n) => [key('placer', `P${n}`), key('patient', `M${n}`)],
  })
  // Every six hours all seven controls of the day run, one after the other.
  const controls = Array.from({ length: 28 }, (_, n) =>
    exchanged({
      at: mondayMorning + 3 * hourMs + Math.floor(n / 7) * 6 * hourMs + (n % 7) * minuteMs,
      interfaceId: 'analysers',
      type: 'ORU^R01',
      keys: [key('filler', `QC${n}`)],
    }),
  )
  expect(told(inOrder([...items, ...controls]))).toEqual([])
})
