import { expect, test } from 'vitest'
import { monitors } from '../../monitors/index.ts'
import { feed } from '../unit/monitors/stream.ts'
import { crowdedStream, lawOptions, monitorLaw, queuedStream, troubledStream, troubledWeeks } from './monitor.ts'

/** What takes weeks, a crowd, or a queue. */
const streams = new Map([
  ['trend', troubledWeeks],
  ['volume', troubledWeeks],
  ['in-flight', crowdedStream],
  ['waiting', queuedStream],
])

for (const monitor of monitors) monitorLaw(monitor, streams.get(monitor.name) ?? troubledStream)

test('names are unique', () => {
  expect(new Set(monitors.map((monitor) => monitor.name)).size).toBe(monitors.length)
})

test('the troubled stream makes every signal but our own clock’s and the slowest speak', { timeout: 120_000 }, () => {
  const signals = new Set<string>()
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) {
    const items = troubledStream(seed, 3000)
    for (const monitor of monitors) {
      const run = monitor.start(lawOptions, null)
      for (const reading of feed(run, items)) signals.add(reading.signal)
    }
  }
  for (const signal of [
    'failures/rate',
    'failures/refused',
    'failures/unheard',
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
    'dictionary/unknown',
    'versions/changed',
    'completeness/source',
    'journeys/callback',
    'journeys/denied',
    'reconciliation/differs',
    'stamps/element',
    'connections/breaks',
    'connections/stuck',
    'connections/idle',
    'links/loss',
    'calling/slow',
    'stalls/both-ways',
    'types/slow',
    'throughput/fall',
    'neighbours/batch',
  ]) {
    expect(signals).toContain(signal)
  }
})
