import type { Alert, Incident } from '../model/incident.ts'
import type { Ticket } from '../model/ticket.ts'
import { type Instant, isoInZone } from '../model/time.ts'
import type { Store } from '../store/store.ts'

/** The chain of reasons behind a ticket, an incident or an alert: what was read, what held, what follows, and what shows it. */
export interface Reasons {
  readonly ticket: Pick<Ticket, 'id' | 'state' | 'severity' | 'owner' | 'level' | 'timeline'> | null
  readonly incident: Incident | null
  readonly alerts: readonly Alert[]
}

/** What stands under that id; null for an id of none of them. */
export async function reasonsOf(id: string, store: Store): Promise<Reasons | null> {
  const ticket = (await store.ticket(id))?.ticket ?? null
  const incident = await store.incident(ticket?.incidentId ?? id)
  if (ticket !== null || incident !== null) return withAlerts(ticket, incident, store)
  const alert = await store.alert(id)
  if (alert === null) return null
  const home = await homeOf(alert, store)
  if (home === null) return { ticket: null, incident: null, alerts: [alert] }
  return withAlerts(home.ticket, home.incident, store)
}

async function withAlerts(ticket: Ticket | null, incident: Incident | null, store: Store): Promise<Reasons> {
  const alerts = await Promise.all((incident?.alertIds ?? []).map((alertId) => store.alert(alertId)))
  return { ticket, incident, alerts: alerts.filter((alert) => alert !== null) }
}

/** The newest ticket whose incident has the alert; an incident without a ticket isn't found by its alerts. */
async function homeOf(alert: Alert, store: Store): Promise<{ ticket: Ticket; incident: Incident } | null> {
  const { subject } = alert
  const query = subject.kind === 'interface' ? { interfaceId: subject.id } : {}
  for (const ticket of (await store.tickets({ ...query, limit: 500 })).items) {
    const incident = await store.incident(ticket.incidentId)
    if (incident?.alertIds.includes(alert.id)) return { ticket, incident }
  }
  return null
}

/** The same for a terminal, from the ticket down to the exchanges. */
export function reasonsText({ ticket, incident, alerts }: Reasons, timezone: string): string {
  const iso = (at: Instant | null) => (at === null ? '-' : isoInZone(at, timezone))
  return [
    ...(ticket === null ? [] : ticketLines(ticket, iso)),
    ...(incident === null ? ['incident  none: the alert belongs to no ticket'] : incidentLines(incident, iso)),
    ...alerts.flatMap((alert) => alertLines(alert, iso)),
    ...(incident === null || incident.exchangeIds.length === 0
      ? []
      : [`shown by  ${incident.exchangeIds.join(' ')}`, '          auscult explain EXCHANGE goes on from here']),
    '',
  ].join('\n')
}

type Iso = (at: Instant | null) => string

function ticketLines(
  { id, state, severity, owner, level, timeline }: NonNullable<Reasons['ticket']>,
  iso: Iso,
): readonly string[] {
  return [
    `ticket    ${id} (${state}) ${severity}, with ${owner ?? 'nobody'}, level ${level}`,
    ...timeline.map(({ at, kind, by, text }) => `ticket    ${iso(at)} ${kind} by ${by}: ${text.en.split('\n')[0] ?? ''}`),
  ]
}

function incidentLines(incident: Incident, iso: Iso): readonly string[] {
  const { id, state, title, onsetAt, openedAt, resolvedAt, interfaceIds, systemIds, causes } = incident
  const peers = incident.peers === undefined ? '' : `, ${incident.peers.affected} of ${incident.peers.seen} peers`
  return [
    `incident  ${id} (${state}): ${title.zh} / ${title.en}`,
    `incident  began ${iso(onsetAt)}, opened ${iso(openedAt)}, over ${iso(resolvedAt)}; ${interfaceIds.join(' ')}; ${systemIds.join(' ')}${peers}`,
    ...causes.flatMap(({ id: cause, confidence, locus, evidence }) => [
      `cause     ${cause} ${(confidence * 100).toFixed(1)} %${locus === null ? '' : ` at ${locus.kind} ${locus.id}`}`,
      ...evidence.map(
        (line) => `          ${line.for ? '+' : '-'}${Math.abs(line.weight).toFixed(1)}  ${line.text.zh} / ${line.text.en}`,
      ),
    ]),
  ]
}

function alertLines(alert: Alert, iso: Iso): readonly string[] {
  const { id, signal, subject, state, flapping, onsetAt, pendingAt, firingAt, resolvedAt, reading } = alert
  const facts = Object.entries(reading.facts).map(([name, value]) => `${name} ${value === null ? '-' : String(value)}`)
  return [
    `alert     ${id} ${signal} on ${subject.kind} ${subject.id}: ${state}${flapping ? ', flapping' : ''}`,
    `alert     onset ${iso(onsetAt)}, pending ${iso(pendingAt)}, firing ${iso(firingAt)}, resolved ${iso(resolvedAt)}`,
    `reading   ${reading.monitor} at ${iso(reading.at)}: ${reading.state}, score ${reading.score.toFixed(2)}, ${facts.join(', ')}`,
    ...(reading.exchangeIds.length === 0 ? [] : [`reading   of ${reading.exchangeIds.join(' ')}`]),
  ]
}
