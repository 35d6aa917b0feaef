import type { SQLOutputValue } from 'node:sqlite'

/** A row as the driver gives it. */
export type Row = { readonly [column: string]: SQLOutputValue }

// A column of another type than the schema says is a bug or a damaged database, never bad input: these throw plain errors.

export function numberOf(row: Row | undefined, column: string): number {
  const value = row?.[column]
  if (typeof value !== 'number') throw new TypeError(`column ${column} is not a number`)
  return value
}

export function textOf(row: Row | undefined, column: string): string {
  const value = row?.[column]
  if (typeof value !== 'string') throw new TypeError(`column ${column} is not a text`)
  return value
}

export function numberOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : numberOf(row, column)
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : textOf(row, column)
}

export function blobOrNull(row: Row, column: string): Uint8Array | null {
  const value = row[column]
  if (value === null) return null
  if (!(value instanceof Uint8Array)) throw new TypeError(`column ${column} is not a blob`)
  return value
}

/**
 * JSON that this store wrote itself from a value of that type, in this version of the schema: migrations keep it true, so it
 * isn't checked again on every read.
 */
export function ownJson<T>(row: Row, column: string): T {
  const value: T = JSON.parse(textOf(row, column))
  return value
}
