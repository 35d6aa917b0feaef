import type { Identity } from '../../model/identity.ts'
import { type Grants, isGranted, noGrants } from './grants.ts'
import { indexOfSecrets, narrow, newCard, type Secret } from './secret-index.ts'

/** A stretch of a text, in UTF-16 units; `end` isn't part of it. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

/** Surnames of two characters that people still bear; the one character rule would show half of the given name's mask wrong. */
const compoundSurnames = new Set(
  '欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘 公伯 西门 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 褚师'.split(
    ' ',
  ),
)

/** What of a value must be hidden, by what it identifies. */
export function hidden(identity: Identity, value: string, grants: Grants = noGrants): readonly Stretch[] {
  const { length } = value
  if (isGranted(grants, identity)) return identity === 'id' ? birthdayIn(value) : []
  switch (identity) {
    case 'name':
      return [{ start: surnameLength(value), end: length }]
    case 'id':
      return [{ start: 0, end: length - Math.min(4, Math.floor(length / 2)) }]
    case 'phone':
      return [length >= 11 ? { start: length - 8, end: length - 4 } : { start: 0, end: Math.max(length - 2, 0) }]
    case 'birth':
      return [{ start: Math.min(4, length), end: length }]
    case 'given':
    case 'address':
    case 'all':
      return [{ start: 0, end: length }]
    default:
      return identity satisfies never
  }
}

/** The birthday inside the number of an identity card (GB 11643), which a granted number still hides. */
function birthdayIn(value: string): readonly Stretch[] {
  const digits = narrow(value)
  if (newCard.test(digits)) return [{ start: 6, end: 14 }]
  return /^[1-8]\d{14}$/.test(digits) && isOldIdentityCard(digits) ? [{ start: 6, end: 12 }] : []
}

/** Han surname, one or two characters. Of a name in other letters, as of a single character alone, the first letter is kept. */
function surnameLength(name: string): number {
  const two = name.slice(0, 2)
  if (name.length > 2 && compoundSurnames.has(two)) return 2
  return Math.min(name.length, 1)
}

/** Puts `*` over the stretches, one for each unit, so that places stay where they are. */
export function starred(text: string, stretches: readonly Stretch[]): string {
  const units = [...Array(text.length).keys()].map((i) => text.charAt(i))
  for (const { start, end } of stretches) units.fill('*', Math.max(start, 0), Math.max(end, 0))
  return units.join('')
}

const secretLengthMin = { name: 2, given: 2, id: 4, phone: 7, address: 4, birth: 8, all: 6 } as const satisfies {
  [I in Identity]: number
}

/**
 * What of values that were found at their places is looked for elsewhere: they themselves, the number at the end of a reference (`Patient/P01`), a person name of
 * DICOM without its marks, and a family name with the given name beside it.
 */
export function tellingOf(found: readonly Secret[]): readonly Secret[] {
  const all = found.flatMap((secret, at) => [secret, ...alsoOf(secret, found[at + 1])])
  const distinct = new Map(all.map((secret) => [`${secret.identity}\0${secret.value}`, secret]))
  return [...distinct.values()].filter(isTelling)
}

/** The number itself, where a reference or a query names it: `P01` of `Patient/P01`. */
export function numberIn(value: string): string {
  return value.split(/[/|?&=]/).at(-1) ?? ''
}

function alsoOf({ identity, value }: Secret, next: Secret | undefined): readonly Secret[] {
  const name = (whole: string): Secret => ({ identity: 'name', value: whole })
  if (identity === 'id') return [{ identity, value: numberIn(value) }]
  if (identity === 'given') return next?.identity === 'name' ? [name(next.value + value)] : []
  if (identity !== 'name') return []
  const groups = /[=^]/.test(value) ? value.split('=').map((group) => name(group.replaceAll('^', ''))) : []
  return next?.identity === 'given' ? [...groups, name(value + next.value)] : groups
}

/** Whether a value is long enough to be looked for elsewhere without covering words that only look alike. */
export function isTelling({ identity, value }: Secret): boolean {
  // A number has a digit: `Observation`, where a reference might stand, is none.
  if (identity === 'id' && !/\d/.test(value)) return false
  // What is hidden because nobody can say what it is (a private attribute) may be a measure: measures repeat without telling of anybody.
  if (identity === 'all' && /^[-+]?(?:\d{1,7}|\d*\.\d*)$/.test(value.trim())) return false
  return value.length >= secretLengthMin[identity] && !/^[\s*"]*$/.test(value)
}

/** Stretches that repeat a secret, or that look like an identity card or a telephone number. */
export function hiddenByContent(text: string, secrets: readonly Secret[], grants: Grants = noGrants): readonly Stretch[] {
  const plain = narrow(text)
  const found: Stretch[] = []
  const index = indexOfSecrets(secrets)
  const take = (identity: Identity, { start, end }: Stretch) => {
    for (const part of hidden(identity, plain.slice(start, end), grants)) found.push(moved(part, start))
  }
  for (const { start, secret } of index.placesIn(plain))
    for (const part of hidden(secret.identity, secret.value, grants)) found.push(moved(part, start))
  for (const name of index.spacedNamesIn(plain)) take('name', name)
  for (const date of index.birthdaysIn(plain)) take('birth', date)
  for (const match of plain.matchAll(/(?<!\d)\d{6}(?:19|20)\d{9}[\dx](?!\d)/g))
    if (isIdentityCard(match[0])) found.push(...cardStretches(match, grants))
  for (const match of plain.matchAll(/(?<!\d)[1-8]\d{14}(?!\d)/g))
    if (isOldIdentityCard(match[0])) found.push(...cardStretches(match, grants))
  for (const { 0: address, index: start } of plain.matchAll(streetAddress))
    take('address', { start, end: start + address.length })
  if (isGranted(grants, 'phone')) return found
  for (const match of plain.matchAll(/(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}([ -]?\d{4})(?!\d)/g)) {
    const end = match.index + match[0].length - (match[1]?.length ?? 4)
    found.push({ start: end - 4, end })
  }
  for (const match of plain.matchAll(/(?<!\d)0\d{2,3}-\d{7,8}(?!\d)/g)) {
    found.push({ start: match.index + match[0].indexOf('-') + 1, end: match.index + match[0].length - 2 })
  }
  return found
}

function moved({ start, end }: Stretch, by: number): Stretch {
  return { start: start + by, end: end + by }
}

/** From the province or the town to the number in the street: `深圳市南山区科苑路15号`. A road alone may be one of a device (`输液通路1号`). */
const streetAddress = /\p{Script=Han}{0,12}[省市区县镇乡]\p{Script=Han}{1,12}[路街道巷弄]\d{1,5}[号弄]/gu

function cardStretches(match: RegExpExecArray, grants: Grants): readonly Stretch[] {
  return hidden('id', match[0], grants).map(({ start, end }) => ({ start: match.index + start, end: match.index + end }))
}

const provinces = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9\d)/
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** GB 11643-1999: a date where the birthday stands, and a province or the right check digit; order numbers have neither. */
function isIdentityCard(digits: string): boolean {
  if (!isDate(digits.slice(10, 12), digits.slice(12, 14))) return false
  const sum = weights.reduce((total, weight, i) => total + weight * Number(digits.charAt(i)), 0)
  return provinces.test(digits) || '10x98765432'.charAt(sum % 11) === digits.charAt(17)
}

function isOldIdentityCard(digits: string): boolean {
  return provinces.test(digits) && isDate(digits.slice(8, 10), digits.slice(10, 12))
}

function isDate(month: string, day: string): boolean {
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31
}
