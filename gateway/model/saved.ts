import type { Json } from './json.ts'

/**
 * Readers of saved state. The state was written by this program, so anything unexpected is a bug or a version that nobody
 * migrated: they throw, and analysis rebuilds from the log.
 */
export type JsonRecord = { readonly [key: string]: Json }

export function recordOf(value: Json | undefined): JsonRecord {
  if (!isRecord(value)) throw new Error('saved state: an object was expected')
  return value
}

export function listOf(value: Json | undefined): readonly Json[] {
  if (!isList(value)) throw new Error('saved state: a list was expected')
  return value
}

export function numberOf(value: Json | undefined): number {
  if (typeof value !== 'number') throw new Error('saved state: a number was expected')
  return value
}

export function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error('saved state: a text was expected')
  return value
}

export function numberOrNullOf(value: Json | undefined): number | null {
  return value === null || value === undefined ? null : numberOf(value)
}

export function textOrNullOf(value: Json | undefined): string | null {
  return value === null || value === undefined ? null : textOf(value)
}

/** A value of plain data as Json. What JSON can't hold (undefined, functions) is left out, as JSON does. */
export function plain(value: unknown): Json {
  const copy: Json = JSON.parse(JSON.stringify(value))
  return copy
}

function isRecord(value: Json | undefined): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
