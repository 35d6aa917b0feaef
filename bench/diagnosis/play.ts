import process from 'node:process'
import { catalogueFor, contractsFolder, type Hospital, loadHospital } from '../../fixtures/scenarios/catalogue.ts'
import type { Scenario } from '../../fixtures/scenarios/scenario.ts'
import { entriesOf } from '../../fixtures/scenarios/stage.ts'
import { type EngineParts, startEngine } from '../../gateway/analysis/engine.ts'
import { unread } from '../../gateway/analysis/inspect.ts'
import { engineParts, protocols } from '../../gateway/app.ts'
import type { Cause } from '../../gateway/incidents/cause.ts'
import { causes } from '../../gateway/incidents/causes/index.ts'
import { createIncidents, type Incidents } from '../../gateway/incidents/incidents.ts'
import type { Declaration } from '../../gateway/model/change.ts'
import type { LoggedEntry } from '../../gateway/model/entry.ts'
import type { Protocol } from '../../gateway/model/frame.ts'
import type { Incident } from '../../gateway/model/incident.ts'
import type { Catalogue } from '../../gateway/model/interface.ts'
import type { ObservedExchange } from '../../gateway/model/observed.ts'
import type { ClockState } from '../../gateway/model/reading.ts'
import type { Instant } from '../../gateway/model/time.ts'

/** How the engine is put together: as the product has it, or with something taken away to see what it was worth. */
export const ablations = ['none', 'without-topology', 'without-gates'] as const
export type Ablation = (typeof ablations)[number]

/** An incident as it stood at the scenario's end, and when it first called for a ticket: the time, and the exchanges seen by then. */
export interface SeenIncident {
  readonly incident: Incident
  readonly ticketed: Sighting | null
}

export interface Sighting {
  readonly at: Instant
  /** Exchanges by interface since the scenario's first fault began. */
  readonly exchanges: ReadonlyMap<string, number>
}

export interface Played {
  readonly incidents: readonly SeenIncident[]
  /** Causes that findings named, with their interfaces. */
  readonly findings: readonly { readonly cause: string; readonly interfaceId: string; readonly count: number }[]
  readonly clocks: readonly ClockState[]
  readonly clockWords: readonly ClockWord[]
  readonly exchangeCount: number
  /** Processor time, not the clock on the wall: machines are shared. */
  readonly cpuMs: number
}

/** Told of every exchange, in order: the baselines' eyes. */
export interface Witness {
  see(exchanges: readonly ObservedExchange[], now: Instant): void
}

/** The first time that a monitor said something bad of a system's clock, by signal and system. */
export interface ClockWord {
  readonly signal: string
  readonly systemId: string
  readonly sighting: Sighting
}

/** What is loaded once and serves every scenario. */
export interface Theatre {
  readonly hospital: Hospital
  readonly protocols: readonly Protocol[]
  readonly parts: EngineParts
}

export async function openTheatre(): Promise<Theatre> {
  const hospital = await loadHospital()
  return { hospital, protocols: await protocols(), parts: await engineParts(hospital.catalogue, contractsFolder) }
}

const batchEntries = 500

export interface PlayOptions {
  readonly witnesses?: readonly Witness[]
  readonly ablation?: Ablation
  /** The causes to weigh, in place of the product's. */
  readonly causes?: readonly Cause[]
}

/** Plays a scenario through the engine that the product runs. */
export function play(theatre: Theatre, scenario: Scenario, options: PlayOptions = {}): Played {
  const before = process.cpuUsage()
  const catalogue = catalogueFor(scenario, theatre.hospital)
  const ear = createEar(scenario.labels.reduce((first, { from }) => Math.min(first, from), Number.POSITIVE_INFINITY))
  const start = incidentsFor(catalogue, options)
  const engine = startEngine({ ...theatre.parts, catalogue, startIncidents: (saved) => ear.listeningTo(start(saved)) }, null)
  engine.declare(announcedIn(scenario))
  let exchangeCount = 0
  for (const batch of batches(entriesOf(scenario, catalogue, theatre))) {
    const { exchanges, now } = engine.take(batch)
    exchangeCount += exchanges.length
    if (exchanges.some(({ violations }) => violations.includes(unread)))
      throw new Error(`a format or a contract fell over a message of ${scenario.id}`)
    for (const witness of options.witnesses ?? []) witness.see(exchanges, now)
  }
  return {
    incidents: ear.incidents(),
    findings: engine.findings().map(({ cause, interfaceId, count }) => ({ cause, interfaceId, count })),
    clocks: engine.clockStates(),
    clockWords: ear.clockWords(),
    exchangeCount,
    cpuMs: cpuMsSince(before),
  }
}

