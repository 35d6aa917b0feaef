import { expect, test } from 'vitest'
import type { Inspected, Reading } from '../../../gateway/model/reading.ts'
import { throughput } from '../../../monitors/throughput.ts'
import { aCatalogue, anInterface, exchanged, feed, mondayMorning, normal, seeded } from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))
const faultAt = mondayMorning + 1_200_000

/** Objects of half a megabyte to two, at 20 MB/s, and an echo now and then. `slower` and `echoSlower` from twenty minutes on. */
function archive(slower: (i: number) => number, echoSlower = 1, seconds = 2400): readonly Inspected[] {
  const random = seeded(4)
  const items: Inspected[] = []
  for (let i = 0; i < seconds; i += 1) {
    const at = mondayMorning + i * 1000
    const isFault = at >= faultAt
    const requestBytes = 500_000 * (1 + 3 * random())
    const latencyMs = (requestBytes / 20_000) * Math.exp(0.25 * normal(random)) * (isFault ? slower(i) : 1)
    items.push(exchanged({ at, type: 'C-STORE', code: '0000', requestBytes, latencyMs, thinkMs: latencyMs * 0.9 }))
    const echoMs = 4 * Math.exp(0.2 * normal(random)) * (isFault ? echoSlower : 1)
    if (i % 10 === 0)
      items.push(exchanged({ at: at + 500, type: 'C-ECHO', code: '0000', requestBytes: 200, latencyMs: echoMs }))
  }
  return items
}

function told(items: readonly Inspected[]): readonly Reading[] {
  return feed(throughput.start({ catalogue }, null), items)
}

test('an archive that writes at a sixth of its speed, while echoes are fast', () => {
  const ticket = told(archive(() => 6)).find((r) => r.severity === 'ticket')
  expect(ticket).toMatchObject({ signal: 'throughput/fall', state: 'bad' })
  expect((ticket?.at ?? 0) - faultAt).toBeLessThan(30_000)
  expect(Number(ticket?.facts.usualMbPerS)).toBeGreaterThan(15)
  expect(Number(ticket?.facts.mbPerS)).toBeLessThan(6)
  expect(Number(ticket?.facts.thinkShare)).toBeGreaterThan(0.7)
  expect(Number(ticket?.facts.smallMs)).toBeLessThan(1.5 * Number(ticket?.facts.usualSmallMs))
})

test('bursts are told from a plateau', () => {
  const readings = told(archive((i) => (i % 6 < 2 ? 40 : 1.5)))
  expect(Number(readings.findLast((r) => r.state === 'bad')?.facts.burstRatio)).toBeGreaterThan(5)
  expect(Number(told(archive(() => 6)).findLast((r) => r.state === 'bad')?.facts.burstRatio)).toBeLessThan(2.5)
})

test('larger objects at the same speed, and days on end as ever, are nothing', () => {
  expect(told(archive(() => 1, 1, 20_000))).toEqual([])
})

test('slow echoes are told as well', () => {
  const ticket = told(archive(() => 6, 8)).findLast((r) => r.severity === 'ticket')
  expect(Number(ticket?.facts.smallMs)).toBeGreaterThan(3 * Number(ticket?.facts.usualSmallMs))
})
