import { type ByteReader, BytesError, type ByteWriter } from './bytes.ts'

/**
 * Writes a plain value (null, booleans, numbers, strings, arrays and objects of them) with its shape, so that reading needs no
 * table. Exact for every number, NaN and -0 too. Undefined properties are left out. For the rare parts of an entry;
 * the frequent ones have fixed places.
 */
export function writeValue(writer: ByteWriter, value: unknown): void {
  if (value === null) writer.u8(tag.null)
  else if (value === false) writer.u8(tag.false)
  else if (value === true) writer.u8(tag.true)
  else if (typeof value === 'number') {
    writer.u8(tag.number)
    writer.f64(value)
  } else if (typeof value === 'string') {
    writer.u8(tag.text)
    writer.text(value)
  } else if (Array.isArray(value)) {
    writer.u8(tag.list)
    writer.varint(value.length)
    for (const item of value) writeValue(writer, item)
  } else if (typeof value === 'object') writeObject(writer, value)
  else throw new TypeError(`A ${typeof value} can't stand in the log.`)
}

/** Reads what `writeValue` wrote. Throws BytesError for bytes that it can't have written. */
export function readValue(reader: ByteReader, depth = 0): unknown {
  if (depth > depthMax) throw new BytesError('A value is nested deeper than any entry is.')
  const kind = reader.u8()
  if (kind === tag.null) return null
  if (kind === tag.false) return false
  if (kind === tag.true) return true
  if (kind === tag.number) return reader.f64()
  if (kind === tag.text) return reader.text()
  if (kind === tag.list) return readList(reader, depth)
  if (kind !== tag.object) throw new BytesError('A value is of no known kind.')
  const members: [string, unknown][] = []
  for (let left = count(reader); left > 0; left -= 1) members.push([reader.knownText() ?? '', readValue(reader, depth + 1)])
  // fromEntries defines properties: a key `__proto__` stays a key.
  return Object.fromEntries(members)
}

function readList(reader: ByteReader, depth: number): readonly unknown[] {
  const list: unknown[] = []
  for (let left = count(reader); left > 0; left -= 1) list.push(readValue(reader, depth + 1))
  return list
}

/** Texts two by two, as a list of lists of two texts is written; null where null is. Much faster than to read it and then look what it is. */
export function readPairs(reader: ByteReader): readonly (readonly [string, string])[] | null {
  const kind = reader.u8()
  if (kind === tag.null) return null
  if (kind !== tag.list) throw new BytesError('A list of names and values is none.')
  const pairs: (readonly [string, string])[] = []
  for (let left = count(reader); left > 0; left -= 1) {
    if (reader.u8() !== tag.list || reader.varint() !== 2) throw new BytesError('A name has no value.')
    pairs.push([pairText(reader), pairText(reader)])
  }
  return pairs
}

function pairText(reader: ByteReader): string {
  const text = reader.u8() === tag.text ? reader.knownText() : null
  if (text === null) throw new BytesError('A name or a value is no text.')
  return text
}

function writeObject(writer: ByteWriter, value: object): void {
  const members = Object.entries(value).filter(([, item]) => item !== undefined)
  writer.u8(tag.object)
  writer.varint(members.length)
  for (const [key, item] of members) {
    writer.text(key)
    writeValue(writer, item)
  }
}

const tag = { null: 0, false: 1, true: 2, number: 3, text: 4, list: 5, object: 6 } as const
const depthMax = 32
const membersMax = 1_000_000

/** Held to a limit, so that damaged bytes can't ask for memory that they don't fill. */
function count(reader: ByteReader): number {
  const members = reader.varint()
  if (members > membersMax) throw new BytesError('A value has more members than any entry has.')
  return members
}
