import { createHmac, type KeyObject } from 'node:crypto'

/** A name for a value that isn't named: the same for the same value, however it is spelled, and nothing without the key. */
export type Pseudonym = (value: string) => string

/** Crockford's letters: none is taken for another on a screen or over a telephone. */
const letters = '0123456789abcdefghjkmnpqrstvwxyz'
const length = 8

/** HMAC-SHA-256 under a key of the installation; 40 bits are shown: of a million patients one pair may share a name by chance. */
export function createPseudonyms(key: KeyObject): Pseudonym {
  return (value) => {
    const code = createHmac('sha256', key).update(value.normalize('NFKC').trim().toUpperCase()).digest()
    const shown = Array.from({ length }, (_, i) => letters.charAt((code[i] ?? 0) % letters.length))
    return `~${shown.join('')}`
  }
}
