/**
 * `POST /rx/check`: method and path of a request as its type, so that one operation has one type: the query is dropped, and a segment that could be an
 * identifier (it holds a digit, a character beyond ASCII or a percent sign, or is longer than 32 characters) becomes `{}`.
 */
export function routeType(method: string, path: string): string {
  const end = path.search(/[?#]/)
  const bare = end < 0 ? path : path.slice(0, end)
  const segments = bare.split('/', segmentsMax).map((segment) => (mayIdentify(segment) ? '{}' : segment))
  return `${method.slice(0, methodCharsMax)} ${segments.join('/')}`
}

/** The values of a path's query by name, in order, percent decoded; a value that can't be decoded stands as it is. */
export function queryOf(path: string): readonly (readonly [name: string, value: string])[] {
  const start = path.indexOf('?')
  if (start < 0) return []
  return [...new URLSearchParams(path.slice(start + 1, start + 1 + queryCharsMax))].slice(0, queryFieldsMax)
}

const segmentsMax = 32
const methodCharsMax = 32
const queryCharsMax = 8_192
const queryFieldsMax = 100

function mayIdentify(segment: string): boolean {
  return segment.length > 32 || /[^\x21-\x7e]|[%\d]/.test(segment)
}
