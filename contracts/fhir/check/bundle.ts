import { isRecord } from '../../../gateway/model/json.ts'
import { type Fields, report, type Walk } from './walk.ts'

/**
 * What R4 says of Bundles in words alone: a fullUrl is absolute (Bundle.entry.fullUrl), what a search found has its id (3.1.1.5: a resource on a server has one; an
 * OperationOutcome beside it may have none), and of each navigation link there is one (RFC 5988 names by relation).
 */
export function checkBundle(walk: Walk, bundle: Fields): void {
  const entries = Array.isArray(bundle.entry) ? bundle.entry : []
  for (const [i, entry] of entries.entries()) {
    if (!isRecord(entry)) continue
    const at = `entry[${i}]`
    if (typeof entry.fullUrl === 'string' && !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(entry.fullUrl)) {
      report(walk, { rule: 'format', expected: 'absolute uri', at: `${at}.fullUrl`, shape: `text(${entry.fullUrl.length})` })
    }
    const { resource } = entry
    const isFound = bundle.type === 'searchset' && isRecord(resource) && resource.resourceType !== 'OperationOutcome'
    if (isFound && resource.id === undefined) report(walk, { rule: 'required', at: `${at}.resource.id`, shape: 'empty' })
  }
  const relations = Array.isArray(bundle.link) ? bundle.link.filter(isRecord).map(({ relation }) => relation) : []
  if (navigations.some((name) => relations.indexOf(name) !== relations.lastIndexOf(name))) {
    report(walk, { rule: 'cardinality', expected: '..1 a relation', at: 'link', shape: null })
  }
}

const navigations = ['self', 'first', 'previous', 'prev', 'next', 'last']
