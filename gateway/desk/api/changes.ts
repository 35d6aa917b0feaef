import { type PlannedChange, phaseOf, type Silence, silenceEndOf } from '../../model/change.ts'
import type { Incident } from '../../model/incident.ts'
import type { Catalogue } from '../../model/interface.ts'
import type { Clock } from '../../model/time.ts'
import type { ChangeQuery, WithheldIncidents } from '../../store/change-store.ts'
import type { Store } from '../../store/store.ts'
import type { Caller } from '../access/session.ts'
import { auditRow } from '../audit/row.ts'
import { beginSilence, type Declaring, endSilence, planChange, stopChange } from '../changes.ts'
import { snapshotOf } from '../configuration-snapshot.ts'
import { ticketIdOf } from '../ticket-rules.ts'
import { type Binding, bind } from './bind.ts'
import type { ChangeAnswer, HeldIncident, SilenceAnswer } from './changes-shapes.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import { Refusal } from './problems.ts'
import { instantIn, openSpanOf } from './span.ts'

const incidentsMax = 100
const ofSilenceMax = 10

interface Parts {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly present: Presenter
}

/** Planned changes and silences. */
export function changeRoutes(parts: Parts): readonly Binding[] {
  return [...plannedRoutes(parts), ...silenceRoutes(parts)]
}

function plannedRoutes(parts: Parts): readonly Binding[] {
  const { store, catalogue, clock, present } = parts
  const answer = async (change: PlannedChange) => changeAnswer(change, await store.withheldIncidents(change.id, 0), parts)
  return [
    bind(routes.changes, async ({ query }) => {
      const page = await store.plannedChanges(queryOf(query))
      return {
        at: present.iso(clock.now()),
        items: await Promise.all(page.items.map(answer)),
        nextCursor: page.nextCursor,
      }
    }),
    bind(routes.change, async ({ params }) => {
      const change = await store.plannedChange(params.id ?? '')
      if (change === null) throw new Refusal('NOT_FOUND', 'There is no such planned change.')
      const held = await store.withheldIncidents(change.id, incidentsMax)
      const kept = change.snapshot === null ? null : await store.snapshot(change.snapshot)
      const before = change.snapshotBefore === null ? null : await store.snapshot(change.snapshotBefore)
      const isCurrent = kept?.digest === snapshotOf(catalogue).digest
      return {
        ...changeAnswer(change, held, parts),
        incidents: held.items.map((incident) => heldIncident(incident, present)),
        configuration: kept && { text: kept.text, isCurrent, before: before?.text ?? null },
      }
    }),
    bind(routes.planChange, async ({ body, caller }) => {
      const { title, approval, interfaceIds = [], systemIds = [], graceMin = 10, comment = '' } = body
      const span = { fromAt: instantIn('body.from', body.from), toAt: instantIn('body.to', body.to) }
      const wish = { title, approval, interfaceIds, systemIds, graceMs: graceMin * 60_000, comment, ...span }
      const change = await planChange(wish, declaring(parts, caller))
      await audited(parts, caller, 'change planned', change.id, approval)
      return answer(change)
    }),
    bind(routes.cancelChange, async ({ params, body, caller }) => {
      const change = await stopChange(params.id ?? '', 'cancelled', declaring(parts, caller))
      await audited(parts, caller, 'change cancelled', change.id, body.reason)
      return answer(change)
    }),
    bind(routes.endChange, async ({ params, body, caller }) => {
      const change = await stopChange(params.id ?? '', 'ended-early', declaring(parts, caller))
      await audited(parts, caller, 'change ended early', change.id, body.reason ?? null)
      return answer(change)
    }),
  ]
}

function silenceRoutes(parts: Parts): readonly Binding[] {
  const { store, clock, present } = parts
  const answer = async (silence: Silence) =>
    silenceAnswer(silence, await store.withheldIncidents(silence.id, ofSilenceMax), parts)
  return [
    bind(routes.silences, async ({ query }) => {
      const page = await store.silences(queryOf(query))
      return {
        at: present.iso(clock.now()),
        items: await Promise.all(page.items.map(answer)),
        nextCursor: page.nextCursor,
      }
    }),
    bind(routes.beginSilence, async ({ body, caller }) => {
      const { interfaceIds = [], systemIds = [], cause = null, reason, minutes } = body
      const wish = { interfaceIds, systemIds, cause, reason, lastsMs: minutes * 60_000 }
      const silence = await beginSilence(wish, declaring(parts, caller))
      await audited(parts, caller, 'silence begun', silence.id, reason)
      return answer(silence)
    }),
    bind(routes.endSilence, async ({ params, caller }) => {
      const silence = await endSilence(params.id ?? '', declaring(parts, caller))
      await audited(parts, caller, 'silence ended', silence.id, null)
      return answer(silence)
    }),
  ]
}

function declaring({ store, catalogue, clock }: Parts, caller: Caller): Declaring {
  return { store, catalogue, by: caller.name, at: clock.now() }
}

function audited(
  { store, clock }: Parts,
  caller: Caller,
  action: string,
  subject: string,
  reason: string | null,
): Promise<void> {
  return store.appendAudit(auditRow(caller, clock.now(), { action, subject, reason }))
}

function queryOf(query: {
  readonly from?: string
  readonly to?: string
  readonly limit?: number
  readonly cursor?: string
}): ChangeQuery {
  const { limit = 50, cursor } = query
  return { ...openSpanOf(query), limit, ...(cursor === undefined ? {} : { cursor }) }
}

function changeAnswer(
  change: PlannedChange,
  { count, ticketedCount }: WithheldIncidents,
  { clock, present }: Parts,
): ChangeAnswer {
  const { revision: _, state: __, fromAt, toAt, graceMs, endedAt, madeAt, ...rest } = change
  return {
    ...rest,
    from: present.iso(fromAt),
    to: present.iso(toAt),
    graceMin: Math.round(graceMs / 60_000),
    phase: phaseOf(change, clock.now()),
    endedAt: endedAt === null ? null : present.iso(endedAt),
    madeAt: present.iso(madeAt),
    withheldCount: count,
    ticketedCount,
  }
}

function silenceAnswer(
  silence: Silence,
  { items, count, ticketedCount }: WithheldIncidents,
  { clock, present }: Parts,
): SilenceAnswer {
  const { id, interfaceIds, systemIds, cause, reason, by, fromAt, endedBy } = silence
  const until = silenceEndOf(silence)
  return {
    id,
    interfaceIds,
    systemIds,
    cause,
    reason,
    by,
    from: present.iso(fromAt),
    until: present.iso(until),
    isActive: clock.now() < until,
    endedBy,
    withheldCount: count,
    ticketedCount,
    incidents: items.map((incident) => heldIncident(incident, present)),
  }
}

function heldIncident(incident: Incident, { iso }: Presenter): HeldIncident {
  const { id, state, title, interfaceIds, openedAt, resolvedAt, causes, ticketed } = incident
  return {
    id,
    state,
    title,
    interfaceIds,
    openedAt: iso(openedAt),
    resolvedAt: resolvedAt === null ? null : iso(resolvedAt),
    cause: causes[0]?.id ?? 'unknown',
    ticketId: ticketed ? ticketIdOf(incident) : null,
  }
}
