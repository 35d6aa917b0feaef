import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { plansOf } from '../../fixtures/hospital/plans.ts'
import { type Fate, simulate } from '../../fixtures/hospital/wire.ts'
import { type EngineParts, startEngine } from '../../gateway/analysis/engine.ts'
import { engineParts, known } from '../../gateway/app.ts'
import { loadConfig } from '../../gateway/config/config.ts'
import type { Incident } from '../../gateway/model/incident.ts'
import type { Catalogue } from '../../gateway/model/interface.ts'
import { createOfflineEdge } from '../../gateway/offline.ts'

/**
 * The simulated hospital's ten interfaces on event time, through the whole chain: ten quiet minutes, then a fault. What comes
 * out is what a duty engineer would see.
 */
const configFile = fileURLToPath(new URL('../../deploy/demo/auscult.yaml', import.meta.url))
const plans = plansOf(readFileSync(configFile, 'utf8'), configFile)
/** Monday, nine in the morning in Shanghai. */
const startAt = Date.UTC(2026, 10, 23, 1, 0, 0)
const minuteMs = 60_000
const faultAt = startAt + 10 * minuteMs

let catalogue: Catalogue
let parts: EngineParts

beforeAll(async () => {
  const { config } = await loadConfig(configFile, await known())
  if (config === null) throw new Error('the demo configuration is broken')
  catalogue = config.catalogue
  parts = await engineParts(catalogue, fileURLToPath(new URL('../../deploy/demo', import.meta.url)))
})

/** The incidents that were ticketed, as they stand at the end. */
function ticketed(fate: (from: string, to: string, interfaceId: string) => Fate, minutes: number): readonly Incident[] {
  const healthy: Fate = { kind: 'answered' }
  const ends = new Map(catalogue.interfaces.map((i) => [i.id, i]))
  const events = [
    ...simulate({
      seed: 11,
      startAt,
      lastsMs: minutes * minuteMs,
      plans,
      fate: (id, at) => (at < faultAt ? healthy : fate(ends.get(id)?.from ?? '', ends.get(id)?.to ?? '', id)),
    }),
  ].sort((a, b) => a.event.at - b.event.at)
  const engine = startEngine(parts, null)
  const edge = createOfflineEdge({ catalogue, protocols: [mllp], name: 'scenario' })
  const incidents = new Map<string, Incident>()
  const entries = [...events.flatMap((event) => edge.see(event)), ...edge.finish()]
  for (const incident of engine.take(entries).incidents) incidents.set(incident.id, incident)
  return [...incidents.values()].filter((i) => i.ticketed)
}

const healthy: Fate = { kind: 'answered' }

describe('what a duty engineer sees', () => {
  test('nothing, when nothing is wrong', () => {
    expect(ticketed(() => healthy, 14)).toEqual([])
  }, 120_000)

  test('one ticket, when the LIS is dead: it takes nothing and sends nothing', () => {
    const dead = (from: string, to: string): Fate =>
      to === 'lis' ? { kind: 'refused-connection' } : from === 'lis' ? { kind: 'not-sent' } : healthy
    const tickets = ticketed(dead, 13)
    expect(tickets.map((t) => [t.causes[0]?.id, t.severity, t.systemIds])).toEqual([['conn-refused', 'P1', ['lis']]])
    expect(tickets[0]?.interfaceIds).toEqual(expect.arrayContaining(['his-lis-lab-order', 'analyzer-lis-result']))
  }, 120_000)

  test('two tickets for two faults at one moment, though one system feeds both', () => {
    const fate = (_from: string, _to: string, id: string): Fate => {
      if (id === 'his-lis-lab-order') return { kind: 'refused-connection' }
      return id === 'his-ris-exam-order' ? { kind: 'answered', code: 'AE' } : healthy
    }
    const causes = ticketed(fate, 12).map((t) => `${t.interfaceIds.join()} ${t.causes[0]?.id}`)
    expect(causes.sort()).toEqual(['his-lis-lab-order conn-refused', 'his-ris-exam-order app-nak'])
  }, 120_000)

  test('a receiver that takes messages and says nothing is not a slow one', () => {
    const fate = (_from: string, _to: string, id: string): Fate => (id === 'his-lis-lab-order' ? { kind: 'silence' } : healthy)
    expect(ticketed(fate, 12).map((t) => t.causes[0]?.id)).toEqual(['ack-timeout'])
  }, 120_000)
})
