import { attributeNamed, tagOf } from '../../gateway/model/dicom/dictionary.ts'

/** What an element holds: a text (padded to an even length), bytes, or items of a sequence. */
export type Content = string | Uint8Array | readonly DataSetContent[]

/** By keyword or tag. */
export interface DataSetContent {
  readonly [attribute: string]: Content
}

export interface Writing {
  readonly isExplicit?: boolean
  /** How texts become bytes; Latin-1 by default. */
  readonly encode?: (text: string) => Uint8Array
  /** Sequences and items of undefined length, with delimiters. */
  readonly isOpen?: boolean
}

const longVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'UC', 'UN', 'UR', 'UT', 'SV', 'UV'])

/** A data set in little endian, for tests; its elements in the order of their tags. */
export function dataSet(content: DataSetContent, writing: Writing = {}): Buffer {
  const tagged = Object.entries(content).map(([attribute, value]) => {
    const tag = tagOf(attribute)
    if (tag === null) throw new Error(`no attribute ${attribute}`)
    return { tag, attribute, value }
  })
  const elements = tagged
    .toSorted((a, b) => a.tag - b.tag)
    .map(({ tag, attribute, value }) => {
      const vr = typeof value === 'object' && Array.isArray(value) ? 'SQ' : (attributeNamed(attribute)?.vr ?? 'UN')
      return element(tag, vr, bytesOf(value, vr, writing), writing)
    })
  return Buffer.concat(elements)
}

/** One element with its header. */
export function element(
  tag: number,
  vr: string,
  value: Uint8Array,
  { isExplicit = true, isOpen = false }: Writing = {},
): Buffer {
  const length = vr === 'SQ' && isOpen ? 0xffffffff : value.length
  const isLong = longVrs.has(vr)
  const head = Buffer.alloc(isExplicit && isLong ? 12 : 8)
  head.writeUInt16LE(tag >>> 16, 0)
  head.writeUInt16LE(tag & 0xffff, 2)
  if (!isExplicit) head.writeUInt32LE(length, 4)
  else {
    head.write(vr, 4, 'latin1')
    if (isLong) head.writeUInt32LE(length, 8)
    else head.writeUInt16LE(length, 6)
  }
  return Buffer.concat([head, value])
}

/** A file of PS3.10 around a data set. */
export function file(transferSyntax: string, content: Uint8Array): Buffer {
  const syntax = element(0x00020010, 'UI', padded(Buffer.from(transferSyntax, 'latin1'), 0))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(syntax.length)
  const head = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), element(0x00020000, 'UL', length), syntax])
  return Buffer.concat([head, content])
}

function bytesOf(value: Content, vr: string, writing: Writing): Uint8Array {
  if (typeof value === 'string') return padded((writing.encode ?? latin1)(value), vr === 'UI' ? 0 : 0x20)
  if (value instanceof Uint8Array) return value
  const items = value.map((item) => itemOf(dataSet(item, writing), writing.isOpen === true))
  return Buffer.concat(writing.isOpen === true ? [...items, mark(0xfffee0dd, 0)] : items)
}

function itemOf(content: Buffer, isOpen: boolean): Buffer {
  if (!isOpen) return Buffer.concat([mark(0xfffee000, content.length), content])
  return Buffer.concat([mark(0xfffee000, 0xffffffff), content, mark(0xfffee00d, 0)])
}

function mark(tag: number, length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt16LE(tag >>> 16, 0)
  bytes.writeUInt16LE(tag & 0xffff, 2)
  bytes.writeUInt32LE(length, 4)
  return bytes
}

function padded(bytes: Uint8Array, padding: number): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from([padding])])
}

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}
