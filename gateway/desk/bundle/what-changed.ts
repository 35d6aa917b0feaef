import { includesInterface, type PlannedChange, resourcesIn } from '../../model/change.ts'
import type { Alert } from '../../model/incident.ts'
import type { Catalogue } from '../../model/interface.ts'
import type { ClockState } from '../../model/reading.ts'
import type { Ticket } from '../../model/ticket.ts'
import type { Instant } from '../../model/time.ts'
import type { SeriesPoint, Store } from '../../store/store.ts'
import { type ConfigurationDifference, differencesOf } from '../configuration-snapshot.ts'

/** What was otherwise before: alerts in the order in which they began, clocks that jumped, and an hour of traffic before and after. */
export interface WhatChanged {
  readonly onsetAt: Instant
  readonly alerts: readonly Alert[]
  readonly clocks: readonly ClockState[]
  /** Planned work whose window was open from a day before to an hour after, and new configurations, of what the ticket is about: oldest first. */
  readonly changes: readonly ChangeNear[]
  readonly traffic: readonly {
    readonly interfaceId: string
    readonly before: SeriesPoint | null
    readonly since: SeriesPoint | null
  }[]
}

/** A planned change or a new configuration; of the latter what differs. */
export interface ChangeNear {
  readonly change: PlannedChange
  readonly differences: readonly ConfigurationDifference[]
}

const hourMs = 3_600_000
const changesMax = 200
const alertsMax = 100

export async function whatChanged(ticket: Ticket, store: Store, catalogue: Catalogue): Promise<WhatChanged> {
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
    changes: await changesNear(ticket, onsetAt, { store, catalogue }),
    traffic: await Promise.all(
      ticket.interfaceIds.map(async (interfaceId) => ({
        interfaceId,
        before: await hour(interfaceId, minute - hourMs),
        since: await hour(interfaceId, minute),
      })),
    ),
  }
}

async function changesNear(
  ticket: Ticket,
  onsetAt: Instant,
  { store, catalogue }: { readonly store: Store; readonly catalogue: Catalogue },
): Promise<readonly ChangeNear[]> {
  const span = { from: onsetAt - 24 * hourMs, to: onsetAt + hourMs, limit: changesMax }
  const resourcesOf = resourcesIn(catalogue)
  const own = catalogue.interfaces.filter(({ id }) => ticket.interfaceIds.includes(id))
  const concerns = (change: PlannedChange) =>
    change.systemIds.some((id) => ticket.systemIds.includes(id)) ||
    own.some((iface) => includesInterface(change, iface, resourcesOf))
  const near = (await store.plannedChanges(span)).items.filter((change) => change.state !== 'cancelled' && concerns(change))
  const snapshot = async (digest: string | null) => (digest === null ? null : await store.snapshot(digest))
  return Promise.all(
    near.toReversed().map(async (change) => {
      if (change.origin === 'person') return { change, differences: [] }
      const [before, after] = [await snapshot(change.snapshotBefore), await snapshot(change.snapshot)]
      const ids = [...change.interfaceIds, ...change.systemIds].filter(
        (id) => ticket.systemIds.includes(id) || own.some((iface) => [iface.id, iface.from, iface.to].includes(id)),
      )
      return { change, differences: before && after ? differencesOf(before.text, after.text, ids) : [] }
    }),
  )
}
