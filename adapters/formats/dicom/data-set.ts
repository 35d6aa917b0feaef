import type { CharacterSets } from './charset/terms.ts'
import type { JsonMember } from './json-attribute.ts'

/** Bytes in which elements lie. */
export interface Source {
  readonly bytes: Buffer
  /** The same bytes, to read numbers. */
  readonly view: DataView
  readonly isLittleEndian: boolean
}

/** One data element. Its value is read when it is asked for. */
export interface Element {
  /** 0x00100010 */
  readonly tag: number
  /** As written, or as the dictionary has it where the transfer syntax writes none; `UN` where neither says. */
  readonly vr: string
  /** Where its value lies in the source of its data set. */
  readonly start: number
  readonly end: number
  /** Of a sequence. */
  readonly items: readonly DataSet[] | null
  /** Values that JSON or XML gave as texts; null: they lie in the source. */
  readonly given: readonly string[] | null
  /** The value goes on behind the end of what was read. */
  readonly isCut: boolean
  /** What it says, where messages had it before; set when it is found. */
  known: Known | null
}

/** What elements of the same tag, representation and bytes say, whichever message they are of. */
export interface Known {
  readonly tag: number
  readonly vr: string
  readonly byteCount: number
  /** Its bytes, as numbers of four. */
  readonly words: readonly number[]
  /** Each byte as a character, without padding. */
  readonly plainText: string
  readonly values: readonly string[]
  readonly member: JsonMember
}

/** A data set, or an item of a sequence, which is a data set too. */
export interface DataSet {
  readonly source: Source
  readonly elements: readonly Element[]
  /** The data set whose sequence holds this one. */
  readonly parent: DataSet | null
  /** What its texts are in, once `characterSetsIn` was asked. */
  characterSets: CharacterSets | null
}

export function sourceOf(bytes: Buffer, isLittleEndian: boolean): Source {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), isLittleEndian }
}

export const noSource: Source = sourceOf(Buffer.alloc(0), true)

export const specificCharacterSet = 0x00080005

/** The first element with that tag, or null. */
export function elementOf({ elements }: DataSet, tag: number): Element | null {
  for (let i = 0; i < elements.length; i++) if (elements[i]?.tag === tag) return elements[i] ?? null
  return null
}

/** The items of a sequence; none where it is absent or empty. */
export function itemsOf(set: DataSet, tag: number): readonly DataSet[] {
  return elementOf(set, tag)?.items ?? []
}

/** A value that only ASCII may stand in, by tag: UIDs, codes, times. Null when absent or empty. */
export function plainText(set: DataSet, tag: number): string | null {
  const element = elementOf(set, tag)
  return element === null ? null : plainTextOf(set, element)
}

/** The raw text of an element, byte by byte, without padding; null when empty. Several values stay joined by `\`. */
export function plainTextOf(set: DataSet, element: Element): string | null {
  const trimmed = element.known?.plainText ?? unpadded(element.given?.join('\\') ?? rawText(set, element))
  return trimmed === '' ? null : trimmed
}

/** The bytes of a value that lies in its source, each as a character. */
export function rawText({ source }: DataSet, { start, end }: Element): string {
  return source.bytes.toString('latin1', start, end)
}

/** Without trailing blanks and NULs, and without leading blanks: no value representation but LT, ST and UT means them (PS3.5 6.2). */
export function unpadded(text: string): string {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) <= 0x20 && isPadding(text.charCodeAt(end - 1))) end--
  let start = 0
  while (start < end && text.charCodeAt(start) === 0x20) start++
  return start === 0 && end === text.length ? text : text.slice(start, end)
}

function isPadding(code: number): boolean {
  return code === 0x20 || code === 0
}
