import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../gateway/analysis/engine.ts'
import type { Declaration } from '../../gateway/model/change.ts'
import type { LoggedEntry } from '../../gateway/model/entry.ts'
import type { Alert, Finding, Incident } from '../../gateway/model/incident.ts'
import type { Json } from '../../gateway/model/json.ts'
import type { ClockState, Reading } from '../../gateway/model/reading.ts'

/** What the law is about: an engine that can be started from what it saved, and a recorded stream to run it over. */
export interface Replayable {
  start(saved: Json | null): Engine
  readonly entries: readonly LoggedEntry[]
  /** What people declared, and before which entry it was taken; in order. */
  readonly declared: readonly { readonly before: number; readonly declaration: Declaration }[]
}

/** Everything that a run made known, as it stands at the end. */
export interface Told {
  readonly alerts: ReadonlyMap<string, Alert>
  readonly incidents: ReadonlyMap<string, Incident>
  readonly clocks: ReadonlyMap<string, ClockState>
  readonly findings: readonly Finding[]
  readonly readings: readonly Reading[]
  /** Each exchange with what was found in it. */
  readonly exchanges: readonly string[]
  /** The whole state at the end, as it would be saved. */
  readonly state: unknown
}

/**
 * Analysis is a function of the log and of what was declared between which entries: stopped at any entry, saved as text, started again, it tells the same alerts, incidents, findings and
 * clocks and ends in the same state; and how entries are cut into batches changes nothing.
 */
export function replayLaw(name: string, make: () => Promise<Replayable>): void {
  describe(`replay law: ${name}`, { timeout: 240_000 }, () => {
    let subject: Replayable
    let whole: Told
    beforeAll(async () => {
      subject = await make()
      whole = run(subject, { cuts: [], batchEntries: 400 })
    }, 240_000)

    test('the stream is worth replaying: several incidents open, some of them resolve', () => {
      const incidents = [...whole.incidents.values()]
      expect(incidents.filter((i) => i.ticketed).length).toBeGreaterThanOrEqual(3)
      expect(incidents.some((i) => i.state === 'resolved')).toBe(true)
      expect(whole.alerts.size).toBeGreaterThan(incidents.length)
      expect(whole.exchanges.length).toBeGreaterThan(1_000)
      expect(incidents.filter((i) => i.withheldBy !== undefined).length).toBeGreaterThanOrEqual(2)
    })

    test('stopped and started again anywhere, from what it saved, it tells the same', () => {
      const place = fc.double({ min: 0, max: 1, noNaN: true })
      fc.assert(
        fc.property(
          fc.array(place, { minLength: 1, maxLength: 40 }),
          fc.integer({ min: 1, max: 900 }),
          (places, batchEntries) => {
            const cuts = places.map((p) => Math.floor(p * subject.entries.length))
            expectSame(run(subject, { cuts, batchEntries }), whole)
          },
        ),
        // Shrinking would take an hour: the seed and the cuts say enough.
        { numRuns: 6, seed: 20_261_123, endOnFailure: true },
      )
    })

    test.each([1, 7, 1_000_000])('in batches of %i entries it tells the same', (batchEntries) => {
      expectSame(run(subject, { cuts: [], batchEntries }), whole)
    })

    test('the same stream again tells the same, in the same order', () => {
      const again = run(subject, { cuts: [], batchEntries: 400 })
      expect(JSON.stringify([...again.incidents.values(), again.state])).toBe(
        JSON.stringify([...whole.incidents.values(), whole.state]),
      )
    })
  })
}

/** Runs the stream; at each cut the engine is thrown away, and another starts from the text of what it saved. */
function run(
  { start, entries, declared }: Replayable,
  plan: { readonly cuts: readonly number[]; readonly batchEntries: number },
): Told {
  const ends = new Set([...plan.cuts, ...declared.map(({ before }) => before), entries.length])
  for (let at = plan.batchEntries; at < entries.length; at += plan.batchEntries) ends.add(at)
  const cuts = new Set(plan.cuts)
  const alerts = new Map<string, Alert>()
  const incidents = new Map<string, Incident>()
  const clocks = new Map<string, ClockState>()
  const readings: Reading[] = []
  const exchanges: string[] = []
  let engine = start(null)
  let from = 0
  for (const end of [...ends].sort((a, b) => a - b)) {
    const changes = engine.take(entries.slice(from, end))
    for (const alert of changes.alerts) alerts.set(alert.id, alert)
    for (const incident of changes.incidents) incidents.set(incident.id, incident)
    for (const clock of changes.clocks) clocks.set(clock.systemId, clock)
    readings.push(...changes.readings)
    for (const { exchange, requestFacts, answerFacts, violations } of changes.exchanges)
      exchanges.push(JSON.stringify([exchange.id, requestFacts, answerFacts, violations]))
    if (cuts.has(end)) engine = start(JSON.parse(JSON.stringify(engine.save())))
    engine.declare(declared.filter(({ before }) => before === end).map(({ declaration }) => declaration))
    from = end
  }
  const state: unknown = JSON.parse(JSON.stringify(engine.save()))
  return { alerts, incidents, clocks, findings: engine.findings(), readings, exchanges, state }
}

/** Part by part, so that a breach names what differs. */
function expectSame(told: Told, whole: Told): void {
  expect(told.readings).toEqual(whole.readings)
  expect(sorted(told.alerts)).toEqual(sorted(whole.alerts))
  expect(sorted(told.incidents)).toEqual(sorted(whole.incidents))
  expect(sorted(told.clocks)).toEqual(sorted(whole.clocks))
  expect(told.findings).toEqual(whole.findings)
  expect(told.exchanges).toEqual(whole.exchanges)
  expect(told.state).toEqual(whole.state)
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}
