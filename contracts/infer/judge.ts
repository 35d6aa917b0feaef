import type { Run, ScalarTally } from './scalar-tally.ts'

/** How sure a learner wants to be (reference: rule of three; Good 1953; Wilson 1927). */
export interface Sureness {
  /** Seen in each of so many: required. At 300, it is absent in fewer than 1 % with 95 % confidence. */
  readonly sureAfter: number
}

export const defaultSureness: Sureness = { sureAfter: 300 }

/** Required by the standard and never missing: so many suffice. */
const standardSureAfter = 30
const mostlyShare = 0.95
const mostlyMin = 20

/** R always there, RE nearly always (not held), O now and then. */
export function usageOf(present: number, seen: number, sureness: Sureness, isStandard = false): 'R' | 'RE' | 'O' {
  const enough = isStandard ? Math.min(standardSureAfter, sureness.sureAfter) : sureness.sureAfter
  if (present === seen && seen >= enough) return 'R'
  return present >= mostlyShare * seen && seen >= Math.min(mostlyMin, sureness.sureAfter) ? 'RE' : 'O'
}

/** `812/812, missing < 0.4 %`: what was seen, and what can be said of the rest with 95 % confidence. */
export function presenceWords(present: number, seen: number): string {
  if (present < seen) return `${present}/${seen}`
  return `${present}/${seen}, missing < ${percent(Math.min(3 / seen, 1))} %`
}

function percent(share: number): string {
  const value = share * 100
  return value >= 10 ? String(Math.ceil(value)) : value >= 1 ? value.toFixed(1) : value.toFixed(2)
}

/** So many texts suffice to say which form they have. */
const formMin = 30

export function isFormSure({ count }: ScalarTally, { sureAfter }: Sureness): boolean {
  return count >= Math.min(formMin, sureAfter)
}

/** A dictionary's codes, and how many were seen so rarely that they are left out; null where the place is open. */
export interface ClosedSet {
  readonly values: readonly string[]
  readonly rareCount: number
}

const valuesMax = 200
const distinctShareMax = 0.05
/** Good–Turing: the share of the next values that would be new is the share of those that were seen once. */
const unseenMax = 0.01
/** Upper 95 % bound of the share of new codes in the later half. */
const novelUpperMax = 0.05
/** A value that fewer messages hold, or that one patient alone has, may be somebody's slip or somebody's own: it is never told. */
const toldMin = 3
/** Longer is a sentence, and no code. */
const toldCharsMax = 32

/** Whether the codes of a place are all there are (algorithms.md 6): Good–Turing's unseen mass, and what the later half still brought. */
export function closedSet(tally: ScalarTally): ClosedSet | null {
  const { codes, count } = tally
  if (codes === null || codes.size === 0 || codes.size > valuesMax || codes.size > distinctShareMax * count) return null
  const seen = [...codes]
  const once = seen.filter(([, code]) => code.count === 1).length
  if (once > unseenMax * count) return null
  const messages = Math.max(...seen.map(([, code]) => code.lastMessage))
  const novel = seen.filter(([, code]) => code.firstMessage > messages / 2).length
  if (wilsonUpper(novel, count / 2) > novelUpperMax) return null
  const told = seen.filter(([value, code]) => code.count >= toldMin && code.isOfSeveral && isTold(value))
  if (told.length === 0) return null
  return { values: told.map(([value]) => value).toSorted(byName), rareCount: seen.length - told.length }
}

/** What stands behind `presenceWords` where codes were left out. */
export function rareWords(closed: ClosedSet | null): string {
  return closed === null || closed.rareCount === 0 ? '' : `; ${closed.rareCount} rare codes left out`
}

/** No identity card, no telephone: a coded place may be filled with anything. */
function isTold(value: string): boolean {
  if (value === '' || value.length > toldCharsMax || /[\p{Cc}\n]/u.test(value)) return false
  return !/(?<!\d)(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)/.test(value)
}

/** Upper end of Wilson's 95 % interval of a share. */
export function wilsonUpper(hits: number, n: number): number {
  if (n <= 0) return 1
  const z = 1.96
  const share = hits / n
  const centre = share + (z * z) / (2 * n)
  const spread = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))
  return Math.min(1, (centre + spread) / (1 + (z * z) / n))
}

const lengthSteps = [1, 2, 4, 8, 10, 16, 20, 32, 40, 50, 64, 80, 100, 128, 200, 250, 500, 1_000, 2_000, 4_000, 8_000]

/** The next usual limit with a quarter of room: what was seen is never a limit by itself. Null: longer than limits are, or always empty. */
export function lengthLimit(lengthMax: number): number | null {
  return lengthMax === 0 ? null : (lengthSteps.find((step) => step >= lengthMax * 1.25) ?? null)
}

/** Runs of characters as a pattern of the contract language: `^[A-Z]{2}\d{8,10}$`. Null: nothing but letters, or nothing in common. */
export function patternOf(runs: readonly Run[] | null): string | null {
  if (runs === null || runs.length < 2 || !runs.some((run) => run.kind === '\\d')) return null
  return `^${runs.map(runText).join('')}$`
}

function runText({ kind, mark, min, max }: Run): string {
  const what = kind === 'mark' ? `[${mark === '-' ? '-' : mark === '/' ? '\\/' : mark}]` : kind
  if (min === max) return min === 1 ? what : `${what}{${min}}`
  return `${what}{${min},${max}}`
}

/** In the order of names, numbers by their size: the same traffic gives the same text. */
export function byName(a: string, b: string): number {
  const [first, second] = [Number(a), Number(b)]
  if (a !== '' && b !== '' && Number.isFinite(first) && Number.isFinite(second) && first !== second) return first - second
  return a < b ? -1 : a > b ? 1 : 0
}
