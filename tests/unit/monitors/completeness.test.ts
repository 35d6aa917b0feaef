import { describe, expect, test } from 'vitest'
import type { Inspected } from '../../../gateway/model/reading.ts'
import { completeness } from '../../../monitors/completeness.ts'
import { aCatalogue, anInterface, exchanged, feed, hourMs, mondayMorning, readingsOf, seeded } from './stream.ts'

const catalogue = aCatalogue(anInterface('patient360', { format: 'fhir', protocol: 'http' }))
const parts = (types: readonly string[]) => types.map((type) => ({ type, keys: [], ack: null }))
const all = ['Patient', 'Encounter', 'Observation', 'ImagingStudy']

/** An answer a second, with these kinds of parts. */
function answers(
  from: number,
  count: number,
  kinds: (i: number) => readonly string[],
  type = 'operation Patient/$everything',
): Inspected[] {
  return Array.from({ length: count }, (_, i) => {
    const types = kinds(i)
    const made = exchanged({ at: from + i * 1000, interfaceId: 'patient360', type, answerParts: parts(types) })
    // An empty Bundle has no parts at all.
    return types.length === 0 && made.answerFacts !== null ? { ...made, answerFacts: { ...made.answerFacts, parts: [] } } : made
  })
}

describe('completeness/source', () => {
  test('a source that every answer had is gone: a ticket within fifty answers, good with the next that has it', () => {
    const run = completeness.start({ catalogue }, null)
    expect(
      feed(
        run,
        answers(mondayMorning, 300, (i) => (i % 10 === 0 ? all.slice(0, 3) : all)),
      ),
    ).toEqual([])
    const goneAt = mondayMorning + hourMs
    const readings = feed(
      run,
      answers(goneAt, 60, () => ['Patient', 'Encounter', 'ImagingStudy']),
    )
    expect(readings[0]).toMatchObject({
      signal: 'completeness/source',
      severity: 'ticket',
      facts: { part: 'Observation', asked: 'operation Patient/$everything', parts: 1, shareBefore: 1, outcomes: 0 },
    })
    expect((readings[0]?.at ?? 0) - goneAt).toBeLessThan(30_000)
    expect(readings[0]?.onsetAt).toBe(mondayMorning + 299_000)
    expect(
      feed(
        run,
        answers(goneAt + hourMs, 1, () => all),
      ),
    ).toMatchObject([{ state: 'good' }])
  })

  test('a search that comes back empty, where it never did', () => {
    const readings = readingsOf(completeness, catalogue, [
      ...answers(mondayMorning, 200, () => ['Observation'], 'search Observation'),
      ...answers(mondayMorning + hourMs, 40, () => [], 'search Observation'),
    ])
    expect(readings[0]?.facts).toMatchObject({ part: 'Observation', asked: 'search Observation' })
  })

  test('twenty answers that all had it are enough to miss it in the next twenty', () => {
    const readings = readingsOf(completeness, catalogue, [
      ...answers(mondayMorning, 20, () => ['Observation'], 'search Observation'),
      ...answers(mondayMorning + hourMs, 20, () => [], 'search Observation'),
      ...answers(mondayMorning + 2 * hourMs, 20, () => ['Observation'], 'search Observation'),
      ...answers(mondayMorning + 3 * hourMs, 20, () => [], 'search Observation'),
    ])
    expect(readings[0]?.facts).toMatchObject({ part: 'Observation', answersSince: 10, withSince: 0 })
    expect(readings.map(({ state }) => state)).toEqual(['bad', 'good', 'bad'])
  })

  test('what some answers have and others haven’t is no source that is missing', () => {
    const random = seeded(4)
    const day = answers(mondayMorning, 2000, (i) => (random() < (i < 1000 ? 0.5 : 0.4) ? all : all.slice(0, 3)))
    expect(readingsOf(completeness, catalogue, day)).toEqual([])
  })

  test('a source that a third of the answers had, and one in thirty has now', () => {
    const random = seeded(4)
    const day = answers(mondayMorning, 1000, (i) => (random() < (i < 600 ? 0.35 : 0.03) ? all : all.slice(0, 3)))
    const [first] = readingsOf(completeness, catalogue, day)
    expect(first?.facts).toMatchObject({ part: 'ImagingStudy', many: 1, parts: 1 })
    expect(first?.at ?? 0).toBeGreaterThan(mondayMorning + 600_000)
    expect(first?.at ?? 0).toBeLessThan(mondayMorning + 700_000)
  })

  test('half of the answers lack what nine in ten had, and have it again later', () => {
    const random = seeded(5)
    const share = (i: number) => (i >= 300 && i < 500 ? 0.4 : 0.9)
    const readings = readingsOf(
      completeness,
      catalogue,
      answers(mondayMorning, 700, (i) => (random() < share(i) ? all : all.slice(0, 3))),
    )
    expect(readings[0]?.facts).toMatchObject({ part: 'ImagingStudy', many: 1 })
    expect((readings[0]?.at ?? 0) - mondayMorning).toBeLessThan(340_000)
    const last = readings.at(-1)
    expect(last?.state).toBe('good')
    expect(last?.at ?? 0).toBeGreaterThan(mondayMorning + 500_000)
  })

  test('what three in five of the first answers had by luck, and one in four of hundreds since, isn’t missing when ten in a row lack it', () => {
    const isThere = (i: number) => (i < 24 ? i % 5 < 3 : i % 4 === 0 && (i < 324 || i > 334))
    const kinds = (i: number) => (isThere(i) ? ['Observation', 'Encounter'] : ['Observation'])
    expect(readingsOf(completeness, catalogue, answers(mondayMorning, 400, kinds))).toEqual([])
  })

  test('two questions of which each lacks the same source a few times', () => {
    const both = (from: number, count: number, kinds: readonly string[], alone: readonly string[]) => [
      ...answers(from, count, () => kinds),
      ...answers(from + 500, count, () => alone, 'search ImagingStudy'),
    ]
    const well = both(mondayMorning, 40, all, ['ImagingStudy'])
    const readings = readingsOf(completeness, catalogue, [
      ...well.toSorted((a, b) => a.now - b.now),
      ...both(mondayMorning + hourMs, 6, all.slice(0, 3), []).toSorted((a, b) => a.now - b.now),
    ])
    expect(readings[0]?.facts).toMatchObject({ part: 'ImagingStudy', parts: 1, withSince: 0 })
    expect(readingsOf(completeness, catalogue, both(mondayMorning, 46, all, ['ImagingStudy']))).toEqual([])
  })

  test('of what answers hold several of only the first is left', () => {
    const whole = ['Patient', 'Observation', 'Observation', 'Observation', 'Observation', 'ImagingStudy']
    const readings = readingsOf(
      completeness,
      catalogue,
      answers(mondayMorning, 100, (i) => (i < 60 ? whole.slice(0, 4 + (i % 3)) : ['Patient', 'Observation', 'ImagingStudy'])),
    )
    expect(readings[0]?.facts).toMatchObject({ part: 'Observation', many: 2, parts: 1, shareBefore: 1, withSince: 0 })
  })

  test('answers that say themselves that they are not whole', () => {
    const readings = readingsOf(completeness, catalogue, [
      ...answers(mondayMorning, 200, () => all),
      ...answers(mondayMorning + hourMs, 30, (i) => (i % 2 === 0 ? [...all.slice(0, 3), 'OperationOutcome'] : all)),
    ])
    expect(readings[0]).toMatchObject({ severity: 'ticket' })
    expect(readings[0]?.facts.outcomes).toBeGreaterThanOrEqual(3)
  })

  test('answers that count more than they bring', () => {
    const cut = Array.from({ length: 30 }, (_, i) =>
      exchanged({
        at: mondayMorning + hourMs + i * 1000,
        interfaceId: 'patient360',
        type: 'operation Patient/$everything',
        answerParts: parts(all),
        countsMore: i % 2 === 0,
      }),
    )
    const readings = readingsOf(completeness, catalogue, [...answers(mondayMorning, 40, () => all), ...cut])
    expect(readings[0]).toMatchObject({ severity: 'ticket', facts: { part: null } })
    expect(readings[0]?.facts.outcomes).toBeGreaterThanOrEqual(3)
  })

  test('what is refused isn’t looked at', () => {
    const failed = answers(mondayMorning + hourMs, 60, () => ['OperationOutcome']).map((item) =>
      item.kind === 'exchange'
        ? { ...item, entry: { ...item.entry, exchange: { ...item.entry.exchange, outcome: 'failed' as const } } }
        : item,
    )
    expect(readingsOf(completeness, catalogue, [...answers(mondayMorning, 200, () => all), ...failed])).toEqual([])
  })

  test('a source that came late, as a release brings, isn’t missed when it goes soon', () => {
    const brief = [...answers(mondayMorning, 200, () => all.slice(0, 2)), ...answers(mondayMorning + hourMs, 100, () => all)]
    expect(
      readingsOf(completeness, catalogue, [...brief, ...answers(mondayMorning + 2 * hourMs, 100, () => all.slice(0, 2))]),
    ).toEqual([])
  })
})
