import { expect, test } from 'vitest'
import type { Catalogue } from '../../../gateway/model/interface.ts'
import type { Inspected } from '../../../gateway/model/reading.ts'
import { countTails } from '../../../monitors/statistics/count-tail.ts'
import { expectationsIn, volume } from '../../../monitors/volume.ts'
import {
  aCatalogue,
  anInterface,
  arrivals,
  dayMs,
  exchanged,
  feed,
  hourMs,
  inOrder,
  minuteMs,
  mondayMorning,
  readingsOf,
  seeded,
  ticked,
} from './stream.ts'

const ids = ['a', 'b', 'c', 'd', 'e', 'f']
const expectedVolume = { perHour: Array<number>(24).fill(120), weekendFactor: 0.3 }
const catalogue = aCatalogue(...ids.map((id) => anInterface(id, { expectedVolume })))
const listening = Object.fromEntries(ids.map((id) => [id, 1]))

/** Ticks every five seconds and, of each interface, so many messages an hour. */
function hours(seed: number, from: number, count: number, perHour: (id: string) => number): readonly Inspected[] {
  const random = seeded(seed)
  const to = from + count * hourMs
  const messages = ids.flatMap((id) =>
    perHour(id) === 0
      ? []
      : [...arrivals(random, from, to, perHour(id))].map((at) => exchanged({ at, interfaceId: id, latencyMs: 5 })),
  )
  const ticks = Array.from({ length: (count * hourMs) / 5_000 }, (_, i) => ticked(from + i * 5_000, { listening }))
  return inOrder([...ticks, ...messages])
}

const bad = (items: readonly Inspected[], from: Catalogue = catalogue) =>
  readingsOf(volume, from, items).filter((r) => r.state === 'bad')

test('one interface at a quarter of its messages: low after two quarters of an hour, and only a warning', () => {
  const dropAt = mondayMorning + 2 * hourMs
  const readings = readingsOf(volume, catalogue, [
    ...hours(1, mondayMorning, 2, () => 120),
    ...hours(2, dropAt, 3, (id) => (id === 'a' ? 30 : 120)),
    ...hours(3, dropAt + 3 * hourMs, 2, () => 120),
  ])
  expect(readings[0]).toMatchObject({
    signal: 'volume/low',
    state: 'bad',
    severity: 'warn',
    subject: { id: 'a' },
    onsetAt: dropAt,
  })
  expect(readings[0]?.at).toBeLessThanOrEqual(dropAt + 46 * minuteMs)
  expect(readings[0]?.facts.ratio).toBeLessThan(0.5)
  expect(readings.at(-1)).toMatchObject({ signal: 'volume/low', state: 'good' })
  expect(readings.every((r) => r.severity === 'warn')).toBe(true)
})

test('a bulk reload is high, and only a warning', () => {
  const readings = bad([
    ...hours(1, mondayMorning, 2, () => 120),
    ...hours(2, mondayMorning + 2 * hourMs, 1, (id) => (id === 'b' ? 900 : 120)),
  ])
  expect(new Set(readings.map((r) => `${r.signal} ${r.subject.id} ${r.severity}`))).toEqual(new Set(['volume/high b warn']))
})

test('a public holiday by the calendar, and one that only the hospital keeps', () => {
  // 2026-10-05 is a Monday of the National Day holiday; 2026-09-20 a Sunday that is worked.
  const holiday = Date.UTC(2026, 9, 5, 0)
  const makeUp = Date.UTC(2026, 8, 20, 0)
  expect(bad(hours(4, holiday, 6, () => 36))).toEqual([])
  expect(bad(hours(5, makeUp, 6, () => 120))).toEqual([])
  expect(bad(hours(6, mondayMorning, 6, () => 40))).toEqual([])
})

test('a Monday surge of all is the hospital’s', () => {
  expect(bad([...hours(7, mondayMorning - dayMs, 4, () => 36), ...hours(8, mondayMorning, 6, () => 260)])).toEqual([])
})

