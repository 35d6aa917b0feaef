import { type CsvError, type InfoRecord, parse } from 'csv-parse/sync'
import type { Defect } from '../../../gateway/model/document.ts'
import { defect } from './defects.ts'
import { limits } from './limits.ts'

/** A file of rows, as the value that paths, trees and contracts see. Rows that can't be read or have another length than the header are left out. */
export interface CsvFile {
  readonly header: readonly string[]
  readonly rows: readonly { readonly [column: string]: string }[]
  /** All rows below the header, the rejected ones included. */
  readonly rowCount: number
}

export interface CsvReading {
  readonly value: CsvFile
  readonly delimiter: string
  readonly defects: readonly Defect[]
}

/**
 * Reads RFC 4180 with a header row; the delimiter is the one of `,` tab `;` `|` that the header has most of. A fault is told by its row, counted from 0 below
 * the header, and never stops the reading of what follows. `isCut`: the last row may be a piece and is left out.
 */
export function readCsv(text: string, isCut: boolean): CsvReading {
  const delimiter = delimiterOf(text)
  const faults: Fault[] = []
  const records = recordsOf(isCut ? wholeLines(text) : text, delimiter, faults)
  const header = (records[0] ?? []).slice(0, limits.columnsMax).map((name) => name.trim())
  const defects: Defect[] = []
  if (header.length === 0) defects.push(defect('CSV_NO_HEADER'))
  if (new Set(header).size < header.length) defects.push(defect('CSV_DUPLICATE_COLUMN'))
  const rows: { readonly [column: string]: string }[] = []
  for (const [i, cells] of records.entries()) {
    if (i === 0) continue
    if (cells.length === (records[0] ?? []).length) rows.push(rowOf(header, cells))
    else faults.push({ row: i - 1, code: 'CSV_ROW_LENGTH' })
  }
  defects.push(...faults.slice(0, rejectsMax).map(({ row, code }) => defect(code, `rows[${row}]`)))
  if (faults.length > rejectsMax) defects.push(defect('CSV_MORE_REJECTS'))
  if (rows.length >= limits.rowsMax) defects.push(defect('CSV_TOO_MANY_ROWS'))
  const unreadable = faults.filter(({ code }) => code === 'CSV_ROW_UNREADABLE').length
  return { value: { header, rows, rowCount: Math.max(0, records.length - 1) + unreadable }, delimiter, defects }
}

interface Fault {
  readonly row: number
  readonly code: 'CSV_ROW_LENGTH' | 'CSV_ROW_UNREADABLE'
}

const rejectsMax = 20

function delimiterOf(text: string): string {
  const line = text.slice(0, 8_192).split(/\r?\n/, 1)[0] ?? ''
  const counts = [',', '\t', ';', '|'].map((mark) => ({ mark, count: line.split(mark).length }))
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).mark
}

function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1)
}

/** The library throws when the very end is inside quotes, with all rows lost: what it had read is kept by taking each record as it comes. */
function recordsOf(text: string, delimiter: string, faults: Fault[]): readonly (readonly string[])[] {
  const records: string[][] = []
  const take = (record: string[]): null => {
    records.push(record)
    return null
  }
  const skip = (_error: CsvError | undefined): undefined => {
    faults.push({ row: Math.max(0, records.length - 1), code: 'CSV_ROW_UNREADABLE' })
    return undefined
  }
  try {
    parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      max_record_size: limits.rowCharsMax,
      to: limits.rowsMax + 1,
      on_record: (record: string[], _info: InfoRecord) => take(record),
      on_skip: skip,
    })
  } catch {
    skip(undefined)
  }
  return records
}

function rowOf(header: readonly string[], cells: readonly string[]): { readonly [column: string]: string } {
  const row = new Map<string, string>()
  for (const [i, name] of header.entries()) if (!row.has(name)) row.set(name, cells[i] ?? '')
  return Object.fromEntries(row)
}
