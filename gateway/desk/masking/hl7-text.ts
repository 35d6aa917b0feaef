import { type Grants, noGrants } from './grants.ts'
import { fieldRule, identityOf } from './rules.ts'
import type { Secret } from './secret-index.ts'
import type { SensitiveCategory } from './sensitive.ts'
import { type Suppression, sensitiveSegments } from './sensitive-hl7.ts'
import { hidden, hiddenByContent, type Stretch, tellingOf } from './values.ts'

/**
 * Walks the decoded text of an HL7 v2 message and says which stretches of it must be hidden. It works on characters, after the
 * charset was decoded, and doesn't depend on the format's own parser: two readers that must agree on every odd message would be
 * two chances to leak. A line that isn't a segment is hidden whole.
 */
export interface Hl7Walk {
  readonly stretches: readonly Stretch[]
  readonly secrets: readonly Secret[]
  /** Categories of which something is suppressed. */
  readonly suppressed: readonly SensitiveCategory[]
}

interface Delimiters {
  readonly field: string
  readonly component: string
  readonly repetition: string
  readonly subcomponent: string
}

/** Stretches by field, and the values that make them, to be looked for elsewhere. Null when this isn't HL7 v2. */
export function walkHl7(text: string, grants: Grants = noGrants): Hl7Walk | null {
  const delimiters = delimitersOf(text)
  if (delimiters === null) return null
  const stretches: Stretch[] = []
  const secrets: Secret[] = []
  const lines = linesOf(text).map((line) => ({ line, words: text.slice(line.start, line.end) }))
  const isSegment = (words: string) =>
    /^[A-Z][A-Z0-9]{2}/.test(words) && (words.length === 3 || words.charAt(3) === delimiters.field)
  const sensitive = sensitiveSegments(
    lines.map(({ words }) => (isSegment(words) ? words.split(delimiters.field) : [''])),
    grants,
  )
  for (const [index, { line, words }] of lines.entries()) {
    if (isSegment(words)) {
      const place = { words, offset: line.start, suppression: sensitive[index] ?? null }
      walkSegment(place, delimiters, grants, stretches, secrets)
    } else if (words.trim() !== '') {
      stretches.push(line)
    }
  }
  const suppressed = [...new Set(sensitive.flatMap((suppression) => suppression?.categories ?? []))]
  return { stretches, secrets: tellingOf(secrets), suppressed }
}

/** All stretches of one text: by field, then by content with the secrets of the whole exchange. Header lines hold none by content. */
export function hiddenInHl7(
  text: string,
  walk: Hl7Walk,
  secrets: readonly Secret[],
  grants: Grants = noGrants,
): readonly Stretch[] {
  const found = [...walk.stretches]
  for (const line of linesOf(text)) {
    const words = text.slice(line.start, line.end)
    // Times and control ids of MSH look like anything; its fields name systems.
    const known = words.startsWith('MSH') ? [] : hiddenByContent(words, secrets, grants)
    for (const { start, end } of known) found.push({ start: line.start + start, end: line.start + end })
  }
  return found
}

interface Place {
  readonly words: string
  readonly offset: number
  readonly suppression: Suppression | null
}

function walkSegment(
  { words, offset, suppression }: Place,
  delimiters: Delimiters,
  grants: Grants,
  stretches: Stretch[],
  secrets: Secret[],
): void {
  const segment = words.slice(0, 3)
  const fields = split(words, delimiters.field)
  const embeds = segment === 'OBX' && /^(?:ED|RP)$/.test(valueAt(words, fields[2]))
  for (const [index, field] of fields.entries()) {
    if (index === 0) continue
    // An embedded file is opaque: nobody can say what stands on its pages.
    const byPlace = embeds && index === 5 ? embedded : fieldRule(segment, index)
    const rule = suppression?.isSuppressed(index) === true ? suppressedRule : byPlace
    if (rule === null) continue
    for (const repetition of split(words, delimiters.repetition, field)) {
      const parts = split(words, delimiters.component, repetition)
      for (const [component, part] of parts.entries()) {
        if (rule.plainComponents.has(component + 1)) continue
        const identity = identityOf(rule, component + 1)
        for (const piece of split(words, delimiters.subcomponent, part)) {
          const value = valueAt(words, piece)
          for (const { start, end } of hidden(identity, value, grants))
            stretches.push({ start: offset + piece.start + start, end: offset + piece.start + end })
          secrets.push({ identity, value })
        }
      }
      if (rule.identity === 'name') secrets.push(...wholeNames(parts.slice(0, 2).map((part) => valueAt(words, part))))
    }
  }
}

/** All of a field of a sensitive category. */
export const suppressedRule = { identity: 'all', plainComponents: new Set<number>() } as const
const embedded = { identity: 'all', plainComponents: new Set([1, 2, 3, 4]) } as const

/** Family and given name stand apart in the message and together in its free text, in either order. */
function wholeNames([family = '', given = '']: readonly string[]): readonly Secret[] {
  if (family === '' || given === '') return []
  return [`${family}${given}`, `${family} ${given}`, `${given} ${family}`, `${family}, ${given}`].map((value) => ({
    identity: 'name',
    value,
  }))
}

function valueAt(words: string, stretch: Stretch | undefined): string {
  return stretch === undefined ? '' : words.slice(stretch.start, stretch.end)
}

function split(words: string, delimiter: string, within: Stretch = { start: 0, end: words.length }): readonly Stretch[] {
  const parts: Stretch[] = []
  let { start } = within
  while (true) {
    const at = delimiter === '' ? -1 : words.indexOf(delimiter, start)
    if (at < 0 || at >= within.end) break
    parts.push({ start, end: at })
    start = at + 1
  }
  parts.push({ start, end: within.end })
  return parts
}

/** From the first header of the text; the 2.9.2 defaults where a header is too short. */
function delimitersOf(text: string): Delimiters | null {
  const match = /^[\s\u000b\ufeff]*(?:MSH|FHS|BHS)(.)(.?)(.?)(.?)(.?)/.exec(text)
  if (match === null) return null
  const [, field = '|', component = '', repetition = '', , subcomponent = ''] = match
  return {
    field,
    component: component || '^',
    repetition: repetition || '~',
    subcomponent: subcomponent === field ? '' : subcomponent,
  }
}

function linesOf(text: string): readonly Stretch[] {
  const lines: Stretch[] = []
  for (const match of text.matchAll(/[^\r\n\u000b\u001c\ufeff]+/g))
    lines.push({ start: match.index, end: match.index + match[0].length })
  return lines
}
