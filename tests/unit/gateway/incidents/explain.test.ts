import { expect, test } from 'vitest'
import {
  absent,
  type Cause,
  heard,
  type Line,
  present,
  type Sign,
  say,
  shareSign,
  unknown,
} from '../../../../gateway/incidents/cause.ts'
import { enrichment } from '../../../../gateway/incidents/correlate.ts'
import { EvidenceBook } from '../../../../gateway/incidents/evidence/evidence.ts'
import { explain, weightOf } from '../../../../gateway/incidents/explain.ts'
import { createTopology } from '../../../../gateway/incidents/topology.ts'
import { hospital } from './scene.ts'

function line(group: string, sign: Sign, forIt: number, against: number): Line {
  return { key: group, group, sign, present: forIt, absent: against, text: say('', '') }
}

test.each([
  ['unknown weighs nothing, for or against', [line('a', unknown, 4.6, -4.6)], 0],
  ['absent speaks against', [line('a', absent, 4.6, -3)], -3],
  ['strength scales what is present', [line('a', present(0.5), 2, -3)], 1],
  ['one group counts its heaviest in full and the rest by 0.3', [line('a', present(), 3, 0), line('a', present(), 1, 0)], 3.3],
  ['a group is capped at a likelihood ratio of 100', [line('a', present(), 4.6, 0), line('a', present(), 4.6, 0)], 4.6],
  ['groups add up', [line('a', present(), 3, 0), line('b', present(), 2, 0), line('c', absent, 1, -1)], 4],
])('%s', (_, lines, weight) => {
  expect(weightOf(lines)).toBeCloseTo(weight)
})

test('a share is unknown without observations, absent at none, and grows to full strength', () => {
  expect(shareSign(0, 0)).toEqual(unknown)
  expect(shareSign(3, 4, { least: 5 })).toEqual(unknown)
  expect(shareSign(0, 10)).toEqual(absent)
  expect(shareSign(1, 100, { none: 0.02 })).toEqual(absent)
  expect(shareSign(5, 10)).toEqual(present(1))
  expect(shareSign(1, 10, { full: 0.5 })).toEqual(present(0.3 + 0.7 * 0.2))
})

test('a monitor that says nothing proves nothing', () => {
  expect(heard(null)).toEqual(unknown)
})

test('hypergeometric tail: three of three tagged among ten is 1 in 120', () => {
  expect(enrichment({ total: 10, tagged: 3, drawn: 3, hits: 3 })).toBeCloseTo(1 / 120)
  expect(enrichment({ total: 10, tagged: 10, drawn: 3, hits: 3 })).toBeCloseTo(1)
  expect(enrichment({ total: 27, tagged: 5, drawn: 4, hits: 0 })).toBeCloseTo(1)
})

test('what stands beside the lead has no rivals and may be the surer; it leads nothing', () => {
  const nothing = say('', '')
  const cause = (id: string, lines: readonly Line[], explains: readonly string[] = []): Cause => ({
    ...{ id, prior: -2, severity: 'P3', kinds: ['slow'], explains, title: () => nothing },
    weigh: () => ({ isOpen: true, locus: null, lines }),
    advise: () => ({ owner: nothing, handOver: nothing, checks: [nothing, nothing, nothing], workaround: null }),
  })
  const evidence = new EvidenceBook(createTopology(hospital())).gather({
    ...{ now: 0, onsetAt: 0, interfaceIds: [], systemIds: [], locus: null, readings: [], kinds: ['slow'], windows: [] },
  })
  const lead = cause('lead', [line('a', present(), 4.6, 0), line('b', present(), 2.5, 0)])
  const rival = cause('rival', [line('a', present(), 4.6, 0), line('b', present(), 2.4, 0), line('c', present(), -0.5, 0)])
  const beside = cause('beside', [line('x', present(), 4.6, 0), line('y', present(), 2, 0)])
  const ranked = explain([lead, rival, beside], evidence)
  expect(ranked.map((c) => c.id)).toEqual(['lead', 'beside', 'rival'])
  expect(ranked[1]?.confidence).toBeGreaterThan(ranked[0]?.confidence ?? 1)
})
