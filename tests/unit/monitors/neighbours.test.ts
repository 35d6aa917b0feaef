import { expect, test } from 'vitest'
import type { Catalogue } from '../../../gateway/model/interface.ts'
import type { Inspected, Reading } from '../../../gateway/model/reading.ts'
import { neighbours } from '../../../monitors/neighbours.ts'
import {
  aCatalogue,
  anInterface,
  exchanged,
  exponential,
  feed,
  hourMs,
  inOrder,
  minuteMs,
  mondayMorning,
  normal,
  seeded,
  ticked,
} from './stream.ts'

const catalogue: Catalogue = (() => {
  const made = aCatalogue(
    anInterface('trace', { from: 'cssd', to: 'his', name: { zh: '消毒供应追溯', en: 'Sterile supply tracing' } }),
    anInterface('register', { from: 'miniapp', to: 'his' }),
    anInterface('anaesthesia', { from: 'bis', to: 'aims' }),
    anInterface('orders', { from: 'ward', to: 'lis' }),
  )
  const depends = new Map([
    ['his', ['oracle-main']],
    ['aims', ['oracle-main']],
    ['lis', ['oracle-lis']],
  ])
  return { ...made, systems: made.systems.map((system) => ({ ...system, depends: depends.get(system.id) ?? [] })) }
})()

interface Course {
  readonly lastsMs?: number
  readonly seed?: number
  /** Which interfaces a batch slows down. */
  readonly victims: readonly string[]
  /** Slow at moments that have nothing to do with the batches. */
  readonly byItself?: boolean
  /** For so long each batch has locked already before more than a call or two of it have come. */
  readonly thinMs?: number
  readonly until?: number
}

/** A batch of forty calls over twenty seconds about every half hour; the other interfaces steadily. */
function hospital({
  lastsMs = 5 * hourMs,
  seed = 1,
  victims,
  byItself = false,
  thinMs = 0,
  until = Number.POSITIVE_INFINITY,
}: Course): readonly Inspected[] {
  const random = seeded(seed)
  const items: Inspected[] = []
  const to = mondayMorning + lastsMs
  const batches: number[] = []
  for (let at = mondayMorning + 25 * minuteMs; at < to; at += minuteMs * (20 + 20 * random())) batches.push(at)
  const spells = byItself ? batches.map(() => mondayMorning + lastsMs * random()) : batches
  for (const at of batches)
    for (let i = 0; i < 40; i += 1) items.push(exchanged({ at: at + i * 500, interfaceId: 'trace', latencyMs: 60 }))
  for (const interfaceId of ['register', 'anaesthesia', 'orders']) {
    for (let at = mondayMorning; at < to; at += 6_000 * exponential(random)) {
      const isLocked =
        at < until && victims.includes(interfaceId) && spells.some((from) => at >= from - thinMs + 3_000 && at < from + 25_000)
      items.push(exchanged({ at, interfaceId, latencyMs: 50 * Math.exp(0.4 * normal(random)) + (isLocked ? 900 : 0) }))
    }
  }
  for (let at = mondayMorning; at < to; at += 1000) items.push(ticked(at))
  return inOrder(items)
}

function told(items: readonly Inspected[]): readonly Reading[] {
  return feed(neighbours.start({ catalogue }, null), items)
}

const bad = (readings: readonly Reading[]) => readings.filter((r) => r.state === 'bad')

test('the batch that slows registration is named, with what both share, after three or four batches', () => {
  const [first] = bad(told(hospital({ victims: ['register'] })))
  expect(first).toMatchObject({
    signal: 'neighbours/batch',
    severity: 'ticket',
    subject: { kind: 'interface', id: 'register' },
  })
  expect(first?.facts).toMatchObject({
    offender: 'trace',
    offenderEn: 'Sterile supply tracing',
    resource: 'his',
    controlShare: 0,
  })
  expect(Number(first?.facts.hits)).toBeGreaterThanOrEqual(3)
  expect(Number(first?.facts.lagS)).toBeLessThan(30)
  expect((first?.at ?? 0) - mondayMorning).toBeLessThan(2.5 * hourMs)
})

test('a batch that is thin at first locks from its first row on, and is seen three quarters of a minute later', () => {
  const [first] = bad(told(hospital({ victims: ['register'], thinMs: 45_000 })))
  expect(first?.facts).toMatchObject({ offender: 'trace', resource: 'his' })
  expect(bad(told(hospital({ victims: ['register'], thinMs: 45_000, byItself: true })))).toEqual([])
})

