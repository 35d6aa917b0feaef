import { parse } from 'csv-parse/sync'
import type { ResultFiles } from '../../../gateway/model/interface.ts'

const recordBytesMax = 1024 * 1024
const rowsMax = 1_000_000

/** How many rows a result file has, and how many of them were rejected; null when it is no table or lacks the column. */
export function resultRows(text: string, rejected: ResultFiles['rejected']): { rows: number; rejectedRows: number } | null {
  const header = text.slice(0, text.search(/[\r\n]|$/))
  const delimiter = [',', '\t', '|', ';'].toSorted((a, b) => header.split(b).length - header.split(a).length)[0] ?? ','
  try {
    const records: unknown = parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: recordBytesMax,
      to: rowsMax,
    })
    if (!isTable(records)) return null
    const [columns, ...rows] = records
    if (columns === undefined) return null
    if (rejected === null) return { rows: rows.length, rejectedRows: rows.length }
    const at = columns.indexOf(rejected.column)
    if (at < 0) return null
    return { rows: rows.length, rejectedRows: rows.filter((row) => rejected.values.includes(row[at] ?? '')).length }
  } catch {
    return null
  }
}

function isTable(records: unknown): records is readonly (readonly string[])[] {
  return Array.isArray(records) && records.every(Array.isArray)
}
