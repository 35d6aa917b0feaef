import type { Identity } from '../../model/identity.ts'

/** A value that identifies somebody of this exchange, wherever it stands again. */
export interface Secret {
  readonly identity: Identity
  readonly value: string
}

/**
 * The secrets of an exchange, laid out so that a text is looked through once however many they are: a batch of a thousand patients has ten thousand of
 * them, and as many values to look through. Texts are narrowed.
 */
export interface SecretIndex {
  placesIn(plain: string): readonly Place[]
  /** Names of Han characters that stand with blanks between them, as in forms. */
  spacedNamesIn(plain: string): readonly { readonly start: number; readonly end: number }[]
  /** Birthdays, however they are written: 1970-01-01, 1970/1/1, 1970年1月1日. */
  birthdaysIn(plain: string): readonly { readonly start: number; readonly end: number }[]
}

interface Place {
  readonly start: number
  readonly secret: Secret
}

const indexes = new WeakMap<readonly Secret[], SecretIndex>()

/** The same list has the same index: it is made once for all texts of an exchange. */
export function indexOfSecrets(secrets: readonly Secret[]): SecretIndex {
  const known = indexes.get(secrets)
  if (known !== undefined) return known
  const index = createIndex(secrets)
  indexes.set(secrets, index)
  return index
}

function createIndex(secrets: readonly Secret[]): SecretIndex {
  const find = finderOf(secrets)
  const findName = finderOf(secrets.filter(({ identity, value }) => identity === 'name' && /^\p{Script=Han}{2,}$/u.test(value)))
  const years = yearsOf(secrets)
  return {
    placesIn: find,
    spacedNamesIn: (plain) => {
      if (!/\p{Script=Han}\s+\p{Script=Han}/u.test(plain)) return []
      const { text, places } = withoutBlanks(plain)
      return findName(text).map(({ start, secret }) => ({
        start: places[start] ?? 0,
        end: (places[start + secret.value.length - 1] ?? 0) + 1,
      }))
    },
    birthdaysIn: (plain) =>
      [...years].flatMap(([year, dates]) =>
        plain.includes(year)
          ? [...plain.matchAll(dates)].map(({ 0: date, index }) => ({ start: index, end: index + date.length }))
          : [],
      ),
  }
}

interface Wanted {
  readonly wanted: string
  readonly secret: Secret
}

/** A value is found by so many of its first characters; then the rest of it is compared. */
const prefixLengths = [16, 8, 4, 3, 2, 1] as const

function finderOf(secrets: readonly Secret[]): (plain: string) => readonly Place[] {
  const byPrefix = new Map<number, Map<string, Wanted[]>>()
  for (const secret of secrets) {
    const wanted = narrow(secret.value)
    const length = prefixLengths.find((one) => one <= wanted.length)
    if (length === undefined) continue
    const prefixes = byPrefix.get(length) ?? new Map<string, Wanted[]>()
    byPrefix.set(length, prefixes)
    const prefix = wanted.slice(0, length)
    const sharing = prefixes.get(prefix) ?? []
    prefixes.set(prefix, sharing)
    sharing.push({ wanted, secret })
  }
  const levels = [...byPrefix]
  return (plain) => {
    const found: Place[] = []
    for (let start = 0; start < plain.length; start += 1) {
      for (const [length, prefixes] of levels) {
        for (const { wanted, secret } of prefixes.get(plain.slice(start, start + length)) ?? [])
          if (plain.startsWith(wanted, start)) found.push({ start, secret })
      }
    }
    return found
  }
}

/** By year a pattern of all birthdays in it. */
function yearsOf(secrets: readonly Secret[]): ReadonlyMap<string, RegExp> {
  const days = new Map<string, Set<string>>()
  for (const { identity, value } of secrets) {
    const wanted = narrow(value)
    // Who knows the number of an identity card knows the birthday in it.
    const birthday = identity === 'birth' ? wanted : identity === 'id' ? birthdayOf(wanted) : null
    const [, year, month, day] = /^(\d{4})\D?(\d\d)\D?(\d\d)/.exec(birthday ?? '') ?? []
    if (year === undefined) continue
    const ofYear = days.get(year) ?? new Set()
    days.set(year, ofYear.add(`0?${Number(month)}\\s?[-/.月]?\\s?0?${Number(day)}`))
  }
  return new Map(
    [...days].map(([year, all]) => [year, new RegExp(`(?<!\\d)${year}\\s?[-/.年]?\\s?(?:${[...all].join('|')})(?!\\d)`, 'g')]),
  )
}

/** The number of an identity card that has a birthday with its century (GB 11643-1999). */
export const newCard = /^\d{6}(?:19|20)\d{9}[\dx]$/

function birthdayOf(number: string): string | null {
  return newCard.test(number) ? number.slice(6, 14) : null
}

/** The text without the blanks between Han characters, and where each of its characters stood. */
function withoutBlanks(plain: string): { readonly text: string; readonly places: readonly number[] } {
  const places: number[] = []
  let text = ''
  let from = 0
  const take = (to: number) => {
    for (let at = from; at < to; at += 1) places.push(at)
    text += plain.slice(from, to)
  }
  for (const { 0: blanks, index } of plain.matchAll(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu)) {
    take(index)
    from = index + blanks.length
  }
  take(plain.length)
  return { text, places }
}

/** Same length, full-width forms as half-width, small letters: what is compared. */
export function narrow(text: string): string {
  let out = ''
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    const half = code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code
    out += String.fromCharCode(half >= 65 && half <= 90 ? half + 32 : half)
  }
  return out
}
