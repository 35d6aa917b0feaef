import { createHmac, type KeyObject } from 'node:crypto'
import type { Key, KeyKind } from '../model/document.ts'

/**
 * Keyed tokens of business identifiers: HMAC-SHA-256 over kind and normalised value, so that a stored token tells nothing
 * without the installation's key (ENISA on pseudonymisation: a plain hash of an identifier is guessed in seconds), and a token
 * of one kind never equals a token of another. Eight bytes are kept: with 100 million distinct keys the chance that any two
 * collide is 0.03 %, and a collision shows one exchange too many in a search, never one too few.
 */
export interface Tokens {
  /** Under the newest key: `keyNumber, kind, 8 bytes`, ten bytes in all. */
  token(kind: KeyKind, value: string): Uint8Array
  /** Every token that this text may have been stored under: all kinds, newest key and the previous ones. */
  candidates(value: string): readonly Uint8Array[]
}

export const tokenBytes = 10

/** Kinds by number. The order is stored: append only. */
export const keyKinds = [
  'control',
  'placer',
  'filler',
  'group',
  'accession',
  'specimen',
  'visit',
  'patient',
  'study',
  'prescription',
  'appointment',
  'surgery',
  'settlement',
  'document',
  'device',
  'donation',
] as const satisfies readonly KeyKind[]

const cacheEntriesMax = 65_536

/** `keys`: newest last, at most 256; a key is never taken out while tokens under it are stored. */
export function createTokens(keys: readonly KeyObject[]): Tokens {
  const newest = keys.length - 1
  const key = keys[newest]
  if (key === undefined || keys.length > 256) throw new RangeError('between 1 and 256 token keys')
  // One order passes several interfaces and one patient many: most tokens were computed a moment ago.
  const recent = new Map<string, Uint8Array>()
  return {
    token: (kind, value) => {
      const label = `${kind}\0${normalised(value)}`
      const known = recent.get(label)
      if (known !== undefined) return known
      const made = compute(key, newest, kind, label)
      if (recent.size >= cacheEntriesMax) recent.clear()
      recent.set(label, made)
      return made
    },
    candidates: (value) =>
      keys.flatMap((k, number) => keyKinds.map((kind) => compute(k, number, kind, `${kind}\0${normalised(value)}`))),
  }
}

/** The token as the API shows it: `k0.9f86d081884c7d65`. */
export function tokenText(token: Uint8Array): string {
  return `k${token[0] ?? 0}.${Buffer.from(token.subarray(2)).toString('hex')}`
}

/** The kind that a stored token was made for. */
export function tokenKind(token: Uint8Array): KeyKind | null {
  return keyKinds[token[1] ?? -1] ?? null
}

/** What two spellings of one identifier have in common: no outer blanks, full-width as half-width, upper case. */
function normalised(value: string): string {
  return value.normalize('NFKC').trim().toUpperCase()
}

function compute(key: KeyObject, keyNumber: number, kind: KeyKind, label: string): Uint8Array {
  const token = new Uint8Array(tokenBytes)
  token[0] = keyNumber
  token[1] = keyKinds.indexOf(kind)
  token.set(createHmac('sha256', key).update(label).digest().subarray(0, 8), 2)
  return token
}

/** The distinct keys of an exchange: what its messages carry, and its control id. At most `max`. */
export function distinctKeys(
  controlId: string | null,
  lists: readonly (readonly Key[])[],
  max: number,
): readonly Pick<Key, 'kind' | 'value'>[] {
  const seen = new Map<string, Pick<Key, 'kind' | 'value'>>()
  const take = (key: Pick<Key, 'kind' | 'value'>) => {
    if (key.value.trim() !== '' && seen.size < max) seen.set(`${key.kind}\0${key.value}`, key)
  }
  if (controlId !== null) take({ kind: 'control', value: controlId })
  for (const list of lists) for (const key of list) take(key)
  return [...seen.values()]
}
