import { findCauseEntry } from '../../incidents/catalogue.ts'
import type { Incident } from '../../model/incident.ts'
import type { Catalogue, SystemClass } from '../../model/interface.ts'
import type { Ticket, TicketLevel } from '../../model/ticket.ts'
import type { DeskRules, LimitRule, When } from './desk-rules.ts'

/** What a rule looks at. Incidents and tickets both have it. */
export type Case = Pick<Incident | Ticket, 'severity' | 'causes' | 'interfaceIds' | 'systemIds'>

/** Where a ticket goes by the rules. */
export interface Route {
  readonly level: TicketLevel
  /** Null: whoever owns the system where the cause sits. */
  readonly owner: string | null
  /** Who else works on it from the beginning. */
  readonly parties: readonly string[]
  readonly systemClass: SystemClass | null
  readonly coordinator: string | null
  readonly isMajor: boolean
}

export function routeOf(subject: Case, rules: DeskRules, catalogue: Catalogue): Route {
  const systems = systemsOf(subject, catalogue)
  const rows = rules.routes.filter(({ when }) => holds(when, subject, systems, catalogue))
  const owners = systems.flatMap((id) => catalogue.systems.find((s) => s.id === id)?.owner ?? [])
  const parties = rows.flatMap((row) => [...(row.parties ?? []), ...(row.joinsOwners === true ? owners : [])])
  const owner = rows.find((row) => row.owner !== undefined)?.owner ?? null
  const systemClass = classOf(subject, systems, catalogue)
  return {
    level: rows.find((row) => row.level !== undefined)?.level ?? 1,
    owner,
    parties: [...new Set(parties)].filter((party) => party !== owner),
    systemClass,
    coordinator: systemClass === null ? null : rules.classes[systemClass].coordinator,
    isMajor: rules.major.when.some((when) => holds(when, subject, systems, catalogue)),
  }
}

/** The time limits of a case: the first row that holds. */
export function limitsOf(subject: Case, rules: DeskRules, catalogue: Catalogue): LimitRule {
  return firstOf(rules.limits, subject, catalogue)
}

export function urgencyOf(subject: Case, rules: DeskRules, catalogue: Catalogue): Ticket['urgency'] {
  return firstOf(rules.urgency, subject, catalogue).urgency
}

function firstOf<R extends { readonly when: When }>(rows: readonly R[], subject: Case, catalogue: Catalogue): R {
  const systems = systemsOf(subject, catalogue)
  const row = rows.find(({ when }) => holds(when, subject, systems, catalogue))
  if (row === undefined) throw new Error('rules without a row for every severity passed the check')
  return row
}

function holds(when: When, subject: Case, systems: readonly string[], catalogue: Catalogue): boolean {
  const cause = subject.causes[0]?.id ?? 'unknown'
  const { severity, causes, layers, pair, systemsMin = 0, interfacesMin = 0 } = when
  return (
    (severity === undefined || severity.includes(subject.severity)) &&
    (causes === undefined || causes.includes(cause)) &&
    (layers === undefined || layers.includes(findCauseEntry(cause)?.layer ?? 'unknown')) &&
    (when.systems === undefined || when.systems.some((id) => systems.includes(id))) &&
    (pair === undefined || subject.interfaceIds.some((id) => joins(id, pair, catalogue))) &&
    systems.length >= systemsMin &&
    subject.interfaceIds.length >= interfacesMin
  )
}

function joins(interfaceId: string, [one, other]: readonly [string, string], catalogue: Catalogue): boolean {
  const iface = catalogue.interfaces.find(({ id }) => id === interfaceId)
  return iface !== undefined && [one, other].every((id) => iface.from === id || iface.to === id)
}

/** The systems that the case names and both ends of its interfaces, each once, the named ones first. */
function systemsOf(subject: Case, catalogue: Catalogue): readonly string[] {
  const ends = subject.interfaceIds.flatMap((id) => {
    const iface = catalogue.interfaces.find((i) => i.id === id)
    return iface === undefined ? [] : [iface.to, iface.from]
  })
  return [...new Set([...subject.systemIds, ...ends])]
}

/** The class of the system where the cause sits, else of the first system that has one. */
function classOf(subject: Case, systems: readonly string[], catalogue: Catalogue): SystemClass | null {
  const locus = subject.causes[0]?.locus
  const ids = [...(locus?.kind === 'system' ? [locus.id] : []), ...systems]
  for (const id of ids) {
    const systemClass = catalogue.systems.find((s) => s.id === id)?.systemClass
    if (systemClass !== undefined) return systemClass
  }
  return null
}
