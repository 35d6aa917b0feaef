import { causeEntry, findCauseEntry } from '../incidents/catalogue.ts'
import type { Incident, RankedCause } from '../model/incident.ts'
import type { Catalogue } from '../model/interface.ts'
import type { Text } from '../model/text.ts'
import type { Ticket, TimelineItem } from '../model/ticket.ts'
import type { Instant, Millis } from '../model/time.ts'

const hourMs = 3_600_000
/** When people may expect it to be over, counted from the opening. Defaults of ours, not the customer's promise. */
const recoveryMs: { readonly [severity in Ticket['severity']]: Millis } = {
  P1: hourMs,
  P2: 4 * hourMs,
  P3: 24 * hourMs,
  P4: 72 * hourMs,
}
/** A fault that returns within this time takes its ticket up again. */
const reopenMsMax = 24 * hourMs
const timelineMax = 200

/** The ticket of an incident, as it opens. Pure: the same incident gives the same ticket, live and offline. */
export function ticketFor(incident: Incident, catalogue: Catalogue): Ticket {
  const opened: TimelineItem = { at: incident.openedAt, kind: 'opened', by: 'auscult', text: incident.title }
  const ticket: Ticket = {
    id: `t${incident.id.slice(1)}`,
    incidentId: incident.id,
    state: 'open',
    ...contentOf(incident, incident.openedAt),
    openedAt: incident.openedAt,
    resolvedAt: null,
    knowledge: [],
    owner: ownerOf(incident, catalogue),
    lead: null,
    // Life-critical faults start with the specialists; the rest climbs by escalation.
    level: incident.severity === 'P1' ? 2 : 1,
    transfers: 0,
    timeline: [opened],
  }
  return incident.state === 'resolved' ? resolved(ticket, incident) : ticket
}

/**
 * The ticket after its incident changed. What people did (owner, lead, level, comments, their own resolving) stays. It resolves
 * by itself with the incident, and opens again when the incident came back within 24 hours. A closed one stays closed for good
 * after that. Returns the same object when nothing changed.
 */
export function updateTicket(ticket: Ticket, incident: Incident): Ticket {
  const content = contentOf(incident, ticket.openedAt)
  const next: Ticket = { ...ticket, ...content, timeline: withCauseChange(ticket, incident) }
  const isOver = ticket.state === 'resolved' || ticket.state === 'closed'
  if (incident.state === 'resolved') {
    return isOver ? unlessSame(ticket, next) : resolved(next, incident)
  }
  const reopenedAt = incident.reopenedAt ?? null
  const hasReturned = isOver && reopenedAt !== null && ticket.resolvedAt !== null && reopenedAt > ticket.resolvedAt
  if (!hasReturned || reopenedAt - ticket.resolvedAt > reopenMsMax) return unlessSame(ticket, next)
  const text = { zh: '故障在 24 小时内重现', en: 'the fault returned within 24 hours' }
  return { ...next, state: 'open', resolvedAt: null, timeline: timelineWith(next.timeline, reopenedAt, 'reopened', text) }
}

/** What always follows the incident. */
function contentOf(incident: Incident, openedAt: Instant) {
  const lead = incident.causes[0] ?? null
  return {
    severity: incident.severity,
    title: incident.title,
    interfaceIds: incident.interfaceIds,
    systemIds: incident.systemIds,
    lastSeenAt: incident.lastSeenAt,
    causes: incident.causes,
    advice: incident.advice,
    category: lead === null ? 'unknown' : (findCauseEntry(lead.id)?.layer ?? 'unknown'),
    scope: scopeOf(incident),
    urgency: urgencyOf(incident),
    expectedRecoveryAt: openedAt + recoveryMs[incident.severity],
    exchangeIds: incident.exchangeIds,
  } as const
}

function scopeOf(incident: Incident): Ticket['scope'] {
  if (incident.interfaceIds.length > 1) return 'several-interfaces'
  const peers = incident.peers
  if (peers === undefined || peers.affected >= peers.seen) return 'all-peers'
  return peers.affected <= 1 ? 'one-peer' : 'some-peers'
}

function urgencyOf(incident: Incident): Ticket['urgency'] {
  if (incident.severity === 'P1') return 'high'
  if (incident.severity === 'P2') return incident.interfaceIds.length > 1 ? 'high' : 'medium'
  return incident.severity === 'P3' ? 'medium' : 'low'
}

/** The system where the cause sits names its owner; else the cause's usual owner, in the hospital's words. */
function ownerOf(incident: Incident, catalogue: Catalogue): string | null {
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
  return { ...ticket, state: 'resolved', resolvedAt: at, timeline: timelineWith(ticket.timeline, at, 'resolved', text) }
}

function withCauseChange(ticket: Ticket, incident: Incident): readonly TimelineItem[] {
  const before = ticket.causes[0]?.id
  const after = incident.causes[0]
  if (after === undefined || before === undefined || after.id === before) return ticket.timeline
  const text = { zh: `原因判断改为:${causeText(after).zh}`, en: `the leading cause is now: ${causeText(after).en}` }
  return timelineWith(ticket.timeline, incident.lastSeenAt, 'cause-changed', text)
}

function causeText(cause: RankedCause): Text {
  const percent = Math.round(cause.confidence * 100)
  const name = findCauseEntry(cause.id)?.name ?? { zh: '未定', en: 'not determined' }
  return { zh: `${name.zh}(${percent}%)`, en: `${name.en} (${percent} %)` }
}

/** Bounded: the opening stays, the newest follow. */
function timelineWith(
  timeline: readonly TimelineItem[],
  at: Instant,
  kind: TimelineItem['kind'],
  text: Text,
): readonly TimelineItem[] {
  const all = [...timeline, { at, kind, by: 'auscult', text }]
  return all.length <= timelineMax ? all : [...all.slice(0, 1), ...all.slice(1 - timelineMax)]
}

function unlessSame(before: Ticket, after: Ticket): Ticket {
  return JSON.stringify(before) === JSON.stringify(after) ? before : after
}
