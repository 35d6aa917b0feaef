/** The characters that divide a field, from MSH-2 (HL7 2.5.1 section 2.5.4). */
export interface Delimiters {
  readonly component: string
  readonly repetition: string
  readonly subcomponent: string
}

/** A message as a contract sees it: raw field texts by number, `segments[i][0]` the name. */
export interface MessageView {
  readonly segments: readonly (readonly string[])[]
  readonly delimiters: Delimiters
}

/** The view of what `Document.shape()` gives, or null when it isn't an HL7 v2 shape. */
export function viewOf(shape: unknown): MessageView | null {
  if (!isShape(shape)) return null
  const encoding = shape.segments[0]?.[0] === 'MSH' ? (shape.segments[0][2] ?? '') : ''
  if (encoding === standard.text) return { segments: shape.segments, delimiters: standard.delimiters }
  const { delimiters } = standard
  return {
    segments: shape.segments,
    delimiters: {
      component: encoding[0] ?? delimiters.component,
      repetition: encoding[1] ?? delimiters.repetition,
      subcomponent: encoding[3] ?? delimiters.subcomponent,
    },
  }
}

/** Nothing but blanks and delimiters. An HL7 null (`""`) is not empty: it says "delete". */
export function isEmpty(text: string | undefined, delimiters: Delimiters): boolean {
  if (text === undefined || text === '') return true
  // A letter or a digit is no delimiter: nearly every text is told by its first character.
  const first = text.charCodeAt(0)
  if ((first > 47 && first < 58) || (first > 64 && first < 91) || (first > 96 && first < 123) || first > 127) return false
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i]
    if (char === ' ' || char === delimiters.component || char === delimiters.subcomponent || char === delimiters.repetition)
      continue
    return false
  }
  return true
}

/** The HL7 null: present, but saying "delete", so that types and tables don't hold for it. */
export function isNull(text: string): boolean {
  return text === '""'
}

/** The `n`th part from 1; empty where there are fewer. */
export function part(text: string, delimiter: string, n: number): string {
  let from = 0
  for (let i = 1; i < n; i += 1) {
    const next = text.indexOf(delimiter, from)
    if (next < 0) return ''
    from = next + delimiter.length
  }
  const end = text.indexOf(delimiter, from)
  return end < 0 ? (from === 0 ? text : text.slice(from)) : text.slice(from, end)
}

/** The component, or its subcomponent, of one repetition; 0 takes the whole. */
export function element(repetition: string, component: number, subcomponent: number, delimiters: Delimiters): string {
  if (component === 0) return repetition
  const whole = part(repetition, delimiters.component, component)
  return subcomponent === 0 ? whole : part(whole, delimiters.subcomponent, subcomponent)
}

const standard = { text: '^~\\&', delimiters: { component: '^', repetition: '~', subcomponent: '&' } }

function isShape(value: unknown): value is { readonly segments: readonly (readonly string[])[] } {
  if (typeof value !== 'object' || value === null || !('segments' in value) || !Array.isArray(value.segments)) return false
  return value.segments.every((segment) => Array.isArray(segment) && typeof segment[0] === 'string')
}
