import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { http } from '../../adapters/protocols/http/protocol.ts'
import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { plansOf } from '../../fixtures/hospital/plans.ts'
import { type LineEvent, type SimulationOptions, simulate } from '../../fixtures/hospital/wire.ts'
import { known } from '../../gateway/app.ts'
import { loadConfig } from '../../gateway/config/config.ts'
import type { LoggedEntry } from '../../gateway/model/entry.ts'
import type { Catalogue } from '../../gateway/model/interface.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { createOfflineEdge } from '../../gateway/offline.ts'

/** A Monday, ten in the morning in Shenzhen. */
export const mondayAtTen: Instant = Date.UTC(2026, 10, 23, 2)

const file = join(fileURLToPath(new URL('../..', import.meta.url)), 'deploy/demo/auscult.yaml')

/** The folder that the demo's contracts are found from. */
export const demoFolder = join(file, '..')

const hospitalFile = join(fileURLToPath(new URL('../..', import.meta.url)), 'gateway/catalogue/szph.yaml')

/** How much traffic: the demo's, lively at every hour, or what the hospital's catalogue expects of a real day. */
export type Volume = 'demo' | 'hospital'

/** The whole hospital: ten interfaces of it with traffic, and ten more where `http` is asked for. */
export async function simulatedCatalogue(volume: Volume): Promise<Catalogue> {
  const { config } = await loadConfig(volume === 'demo' ? file : hospitalFile, await known())
  if (!config) throw new Error('the configuration is wrong')
  return config.catalogue
}

/** The log that a live edge would have written of the simulated hospital, as it comes. The same options give the same entries. */
export function* simulatedLog(
  catalogue: Catalogue,
  options: Omit<SimulationOptions, 'plans'> & { readonly interfaceIds?: readonly string[] },
): Generator<LoggedEntry> {
  const all = plansOf(readFileSync(file, 'utf8'), file)
  const plans = all
    .filter((plan) => options.interfaceIds?.includes(plan.interfaceId) ?? true)
    .map((plan) => ({
      ...plan,
      volume: catalogue.interfaces.find((i) => i.id === plan.interfaceId)?.expectedVolume ?? plan.volume,
    }))
  const edge = createOfflineEdge({ catalogue, protocols: [mllp, http], name: 'simulated' })
  for (const event of inTimeOrder(simulate({ ...options, plans }))) yield* edge.see(event)
  yield* edge.finish()
}

/** Answers are told with their requests: what one interface tells ahead of time is held back until the others have caught up. */
function* inTimeOrder(events: Iterable<LineEvent>): Generator<LineEvent> {
  const heldMs = 120_000
  let held: LineEvent[] = []
  let newestAt = Number.NEGATIVE_INFINITY
  let sortedAt = Number.NEGATIVE_INFINITY
  for (const event of events) {
    held.push(event)
    newestAt = Math.max(newestAt, event.event.at)
    if (newestAt - sortedAt < 2 * heldMs) continue
    sortedAt = newestAt - heldMs
    held.sort((a, b) => a.event.at - b.event.at)
    const due = held.findIndex((e) => e.event.at > sortedAt)
    yield* held.slice(0, due)
    held = held.slice(due)
  }
  yield* held.sort((a, b) => a.event.at - b.event.at)
}
