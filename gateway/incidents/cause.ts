import type { EvidenceLine } from '../model/incident.ts'
import type { InspectedExchange, Reading } from '../model/reading.ts'
import type { Subject } from '../model/subject.ts'
import type { Text } from '../model/text.ts'
import type { Severity } from './catalogue.ts'
import type { Evidence } from './evidence/evidence.ts'
import type { Memory } from './evidence/memory.ts'
import type { Kind } from './kind.ts'
import type { Place } from './place.ts'

/**
 * One item of evidence. What wasn't observed is `unknown` and weighs nothing: missing is never absent.
 * `strength` 0..1 scales the weight of what is present.
 */
export type Sign =
  | { readonly state: 'present'; readonly strength: number }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown' }

/** How much a sign weighs: natural log of the likelihood ratio, in five steps that a reviewer can argue about. */
export const weights = {
  /** Likelihood ratio 1.5. */
  slight: 0.4,
  /** 3 */
  some: 1.1,
  /** 7.4 */
  strong: 2,
  /** 20 */
  veryStrong: 3,
  /** 100: pathognomonic. */
  decisive: 4.6,
} as const

/** One line of a weighing. Lines of one `group` measure the same thing and are not counted in full twice. */
export interface Line {
  /** What is observed, named alike in every cause that uses it: a second cause must not live on what the first explains. */
  readonly key: string
  readonly group: string
  readonly sign: Sign
  /** Added when present (times strength). Negative: its presence speaks against the cause. */
  readonly present: number
  /** Added when absent; usually negative or 0. */
  readonly absent: number
  readonly text: Text
}

export interface Weighing {
  /** False when a required sign is lacking or an excluding one is present: the cause doesn't compete at all. */
  readonly isOpen: boolean
  readonly lines: readonly Line[]
  /** Where the cause sits, if the evidence says so. */
  readonly locus: Subject | null
  /** True: when it leads, nothing stands beside it. Left out: false. */
  readonly explainsAll?: boolean
}

/** What the duty engineer is told. */
export interface Advice {
  /** 谁来管 */
  readonly owner: Text
  /** 怎么转 */
  readonly handOver: Text
  /** 如何查: the first three checks, best discriminating first. */
  readonly checks: readonly [Text, Text, Text]
  /** What keeps care going meanwhile; null where there is nothing to do. */
  readonly workaround: Text | null
}

/** One exchange as a finding sees it. */
export interface Sighting {
  readonly item: InspectedExchange
  readonly place: Place
  /** What the traffic before this exchange says. */
  readonly memory: Memory
}

/** What one exchange shows of a cause. */
export interface Sight {
  readonly text: Text
  readonly systemId?: string
  /** True: an earlier sighting was mistaken, as when the missing number comes after all. */
  readonly withdraw?: boolean
}

/**
 * One root cause: how it shows, what speaks for and against it, what to tell the engineer. One file each, listed in
 * `causes/index.ts`. Pure: the same evidence gives the same weighing. Texts carry raw numbers and names of systems, never
 * patient data.
 */
export interface Cause {
  /** An id of catalogue.json. */
  readonly id: string
  /** Log of the share of incidents that this cause makes, before any evidence. Elicited; issue 4 fits it. */
  readonly prior: number
  readonly severity: Severity
  /** What kind of trouble it is: it is weighed only for incidents that have an alert of such a kind. */
  readonly kinds: readonly Kind[]
  /** Keys of lines that this cause brings about: when it leads, no other cause stands beside it because of them. */
  readonly explains?: readonly string[]
  weigh(evidence: Evidence): Weighing
  advise(evidence: Evidence): Advice
  title(evidence: Evidence): Text
  /** What one exchange shows even once. Null for nearly all. Called only for exchanges that are not sound. */
  readonly spot?: (sighting: Sighting) => Sight | null
  /** True: `spot` is called for sound exchanges too, because the oddity lies between exchanges. Keep it cheap. */
  readonly spotsSound?: boolean
  /** Signals whose bad reading is a sighting by itself, with what to say of it. */
  readonly hears?: { readonly signals: readonly string[]; readonly text: (reading: Reading, place: Place) => Text }
}

/** A number with that many decimals, for people: never `-0.0`. */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals)
  return Number(text) === 0 ? text.replace('-', '') : text
}

/** For people, of milliseconds and the like: one decimal below ten, none above; `?` for what isn't known. */
export function roughly(value: number | null): string {
  return value === null ? '?' : fixed(value, value < 10 ? 1 : 0)
}

/** `12.5 %` of 0.125. */
export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}

/** `AE×3, AR×1`: the first three, and how often each came. */
export function mostOften(counts: readonly { readonly name: string; readonly count: number }[]): string {
  return counts
    .slice(0, 3)
    .map(({ name, count }) => `${name}×${count}`)
    .join(', ')
}

/** A text of both languages. */
export function say(zh: string, en: string): Text {
  return { zh, en }
}

export const absent: Sign = { state: 'absent' }
export const unknown: Sign = { state: 'unknown' }

export function present(strength = 1): Sign {
  return { state: 'present', strength: Math.min(Math.max(strength, 0), 1) }
}

/** Present or absent; for what is always observed. */
export function whether(condition: boolean): Sign {
  return condition ? present() : absent
}

/** Present or unknown: for readings of monitors, whose silence proves nothing. */
export function heard(reading: Reading | null): Sign {
  return reading === null ? unknown : present()
}

/**
 * The share of `part` in `whole`: unknown below `least` observations, absent at `none` or less, and of full strength from
 * `full` on, rising linearly between.
 */
export function shareSign(part: number, whole: number, options: { least?: number; none?: number; full?: number } = {}): Sign {
  const { least = 1, none = 0, full = 0.5 } = options
  if (whole < least) return unknown
  const share = part / whole
  if (share <= none) return absent
  return present(0.3 + 0.7 * Math.min(1, share / full))
}

/** A number that a reading carries, or null. */
export function factOf(reading: Reading | null, name: string): number | null {
  const value = reading?.facts[name]
  return typeof value === 'number' ? value : null
}

export function wordOf(reading: Reading | null, name: string): string | null {
  const value = reading?.facts[name]
  return typeof value === 'string' ? value : null
}

/** What a line adds to its cause. */
export function contribution(line: Line): number {
  if (line.sign.state === 'unknown') return 0
  return line.sign.state === 'present' ? line.present * line.sign.strength : line.absent
}

/** The lines that weigh something, heaviest first, for people. */
export function evidenceLines(lines: readonly Line[], linesMax: number): readonly EvidenceLine[] {
  return lines
    .map((line) => ({ text: line.text, weight: contribution(line) }))
    .filter(({ weight }) => Math.abs(weight) >= 0.05)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, linesMax)
    .map(({ text, weight }) => ({ text, for: weight > 0, weight: Math.round(weight * 100) / 100 }))
}
