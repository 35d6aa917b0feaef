import type { PlannedChange } from '../model/change.ts'
import type { Catalogue } from '../model/interface.ts'
import type { Json } from '../model/json.ts'
import { type JsonRecord, plain, recordOf, textOf } from '../model/saved.ts'
import type { Instant } from '../model/time.ts'
import type { Store } from '../store/store.ts'
import { freshId } from './changes.ts'
import { type PartDigests, partDigestsOf, snapshotOf } from './configuration-snapshot.ts'

const settingName = 'configuration'

/**
 * Notes what configuration is at work. When it isn't the one of the last start or reload, that is a change of its own: what differs, and
 * both texts. Gives its id; null when nothing changed, or nothing was known before.
 */
export async function recordConfiguration(store: Store, catalogue: Catalogue, now: Instant): Promise<string | null> {
  const snapshot = snapshotOf(catalogue)
  const before = savedOf(await store.setting(settingName))
  if (before?.digest === snapshot.digest) return null
  const parts = partDigestsOf(catalogue)
  const change = before && changeOf(changedIds(before.parts, parts), before.digest, snapshot.digest, now)
  if (before !== null && change !== null)
    await store.savePlannedChange(change, [snapshot, { digest: before.digest, text: before.text }])
  await store.setSetting(settingName, plain({ ...snapshot, ...parts }))
  return change?.id ?? null
}

function changeOf(
  differing: { readonly interfaceIds: readonly string[]; readonly systemIds: readonly string[] },
  snapshotBefore: string,
  snapshot: string,
  now: Instant,
): PlannedChange {
  return {
    id: freshId('c', now),
    revision: 1,
    title: '',
    ...differing,
    fromAt: now,
    toAt: now,
    graceMs: 0,
    approval: '',
    by: 'configuration',
    comment: '',
    state: 'planned',
    endedAt: null,
    endedBy: null,
    madeAt: now,
    origin: 'configuration',
    snapshot,
    snapshotBefore,
  }
}

/** New, gone and different ones. */
function changedIds(before: PartDigests, after: PartDigests) {
  const differing = (one: { readonly [id: string]: string }, other: { readonly [id: string]: string }) =>
    [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((id) => one[id] !== other[id]).sort()
  return {
    interfaceIds: differing(before.interfaces, after.interfaces),
    systemIds: differing(before.systems, after.systems),
  }
}

interface SavedConfiguration {
  readonly digest: string
  readonly text: string
  readonly parts: PartDigests
}

function savedOf(saved: Json | null): SavedConfiguration | null {
  if (saved === null) return null
  const state = recordOf(saved)
  const digests = (of: JsonRecord) => Object.fromEntries(Object.entries(of).map(([id, digest]) => [id, textOf(digest)]))
  return {
    digest: textOf(state.digest),
    text: textOf(state.text),
    parts: { interfaces: digests(recordOf(state.interfaces)), systems: digests(recordOf(state.systems)) },
  }
}