/** What was announced of planned work, as somebody would have typed it in beforehand. */
function announcedIn({ strikes, startAt }: Scenario): readonly Declaration[] {
  return strikes
    .flatMap(({ announced = [] }) => announced)
    .map(({ id, systemId, from, until }) => ({
      kind: 'change',
      change: {
        ...{ id, revision: 1, title: id, interfaceIds: [], systemIds: [systemId], fromAt: from, toAt: until, graceMs: 600_000 },
        ...{ approval: 'CR-1', by: 'chen.wei', comment: '', state: 'planned', endedAt: null, endedBy: null, madeAt: startAt },
        ...{ origin: 'person', snapshot: null, snapshotBefore: null },
      },
    }))
}

/** Hears what the engine's incidents say, at the entry at which they say it. */
function createEar(faultAt: Instant) {
  const incidents = new Map<string, { incident: Incident; ticketed: Sighting | null }>()
  const words = new Map<string, ClockWord>()
  const counts = new Map<string, number>()
  const sighting = (at: Instant): Sighting => ({ at, exchanges: new Map(counts) })
  return {
    incidents: (): readonly SeenIncident[] => [...incidents.values()],
    clockWords: (): readonly ClockWord[] => [...words.values()],
    listeningTo(inner: Incidents): Incidents {
      return {
        findings: () => inner.findings(),
        save: () => inner.save(),
        declare: (declarations) => inner.declare(declarations),
        turnBack: () => inner.turnBack(),
        take(item, readings, alerts) {
          if (item.kind === 'exchange' && item.now >= faultAt) {
            const { interfaceId } = item.entry.exchange
            counts.set(interfaceId, (counts.get(interfaceId) ?? 0) + 1)
          }
          for (const { signal, subject, state } of readings) {
            const key = `${signal} ${subject.id}`
            if (
              state === 'bad' &&
              subject.kind === 'system' &&
              signal.startsWith('clock/') &&
              item.now >= faultAt &&
              !words.has(key)
            )
              words.set(key, { signal, systemId: subject.id, sighting: sighting(item.now) })
          }
          const changed = inner.take(item, readings, alerts)
          for (const incident of changed) {
            const known = incidents.get(incident.id)
            const ticketed = known?.ticketed ?? (incident.ticketed ? sighting(item.now) : null)
            incidents.set(incident.id, { incident, ticketed })
          }
          return changed
        },
      }
    },
  }
}

function incidentsFor(
  catalogue: Catalogue,
  { ablation = 'none', causes: chosen = causes }: PlayOptions,
): EngineParts['startIncidents'] {
  if (ablation === 'without-topology') {
    const blind = withoutTopology(catalogue)
    return (saved) => createIncidents({ catalogue: blind, causes: chosen }, saved)
  }
  const weighed = ablation === 'without-gates' ? chosen.map(withoutGate) : chosen
  return (saved) => createIncidents({ catalogue, causes: weighed }, saved)
}

/** Every interface lies between two systems of its own, and nothing depends on anything. */
function withoutTopology(catalogue: Catalogue): Catalogue {
  const interfaces = catalogue.interfaces.map((iface) => ({ ...iface, from: `${iface.id}:from`, to: `${iface.id}:to` }))
  return { ...catalogue, systems: [], interfaces }
}

/** What a cause can't be without no longer takes it out. */
function withoutGate(cause: Cause): Cause {
  return { ...cause, weigh: (evidence) => ({ ...cause.weigh(evidence), isOpen: true }) }
}

function* batches(entries: Iterable<LoggedEntry>): Generator<readonly LoggedEntry[]> {
  let batch: LoggedEntry[] = []
  for (const entry of entries) {
    batch.push(entry)
    if (batch.length < batchEntries) continue
    yield batch
    batch = []
  }
  yield batch
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
