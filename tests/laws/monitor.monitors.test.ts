import { expect, test } from 'vitest'
import { monitors } from '../../monitors/index.ts'
import { feed } from '../unit/monitors/stream.ts'
import { lawOptions, monitorLaw, troubledStream, troubledWeeks } from './monitor.ts'

/** Their questions take weeks. */
const slow: ReadonlySet<string> = new Set(['trend', 'volume'])

for (const monitor of monitors) monitorLaw(monitor, slow.has(monitor.name) ? troubledWeeks : troubledStream)

test('names are unique', () => {
  expect(new Set(monitors.map((monitor) => monitor.name)).size).toBe(monitors.length)
})

test('the troubled stream makes every signal but our own clock’s and the slowest speak', { timeout: 120_000 }, () => {
  const signals = new Set<string>()
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) {
    for (const monitor of monitors) {
      const run = monitor.start(lawOptions, null)
      for (const reading of feed(run, troubledStream(seed, 3000))) signals.add(reading.signal)
    }
  }
  for (const signal of [
    'failures/rate',
    'failures/refused',
    'latency/shift',
    'latency/objective',
    'contract/required',
    'contract/length',
    'contract/charset',
    'clock/zone',
    'answers/mismatch',
    'answers/late',
    'answers/orphan',
    'retries/duplicate',
    'retries/id-reuse',
    'framing/odd',
    'silence/gap',
    'self/edge',
    'dictionary/novel',
    'dictionary/refused',
    'versions/changed',
    'completeness/source',
    'journeys/callback',
    'journeys/denied',
    'connections/breaks',
    'connections/idle',
    'links/loss',
  ]) {
    expect(signals).toContain(signal)
  }
})
