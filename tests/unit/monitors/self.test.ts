import { expect, test } from 'vitest'
import { self } from '../../../monitors/self.ts'
import { aCatalogue, anInterface, exchanged, feed, mondayMorning, readingsOf, ticked } from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))
const ticks = (count: number, from: number, changes: Parameters<typeof ticked>[1] = {}) =>
  Array.from({ length: count }, (_, i) => ticked(mondayMorning + (from + i) * 1000, changes))

test('a well edge says nothing, one lag neither', () => {
  expect(readingsOf(self, catalogue, [...ticks(60, 0), ...ticks(1, 60, { loopLagMsMax: 800 }), ...ticks(60, 61)])).toEqual([])
})

test('lag that goes on is told, and good again after half a minute', () => {
  const run = self.start({ catalogue }, null)
  feed(run, ticks(30, 0))
  const [bad] = feed(run, ticks(10, 30, { loopLagMsMax: 600 }))
  expect(bad).toMatchObject({ signal: 'self/edge', state: 'bad', severity: 'warn', subject: { kind: 'gateway', id: 'edge-1' } })
  expect(feed(run, ticks(60, 40)).map((r) => r.state)).toEqual(['good'])
})

test('what gets slower from second to second began when it last was quick', () => {
  const creeping = Array.from({ length: 60 }, (_, i) => ticks(1, 30 + i, { loopLagMsMax: 10 * i })).flat()
  const [bad] = readingsOf(self, catalogue, [...ticks(30, 0), ...creeping])
  expect(bad).toMatchObject({ signal: 'self/edge', onsetAt: mondayMorning + 40_000 })
})

test('shed observations are a ticket at once', () => {
  const readings = readingsOf(self, catalogue, [...ticks(5, 0), ...ticks(1, 5, { dropped: { queue: 40 } })])
  expect(readings).toEqual([
    expect.objectContaining({ severity: 'ticket', facts: expect.objectContaining({ dropped: 40, droppedWhat: 'queue' }) }),
  ])
})

test('ticks that stay away are seen by what else goes on', () => {
  const late = exchanged({ at: mondayMorning + 60_000 })
  const readings = readingsOf(self, catalogue, [...ticks(5, 0), late])
  expect(readings).toEqual([
    expect.objectContaining({ signal: 'self/edge', severity: 'ticket', onsetAt: mondayMorning + 4000 }),
  ])
})

test('a machine whose clock runs free is told; unknown is not', () => {
  expect(readingsOf(self, catalogue, ticks(3, 0, { clock: { synchronised: null, errorBoundMs: null } }))).toEqual([])
  const readings = readingsOf(self, catalogue, ticks(3, 0, { clock: { synchronised: false, errorBoundMs: null } }))
  expect(readings.map((r) => r.signal)).toEqual(['self/clock'])
})

test('a clock that was set back is told at once, and for two minutes', () => {
  const [setBack] = ticks(1, 3)
  if (setBack?.kind !== 'tick') throw new Error('a tick was made')
  const run = self.start({ catalogue }, null)
  const [told] = feed(run, [...ticks(3, 0), { ...setBack, setBackMs: 28_800_000 }, ...ticks(3, 4)])
  expect(told).toMatchObject({ signal: 'self/clock', state: 'bad', severity: 'warn', onsetAt: mondayMorning + 3_000 })
  expect(told?.facts).toMatchObject({ setBackS: 28_800 })
  expect(
    feed(run, ticks(140, 7))
      .map(({ state }) => state)
      .at(-1),
  ).toBe('good')
})
