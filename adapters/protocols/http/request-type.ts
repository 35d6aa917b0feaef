/**
 * `METHOD /path` of a request, as a name of what is asked that is the same for every patient: segments that could be identifiers (a digit, more
 * than 32 characters, anything but ASCII letters and marks) are `{}`; the query, a fragment and matrix parameters are dropped.
 */
export function requestType(method: string, target: string): string {
  if (method === 'CONNECT') return method
  const path = pathOf(target)
  if (path === null) return `${method} *`
  const segments = path.split('/', segmentsMax + 2)
  const shown = segments.slice(1, segmentsMax + 1).map((segment) => (isName(segment) ? segment : '{}'))
  const more = segments.length > segmentsMax + 1 ? '/...' : ''
  return `${method} /${shown.join('/')}${more}`.slice(0, typeCharsMax)
}

const segmentsMax = 8
const typeCharsMax = 199
const nameCharsMax = 32

/** The path of an origin or absolute form (RFC 9112 3.2), without query; null: the asterisk form. */
function pathOf(target: string): string | null {
  if (target === '*') return null
  const start = target.startsWith('/') ? 0 : target.indexOf('/', Math.max(0, target.indexOf('://') + 3))
  const path = start < 0 ? '/' : target.slice(start)
  const end = path.search(/[?#]/)
  return end < 0 ? path : path.slice(0, end)
}

function isName(segment: string): boolean {
  return segment.length <= nameCharsMax && /^[A-Za-z$.:_~-]*$/.test(segment)
}