test('time that nobody watched says nothing, and neither does an interface that nobody knows yet', () => {
  const deaf = hours(9, mondayMorning, 4, (id) => (id === 'a' ? 0 : 120)).filter(({ kind }) => kind !== 'tick')
  expect(bad(deaf)).toEqual([])
  const unknown = aCatalogue(...ids.map((id) => anInterface(id)))
  expect(
    bad(
      [...hours(1, mondayMorning, 3, () => 120), ...hours(2, mondayMorning + 3 * hourMs, 3, (id) => (id === 'a' ? 5 : 120))],
      unknown,
    ),
  ).toEqual([])
})

test('what stays so for a week becomes what is usual', { timeout: 60_000 }, () => {
  const run = volume.start({ catalogue }, null)
  const sparse = (from: number, days: number) =>
    inOrder(
      [...arrivals(seeded(days), from, from + days * dayMs, 240)]
        .map((at): Inspected => exchanged({ at, interfaceId: 'a' }))
        .concat(Array.from({ length: days * 17_280 }, (_, i) => ticked(from + i * 5_000, { listening: { a: 1 } }))),
    )
  const readings = feed(run, sparse(mondayMorning, 11))
  expect(readings.at(-1)).toMatchObject({ signal: 'volume/high', state: 'good' })
})

test('healthy days at all rates: hardly a warning', { timeout: 60_000 }, () => {
  let said = 0
  for (const perHour of [2, 20, 200]) {
    const usual = { perHour: Array<number>(24).fill(perHour), weekendFactor: 1 }
    const quiet = aCatalogue(...ids.map((id) => anInterface(id, { expectedVolume: usual })))
    said += bad(
      hours(perHour, mondayMorning, 72, () => perHour),
      quiet,
    ).length
  }
  expect(said).toBe(0)
})

test('tails of a Poisson and of a wider count', () => {
  expect(countTails(0, 5, 1).low).toBeCloseTo(Math.exp(-5), 5)
  expect(countTails(10, 5, 1).high).toBeCloseTo(0.0318, 3)
  expect(countTails(10, 5, 3).high).toBeGreaterThan(0.08)
  expect(countTails(5_000, 5_000, 2).low).toBeCloseTo(0.5, 1)
  expect(countTails(3, 0, 1)).toEqual({ low: 1, high: 0 })
})

test('what it expects can be read from its memory as it was saved', () => {
  const monitor = volume.start({ catalogue, journeyPlans: [] }, null)
  for (const item of hours(1, mondayMorning, 3, () => 120)) monitor.assess(item)
  const other = anInterface('g', { expectedVolume })
  const found = expectationsIn(monitor.save(), { ...catalogue, interfaces: [...catalogue.interfaces, other] })
  expect(found.get('a')).toMatchObject({ watchedFrom: mondayMorning, isInUse: true, learnedAt: null })
  expect(found.get('a')?.perHourAt(mondayMorning + hourMs)).toBeGreaterThan(100)
  expect(found.get('a')?.perHourAt(mondayMorning + hourMs)).toBeLessThan(140)
  // A Saturday.
  expect(found.get('a')?.perHourAt(mondayMorning + 5 * dayMs)).toBeLessThan(50)
  expect(found.has('g')).toBe(false)
})

test('nothing is expected before two weeks where the catalogue says nothing', () => {
  const silent = aCatalogue(...ids.map((id) => anInterface(id, { expectedVolume: null })))
  const monitor = volume.start({ catalogue: silent, journeyPlans: [] }, null)
  for (const item of hours(1, mondayMorning, 3, () => 120)) monitor.assess(item)
  const found = expectationsIn(monitor.save(), silent).get('a')
  expect(found).toMatchObject({ isInUse: true, learnedAt: mondayMorning + 14 * dayMs })
  expect(found?.perHourAt(mondayMorning + hourMs)).toBeNull()
  expect(expectationsIn(null, silent).size).toBe(0)
})
