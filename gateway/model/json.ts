/** What can be written as JSON and read back as the same value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Something with named members, as a JSON object is. */
export type JsonRecord = { readonly [name: string]: unknown }

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
