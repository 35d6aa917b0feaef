import process from 'node:process'
import { contractsFolder, catalogueFor, type Hospital, loadHospital } from '../../fixtures/scenarios/catalogue.ts'
import type { Scenario } from '../../fixtures/scenarios/scenario.ts'
import { entriesOf } from '../../fixtures/scenarios/stage.ts'
import { type EngineParts, startEngine } from '../../gateway/analysis/engine.ts'
import { engineParts, protocols } from '../../gateway/app.ts'
import { causes } from '../../gateway/incidents/causes/index.ts'
import type { Cause } from '../../gateway/incidents/cause.ts'
import { createIncidents } from '../../gateway/incidents/incidents.ts'
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

/** An incident as it stood at the scenario's end, and when it first called for a ticket. */
export interface SeenIncident {
  readonly incident: Incident
  readonly ticketedAt: Instant | null
  /** The lead at each change of it, in order. */
  readonly leads: readonly string[]
}

export interface Played {
  readonly incidents: readonly SeenIncident[]
  /** Causes that findings named, with their interfaces. */
  readonly findings: readonly { readonly cause: string; readonly interfaceId: string; readonly count: number }[]
  readonly clocks: readonly ClockState[]
  readonly exchangeCount: number
  /** Processor time, not the clock on the wall: machines are shared. */
  readonly cpuMs: number
}

/** Told of every exchange, in order: the baselines' eyes, and what counts messages until something was said. */
export interface Witness {
  see(exchanges: readonly ObservedExchange[], clocks: readonly ClockState[], now: Instant): void
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

const batchEntries = 200

/** Plays a scenario through the engine that the product runs. */
export function play(theatre: Theatre, scenario: Scenario, witnesses: readonly Witness[] = [], ablation: Ablation = 'none'): Played {
  const before = process.cpuUsage()
  const catalogue = catalogueFor(scenario, theatre.hospital)
  const engine = startEngine({ ...theatre.parts, catalogue, startIncidents: incidentsFor(catalogue, ablation) }, null)
  const incidents = new Map<string, { incident: Incident; ticketedAt: Instant | null; leads: string[] }>()
  let exchangeCount = 0
  for (const batch of batches(entriesOf(scenario, catalogue, theatre))) {
    const changes = engine.take(batch)
    exchangeCount += changes.exchanges.length
    for (const witness of witnesses) witness.see(changes.exchanges, changes.clocks, changes.now)
    for (const incident of changes.incidents) {
      const seen = incidents.get(incident.id) ?? { incident, ticketedAt: null, leads: [] }
      seen.incident = incident
      if (incident.ticketed) seen.ticketedAt ??= Math.max(incident.openedAt, Math.min(changes.now, incident.lastSeenAt))
      const lead = incident.causes[0]?.id ?? 'none'
      if (incident.ticketed && seen.leads.at(-1) !== lead) seen.leads.push(lead)
      incidents.set(incident.id, seen)
    }
  }
  return {
    incidents: [...incidents.values()],
    findings: engine.findings().map(({ cause, interfaceId, count }) => ({ cause, interfaceId, count })),
    clocks: engine.clockStates(),
    exchangeCount,
    cpuMs: cpuMsSince(before),
  }
}

function incidentsFor(catalogue: Catalogue, ablation: Ablation): EngineParts['startIncidents'] {
  if (ablation === 'without-topology') {
    const blind = withoutTopology(catalogue)
    return (saved) => createIncidents({ catalogue: blind, causes }, saved)
  }
  const weighed = ablation === 'without-gates' ? causes.map(withoutGate) : causes
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

/** Small, so that a ticket's time is known within them; a tick ends one, so that it is known within a second. */
function* batches(entries: Iterable<LoggedEntry>): Generator<readonly LoggedEntry[]> {
  let batch: LoggedEntry[] = []
  for (const entry of entries) {
    batch.push(entry)
    if (batch.length < batchEntries && entry.entry.kind === 'tick') continue
    if (batch.length < 20) continue
    yield batch
    batch = []
  }
  yield batch
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
