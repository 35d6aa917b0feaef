import type { NamePattern, Route } from './contract.ts'

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
export function routeFit(route: Route, method: string, segments: readonly string[]): number {
  if (route.method !== method) return -1
  const skipped = segments.length - route.segments.length
  if (skipped < 0 || (skipped > 0 && !route.hasAnyPrefix)) return -1
  let named = 0
  for (let i = 0; i < route.segments.length; i++) {
    const wanted = route.segments[i] ?? null
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

/** The segments of a path: without the query, and without a slash at the end. */
export function segmentsOf(path: string): readonly string[] {
  const mark = path.search(/[?#]/)
  const end = mark < 0 ? path.length : mark
  const hasSlash = end > 1 && path[end - 1] === '/'
  return path
    .slice(0, hasSlash ? end - 1 : end)
    .split('/')
    .slice(1)
}

/** Reads `ods.cdc.*`. */
export function readNamePattern(text: string): NamePattern {
  return text.split('*')
}

/** Whether a topic or a file's name fits. */
export function nameFits(pattern: NamePattern, name: string): boolean {
  const first = pattern[0] ?? ''
  if (pattern.length === 1) return name === first
  if (!name.startsWith(first)) return false
  let at = first.length
  for (let i = 1; i < pattern.length - 1; i++) {
    const part = pattern[i] ?? ''
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  const last = pattern.at(-1) ?? ''
  return name.length - last.length >= at && name.endsWith(last)
}

const segmentsMax = 32
