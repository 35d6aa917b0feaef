import { randomBytes } from 'node:crypto'
import {
  hasWindow,
  includesInterface,
  type PlannedChange,
  phaseOf,
  resourcesIn,
  type Silence,
  type Subjects,
  silenceEndOf,
  silenceMsMax,
  windowEndOf,
} from '../model/change.ts'
import type { Catalogue, Interface } from '../model/interface.ts'
import type { Instant, Millis } from '../model/time.ts'
import type { Store } from '../store/store.ts'
import { Refusal } from './api/problems.ts'
import { snapshotOf } from './configuration-snapshot.ts'

const windowMsMax: Millis = 31 * 86_400_000
const triesMax = 5
/** Windows and silences that stand at one time, at most. */
const standingMax = 500

export interface NewChange extends Subjects {
  readonly title: string
  readonly approval: string
  readonly fromAt: Instant
  readonly toAt: Instant
  readonly graceMs: Millis
  readonly comment: string
}

export interface NewSilence extends Subjects {
  readonly cause: string | null
  readonly reason: string
  readonly lastsMs: Millis
}

export interface Declaring {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly by: string
  readonly at: Instant
}

/** Declares approved work, with a snapshot of the configuration before it. Refuses with INVALID_REQUEST. */
export async function planChange(wish: NewChange, { store, catalogue, by, at }: Declaring): Promise<PlannedChange> {
  checkSubjects(wish, catalogue)
  if (wish.toAt <= wish.fromAt) throw new Refusal('INVALID_REQUEST', 'body.to must lie after body.from')
  if (wish.toAt <= at) throw new Refusal('INVALID_REQUEST', 'body.to lies in the past')
  if (wish.toAt - wish.fromAt > windowMsMax) throw new Refusal('INVALID_REQUEST', 'the window is longer than 31 days')
  const snapshot = snapshotOf(catalogue)
  const change: PlannedChange = {
    id: freshId('c', at),
    revision: 1,
    ...wish,
    by,
    state: 'planned',
    endedAt: null,
    endedBy: null,
    madeAt: at,
    origin: 'person',
    snapshot: snapshot.digest,
    snapshotBefore: null,
  }
  if (!(await store.savePlannedChange(change, [snapshot]))) throw conflict()
  return change
}

/** Cancels what has not begun, or ends early what has. Refuses with NOT_FOUND, CHANGE_STATE or CONFLICT. */
export async function stopChange(
  id: string,
  how: 'cancelled' | 'ended-early',
  { store, by, at }: Declaring,
): Promise<PlannedChange> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const read = await store.plannedChange(id)
    if (read === null) throw new Refusal('NOT_FOUND', 'There is no such planned change.')
    const phase = phaseOf(read, at)
    if (how === 'cancelled' && phase !== 'coming')
      throw new Refusal('CHANGE_STATE', 'Only what has not begun can be cancelled; end it instead.')
    if (how === 'ended-early' && phase !== 'now') throw new Refusal('CHANGE_STATE', 'Its window is not open.')
    const stopped = { ...read, revision: read.revision + 1, state: how, endedAt: at, endedBy: by }
    if (await store.savePlannedChange(stopped, [])) return stopped
  }
  throw conflict()
}

/** Begins a silence now. Refuses with INVALID_REQUEST. */
export async function beginSilence(wish: NewSilence, { store, catalogue, by, at }: Declaring): Promise<Silence> {
  const { lastsMs, ...rest } = wish
  if (wish.cause === null) checkSubjects(wish, catalogue)
  else checkKnown(wish, catalogue)
  const untilAt = at + Math.min(lastsMs, silenceMsMax)
  const silence: Silence = {
    id: freshId('s', at),
    revision: 1,
    ...rest,
    by,
    fromAt: at,
    untilAt,
    endedAt: null,
    endedBy: null,
  }
  if (!(await store.saveSilence(silence))) throw conflict()
  return silence
}

/** Refuses with NOT_FOUND, CHANGE_STATE or CONFLICT. */
export async function endSilence(id: string, { store, by, at }: Declaring): Promise<Silence> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const read = await store.silence(id)
    if (read === null) throw new Refusal('NOT_FOUND', 'There is no such silence.')
    if (at >= silenceEndOf(read)) throw new Refusal('CHANGE_STATE', 'The silence is over already.')
    const ended = { ...read, revision: read.revision + 1, endedAt: at, endedBy: by }
    if (await store.saveSilence(ended)) return ended
  }
  throw conflict()
}

/** What stands now, by interface. */
export interface Standing {
  windowOf(iface: Interface): PlannedChange | null
  silenceOf(iface: Interface): Silence | null
}

/** Of several the one that ends last. A silence of a cause alone is of no interface in particular. */
export async function standingAt(store: Store, catalogue: Catalogue, now: Instant): Promise<Standing> {
  const span = { from: now, to: now + 1, limit: standingMax }
  const changes = (await store.plannedChanges(span)).items.filter(
    (change) => hasWindow(change) && phaseOf(change, now) === 'now',
  )
  const silences = (await store.silences(span)).items.filter((silence) => now < silenceEndOf(silence))
  const resourcesOf = resourcesIn(catalogue)
  const lastOf = <T extends Subjects>(items: readonly T[], iface: Interface, endOf: (item: T) => Instant): T | null =>
    items
      .filter((item) => includesInterface(item, iface, resourcesOf))
      .reduce<T | null>((last, item) => (last === null || endOf(item) > endOf(last) ? item : last), null)
  return {
    windowOf: (iface) => lastOf(changes, iface, windowEndOf),
    silenceOf: (iface) => lastOf(silences, iface, silenceEndOf),
  }
}

function checkSubjects(subjects: Subjects, catalogue: Catalogue): void {
  if (subjects.interfaceIds.length + subjects.systemIds.length === 0)
    throw new Refusal('INVALID_REQUEST', 'body must name at least one of interfaceIds and systemIds')
  checkKnown(subjects, catalogue)
}

/** A misspelt id would silence nothing, and nobody would notice before the night. */
function checkKnown({ interfaceIds, systemIds }: Subjects, { interfaces, systems }: Catalogue): void {
  const knownInterfaces = new Set(interfaces.map(({ id }) => id))
  const knownSystems = new Set([
    ...systems.flatMap(({ id, depends }) => [id, ...depends]),
    ...interfaces.flatMap(({ from, to }) => [from, to]),
  ])
  const isKnown = interfaceIds.every((id) => knownInterfaces.has(id)) && systemIds.every((id) => knownSystems.has(id))
  if (!isKnown) throw new Refusal('INVALID_REQUEST', 'body names an interface or a system that is not in the catalogue')
}

export function freshId(kind: 'c' | 's', at: Instant): string {
  return `${kind}${Math.round(at).toString(36)}-${randomBytes(3).toString('hex')}`
}

function conflict(): Refusal {
  return new Refusal('CONFLICT', 'It kept changing while it was written.')
}
