import type { SimulationOptions } from '../../fixtures/hospital/wire.ts'
import { startEngine } from '../../gateway/analysis/engine.ts'
import { unread } from '../../gateway/analysis/inspect.ts'
import { engineParts } from '../../gateway/app.ts'
import { planNotices } from '../../gateway/desk/notices/plan-notices.ts'
import { customerRules } from '../../gateway/desk/rules/read-rules.ts'
import { createTicketRules } from '../../gateway/desk/ticket-rules.ts'
import type { Declaration } from '../../gateway/model/change.ts'
import type { LoggedEntry } from '../../gateway/model/entry.ts'
import type { Finding, Incident } from '../../gateway/model/incident.ts'
import type { ClockState } from '../../gateway/model/reading.ts'
import type { Ticket } from '../../gateway/model/ticket.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { demoFolder, simulatedCatalogue, simulatedLog, type Volume } from '../support/simulated.ts'
import { tell } from '../support/told.ts'
import { seenBy, type WrongClock } from '../support/wrong-clock.ts'

/** What became of a scenario, and when: all of it by log time. */
export interface Played {
  readonly tickets: readonly Ticket[]
  /** Every cause that led a ticket at some time, in order, without repetition. */
  readonly leads: ReadonlyMap<string, readonly string[]>
  readonly incidents: readonly Incident[]
  readonly findings: readonly Finding[]
  readonly clocks: readonly ClockState[]
  readonly exchangeCount: number
  /** What messages broke of their contracts, each once: `INTERFACE ELEMENT RULE SEVERITY`. What is merely observed is the vendors' habit, and left out. */
  readonly breaches: readonly string[]
}

export type Scenario = Omit<SimulationOptions, 'plans'> & {
  readonly interfaceIds?: readonly string[]
  /** The demo's unless told otherwise. */
  readonly volume?: Volume
  /** What people declared before it began. */
  readonly declared?: readonly Declaration[]
  /** The gateway's own. */
  readonly wrongClock?: WrongClock
}

const batchEntries = 500

/** Plays a scenario through the engine that the product runs, and the desk's rules after each batch, as its sweep does. */
export async function play(scenario: Scenario): Promise<Played> {
  const catalogue = await simulatedCatalogue(scenario.volume ?? 'demo')
  const engine = startEngine(await engineParts(catalogue, demoFolder), null)
  engine.declare(scenario.declared ?? [])
  const rules = createTicketRules(catalogue, customerRules)
  const setting = { rules: customerRules, catalogue, channels: ['one', 'two'] }
  const incidents = new Map<string, Incident>()
  const tickets = new Map<string, Ticket>()
  const leads = new Map<string, string[]>()
  let exchangeCount = 0
  const breaches = new Set<string>()
  const sweep = (incident: Incident) => {
    if (!incident.ticketed) return
    const before = tickets.get(incident.id)
    const ticket = before ? rules.updateTicket(before, incident) : rules.ticketFor(incident)
    tickets.set(incident.id, ticket)
    for (const notice of planNotices(before ?? null, ticket, setting, incident.lastSeenAt))
      tell('notice', JSON.stringify(notice))
    const led = leads.get(ticket.id) ?? []
    const lead = ticket.causes[0]?.id ?? 'none'
    if (led.at(-1) !== lead) leads.set(ticket.id, [...led, lead])
  }
  const log = simulatedLog(catalogue, scenario)
  for (const batch of batches(scenario.wrongClock === undefined ? log : seenBy(log, scenario.wrongClock))) {
    const changes = engine.take(batch)
    exchangeCount += changes.exchanges.length
    for (const { exchange, violations } of changes.exchanges)
      for (const { element, rule, severity } of violations)
        if (severity !== 'observe' || rule === unread.rule)
          breaches.add(`${exchange.interfaceId} ${element} ${rule} ${severity}`)
    for (const incident of changes.incidents) {
      incidents.set(incident.id, incident)
      sweep(incident)
    }
  }
  for (const told of [...tickets.values(), ...incidents.values(), ...engine.findings()]) tell('ticket', JSON.stringify(told))
  return {
    tickets: [...tickets.values()],
    leads,
    incidents: [...incidents.values()],
    findings: engine.findings(),
    clocks: engine.clockStates(),
    exchangeCount,
    breaches: [...breaches],
  }
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

/** A ticket in a line, for a failing test and for people. Times in seconds since `startAt`. */
export function ticketLine(ticket: Ticket, startAt: Instant): string {
  const seconds = (at: Instant | null) => (at === null ? '-' : Math.round((at - startAt) / 1000))
  const causes = ticket.causes.slice(0, 3).map((c) => `${c.id} ${c.confidence.toFixed(2)}`)
  return `${ticket.state} ${ticket.severity} ${ticket.interfaceIds.join('+')} [${causes.join(', ')}] ${seconds(ticket.openedAt)}..${seconds(ticket.resolvedAt)} s`
}
