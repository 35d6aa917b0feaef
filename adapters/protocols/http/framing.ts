import { withoutBlanks } from './blanks.ts'
import type { Irregularity } from './irregular.ts'

/** How long a message's body is. `unknown`: its header contradicts itself. */
export type Framing =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-end' }
  | { readonly kind: 'unknown' }

/** What the framing of a body is decided by. */
export interface FramingFacts {
  readonly kind: 'request' | 'answer'
  /** The answer has no body whatever its header says: to HEAD, 1xx, 204, 304 (RFC 9112 6.3). */
  readonly isBodiless: boolean
  readonly minor: number
  /** Values of Content-Length, each as written. */
  readonly lengths: readonly string[]
  /** Values of Transfer-Encoding, each as written. */
  readonly codings: readonly string[]
}

/** The length of a body as RFC 9112 6.3 has it, and what was irregular about what says so. */
export function framingOf(facts: FramingFacts): { readonly framing: Framing; readonly irregular: readonly Irregularity[] } {
  const { kind, isBodiless, minor, lengths, codings } = facts
  if (isBodiless) return { framing: noBody, irregular: [] }
  const irregular: Irregularity[] = []
  if (codings.length > 0) {
    if (minor === 0) irregular.push('HTTP_CHUNKED_IN_1_0')
    if (lengths.length > 0) irregular.push('HTTP_LENGTH_AND_CHUNKED')
    const names = codings.flatMap((value) => value.split(',')).map((name) => (name.split(';')[0] ?? '').trim().toLowerCase())
    const real = names.filter((name) => name !== '' && name !== 'identity')
    if (real.some((name) => name !== 'chunked') || real.length > 1) irregular.push('HTTP_TRANSFER_CODING')
    if (real.at(-1) === 'chunked') return { framing: { kind: 'chunked' }, irregular }
    if (real.length > 0) return { framing: { kind: kind === 'answer' ? 'until-end' : 'unknown' }, irregular }
  }
  if (lengths.length === 0) return { framing: kind === 'answer' ? { kind: 'until-end' } : noBody, irregular }
  const [only = ''] = lengths
  if (lengths.length === 1 && /^[0-9]{1,15}$/.test(only)) return { framing: { kind: 'length', bytes: Number(only) }, irregular }
  const values = new Set(lengths.flatMap((value) => value.split(',')).map(withoutBlanks))
  const [value = '', ...others] = values
  if (others.length > 0) return { framing: { kind: 'unknown' }, irregular: [...irregular, 'HTTP_LENGTHS_DIFFER'] }
  if (!/^[0-9]{1,15}$/.test(value)) return { framing: { kind: 'unknown' }, irregular: [...irregular, 'HTTP_LENGTH_INVALID'] }
  if (lengths.length > 1 || lengths[0]?.includes(',') === true) irregular.push('HTTP_LENGTH_REPEATED')
  return { framing: { kind: 'length', bytes: Number(value) }, irregular }
}

const noBody: Framing = { kind: 'length', bytes: 0 }

/** An answer of that status, to a request of that kind, has no body whatever its header says (RFC 9112 6.3, 1 and 2). */
export function hasNoBody(status: number, asked: 'HEAD' | 'CONNECT' | null): boolean {
  return asked === 'HEAD' || status < 200 || status === 204 || status === 304 || (asked === 'CONNECT' && status < 300)
}

/** The size that a chunk's first line gives (RFC 9112 7.1), or null when it gives none. Extensions are passed over; blanks around it are met. */
export function chunkSize(line: string): number | null {
  const match = /^[ \t]*([0-9a-fA-F]{1,13})[ \t]*(?:;|$)/.exec(line)
  return match === null ? null : Number.parseInt(match[1] ?? '', 16)
}
