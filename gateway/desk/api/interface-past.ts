import { type Expectation, expectationsIn } from '../../../monitors/volume.ts'
import { includesInterface, type PlannedChange, phaseOf, resourcesIn, windowEndOf } from '../../model/change.ts'
import type { Alert } from '../../model/incident.ts'
import type { Catalogue, Interface } from '../../model/interface.ts'
import type { Clock, Instant } from '../../model/time.ts'
import { fingerprintKinds } from '../../model/version-change.ts'
import type { ContractVersion } from '../../store/contract-store.ts'
import type { Store } from '../../store/store.ts'
import { type Binding, bind } from './bind.ts'
import type { Changed, Volume } from './interface-shapes.ts'
import { knownInterface } from './known-interface.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import { spanOf } from './span.ts'

interface Parts {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly present: Presenter
}

const hourMs = 3_600_000
const weekMs = 7 * 24 * hourMs
const hoursShown = 24
const changesMax = 200
const shownMax = 50

/** What was expected of an interface, and what changed. */
export function interfacePastRoutes(parts: Parts): readonly Binding[] {
  const { store, catalogue, clock, present } = parts
  return [
    bind(routes.volume, async ({ params }) => {
      const { id } = knownInterface(catalogue, params.id)
      const now = clock.now()
      const from = Math.floor(now / hourMs) * hourMs - hoursShown * hourMs
      const points = await store.series({ interfaceId: id, from, to: from + (hoursShown + 1) * hourMs, stepMs: hourMs })
      const expectation = expectationsIn(await store.monitorMemory('volume'), catalogue).get(id)
      const shown = points.map(({ at, exchanges }) => ({
        at: present.iso(at),
        exchanges,
        expected: expectation === undefined ? null : expectedIn(at, expectation, now),
      }))
      const expectedFrom = expectation?.learnedAt ?? null
      return {
        interfaceId: id,
        state: stateOf(expectation, shown),
        expectedFrom: expectedFrom === null ? null : present.iso(expectedFrom),
        points: shown,
      }
    }),
    bind(routes.changed, async ({ params, query }) => {
      const iface = knownInterface(catalogue, params.id)
      const { from, to } = spanOf(query, clock.now(), weekMs)
      const items = await changedOn(iface, { from, to }, parts)
      return { interfaceId: iface.id, from: present.iso(from), to: present.iso(to), items }
    }),
  ]
}

/** Of the hour that begins at `at`, as far as it was watched and has passed. */
function expectedIn(at: Instant, { watchedFrom, perHourAt }: Expectation, now: Instant): number | null {
  const perHour = perHourAt(at)
  const share = (Math.min(at + hourMs, now) - Math.max(at, watchedFrom)) / hourMs
  return perHour === null || share <= 0 ? null : Math.round(perHour * share * 10) / 10
}

function stateOf(expectation: Expectation | undefined, points: Volume['points']): Volume['state'] {
  if (expectation === undefined) return 'unwatched'
  if (points.some(({ expected }) => expected !== null)) return 'known'
  return expectation.isInUse ? 'learning' : 'little'
}

interface Span {
  readonly from: Instant
  readonly to: Instant
}

async function changedOn(iface: Interface, span: Span, parts: Parts): Promise<readonly Changed[]> {
  const { store, catalogue, clock, present } = parts
  const [alerts, versions, { items: planned }] = await Promise.all([
    store.alertsDuring(span.from, span.to),
    store.contractVersions(),
    store.plannedChanges({ ...span, limit: changesMax }),
  ])
  const resourcesOf = resourcesIn(catalogue)
  const touching = planned.filter((change) => includesInterface(change, iface, resourcesOf))
  const found = [
    ...alerts.flatMap((alert) => onWire(alert, iface, present)),
    ...contractChanges(versions, iface, present),
    ...touching.map((change) => plannedOn(change, clock.now(), present)),
  ]
  return (
    found
      // A window that began before the span is open in it.
      .filter(({ at, kind }) => (kind === 'planned' || Date.parse(at) >= span.from) && Date.parse(at) <= span.to)
      .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
      .slice(0, shownMax)
  )
}

const sides = ['sender', 'receiver'] as const

/** What the versions monitor said last of one episode of changes. */
function onWire({ monitor, subject, reading }: Alert, iface: Interface, present: Presenter): readonly Changed[] {
  if (monitor !== 'versions' || subject.kind !== 'interface' || subject.id !== iface.id) return []
  const { facts } = reading
  const side = sides.find((one) => one === facts.side)
  const what = fingerprintKinds.find((one) => one === facts.kind)
  if (side === undefined || what === undefined || typeof facts.changedAt !== 'number') return []
  const number = (value: unknown) => (typeof value === 'number' ? Math.round(value) : 0)
  return [
    {
      kind: 'wire',
      at: present.iso(facts.changedAt),
      systemId: side === 'sender' ? iface.from : iface.to,
      side,
      what,
      from: String(facts.from),
      to: String(facts.to),
      seen: number(facts.seenSince),
      bad: number(facts.badSince),
      exchangeId: reading.exchangeIds.at(-1) ?? null,
    },
  ]
}

/** The first text that an interface was ever held to is no change. */
function contractChanges(versions: readonly ContractVersion[], iface: Interface, { iso }: Presenter): readonly Changed[] {
  return versions
    .filter(({ interfaceId }) => interfaceId === iface.id)
    .slice(0, -1)
    .map(({ firstUsedAt, contractId, version }) => ({ kind: 'contract', at: iso(firstUsedAt), contractId, version }))
}

function plannedOn(change: PlannedChange, now: Instant, { iso }: Presenter): Changed {
  const { id: changeId, title, approval, fromAt } = change
  if (change.origin === 'configuration') return { kind: 'configuration', at: iso(fromAt), changeId }
  return {
    kind: 'planned',
    at: iso(fromAt),
    until: iso(windowEndOf(change)),
    changeId,
    title,
    approval,
    phase: phaseOf(change, now),
  }
}
