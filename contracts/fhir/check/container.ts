import { isRecord } from '../../../gateway/model/json.ts'
import { type Container, type Fields, report, type Walk } from './walk.ts'

export function containerOf(resource: Fields): Container {
  const contained = containedIn(resource)
  if (contained.length === 0) return { resource, ids: noIds, referred: new Set() }
  const ids = contained.map(({ id }) => id).filter((id) => typeof id === 'string')
  return { resource, ids: new Set(ids), referred: new Set() }
}

const noIds: ReadonlySet<string> = new Set()

/** A reference within the resource, `#id`: what it names must be contained (ref-1). `#` alone is the container. */
export function noteLocal(walk: Walk, reference: string): void {
  const id = reference.slice(1)
  walk.container.referred.add(id)
  if (id === '' || walk.container.ids.has(id)) return
  report(walk, { rule: 'condition', expected: 'ref-1' })
}

/**
 * What holds of contained resources: none contains another (dom-2), each is referred to or refers to its container (dom-3), none
 * has a version, an update time (dom-4) or a security label (dom-5). Asked when the container has been walked.
 */
export function checkContained(walk: Walk, container: Container): void {
  for (const resource of containedIn(container.resource)) {
    if (containedIn(resource).length > 0) report(walk, { rule: 'condition', expected: 'dom-2' })
    const meta = isRecord(resource.meta) ? resource.meta : {}
    if (meta.versionId !== undefined || meta.lastUpdated !== undefined) report(walk, { rule: 'condition', expected: 'dom-4' })
    if (meta.security !== undefined) report(walk, { rule: 'condition', expected: 'dom-5' })
    const isReferred = typeof resource.id === 'string' && container.referred.has(resource.id)
    if (!isReferred && !refersBack(resource, 0)) report(walk, { rule: 'condition', expected: 'dom-3' })
  }
}

function containedIn(resource: Fields): readonly Fields[] {
  return Array.isArray(resource.contained) ? resource.contained.filter(isRecord) : []
}

/** Whether a reference to the container stands anywhere in it. */
function refersBack(value: unknown, depth: number): boolean {
  if (value === '#') return true
  if (typeof value !== 'object' || value === null || depth > 60) return false
  return Object.values(value).some((one) => refersBack(one, depth + 1))
}
