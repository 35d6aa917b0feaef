import type { Text } from '../text.ts'
import codeTables from './codes.json' with { type: 'json' }
import { codesZh } from './codes-zh.ts'

/** What the table says of a code, in both languages (English where no Chinese is known); null when the table or the code is unknown. */
export function tableMeaning(table: string, code: string): Text | null {
  const en = tableCodes(table)?.get(code)
  return en === undefined ? null : { zh: zhOf(table, code) ?? en, en }
}

/** Codes of a table (`0001`) with their English meanings, all versions together; null for a table without suggested codes. */
export function tableCodes(table: string): ReadonlyMap<string, string> | null {
  const known = unpacked.get(table)
  if (known !== undefined) return known
  const codes = byTable().get(table)
  const made = codes === undefined ? null : new Map(Object.entries(codes))
  unpacked.set(table, made)
  return made
}

const unpacked = new Map<string, ReadonlyMap<string, string> | null>()
let tables: ReadonlyMap<string, Readonly<Record<string, string>>> | null = null

function byTable(): ReadonlyMap<string, Readonly<Record<string, string>>> {
  tables ??= new Map<string, Readonly<Record<string, string>>>(Object.entries(codeTables))
  return tables
}

function zhOf(table: string, code: string): string | null {
  const row = Object.hasOwn(codesZh, table) ? codesZh[table] : undefined
  return (row && Object.hasOwn(row, code) ? row[code] : undefined) ?? null
}
