import { expect, test } from 'vitest'
import { healthyHospital } from '../../../../bench/healthy/hospital.ts'
import { playHealthy } from '../../../../bench/healthy/play.ts'
import type { Monitor, Reading } from '../../../../gateway/model/reading.ts'
import { hourMs, weekMs } from '../../monitors/stream.ts'

const wish = { weeks: 1, perHour: { low: 5, high: 60 }, refused: { low: 0.01, high: 0.05 }, only: null }
const exchangesOf = (number: number, changes: Partial<Parameters<typeof healthyHospital>[0]> = {}) =>
  healthyHospital({ ...wish, ...changes, number }).lives.map((life) => [...life])

test('the same number gives the same week, and another one another', () => {
  expect(exchangesOf(3)).toEqual(exchangesOf(3))
  expect(exchangesOf(3).map((life) => life.length)).not.toEqual(exchangesOf(4).map((life) => life.length))
})

test('each interface has its exchanges in the order of the log, within its weeks', () => {
  const { from, to, lives } = healthyHospital({ ...wish, number: 5 })
  for (const life of lives) {
    const times = [...life].map(({ entry }) => entry.at)
    expect(times.length).toBeGreaterThan(100)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(times[0]).toBeGreaterThan(from)
    expect(times.at(-1)).toBeLessThan(to)
  }
})

test('what is sent again is the same message, by its stamp, and by its number where the wire has one', () => {
  let copies = 0
  for (let number = 0; number < 6; number += 1)
    for (const life of exchangesOf(number)) {
      const first = new Map(life.map((item) => [item.entry.exchange.id, item]))
      for (const item of life) {
        const { id, controlId, wire } = item.entry.exchange
        const of = first.get(id.replace(/^(e-.*-\d+-\d+)-\d+$/, '$1'))
        if (of === undefined || of === item) continue
        copies += 1
        expect(item.requestFacts).toEqual(of.requestFacts)
        expect(controlId).toBe(of.entry.exchange.controlId)
        expect(wire.some(({ kind }) => kind === 'duplicate')).toBe(controlId !== null)
      }
    }
  expect(copies).toBeGreaterThan(50)
})

test('a hospital has the wires that were asked for', () => {
  const { catalogue } = healthyHospital({ ...wish, number: 7, only: ['images'] })
  expect(new Set(catalogue.interfaces.map(({ protocol }) => protocol))).toEqual(new Set(['dimse']))
})

/** Calls for a ticket about the first interface in the first hour of the second week. */
const wolf: Monitor = {
  name: 'failures',
  start({ catalogue }) {
    const [iface] = catalogue.interfaces
    let firstAt: number | null = null
    return {
      assess({ kind, now }): readonly Reading[] {
        firstAt ??= now
        if (iface === undefined || kind !== 'tick' || now < firstAt + weekMs || now > firstAt + weekMs + 2 * hourMs) return []
        const about = { monitor: 'failures', signal: 'failures/rate', subject: { kind: 'interface', id: iface.id } } as const
        const state = now < firstAt + weekMs + hourMs ? 'bad' : 'good'
        return [{ ...about, at: now, onsetAt: now, state, severity: 'ticket', score: 2, facts: {}, exchangeIds: [] }]
      },
      save: () => null,
    }
  },
}

test('a monitor that cries wolf has one bad reading and one ticket, of its week; without monitors there is none', () => {
  const hospital = () => healthyHospital({ ...wish, weeks: 2, number: 8 })
  const { badReadings, tickets, exchangeCount } = playHealthy(hospital(), [wolf], 120_000)
  expect([...badReadings]).toEqual([['failures/rate', 1]])
  expect(tickets.map(({ interfaceId, week, signals }) => ({ interfaceId, week, signals }))).toEqual([
    { interfaceId: hospital().catalogue.interfaces[0]?.id, week: 1, signals: ['failures/rate'] },
  ])
  expect(exchangeCount).toBe(hospital().lives.reduce((sum, life) => sum + [...life].length, 0))
  expect(playHealthy(hospital(), [], 120_000).tickets).toEqual([])
})
