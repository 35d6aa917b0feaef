import type { Fate, SimulationOptions } from '../../fixtures/hospital/wire.ts'
import { startEngine } from '../../gateway/analysis/engine.ts'
import { engineParts } from '../../gateway/app.ts'
import { sweepDuties } from '../../gateway/desk/duties/sweep-duties.ts'
import type { Setting } from '../../gateway/desk/setting.ts'
import { sweepTickets } from '../../gateway/desk/tickets.ts'
import type { LoggedEntry } from '../../gateway/model/entry.ts'
import type { Catalogue, ExpectedVolume } from '../../gateway/model/interface.ts'
import type { BatchResults } from '../../gateway/model/observed.ts'
import type { Instant } from '../../gateway/model/time.ts'
import type { Store } from '../../gateway/store/store.ts'
import { demoFolder, simulatedCatalogue, simulatedLog } from './simulated.ts'

const hourMs = 3_600_000
const batchEntries = 2_000
const ticksToOne = 4

/** The hospital's catalogue at a fraction of its volume, so that two weeks are played in a minute; quiet interfaces keep their pulse. */
export async function quietHospital(share: number, leastPerHour: number): Promise<Catalogue> {
  const catalogue = await simulatedCatalogue('hospital')
  const scaled = (volume: ExpectedVolume): ExpectedVolume => ({
    perHour: volume.perHour.map((count) => Math.max(Math.min(count, leastPerHour), count * share)),
    weekendFactor: Math.max(volume.weekendFactor, 0.4),
  })
  return {
    ...catalogue,
    interfaces: catalogue.interfaces.map((iface) => ({
      ...iface,
      expectedVolume: iface.expectedVolume === null ? null : scaled(iface.expectedVolume),
    })),
  }
}

export type Play = Omit<SimulationOptions, 'plans'>

/** Plays it into the store as live analysis would, and lets the desk sweep after each hour. `acting` is called once an hour: people at work. */
export async function playInto(
  store: Store,
  play: Play,
  setting: Setting,
  acting: (now: Instant) => Promise<void> = async () => {},
): Promise<number> {
  const engine = startEngine(await engineParts(setting.catalogue, demoFolder), null)
  let sweptAt = play.startAt
  let count = 0
  const sweep = async (now: Instant) => {
    await sweepTickets(store, setting, now)
    await sweepDuties({ store, setting, holder: 'played' }, now)
    await acting(now)
  }
  let batch: LoggedEntry[] = []
  const take = async () => {
    const last = batch.at(-1)
    if (last === undefined) return
    const changes = engine.take(batch)
    count += changes.exchanges.length
    await store.commit(resultsOf(batch, last, changes))
    batch = []
    if (changes.now - sweptAt < hourMs) return
    sweptAt = changes.now
    await sweep(changes.now)
  }
  let ticks = 0
  for (const entry of simulatedLog(setting.catalogue, play)) {
    // An edge that ticks every few seconds is watched as closely as the monitors ask for, at a quarter of the work.
    if (entry.entry.kind === 'tick' && ticks++ % ticksToOne !== 0) continue
    batch.push(entry)
    if (batch.length >= batchEntries) await take()
  }
  await take()
  await sweep(play.startAt + play.lastsMs)
  return count
}

function resultsOf(
  batch: readonly LoggedEntry[],
  last: LoggedEntry,
  { now, exchanges, alerts, incidents, clocks }: ReturnType<ReturnType<typeof startEngine>['take']>,
): BatchResults {
  const tick = batch.findLast(({ entry }) => entry.kind === 'tick')?.entry
  const ticks = tick?.kind === 'tick' ? [{ at: tick.at, edgeId: tick.health.edgeId, health: {} }] : []
  return {
    position: last.position,
    now,
    exchanges,
    alerts,
    incidents,
    clocks,
    ticks,
    dropped: [],
    lostBytes: 0,
    checkpoint: null,
  }
}

export type Striking = Pick<Play, 'before' | 'fate'>

/** Several faults at once: of two that hold for one message the first decides. */
export function together(...strikes: readonly Striking[]): Striking {
  const healthy: Fate = { kind: 'answered' }
  return {
    before: (at, clocks) => {
      for (const { before } of strikes) before?.(at, clocks)
    },
    fate: (interfaceId, at, nth) => {
      for (const { fate } of strikes) {
        const found = fate?.(interfaceId, at, nth) ?? healthy
        if (found.kind !== 'answered' || Object.keys(found).length > 1) return found
      }
      return healthy
    },
  }
}
