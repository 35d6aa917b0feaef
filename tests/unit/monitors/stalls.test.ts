import { expect, test } from 'vitest'
import type { Inspected, Reading } from '../../../gateway/model/reading.ts'
import { stalls } from '../../../monitors/stalls.ts'
import { aCatalogue, anInterface, arrivals, exchanged, healthyWeeks, mondayMorning, readingsOf, seeded } from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))
const faultAt = mondayMorning + 300_000

/** A call a second, of which sending and receiving take so long. */
function calls(from: number, count: number, like: (i: number) => { sendMs?: number; receiveMs?: number }): Inspected[] {
  return Array.from({ length: count }, (_, i) => {
    const { sendMs = 1, receiveMs = 1 } = like(i)
    return exchanged({ at: from + i * 1000, sendMs, thinkMs: 20, latencyMs: 20 + receiveMs })
  })
}

const healthy = calls(mondayMorning, 300, () => ({}))

test('one in seven stands still on its way there, and one in seven on its way back: the way loses what is sent', () => {
  const random = seeded(3)
  const lossy = calls(faultAt, 120, () => ({
    sendMs: random() < 0.15 ? 450 : 3,
    receiveMs: random() < 0.15 ? 450 : 3,
  }))
  const well = calls(faultAt + 120_000, 200, () => ({}))
  const readings = readingsOf(stalls, catalogue, [...healthy, ...lossy, ...well])
  expect(readings[0]).toMatchObject({ signal: 'stalls/both-ways', state: 'bad', severity: 'ticket' })
  expect((readings[0]?.at ?? 0) - faultAt).toBeLessThan(60_000)
  expect(Math.abs((readings[0]?.onsetAt ?? 0) - faultAt)).toBeLessThan(20_000)
  expect(readings.at(-1)?.state).toBe('good')
})

test('of little traffic, hardly more than is needed to know what is usual, five stalls both ways tell', () => {
  const few = calls(mondayMorning, 64, () => ({}))
  const slow = new Map([
    [4, 'send'],
    [10, 'send'],
    [14, 'send'],
    [22, 'receive'],
    [33, 'receive'],
  ])
  const lossy = calls(mondayMorning + 64_000, 40, (i) =>
    slow.get(i) === 'send' ? { sendMs: 450 } : slow.get(i) === 'receive' ? { receiveMs: 450 } : {},
  )
  expect(readingsOf(stalls, catalogue, [...few, ...lossy])[0]).toMatchObject({ signal: 'stalls/both-ways', state: 'bad' })
})

test('one side that sends in pieces, and two that always have, say nothing of the way', () => {
  const pieces = calls(faultAt, 300, (i) => ({ sendMs: i % 2 === 0 ? 700 : 1 }))
  expect(readingsOf(stalls, catalogue, [...healthy, ...pieces])).toEqual([])
  const always = calls(mondayMorning, 900, (i) => ({ sendMs: i % 9 === 0 ? 700 : 1, receiveMs: i % 7 === 0 ? 700 : 1 }))
  expect(readingsOf(stalls, catalogue, always)).toEqual([])
})

test('answers of one segment never stand still, but handshakes do', () => {
  const like = (i: number) => ({ at: faultAt + i * 1000, thinkMs: 20, latencyMs: 21 })
  const lossy = Array.from({ length: 120 }, (_, i) =>
    exchanged({ ...like(i), sendMs: i % 7 === 0 ? 450 : 3, connectMs: i % 6 === 0 ? 800 : 6 }),
  )
  expect(readingsOf(stalls, catalogue, [...healthy, ...lossy])[0]).toMatchObject({ state: 'bad', severity: 'ticket' })
  const pieces = Array.from({ length: 120 }, (_, i) => exchanged({ ...like(i), sendMs: i % 2 === 0 ? 450 : 3, connectMs: 6 }))
  expect(readingsOf(stalls, catalogue, [...healthy, ...pieces])).toEqual([])
})

test('where one way alone loses what is sent, handshakes and answers stand still, and requests do not', () => {
  const back = Array.from({ length: 120 }, (_, i) =>
    exchanged({ at: faultAt + i * 1000, thinkMs: 20, latencyMs: i % 7 === 0 ? 470 : 21, connectMs: i % 6 === 0 ? 800 : 6 }),
  )
  expect(readingsOf(stalls, catalogue, [...healthy, ...back])[0]).toMatchObject({ state: 'bad', severity: 'ticket' })
})

test('healthy interfaces, 2 to 5000 messages an hour, one in two hundred of which stands still: nothing in sixty interface-weeks', () => {
  const said: Reading[] = []
  for (const { perHour, seed, to } of healthyWeeks()) {
    const random = seeded(seed)
    const run = stalls.start({ catalogue }, null)
    const stallMs = () => (random() < 0.0025 ? 900 : 1)
    for (const at of arrivals(random, mondayMorning, to, perHour))
      said.push(...run.assess(exchanged({ at, sendMs: stallMs(), thinkMs: 20, latencyMs: 20 + stallMs() })))
  }
  expect(said).toEqual([])
})
