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
  const { records, unreadable, isAll } = recordsOf(isCut ? wholeLines(text) : text, delimiter)
  const faults: Fault[] = unreadable.map((row) => ({ row, code: 'CSV_ROW_UNREADABLE' }))
  const [first = { row: 0, cells: [] }, ...others] = records
  const header = first.cells.slice(0, limits.columnsMax).map((name) => name.trim())
  const defects: Defect[] = []
  if (header.length === 0) defects.push(defect('CSV_NO_HEADER'))
  if (new Set(header).size < header.length) defects.push(defect('CSV_DUPLICATE_COLUMN'))
  const rows: { readonly [column: string]: string }[] = []
  for (const { row, cells } of others) {
    if (cells.length === first.cells.length) rows.push(rowOf(header, cells))
    else faults.push({ row, code: 'CSV_ROW_LENGTH' })
  }
  defects.push(...faults.slice(0, rejectsMax).map(({ row, code }) => defect(code, `rows[${row}]`)))
  if (faults.length > rejectsMax) defects.push(defect('CSV_MORE_REJECTS'))
  if (!isAll) defects.push(defect('CSV_TOO_MANY_ROWS'))
  return { value: { header, rows, rowCount: others.length + unreadable.length }, delimiter, defects }
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

interface Records {
  /** `row`: from 0 below the header. */
  readonly records: readonly { readonly row: number; readonly cells: readonly string[] }[]
  /** Rows that can't be read. */
  readonly unreadable: readonly number[]
  /** Neither the rows nor the cells nor the faults were more than is read. */
  readonly isAll: boolean
}

/** The library throws when the very end is inside quotes, with all rows lost: what it had read is kept by taking each record as it comes. */
function recordsOf(text: string, delimiter: string): Records {
  const records: { row: number; cells: readonly string[] }[] = []
  const faults = new Faults()
  let cellCount = 0
  const nextRow = (): number => Math.max(0, records.length + faults.rows.length - 1)
  const take = (cells: string[]): null => {
    cellCount += cells.length
    if (cellCount <= limits.valuesMax) records.push({ row: nextRow(), cells })
    return null
  }
  try {
    parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      max_record_size: limits.rowCharsMax,
      to: limits.rowsMax + 2,
      on_record: (record: string[], _info: InfoRecord) => take(record),
      on_skip: (error: CsvError | undefined) => faults.note(error?.lines, nextRow()),
    })
  } catch {
    if (!faults.areTooMany) faults.note(null, nextRow())
  }
  const isAll = cellCount <= limits.valuesMax && records.length <= limits.rowsMax + 1 && !faults.areTooMany
  return { records: records.slice(0, limits.rowsMax + 1), unreadable: faults.rows, isAll }
}

/**
 * The rows that can't be read, each once however much is wrong with it. The library tells of every quote that is out of place, and copies the cell for each:
 * what is no table at all (JSON under the name of a text file) is given up before that takes minutes.
 */
class Faults {
  readonly rows: number[] = []
  #line: unknown
  #countOfLine = 0
  #count = 0

  get areTooMany(): boolean {
    return this.#count > faultsMax || this.#countOfLine > faultsOfLineMax
  }

  /** Throws when there are too many: the library then ends. */
  note(line: unknown, row: number): undefined {
    const isSame = line !== null && line === this.#line
    this.#line = line
    this.#count += 1
    this.#countOfLine = isSame ? this.#countOfLine + 1 : 1
    if (!isSame) this.rows.push(row)
    if (this.areTooMany) throw new Error('Too many rows are faulty.')
  }
}

const faultsMax = 5_000
const faultsOfLineMax = 100

function rowOf(header: readonly string[], cells: readonly string[]): { readonly [column: string]: string } {
  const row = new Map<string, string>()
  for (const [i, name] of header.entries()) if (!row.has(name)) row.set(name, cells[i] ?? '')
  return Object.fromEntries(row)
}