test('a victim on another system is named by the database that both need', () => {
  const victims = new Map(
    bad(told(hospital({ victims: ['register', 'anaesthesia'] }))).map((r) => [r.subject.id, r.facts.resource]),
  )
  expect(victims).toEqual(
    new Map([
      ['register', 'his'],
      ['anaesthesia', 'oracle-main'],
    ]),
  )
})

test('batches that fill a third of the time since they began are told after the fourth; that nothing was slow before them counts', () => {
  const random = seeded(3)
  const items: Inspected[] = []
  const begunAt = mondayMorning + 30 * minuteMs
  const to = begunAt + 20 * minuteMs
  const isBatch = (at: number) => at >= begunAt && (at - begunAt) % (5 * minuteMs) < 100_000
  for (let at = mondayMorning; at < to; at += 1000)
    if (random() < (isBatch(at) ? 0.8 : 0.05)) items.push(exchanged({ at, interfaceId: 'trace', latencyMs: 60 }))
  for (const interfaceId of ['register', 'orders'])
    for (let at = mondayMorning; at < to; at += 6_000 * exponential(random)) {
      const isLocked = interfaceId === 'register' && isBatch(at) && isBatch(at - 40_000)
      // Who shares nothing has a slow moment of its own now and then.
      const isOdd = interfaceId === 'orders' && random() < 0.02
      items.push(exchanged({ at, interfaceId, latencyMs: 50 * Math.exp(0.4 * normal(random)) + (isLocked || isOdd ? 900 : 0) }))
    }
  for (let at = mondayMorning; at < to; at += 1000) items.push(ticked(at))
  const [first] = bad(told(inOrder(items)))
  expect(first).toMatchObject({ signal: 'neighbours/batch', subject: { kind: 'interface', id: 'register' } })
  expect(first?.facts).toMatchObject({ offender: 'trace' })
})

test('stretches of a few seconds between batches of minutes are everyday’s, and say nothing against them', () => {
  const random = seeded(5)
  const items: Inspected[] = []
  const begunAt = mondayMorning + 30 * minuteMs
  const to = begunAt + 24 * minuteMs
  const isBatch = (at: number) => at >= begunAt && (at - begunAt) % (6 * minuteMs) < 80_000
  // Three times between two batches, for one slot of the clock.
  const isOdd = (at: number) => at >= begunAt && [16, 22, 28].includes(Math.floor(((at - begunAt) % (6 * minuteMs)) / 10_000))
  for (let at = mondayMorning; at < to; at += 1000)
    if (random() < (isBatch(at) ? 0.8 : 0.05)) items.push(exchanged({ at, interfaceId: 'trace', latencyMs: 60 }))
  for (let at = mondayMorning; at < to; at += 3_000 * exponential(random)) {
    const isSlow = (isBatch(at) && isBatch(at - 4_000)) || isOdd(at)
    items.push(exchanged({ at, interfaceId: 'register', latencyMs: 50 * Math.exp(0.4 * normal(random)) + (isSlow ? 900 : 0) }))
  }
  for (let at = mondayMorning; at < to; at += 1000) items.push(ticked(at))
  const [first] = bad(told(inOrder(items)))
  expect(first).toMatchObject({ signal: 'neighbours/batch', subject: { kind: 'interface', id: 'register' } })
  expect(first?.facts).toMatchObject({ offender: 'trace' })
})

test('slow by itself, or slow everywhere at once, is no neighbour’s doing', () => {
  for (const seed of [1, 2, 3, 4]) expect(bad(told(hospital({ victims: ['register'], byItself: true, seed })))).toEqual([])
  expect(bad(told(hospital({ victims: ['register', 'anaesthesia', 'orders'] })))).toEqual([])
})

test('batches that do no harm are nothing, and after three harmless ones it is over', () => {
  expect(told(hospital({ victims: [], lastsMs: 12 * hourMs }))).toEqual([])
  const readings = told(hospital({ victims: ['register'], lastsMs: 7 * hourMs, until: mondayMorning + 3 * hourMs }))
  expect(bad(readings).length).toBeGreaterThan(0)
  expect(readings.at(-1)?.state).toBe('good')
})
