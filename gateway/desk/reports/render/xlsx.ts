import writeXlsxFile, { type Cell } from 'write-excel-file/node'
import type { HealthReport } from '../../api/report-shapes.ts'
import type { Language } from '../numbers.ts'
import { type Grid, gridsOf } from './grids.ts'
import { createSpeech } from './speech.ts'

/** Every number of the report as numbers, a sheet for each kind of line, nothing left out for want of room. */
export async function renderXlsx(report: HealthReport, language: Language): Promise<Uint8Array> {
  const sheets = gridsOf(report, createSpeech(report, language)).map((grid) => ({
    sheet: grid.name,
    stickyRowsCount: 1,
    columns: grid.columns.map(({ width }) => ({ width })),
    data: [headOf(grid), ...grid.rows.map((row) => row.map((value, i) => cellOf(value, grid.columns[i]?.format)))],
  }))
  return writeXlsxFile(sheets).toBuffer()
}

function headOf({ columns }: Grid): Cell[] {
  return columns.map(({ text }) => ({ value: text, type: String, fontWeight: 'bold', backgroundColor: '#E8EEF2', wrap: true }))
}

/** Text is text, whatever it begins with: never a formula. What isn't known is an empty cell. */
function cellOf(value: string | number | null, format: string | undefined): Cell {
  if (value === null) return null
  if (typeof value === 'string') return { value, type: String, wrap: true, alignVertical: 'top' }
  return { value, type: Number, alignVertical: 'top', ...(format === undefined ? {} : { format }) }
}
