import type { CharacterSets } from './charset/terms.ts'
import type { JsonMember, JsonStretch } from './json-attribute.ts'

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
  /** What it says, where messages had it before: its value is not read from any source then. */
  readonly known: Known | null
}

/** What elements of the same tag, representation and bytes say, whichever message they are of. */
export interface Known {
  /** With its tag and length. */
  readonly byteCount: number
  /** Each byte of its value as a character, without padding. */
  readonly plainText: string
  /** Null: no text. */
  readonly text: string | null
  readonly values: readonly string[]
  readonly member: JsonMember
}

export interface KnownElement extends Element {
  readonly known: Known
}

/** Elements that stand one after the other: such as are new, or a run that messages had before. */
export interface Stretch {
  readonly elements: readonly Element[]
  readonly run: Run | null
}

/** Elements that came before one after the other, byte by byte. Their tags ascend, none is a sequence, and nothing is wrong with any. */
export interface Run {
  readonly elements: readonly KnownElement[]
  readonly firstTag: number
  readonly lastTag: number
  /** Those of which facts are made. */
  readonly wanted: readonly Element[]
  readonly json: JsonStretch
}

/** A data set, or an item of a sequence, which is a data set too. */
export interface DataSet {
  readonly source: Source
  readonly stretches: readonly Stretch[]
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
export const pixelRepresentation = 0x00280103

/** The first element with that tag, or null. */
export function elementOf({ stretches }: DataSet, tag: number): Element | null {
  for (const { elements, run } of stretches) {
    if (run !== null && (tag < run.firstTag || tag > run.lastTag)) continue
    for (const element of elements) if (element.tag === tag) return element
  }
  return null
}

/** All of them, in their order. */
export function elementsOf({ stretches }: DataSet): readonly Element[] {
  return stretches.flatMap(({ elements }) => elements)
}

/** A data set whose elements, which may be added later, were all given as texts. */
export function givenSet(elements: readonly Element[], parent: DataSet | null): DataSet {
  return { source: noSource, stretches: [{ elements, run: null }], parent, characterSets: null }
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
