import { causeEntry, findCauseEntry } from '../incidents/catalogue.ts'
import type { Incident, RankedCause } from '../model/incident.ts'
import type { Catalogue } from '../model/interface.ts'
import type { Text } from '../model/text.ts'
import type { Ticket, TicketLevel, TimelineItem } from '../model/ticket.ts'
import type { Instant } from '../model/time.ts'
import { likelyCauses } from './knowledge/find.ts'
import { causeArticleId } from './knowledge/seed.ts'
import { limitsOf, type Route, routeOf, urgencyOf } from './rules/apply-rules.ts'
import type { DeskRules } from './rules/desk-rules.ts'
import { spanEnd, spanMs } from './rules/spans.ts'
import { intakeOf, toldByRule } from './timeline.ts'

/** How an incident becomes a ticket, and what it changes of one that exists. */
export interface TicketRules {
  ticketFor(incident: Incident): Ticket
  updateTicket(ticket: Ticket, incident: Incident): Ticket
}

/**
 * How an incident becomes a ticket by a hospital's rules, and what it changes of one that exists. Pure: the same incident gives the
 * same ticket, live and offline.
 */
export function createTicketRules(catalogue: Catalogue, rules: DeskRules): TicketRules {
  return {
    ticketFor: (incident) => ticketFor(incident, catalogue, rules),
    updateTicket: (ticket, incident) => updateTicket(ticket, incident, catalogue, rules),
  }
}

/** The id of the incident's ticket, whether it was opened or not. */
export function ticketIdOf({ id }: Pick<Incident, 'id'>): string {
  return `t${id.slice(1)}`
}

/** The ticket of an incident, as it opens. */
function ticketFor(incident: Incident, catalogue: Catalogue, rules: DeskRules): Ticket {
  // What was held back is nobody's to work on before it calls: its duties begin then.
  const openedAt = incident.calledAt ?? incident.openedAt
  const opened: TimelineItem = { at: openedAt, kind: 'opened', by: 'auscult', text: incident.title }
  const route = routeOf(incident, rules, catalogue)
  const ticket: Ticket = {
    id: ticketIdOf(incident),
    incidentId: incident.id,
    state: 'open',
    ...contentOf(incident, openedAt, catalogue, rules),
    openedAt,
    resolvedAt: null,
    owner: ownerOf(incident, catalogue, route),
    lead: null,
    firstResponder: null,
    systemClass: route.systemClass,
    coordinator: route.coordinator,
    parties: route.parties,
    level: route.level,
    transfers: 0,
    isMajor: route.isMajor,
    arrivedAt: null,
    difficultAt: null,
    postMortem: null,
    timeline: [opened],
  }
  return incident.state === 'resolved' ? resolved(ticket, incident) : ticket
}

/**
 * The ticket after its incident changed. What people did (owner, lead, level, comments, their own resolving) stays; until somebody
 * has taken it, a new leading cause sends it where that cause belongs. It resolves by itself with the incident, and opens again when
 * the incident came back within the rules' time. A closed one stays closed for good after that. Returns the same object when nothing
 * changed.
 */
function updateTicket(ticket: Ticket, incident: Incident, catalogue: Catalogue, rules: DeskRules): Ticket {
  const next: Ticket = {
    ...ticket,
    ...contentOf(incident, intakeOf(ticket), catalogue, rules),
    ...routing(ticket, incident, catalogue, rules),
    timeline: withCauseChange(ticket, incident).timeline,
  }
  const isOver = ticket.state === 'resolved' || ticket.state === 'closed'
  if (incident.state === 'resolved') {
    return isOver ? unlessSame(ticket, next) : resolved(next, incident)
  }
  const reopenedAt = incident.reopenedAt ?? null
  // What is planned or silenced calls for nobody: should it outlast that, the incident changes once more.
  const isWithheld = incident.withheld !== undefined && incident.withheld !== null
  const hasReturned =
    isOver && !isWithheld && reopenedAt !== null && ticket.resolvedAt !== null && reopenedAt > ticket.resolvedAt
  if (!hasReturned || reopenedAt - ticket.resolvedAt > spanMs(rules.reopen)) return unlessSame(ticket, next)
  const text = { zh: '故障在规定时间内重现', en: 'the fault returned within the time set' }
  return toldByRule(reopened(next, reopenedAt, catalogue, rules), reopenedAt, 'reopened', text)
}

/** What a ticket is that opens again: everything is to be done anew, by whoever did it before. */
export function reopened(ticket: Ticket, at: Instant, catalogue: Catalogue, rules: DeskRules): Ticket {
  const expectedRecoveryAt = spanEnd(limitsOf(ticket, rules, catalogue).recover, at, catalogue.hospital).dueAt
  return { ...ticket, state: 'open', resolvedAt: null, arrivedAt: null, postMortem: null, expectedRecoveryAt }
}

