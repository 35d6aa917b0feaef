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

/** Studies of a CT, slices of half a megabyte, and of an X-ray, two or three images of fourteen; each image takes its size and 80 ms. */
function studies(random: () => number, count: number, slower = 1, from = mondayMorning): readonly Inspected[] {
  const items: Inspected[] = []
  for (let study = 0, at = from; study < count; study += 1, at += 300_000) {
    const isCt = random() < 0.6
    const images = isCt ? 100 : 2 + Math.floor(2 * random())
    for (let i = 0; i < images; i += 1) {
      const requestBytes = Math.round((isCt ? 530_000 : 14_000_000) * Math.exp(0.05 * normal(random)))
      const latencyMs = (80 + requestBytes / 40_000) * Math.exp(0.2 * normal(random)) * slower
      items.push(exchanged({ at, type: 'C-STORE', code: '0000', requestBytes, latencyMs, thinkMs: latencyMs * 0.9 }))
      at += latencyMs + 1
    }
  }
  return items
}

test('slices of a CT among images of an X-ray, whose megabytes take four times as long every day, are nothing', () => {
  for (let seed = 0; seed < 10; seed += 1) expect(told(studies(seeded(seed), 200))).toEqual([])
})

test('and where both are slow the first study shows it', () => {
  const random = seeded(3)
  const usual = studies(random, 60)
  const slow = studies(random, 20, 5, (usual.at(-1)?.entry.at ?? 0) + 300_000)
  const run = throughput.start({ catalogue }, null)
  expect(feed(run, usual)).toEqual([])
  const ticket = feed(run, slow).find((r) => r.severity === 'ticket')
  expect((ticket?.at ?? Number.POSITIVE_INFINITY) - (slow[0]?.entry.at ?? 0)).toBeLessThan(600_000)
  expect(Number(ticket?.facts.ratio)).toBeGreaterThan(3)
  expect(Number(ticket?.facts.ratio)).toBeLessThan(6)
})
