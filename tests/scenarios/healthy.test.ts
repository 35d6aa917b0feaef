import { expect, test } from 'vitest'
import { mondayAtTen } from '../support/simulated.ts'
import { play, ticketLine } from './scenario.ts'

test('a healthy hour of all ten interfaces gives no ticket, no incident and no finding, and every clock is in step', {
  timeout: 240_000,
}, async () => {
  const played = await play({ seed: 11, startAt: mondayAtTen, lastsMs: 3_600_000, volume: 'hospital' })
  expect(played.exchangeCount).toBeGreaterThan(8_000)
  expect(played.tickets.map((t) => ticketLine(t, mondayAtTen))).toEqual([])
  expect(played.incidents.map((i) => i.title.en)).toEqual([])
  expect(played.findings).toEqual([])
  expect(played.clocks.map((c) => `${c.systemId} ${c.verdict}`).filter((c) => !c.endsWith(' in-step'))).toEqual([])
  expect(played.clocks).toHaveLength(12)
})

test('twenty healthy minutes with the ten HTTP interfaces give no ticket and no incident, and every message keeps its contract', {
  timeout: 240_000,
}, async () => {
  const played = await play({ seed: 12, startAt: mondayAtTen, lastsMs: 1_200_000, http: true })
  expect(played.exchangeCount).toBeGreaterThan(15_000)
  expect(played.breaches).toEqual([])
  expect(played.tickets.map((t) => ticketLine(t, mondayAtTen))).toEqual([])
  expect(played.incidents.map((i) => i.title.en)).toEqual([])
  // The overview asks for patients whom one of its sources doesn't know: worth a line, and no more.
  expect(played.findings.map((f) => `${f.interfaceId} ${f.cause} ${f.text.en}`)).toEqual([
    'patient360-fhir app-nak EMR refuses: 404 (not-found)',
  ])
})
