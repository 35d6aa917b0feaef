import { type ByteReader, BytesError, type ByteWriter } from './bytes.ts'

/** A list that must name every member of the union: one more member in the model, and this doesn't compile. */
export function allOf<T extends string>() {
  return <const L extends readonly T[]>(list: [Exclude<T, L[number]>] extends [never] ? L : never) => list
}

export function writeNumberOrNull(writer: ByteWriter, value: number | null): void {
  writer.u8(value === null ? 0 : 1)
  if (value !== null) writer.f64(value)
}

export function readNumberOrNull(reader: ByteReader): number | null {
  return reader.u8() === 0 ? null : reader.f64()
}

export function writeFlag(writer: ByteWriter, value: boolean): void {
  writer.u8(value ? 1 : 0)
}

export function readFlag(reader: ByteReader): boolean {
  return reader.u8() === 1
}

export function writeChoice<T extends string>(writer: ByteWriter, list: readonly T[], value: T): void {
  writer.u8(list.indexOf(value))
}

export function readChoice<T extends string>(reader: ByteReader, list: readonly T[]): T {
  return chosen(list, reader.u8())
}

export function writeChoiceOrNull<T extends string>(writer: ByteWriter, list: readonly T[], value: T | null): void {
  writer.u8(value === null ? 255 : list.indexOf(value))
}

export function readChoiceOrNull<T extends string>(reader: ByteReader, list: readonly T[]): T | null {
  const index = reader.u8()
  return index === 255 ? null : chosen(list, index)
}

export function chosen<T extends string>(list: readonly T[], index: number): T {
  const value = list[index]
  if (value === undefined) throw new BytesError('A choice is none of its list.')
  return value
}

export function readText(reader: ByteReader): string {
  return present(reader.text())
}

/** Of `ByteReader.knownText`. */
export function readKnown(reader: ByteReader): string {
  return present(reader.knownText())
}

function present(text: string | null): string {
  if (text === null) throw new BytesError('A text is missing.')
  return text
}

export function writeList<T>(writer: ByteWriter, list: readonly T[], write: (writer: ByteWriter, item: T) => void): void {
  writer.varint(list.length)
  for (const item of list) write(writer, item)
}

export function readList<T>(reader: ByteReader, read: (reader: ByteReader) => T): T[] {
  const count = reader.varint()
  const list: T[] = []
  for (let i = 0; i < count; i += 1) list.push(read(reader))
  return list
}
