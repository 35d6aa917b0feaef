import type { CharsetFacts } from '../../../gateway/model/document.ts'
import { decodeBytes } from './charset.ts'
import type { Delimiters } from './delimiters.ts'

/**
 * Resolves the escape sequences of HL7 2.7: `\F\ \S\ \T\ \R\ \E\ \P\` become the delimiters, `\X..\` the bytes decoded in
 * the message's character set, `\.br\` and `\.sp n\` line breaks, `\.sk n\` spaces; highlighting (`\H\ \N\`) and other
 * formatting commands leave no trace in the text. What names a foreign character set (`\C..\ \M..\`) or a local meaning
 * (`\Z..\`) stays visible, and so does everything that is malformed.
 */
export function resolveEscapes(text: string, delimiters: Delimiters, charset: CharsetFacts['detected']): string {
  const mark = delimiters.escape
  let from = text.indexOf(mark)
  if (from < 0) return text
  let out = text.slice(0, from)
  while (from >= 0) {
    const to = text.indexOf(mark, from + 1)
    const meaning = to < 0 ? null : meaningOf(text.slice(from + 1, to), delimiters, charset)
    // A malformed sequence: only its first mark is text, the second may begin a sound one.
    const next = meaning === null ? from + 1 : to + 1
    out += meaning ?? mark
    from = text.indexOf(mark, next)
    out += text.slice(next, from < 0 ? text.length : from)
  }
  return out
}

/** Offsets in `text` of escape characters that begin no sound sequence, at most `max` of them. */
export function badEscapes(
  text: string,
  options: { readonly from: number; readonly to: number; readonly max: number; readonly charset: CharsetFacts['detected'] },
  delimiters: Delimiters,
): readonly number[] {
  const bad: number[] = []
  const mark = delimiters.escape
  let from = text.indexOf(mark, options.from)
  while (from >= 0 && from < options.to && bad.length < options.max) {
    const to = text.indexOf(mark, from + 1)
    const isSound = to > 0 && to < options.to && meaningOf(text.slice(from + 1, to), delimiters, options.charset) !== null
    if (!isSound) bad.push(from)
    from = text.indexOf(mark, isSound ? to + 1 : from + 1)
  }
  return bad
}

/** Null: no sound sequence. */
function meaningOf(sequence: string, delimiters: Delimiters, charset: CharsetFacts['detected']): string | null {
  switch (sequence) {
    case 'F':
      return delimiters.field
    case 'S':
      return delimiters.component
    case 'T':
      return delimiters.subcomponent
    case 'R':
      return delimiters.repetition
    case 'E':
      return delimiters.escape
    case 'P':
      return '#'
    case 'H':
    case 'N':
      return ''
  }
  switch (sequence.charAt(0)) {
    case 'X':
      return fromHex(sequence.slice(1), charset)
    case '.':
      return formatting(sequence.slice(1))
    case 'C':
      return /^C(?:[0-9A-Fa-f]{4})$/.test(sequence) ? visible(sequence, delimiters) : null
    case 'M':
      return /^M(?:[0-9A-Fa-f]{4}|[0-9A-Fa-f]{6})$/.test(sequence) ? visible(sequence, delimiters) : null
    case 'Z':
      return /^Z[\w.+-]{1,60}$/.test(sequence) ? visible(sequence, delimiters) : null
    default:
      return null
  }
}

function visible(sequence: string, delimiters: Delimiters): string {
  return `${delimiters.escape}${sequence}${delimiters.escape}`
}

function fromHex(digits: string, charset: CharsetFacts['detected']): string | null {
  if (digits.length === 0 || digits.length % 2 === 1 || !/^[0-9A-Fa-f]+$/.test(digits)) return null
  const bytes = Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))
  return decodeBytes(bytes, charset)
}

/** HL7 2.7.6: formatting commands of FT. */
function formatting(command: string): string | null {
  const match = /^(br|sp|sk|in|ti|fi|nf|ce)\s*([+-]?\d{0,3})$/.exec(command)
  if (match === null) return null
  const count = Math.min(200, Math.max(1, Number(match[2] || 1)))
  if (match[1] === 'br' || match[1] === 'ce') return '\n'
  if (match[1] === 'sp') return '\n'.repeat(count)
  return match[1] === 'sk' ? ' '.repeat(count) : ''
}
