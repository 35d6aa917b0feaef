import type { HealthReport } from '../../api/report-shapes.ts'
import type { Language } from '../numbers.ts'

export const reportFormats = ['html', 'pdf', 'xlsx', 'json'] as const
export type ReportFormat = (typeof reportFormats)[number]

/** A report as a file. */
export interface ReportFile {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}

const types = {
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json; charset=utf-8',
} as const satisfies { readonly [F in ReportFormat]: string }

/** Fonts, charts and sheets are loaded when the first report needs them: a desk that makes none carries none. */
export async function renderReport(report: HealthReport, format: ReportFormat, language: Language): Promise<ReportFile> {
  const name = `auscult-${report.kind}-${report.period}-${language}.${format}`
  return { name, type: types[format], bytes: await bytesOf(report, format, language) }
}

async function bytesOf(report: HealthReport, format: ReportFormat, language: Language): Promise<Uint8Array> {
  switch (format) {
    case 'html':
      return Buffer.from((await import('./html.ts')).renderHtml(report, language))
    case 'pdf':
      return (await import('./pdf.ts')).renderPdf(report, language)
    case 'xlsx':
      return (await import('./xlsx.ts')).renderXlsx(report, language)
    case 'json':
      return Buffer.from(`${JSON.stringify(report, null, 2)}\n`)
    default:
      return format satisfies never
  }
}
