import { isRecord } from '../../../gateway/model/json.ts'

/** The member of that name that the object has itself; undefined where there is none. */
export function memberValue(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** A text or a number as text; null for anything else and for nothing. */
export function scalarText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}
