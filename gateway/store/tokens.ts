import type { KeyObject } from 'node:crypto'
import { type Key, type KeyKind, keyKinds } from '../model/document.ts'
import { createShortHmac, type ShortHmac } from './hmac.ts'

/**
 * Keyed tokens of business identifiers: HMAC-SHA-256 over kind and normalised value, so that a stored token tells nothing
 * without the installation's key (ENISA on pseudonymisation: a plain hash of an identifier is guessed in seconds), and a token
 * of one kind never equals a token of another. Eight bytes are kept. A collision shows one exchange too many in a search, never
 * one too few.
 */
export interface Tokens {
  /** Of the distinct keys that an exchange's messages carry, and of its control id; at most 64, one after another. Under the newest key. */
  tokensOf(controlId: string | null, lists: readonly (readonly Key[])[]): Uint8Array
  /** Every token that this text may have been stored under: all kinds, newest key and the previous ones. */
  candidates(value: string): readonly Uint8Array[]
}

/** A token's bytes: number of the key, number of the kind, eight bytes of the code. */
export const tokenBytes = 10

const keysMax = 64
const packed = new Uint8Array(keysMax * tokenBytes)

/** `keys`: newest last, at most 256; a key is never taken out while tokens under it are stored. */
export function createTokens(keys: readonly KeyObject[]): Tokens {
  if (keys.length === 0 || keys.length > 256) throw new RangeError('between 1 and 256 token keys')
  const codes = keys.map((key) => createShortHmac(key))
  const newest = keys.length - 1
  return {
    tokensOf: (controlId, lists) => {
      // A handful: looking through them is cheaper than hashing them. So is computing a token again than keeping it (bench/store.ts).
      const labels: string[] = []
      const take = (kind: KeyKind, value: string) => {
        const label = labelOf(kind, value)
        if (label === null || labels.includes(label) || labels.length >= keysMax) return
        compute(codes[newest], { keyNumber: newest, kind, label }, packed, labels.length * tokenBytes)
        labels.push(label)
      }
      if (controlId !== null) take('control', controlId)
      for (const list of lists) for (const key of list) take(key.kind, key.value)
      return packed.slice(0, labels.length * tokenBytes)
    },
    candidates: (value) =>
      codes.flatMap((code, keyNumber) =>
        keyKinds.flatMap((kind) => {
          const label = labelOf(kind, value)
          if (label === null) return []
          const token = new Uint8Array(tokenBytes)
          compute(code, { keyNumber, kind, label }, token, 0)
          return [token]
        }),
      ),
  }
}

/**
 * The token that begins at `at`, as the index has it: 53 of its bits as an integer, which databases sort and compare several times faster than bytes.
 * Kind and key are part of what was hashed, so nothing is lost; with 100 million distinct keys about one pair collides.
 */
export function tokenNumber(tokens: Uint8Array, at = 0): number {
  const high = ((tokens[at + 2] ?? 0) % 32) * 65_536 + (tokens[at + 3] ?? 0) * 256 + (tokens[at + 4] ?? 0)
  const low =
    (((tokens[at + 5] ?? 0) * 256 + (tokens[at + 6] ?? 0)) * 256 + (tokens[at + 7] ?? 0)) * 256 + (tokens[at + 8] ?? 0)
  return high * 4_294_967_296 + low
}

/** The index's number of a token as the API shows it; null for what is none. */
export function tokenNumberOf(text: string): number | null {
  const match = /^k\d{1,3}\.([0-9a-f]{16})$/.exec(text)
  return match === null ? null : tokenNumber(Buffer.from(`0000${match[1] ?? ''}`, 'hex'))
}

/** The token as the API shows it: `k0.9f86d081884c7d65`. */
export function tokenText(token: Uint8Array): string {
  return `k${token[0] ?? 0}.${Buffer.from(token.subarray(2)).toString('hex')}`
}

/** The kind that a stored token was made for. */
export function tokenKind(token: Uint8Array): KeyKind | null {
  return keyKinds[token[1] ?? -1] ?? null
}

/**
 * What two spellings of one identifier have in common: no outer blanks, full-width as half-width, upper case. Null for an
 * empty one.
 */
function labelOf(kind: KeyKind, value: string): string | null {
  const plain = isAscii(value) ? value : value.normalize('NFKC')
  const trimmed = plain.trim()
  return trimmed === '' ? null : `${kind}\0${trimmed.toUpperCase()}`
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 127) return false
  return true
}

const encoder = new TextEncoder()
const scratch = new Uint8Array(1024)

interface Computed {
  readonly keyNumber: number
  readonly kind: KeyKind
  readonly label: string
}

/** Writes the token to `out` from `at`. */
function compute(code: ShortHmac | undefined, { keyNumber, kind, label }: Computed, out: Uint8Array, at: number): void {
  out[at] = keyNumber
  out[at + 1] = keyKinds.indexOf(kind)
  // A UTF-16 unit is at most three bytes of UTF-8.
  if (label.length * 3 <= scratch.length) code?.first8(scratch, out, at + 2, encoder.encodeInto(label, scratch).written)
  else code?.first8(encoder.encode(label), out, at + 2)
}
