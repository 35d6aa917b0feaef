import { amount, type Held, type Part, record } from './state.ts'

/** Bits of one generation, and how many keys go into it before the next begins: one in four hundred is then mistaken for a known one. */
const bitCount = 32_768
const keysMax = 2_500

/** A set of bits, a few thousand characters when written. */
const bitsPart: Part<Uint8Array> = {
  fresh: () => new Uint8Array(bitCount / 8),
  write: (value) => Buffer.from(value).toString('base64'),
  read: (saved) => {
    const bytes = new Uint8Array(Buffer.from(String(saved), 'base64'))
    if (bytes.length !== bitCount / 8) throw new RangeError('saved monitor state is not a set of keys')
    return bytes
  },
}

/**
 * The keys that a system has accepted of late, as a Bloom filter of two generations (Bloom 1970): it may take a key for known that isn't, never the other
 * way round, and holds no identifier.
 */
export const acceptedPart = record({ bits: bitsPart, before: bitsPart, count: amount() })
export type Accepted = Held<typeof acceptedPart>

/** `hash`: 32 bits. */
export function accept(accepted: Accepted, hash: number): void {
  let isNew = false
  for (let i = 0; i < functionCount; i += 1) isNew = set(accepted.bits, placeOf(hash, i)) || isNew
  if (isNew) accepted.count += 1
  if (accepted.count < keysMax) return
  accepted.before = accepted.bits
  accepted.bits = bitsPart.fresh()
  accepted.count = 0
}

export function hasAccepted({ bits, before }: Accepted, hash: number): boolean {
  return holds(bits, hash) || holds(before, hash)
}

/** Nearly the best for that many bits a key, which is nine. */
const functionCount = 8

function holds(bits: Uint8Array, hash: number): boolean {
  for (let i = 0; i < functionCount; i += 1) if (!isSet(bits, placeOf(hash, i))) return false
  return true
}

/** Kirsch and Mitzenmacher 2006: two hashes give all the others. */
function placeOf(hash: number, i: number): number {
  const second = Math.imul(hash, 0x9e3779b1) >>> 16
  return (hash + i * (2 * second + 1)) % bitCount
}

/** True: it wasn't set before. */
function set(bits: Uint8Array, at: number): boolean {
  const byte = bits[at >> 3] ?? 0
  const bit = 1 << (at & 7)
  if ((byte & bit) !== 0) return false
  bits[at >> 3] = byte | bit
  return true
}

function isSet(bits: Uint8Array, at: number): boolean {
  return ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0
}
