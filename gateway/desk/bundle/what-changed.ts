import type { Alert } from '../../model/incident.ts'
import type { ClockState } from '../../model/reading.ts'
import type { Ticket } from '../../model/ticket.ts'
import type { Instant } from '../../model/time.ts'
import type { SeriesPoint, Store } from '../../store/store.ts'

/** What was otherwise before: alerts in the order in which they began, clocks that jumped, and an hour of traffic before and after. */
export interface WhatChanged {
  readonly onsetAt: Instant
  readonly alerts: readonly Alert[]
  readonly clocks: readonly ClockState[]
  readonly traffic: readonly {
    readonly interfaceId: string
    readonly before: SeriesPoint | null
    readonly since: SeriesPoint | null
  }[]
}

const hourMs = 3_600_000
const alertsMax = 100

export async function whatChanged(ticket: Ticket, store: Store): Promise<WhatChanged> {
  const incident = await store.incident(ticket.incidentId)
  const onsetAt = incident?.onsetAt ?? ticket.openedAt
  const alerts: Alert[] = []
  for (const id of (incident?.alertIds ?? []).slice(0, alertsMax)) {
    const alert = await store.alert(id)
    if (alert !== null) alerts.push(alert)
  }
  const minute = Math.floor(onsetAt / 60_000) * 60_000
  const hour = async (interfaceId: string, from: Instant) =>
    (await store.series({ interfaceId, from, to: from + hourMs, stepMs: hourMs }))[0] ?? null
  return {
    onsetAt,
    alerts: alerts.sort((a, b) => a.onsetAt - b.onsetAt),
    clocks: (await store.clocks()).filter(
      ({ systemId, changedAt }) =>
        ticket.systemIds.includes(systemId) &&
        changedAt !== null &&
        changedAt > onsetAt - 24 * hourMs &&
        changedAt < onsetAt + hourMs,
    ),
    traffic: await Promise.all(
      ticket.interfaceIds.map(async (interfaceId) => ({
        interfaceId,
        before: await hour(interfaceId, minute - hourMs),
        since: await hour(interfaceId, minute),
      })),
    ),
  }
}
