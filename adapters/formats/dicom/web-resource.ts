/** What a DICOMweb request asks for (PS3.18 chapter 10): its service and its resource. */
export interface Resource {
  readonly service: 'STOW' | 'QIDO' | 'WADO' | 'UPS' | 'DELETE'
  /** The path from the resource on, identifiers left out: `/studies/{}/series`. */
  readonly shape: string
  readonly study: string | null
  readonly series: string | null
  readonly instance: string | null
  /** Of a work item. */
  readonly task: string | null
  /** Query parameters, decoded. */
  readonly query: ReadonlyMap<string, string>
}

/** Null: no resource of DICOMweb. Behind it the base may be any path. */
export function resourceOf(method: string | null, target: string | null): Resource | null {
  if (method === null || target === null || target.length > targetMax) return null
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const query = queryOf(mark < 0 ? '' : target.slice(mark + 1))
  if (query.get('requestType') === 'WADO') return uriResource(query)
  const segments = path.split('/').filter((segment) => segment !== '')
  const start = segments.findIndex((segment) => roots.has(segment))
  if (start < 0) return null
  const tail = segments.slice(start)
  const uidOf = (name: string): string | null => {
    const next = tail[tail.indexOf(name) + 1]
    return tail.includes(name) && next !== undefined && isUid(next) ? next : null
  }
  const shape = `/${tail.map((segment) => (words.has(segment) ? segment : '{}')).join('/')}`
  return {
    service: serviceOf(method, tail),
    shape,
    study: uidOf('studies') ?? query.get('StudyInstanceUID') ?? query.get('0020000D') ?? null,
    series: uidOf('series') ?? query.get('SeriesInstanceUID') ?? query.get('0020000E') ?? null,
    instance: uidOf('instances') ?? query.get('SOPInstanceUID') ?? query.get('00080018') ?? null,
    task: uidOf('workitems'),
    query,
  }
}

const targetMax = 8_192
const parametersMax = 100

const roots = new Set(['studies', 'series', 'instances', 'workitems'])
const words = new Set([
  ...roots,
  'metadata',
  'rendered',
  'thumbnail',
  'frames',
  'bulkdata',
  'pixeldata',
  'state',
  'cancelrequest',
  'subscribers',
  'suspend',
])

/** PS3.18 table 10.3-1: what ends in a collection is searched, what ends in one resource or in a view of it is retrieved. */
function serviceOf(method: string, tail: readonly string[]): Resource['service'] {
  if (tail[0] === 'workitems') return 'UPS'
  if (method === 'POST' || method === 'PUT') return 'STOW'
  if (method === 'DELETE') return 'DELETE'
  const last = tail.at(-1) ?? ''
  return roots.has(last) ? 'QIDO' : 'WADO'
}

/** WADO-URI (PS3.18 9): one instance, named by its query. */
function uriResource(query: ReadonlyMap<string, string>): Resource {
  return {
    service: 'WADO',
    shape: '/?requestType=WADO',
    study: query.get('studyUID') ?? null,
    series: query.get('seriesUID') ?? null,
    instance: query.get('objectUID') ?? null,
    task: null,
    query,
  }
}

/** The first of each name; what can't be decoded stays as it is. */
function queryOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const pair of text.split('&').slice(0, parametersMax)) {
    const equals = pair.indexOf('=')
    if (equals <= 0) continue
    const name = decoded(pair.slice(0, equals))
    if (!found.has(name)) found.set(name, decoded(pair.slice(equals + 1)))
  }
  return found
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function isUid(text: string): boolean {
  return /^[0-9.]{1,64}$/.test(text)
}
