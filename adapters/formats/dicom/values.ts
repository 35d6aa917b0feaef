import { tagText } from '../../../gateway/model/dicom/dictionary.ts'
import { decodeText, delimitersOf, isPlain } from './charset/decode.ts'
import { type CharacterSets, characterSetsOf } from './charset/terms.ts'
import { type DataSet, type Element, elementOf, plainTextOf, rawText, specificCharacterSet, unpadded } from './data-set.ts'
import { vrNamed } from './vr.ts'

/** Most numbers of one value: tables of thousands tell a person nothing. */
export const numbersMax = 256

/** What a data set declares, or the one that holds it (PS3.3 C.12.1.1.2: an item without its own has that of what holds it). */
export function characterSetsIn(set: DataSet): CharacterSets {
  if (set.characterSets !== null) return set.characterSets
  const own = elementOf(set, specificCharacterSet)
  const sets = own === null && set.parent !== null ? characterSetsIn(set.parent) : characterSetsOf(own && plainTextOf(set, own))
  set.characterSets = sets
  return sets
}

/** The text of an element, decoded and without its padding, its values joined by `\`; null for what is no text (binary data, sequences). */
export function textOf(set: DataSet, element: Element, fallback: CharacterSets | null): string | null {
  if (element.known !== null) return element.known.text
  const vr = vrNamed(element.vr)
  if (element.given !== null) return element.given.join('\\')
  switch (vr?.content) {
    case 'text':
      return decoded(set, element, fallback)
    case 'plain':
      return unpadded(rawText(set, element))
    case 'number':
      return numbersOf(set, element).join('\\')
    default:
      return null
  }
}

/** Its values, one by one; none where it is empty or no text. */
export function valuesOf(set: DataSet, element: Element, fallback: CharacterSets | null): readonly string[] {
  if (element.known !== null) return element.known.values
  if (element.given !== null) return element.given
  const vr = vrNamed(element.vr)
  if (vr?.content === 'number') return numbersOf(set, element)
  const text = textOf(set, element, fallback)
  if (text === null || text === '') return none
  return vr?.isMultiple === true && text.includes('\\') ? text.split('\\').map(unpadded) : [text]
}

const none: readonly string[] = []

function decoded(set: DataSet, element: Element, fallback: CharacterSets | null): string {
  const { bytes } = set.source
  const { start, end, vr } = element
  if (isPlain(bytes, start, end)) return trimmed(rawText(set, element), vr)
  const raw = bytes.subarray(start, end)
  const found = fallback === null ? null : decodeText(raw, fallback, delimitersOf(vr))
  const read = found?.isStrict === true ? found : decodeText(raw, characterSetsIn(set), delimitersOf(vr))
  return trimmed(read.text, vr)
}

/** Leading blanks mean something in running text, and an empty name keeps its delimiters. */
function trimmed(text: string, vr: string): string {
  return vr === 'LT' || vr === 'ST' || vr === 'UT' ? text.replace(/[ \0]+$/, '') : unpadded(text)
}

function numbersOf({ source }: DataSet, { vr, start, end }: Element): readonly string[] {
  const width = widths.get(vr)
  if (width === undefined) return none
  const { bytes, isLittleEndian } = source
  const values: string[] = []
  for (let at = start; at + width <= end && values.length < numbersMax; at += width) {
    values.push(numberAt(bytes, at, vr, isLittleEndian))
  }
  return values
}

const widths: ReadonlyMap<string, number> = new Map(
  Object.entries({ US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4, SV: 8, UV: 8 }),
)

function numberAt(bytes: Buffer, at: number, vr: string, isLittle: boolean): string {
  switch (vr) {
    case 'US':
      return String(isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
    case 'SS':
      return String(isLittle ? bytes.readInt16LE(at) : bytes.readInt16BE(at))
    case 'UL':
      return String(isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
    case 'SL':
      return String(isLittle ? bytes.readInt32LE(at) : bytes.readInt32BE(at))
    case 'FL':
      return shortest(isLittle ? bytes.readFloatLE(at) : bytes.readFloatBE(at))
    case 'FD':
      return String(isLittle ? bytes.readDoubleLE(at) : bytes.readDoubleBE(at))
    case 'SV':
      return String(isLittle ? bytes.readBigInt64LE(at) : bytes.readBigInt64BE(at))
    case 'UV':
      return String(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))
    default: {
      const group = isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
      const element = isLittle ? bytes.readUInt16LE(at + 2) : bytes.readUInt16BE(at + 2)
      return tagText(((group << 16) | element) >>> 0)
    }
  }
}

/** The fewest digits that give the same number in 32 bits: 0.1, not 0.10000000149011612. */
function shortest(value: number): string {
  for (let digits = 6; digits <= 9; digits++) {
    const text = String(Number(value.toPrecision(digits)))
    if (Math.fround(Number(text)) === value) return text
  }
  return String(value)
}
