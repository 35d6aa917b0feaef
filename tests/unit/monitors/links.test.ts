import { expect, test } from 'vitest'
import type { Inspected, Reading } from '../../../gateway/model/reading.ts'
import { links } from '../../../monitors/links.ts'
import { aCatalogue, anInterface, feed, mondayMorning, seeded } from './stream.ts'

const catalogue = aCatalogue(anInterface('eda'))

function look(i: number, segments: number, resent: number, network = '10.1.60.0/24'): Inspected {
  const at = mondayMorning + i * 10_000
  const facts = { segments, resent, rttMs: resent > 0 ? 40 : 2, network, networkSegments: segments / 2, networkResent: resent }
  const subject = { kind: 'interface', id: 'eda' } as const
  const measurement = { name: 'link', by: 'capture', subject, at, verdict: null, code: null, tookMs: null, facts }
  return { kind: 'measurement', now: at, entry: { kind: 'measurement', at, measurement } }
}

function told(items: readonly Inspected[]): readonly Reading[] {
  return feed(links.start({ catalogue }, null), items)
}

test('one segment in twenty sent again is told, with the network that loses it and since when', () => {
  const items = Array.from({ length: 60 }, (_, i) => look(i, 100, i < 30 ? 0 : 5))
  const readings = told(items)
  const ticket = readings.find((r) => r.severity === 'ticket')
  expect(ticket).toMatchObject({ signal: 'links/loss', onsetAt: mondayMorning + 300_000, state: 'bad' })
  expect(ticket?.facts).toMatchObject({ network: '10.1.60.0/24', usualRttMs: 2 })
  expect((ticket?.at ?? 0) - mondayMorning).toBeLessThanOrEqual(600_000)
})

test('a little-used link that sends one in ten again is told too', () => {
  const readings = told(Array.from({ length: 60 }, (_, i) => look(i, 5, i < 30 || i % 2 === 0 ? 0 : 1)))
  expect(readings[0]).toMatchObject({ signal: 'links/loss', state: 'bad' })
})

test('two in a hundred are a warning, and good again when they are gone', () => {
  const readings = told(Array.from({ length: 120 }, (_, i) => look(i, 100, i >= 30 && i < 70 ? 2 : 0)))
  expect(readings.map((r) => `${r.state} ${r.severity}`)).toContain('bad warn')
  expect(readings.filter((r) => r.severity === 'ticket')).toEqual([])
  expect(readings.at(-1)?.state).toBe('good')
})

test('one burst, and what a sound network loses, are nothing', () => {
  const random = seeded(2)
  const sound = Array.from({ length: 3000 }, (_, i) => look(i, 100, random() < 0.05 ? 1 : 0))
  expect(told(sound)).toEqual([])
  expect(told(Array.from({ length: 60 }, (_, i) => look(i, 100, i === 30 ? 40 : 0)))).toEqual([])
})
