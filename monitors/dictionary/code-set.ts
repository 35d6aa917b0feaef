import type { Json } from '../../gateway/model/json.ts'
import type { Instant } from '../../gateway/model/time.ts'
import type { Part } from '../shared/state.ts'

/** One code of a set: how often it came, at which occurrence of its field the last time, and when. */
export interface KnownCode {
  count: number
  lastSeen: number
  lastAt: Instant
}

/** The codes that a field was seen to have, by hash: values are never kept. */
export interface CodeSet {
  /** Occurrences of the field. */
  seen: number
  /** Codes that came once: Good-Turing's N1. */
  singles: number
  /** So many different values that it is no dictionary's field: an identifier, or a catalogue too large to be held. Forgotten for good. */
  isOpen: boolean
  readonly codes: Map<number, KnownCode>
}

/** What algorithms.md 6 calls a closed set: D, D/N and u = N1/N. */
const codesMax = 200
const closedSeenMin = 300
const distinctShareMax = 0.05
const unseenShareMax = 0.01
/** One-sided 95 %. */
const wilsonZ = 1.645

/** In the database a list of numbers: three a code. Instants in whole seconds. */
export const codeSetPart: Part<CodeSet> = {
  fresh: () => ({ seen: 0, singles: 0, isOpen: false, codes: new Map() }),
  write: ({ seen, singles, isOpen, codes }) => [
    seen,
    singles,
    isOpen ? 1 : 0,
    ...[...codes].flatMap(([hash, { count, lastSeen, lastAt }]) => [hash, count, lastSeen, lastAt]),
  ],
  read: readSet,
}

/** Takes one occurrence. `new`: a value that a closed set never had; it isn't learned, the caller decides what becomes of it. */
export function occur(set: CodeSet, hash: number, now: Instant): 'known' | 'new' | 'open' {
  if (set.isOpen) return 'open'
  set.seen += 1
  const known = set.codes.get(hash)
  if (known !== undefined) {
    if (known.count === 1) set.singles -= 1
    known.count += 1
    known.lastSeen = set.seen
    known.lastAt = Math.floor(now / 1000) * 1000
    return 'known'
  }
  if (isClosed(set)) return 'new'
  adopt(set, hash, 1, now)
  return set.isOpen ? 'open' : 'known'
}

/** From now on it belongs to the set. */
export function adopt(set: CodeSet, hash: number, count: number, now: Instant): void {
  if (set.codes.has(hash)) return
  set.codes.set(hash, { count, lastSeen: set.seen, lastAt: Math.floor(now / 1000) * 1000 })
  if (count === 1) set.singles += 1
  if (set.codes.size > codesMax) openUp(set)
}

/** It is no dictionary's field, or there is no room for it: what it held is forgotten. */
export function openUp(set: CodeSet): void {
  set.isOpen = true
  set.codes.clear()
  set.singles = 0
}

/** Whether enough was seen to say that what comes new is news: few values, each again and again, hardly one that came once. */
export function isClosed({ seen, singles, isOpen, codes }: CodeSet): boolean {
  return (
    !isOpen &&
    seen >= closedSeenMin &&
    codes.size <= distinctShareMax * seen &&
    singles <= unseenShareMax * seen &&
    codes.size > 0
  )
}

/** Upper 95 % bound (Wilson) of the chance that an occurrence is a value never seen before: Good-Turing's N1/N of a finite sample. */
export function unseenBound({ seen, singles }: CodeSet): number {
  if (seen === 0) return 1
  const share = singles / seen
  const z2 = wilsonZ * wilsonZ
  const centre = share + z2 / (2 * seen)
  const spread = wilsonZ * Math.sqrt((share * (1 - share) + z2 / (4 * seen)) / seen)
  return Math.min((centre + spread) / (1 + z2 / seen), 1)
}

/** How unlikely it is that this code stayed away so long by chance: ln of (1 - p)^n. 0: it came just now. */
export function absenceSurprise({ seen }: CodeSet, { count, lastSeen }: KnownCode): number {
  const before = Math.max(lastSeen, 1)
  const share = Math.min(count / before, 0.999)
  return (seen - lastSeen) * -Math.log(1 - share)
}

/**
 * A code that vanished about when another one came, as often as that one comes: the same thing under another code (algorithms.md 6: two Poisson
 * rates, z < 2). Null: none. `sinceSeen`: the field's occurrence at which the new one first came; `count` how often it did since.
 */
export function formerOf(
  set: CodeSet,
  { sinceSeen, count }: { sinceSeen: number; count: number },
  taken: ReadonlySet<number>,
): number | null {
  const since = Math.max(set.seen - sinceSeen, 1)
  let best: { readonly hash: number; readonly z: number } | null = null
  for (const [hash, known] of set.codes) {
    if (taken.has(hash) || known.count < 10 || known.lastSeen > sinceSeen) continue
    if (absenceSurprise(set, known) < renameSurprise) continue
    const expected = (known.count / Math.max(known.lastSeen, 1)) * since
    const z = Math.abs(count - expected) / Math.sqrt(count + (expected * since) / Math.max(known.lastSeen, 1))
    if (z < 2 && (best === null || z < best.z)) best = { hash, z }
  }
  return best?.hash ?? null
}

/** e^-4.6 = 1 %: a code that may be away by chance is no code's former self. */
const renameSurprise = 4.6

function readSet(saved: Json): CodeSet {
  if (!Array.isArray(saved)) throw new RangeError('saved monitor state is not a set of codes')
  const numbers = saved.map((item) => (typeof item === 'number' ? item : Number.NaN))
  if (numbers.some(Number.isNaN)) throw new RangeError('saved monitor state is not a set of codes')
  const [seen = 0, singles = 0, open = 0] = numbers
  const codes = new Map<number, KnownCode>()
  for (let i = 3; i + 3 < numbers.length; i += 4) {
    codes.set(numbers[i] ?? 0, { count: numbers[i + 1] ?? 0, lastSeen: numbers[i + 2] ?? 0, lastAt: numbers[i + 3] ?? 0 })
  }
  return { seen, singles, isOpen: open === 1, codes }
}
