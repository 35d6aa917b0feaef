import type { Document } from '../../gateway/model/document.ts'

/** In how many messages a word came, by word. */
export type Counts = ReadonlyMap<string, number>

/** What is seen less often may be a slip: no contract tells it. */
export const countMin = 3

const charsetsMax = 64

/** Counts a word; one beyond the first `max` is not counted. */
export function countUp(counts: Map<string, number>, word: string, max: number): void {
  const known = counts.get(word)
  if (known !== undefined || counts.size < max) counts.set(word, (known ?? 0) + 1)
}

/** Counts the character set of a body; pure ASCII is UTF-8 too. */
export function countCharset(charsets: Map<string, number>, document: Document): void {
  const { detected } = document.facts().charset
  countUp(charsets, detected === 'ascii' ? 'utf-8' : detected, charsetsMax)
}

/** Words that came often enough to be told, in the order of their letters. */
export function oftenSeen(counts: Counts): readonly string[] {
  return [...counts]
    .filter(([, seen]) => seen >= countMin)
    .map(([word]) => word)
    .toSorted()
}

/** What stands under a key, made when it is asked for first; null for one beyond the first `max`. */
export function tallyOf<T>(tallies: Map<string, T>, key: string, max: number, make: () => T): T | null {
  const known = tallies.get(key)
  if (known !== undefined) return known
  if (tallies.size >= max) return null
  const made = make()
  tallies.set(key, made)
  return made
}

/** Messages of each side of an exchange. */
export interface Sides {
  request: number
  answer: number
}

/** The side that a contract says; a message that came on both is agreed on both. */
export function sideOf({ request, answer }: Sides): 'request' | 'answer' | 'both' {
  if (answer === 0) return 'request'
  return request === 0 ? 'answer' : 'both'
}
