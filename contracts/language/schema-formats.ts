import type { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { readTimestamp } from '../../gateway/model/timestamp.ts'
import { patternTextMax } from './safe-pattern.ts'
import { formatTest } from './value-format.ts'

/**
 * Names that `format` may have in a schema: those of JSON Schema that need no look-around (`date`, `date-time`, `uuid`, `uri`, ...), those of the contract
 * language (`id-card`, `mobile`, `oid`, `masked`, `timestamp` as yyyyMMddHHmmss), and the times that Chinese interfaces write: `local-time` (`2026-11-23 08:15:05`),
 * `timestamp-ms` (yyyyMMddHHmmssSSS), `any-time` (whatever can be read as an instant).
 */
export const schemaFormats = [
  'date',
  'time',
  'date-time',
  'iso-time',
  'iso-date-time',
  'duration',
  'uuid',
  'uri',
  'uri-reference',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'json-pointer',
  'byte',
  'int32',
  'int64',
  'float',
  'double',
  'password',
  'binary',
  'id-card',
  'mobile',
  'oid',
  'masked',
  'public',
  'number',
  'timestamp',
  'compact-date',
  'compact-datetime',
  'timestamp-ms',
  'local-time',
  'any-time',
] as const

export function addSchemaFormats(ajv: Ajv2020): void {
  addFormats.default(ajv, { mode: 'fast' })
  for (const kind of ['id-card', 'mobile', 'oid', 'number', 'timestamp'] as const) add(ajv, kind, formatTest({ kind }))
  // Of a text that is longer than any note its beginning is looked at: a picture in Base64 is no leak.
  for (const kind of ['masked', 'public'] as const) {
    const isWell = formatTest({ kind })
    ajv.addFormat(kind, { type: 'string', validate: (text: string) => isWell(text.slice(0, patternTextMax)) })
  }
  add(ajv, 'compact-date', formatTest({ kind: 'date' }))
  add(ajv, 'compact-datetime', formatTest({ kind: 'datetime' }))
  add(ajv, 'timestamp-ms', (text) => /^\d{17}$/.test(text) && isTime(text))
  add(ajv, 'local-time', (text) => /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text) && isTime(text))
  add(ajv, 'any-time', isTime)
}

function add(ajv: Ajv2020, name: string, test: (text: string) => boolean): void {
  ajv.addFormat(name, { type: 'string', validate: (text: string) => text.length <= patternTextMax && test(text) })
}

function isTime(text: string): boolean {
  return readTimestamp(text, 'UTC').at !== null
}