/** Parties are only added, and what is major stays major. */
function routing(ticket: Ticket, incident: Incident, catalogue: Catalogue, rules: DeskRules): Partial<Ticket> {
  const route = routeOf(incident, rules, catalogue)
  const isOpen = ticket.state === 'open' || ticket.state === 'assigned'
  const isNewCause = ticket.causes[0]?.id !== incident.causes[0]?.id
  if (!isOpen) return {}
  return {
    isMajor: ticket.isMajor || route.isMajor,
    parties: [...new Set([...ticket.parties, ...route.parties])],
    ...(ticket.firstResponder === null && isNewCause
      ? {
          owner: ownerOf(incident, catalogue, route),
          level: higher(ticket.level, route.level),
          systemClass: route.systemClass,
          coordinator: route.coordinator,
        }
      : {}),
  }
}

function higher(a: TicketLevel, b: TicketLevel): TicketLevel {
  return a > b ? a : b
}

/** What always follows the incident. */
function contentOf(incident: Incident, openedAt: Instant, catalogue: Catalogue, rules: DeskRules) {
  const lead = incident.causes[0] ?? null
  return {
    severity: incident.severity,
    title: incident.title,
    interfaceIds: incident.interfaceIds,
    systemIds: incident.systemIds,
    lastSeenAt: incident.lastSeenAt,
    causes: incident.causes,
    advice: incident.advice,
    knowledge: linksOf(incident),
    category: lead === null ? 'unknown' : (findCauseEntry(lead.id)?.layer ?? 'unknown'),
    scope: scopeOf(incident),
    urgency: urgencyOf(incident, rules, catalogue),
    expectedRecoveryAt: spanEnd(limitsOf(incident, rules, catalogue).recover, openedAt, catalogue.hospital).dueAt,
    exchangeIds: incident.exchangeIds,
  } as const
}

/** The articles of its likely causes. What the desk shows of one ticket adds those of its error codes. */
function linksOf({ causes }: Incident): Ticket['knowledge'] {
  return likelyCauses(causes).flatMap((id) => {
    const entry = findCauseEntry(id)
    return entry === null ? [] : [{ id: causeArticleId(id), title: entry.name }]
  })
}

function scopeOf(incident: Incident): Ticket['scope'] {
  if (incident.interfaceIds.length > 1) return 'several-interfaces'
  const peers = incident.peers
  if (peers === undefined || peers.affected >= peers.seen) return 'all-peers'
  return peers.affected <= 1 ? 'one-peer' : 'some-peers'
}

/** A rule names the owner; else the system where the cause sits does; else the cause's usual owner, in the hospital's words. */
function ownerOf(incident: Incident, catalogue: Catalogue, route: Route): string | null {
  if (route.owner !== null) return route.owner
  const lead = incident.causes[0]
  const systemIds = [lead?.locus?.kind === 'system' ? lead.locus.id : null, ...incident.systemIds]
  for (const id of systemIds) {
    const owner = catalogue.systems.find((s) => s.id === id)?.owner
    if (owner !== null && owner !== undefined) return owner
  }
  if (lead === undefined || findCauseEntry(lead.id) === null) return receiverOwner(incident, catalogue)
  return causeEntry(lead.id).owner
}

function receiverOwner(incident: Incident, catalogue: Catalogue): string | null {
  const iface = catalogue.interfaces.find((i) => i.id === incident.interfaceIds[0])
  return catalogue.systems.find((s) => s.id === iface?.to)?.owner ?? null
}

function resolved(ticket: Ticket, incident: Incident): Ticket {
  const at = incident.resolvedAt ?? incident.lastSeenAt
  const text = { zh: '故障已消失,工单自动解决', en: 'the fault is over; resolved by itself' }
  return toldByRule({ ...ticket, state: 'resolved', resolvedAt: at }, at, 'resolved', text)
}

function withCauseChange(ticket: Ticket, incident: Incident): Ticket {
  const before = ticket.causes[0]?.id
  const after = incident.causes[0]
  if (after === undefined || before === undefined || after.id === before) return ticket
  const text = { zh: `原因判断改为:${causeText(after).zh}`, en: `the leading cause is now: ${causeText(after).en}` }
  return toldByRule(ticket, incident.lastSeenAt, 'cause-changed', text)
}

function causeText(cause: RankedCause): Text {
  const percent = Math.round(cause.confidence * 100)
  const name = findCauseEntry(cause.id)?.name ?? { zh: '未定', en: 'not determined' }
  return { zh: `${name.zh}(${percent}%)`, en: `${name.en} (${percent} %)` }
}

function unlessSame(before: Ticket, after: Ticket): Ticket {
  return JSON.stringify(before) === JSON.stringify(after) ? before : after
}
