import type { Route } from './contract.ts'

/** Reads `POST /rx/{code}` or `POST /**` + `/rx/check`; null when the text is no route. */
export function readRoute(text: string): Route | null {
  const match = /^([A-Z]{3,10}) (\/\S*)$/.exec(text)
  if (match === null) return null
  const [, method = '', path = ''] = match
  const hasAnyPrefix = path.startsWith('/**/')
  const bare = hasAnyPrefix ? path.slice(3) : path
  const segments = bare.split('/').slice(1)
  if (segments.length > segmentsMax || segments.some((s) => s.includes('*') || (s.includes('{') && !/^\{[\w.-]+\}$/.test(s))))
    return null
  return { method, hasAnyPrefix, segments: segments.map((s) => (s.startsWith('{') ? null : s)), text: `${method} ${bare}` }
}

/** How well a request fits: the number of its segments that are named; -1: it doesn't. A named segment outranks a variable one. */
export function routeFit(route: Route, method: string, path: string): number {
  if (route.method !== method) return -1
  const segments = segmentsOf(path)
  const skipped = segments.length - route.segments.length
  if (skipped < 0 || (skipped > 0 && !route.hasAnyPrefix)) return -1
  let named = 0
  for (const [i, wanted] of route.segments.entries()) {
    const segment = segments[skipped + i] ?? ''
    if (wanted === null ? segment === '' : segment !== wanted) return -1
    if (wanted !== null) named += 1
  }
  return named
}

/** What stands in a path for the variables that are codes (`/drug/barcode/{code}`): dictionaries govern them as they govern members of bodies. */
export function codesInPath(
  { segments, text }: Route,
  path: string,
): readonly { readonly path: string; readonly value: string }[] {
  if (!text.toLowerCase().includes('code}')) return []
  const names = text.split('/').slice(1)
  const asked = segmentsOf(path)
  const skipped = asked.length - segments.length
  return names.flatMap((name, i) => {
    const value = asked[skipped + i]
    if (!/code\}$/i.test(name) || value === undefined || value.length > codeCharsMax) return []
    return [{ path: `:path.${[names[i - 1], name.slice(1, -1)].filter((part) => part !== undefined).join('.')}`, value }]
  })
}

const codeCharsMax = 64

/** Without the query, and without a slash at the end. */
function segmentsOf(path: string): readonly string[] {
  const end = path.search(/[?#]/)
  return (end < 0 ? path : path.slice(0, end))
    .replace(/(?<=.)\/$/, '')
    .split('/')
    .slice(1)
}

/** Whether a topic or a file's name fits a pattern with `*`. */
export function nameFits(pattern: string, name: string): boolean {
  const parts = pattern.split('*')
  const [first = ''] = parts
  if (parts.length === 1) return name === pattern
  if (!name.startsWith(first)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  const last = parts.at(-1) ?? ''
  return name.length - last.length >= at && name.endsWith(last)
}

const segmentsMax = 32
