import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { MadeReport } from '../../model/report.ts'
import { type HealthReport, healthReport } from '../api/report-shapes.ts'

const ajv = new Ajv2020({ strict: true })
addFormats.default(ajv)
const isReport = ajv.compile<HealthReport>(healthReport.json)

/** The report that was kept; null when it is of a version with another shape. */
export function readReport({ body }: MadeReport): HealthReport | null {
  const value: unknown = body
  return isReport(value) ? value : null
}
