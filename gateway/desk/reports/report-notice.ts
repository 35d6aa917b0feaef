import type { Notice } from '../../model/notice.ts'
import type { Instant } from '../../model/time.ts'
import type { HealthReport } from '../api/report-shapes.ts'
import { reportId } from './make-report.ts'

const firstsShown = 3

/** The notice that goes out with a report: its one sentence, what comes first, and where it stands in the console. */
export function reportNotice(report: HealthReport, at: Instant): Notice {
  const id = reportId({ kind: report.kind, name: report.period })
  const line = (language: 'zh' | 'en') => {
    const firsts = report.firsts.slice(0, firstsShown).map(({ rank, text }) => `${rank}. ${text[language]}`)
    const warnings = report.warnings.map(({ text }) => `! ${text[language]}`)
    const place = language === 'zh' ? `全文：控制台 /reports/${id}` : `The whole report: /reports/${id} of the console`
    return [report.headline[language], ...warnings, ...firsts, place].join('\n')
  }
  return {
    id: `report/${id}`,
    kind: 'report',
    ticketId: null,
    at,
    severity: 'P4',
    interfaceIds: [],
    title: report.title,
    body: { zh: line('zh'), en: line('en') },
    reportId: id,
  }
}
