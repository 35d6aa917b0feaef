import type { CharsetFacts } from '../../model/document.ts'
import type { Stretch } from './values.ts'

/** A body as text, and where in the bytes each UTF-16 unit of it stands. */
export interface Decoded {
  readonly text: string
  /** The bytes of a stretch of the text. */
  bytesOf(stretch: Stretch): Stretch
}

const labels = {
  ascii: 'latin1',
  'iso-8859-1': 'latin1',
  'utf-8': 'utf-8',
  gb18030: 'gb18030',
  'utf-16': null,
  unknown: null,
} as const satisfies { readonly [D in CharsetFacts['detected']]: string | null }

/**
 * Decodes one character at a time, so that every byte belongs to one. Null where the charset isn't known or the bytes aren't
 * of it throughout: then nobody can say where a value begins, and all of the body must be hidden.
 */
export function decodeWithPlaces(bytes: Uint8Array, detected: CharsetFacts['detected']): Decoded | null {
  const label = labels[detected]
  if (label === null) return null
  const starts: number[] = []
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const width = Math.min(
      label === 'utf-8' ? utf8Width(bytes[at] ?? 0) : label === 'gb18030' ? gbWidth(bytes, at) : 1,
      bytes.length - at,
    )
    const character = decoded(bytes.subarray(at, at + width), label)
    if (character === null) return null
    for (let unit = 0; unit < character.length; unit += 1) starts.push(at)
    text += character
    at += width
  }
  starts.push(bytes.length)
  return {
    text,
    bytesOf: ({ start, end }) => ({ start: starts[start] ?? bytes.length, end: starts[end] ?? bytes.length }),
  }
}

const decoders = {
  'utf-8': new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }),
  gb18030: new TextDecoder('gb18030', { fatal: true, ignoreBOM: true }),
} as const

function decoded(bytes: Uint8Array, label: 'latin1' | 'utf-8' | 'gb18030'): string | null {
  const [first = 0] = bytes
  if (bytes.length === 1 && (first < 0x80 || label === 'latin1')) return String.fromCharCode(first)
  if (label === 'latin1') return null
  try {
    return decoders[label].decode(bytes)
  } catch {
    return null
  }
}

function utf8Width(lead: number): number {
  if (lead < 0xc0) return 1
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
}

/** GB 18030-2022: one byte below 0x80, four when the second is a digit, else two. */
function gbWidth(bytes: Uint8Array, at: number): number {
  if ((bytes[at] ?? 0) < 0x80) return 1
  const second = bytes[at + 1] ?? 0
  return second >= 0x30 && second <= 0x39 ? 4 : 2
}
