/** The routes of reports, as data. A table. */
import { cursor, get, limit, nothing, post } from './route.ts'
import { flag, object, oneOf, text } from './schema.ts'

const kind = oneOf(['daily', 'weekly', 'monthly'])
const file = {
  format: oneOf(['html', 'pdf', 'xlsx', 'json'], { default: 'html' }),
  lang: oneOf(['zh', 'en'], { default: 'zh' }),
}
const asMade = 'The report as it was made, or, where none was kept, as it is now.'

export const reportRoutes = {
  weeklyReport: get(
    '/reports/weekly',
    'reports.read',
    `The interface weekly health report. \`week\` is 2026-W47; left out: the last whole one. ${asMade}`,
    object({}, { week: text({ pattern: '^\\d{4}-W\\d{2}$' }), ...file }),
    'File',
  ),
  dailyReport: get(
    '/reports/daily',
    'reports.read',
    `The report for the morning meeting. \`day\` is 2026-11-22; left out: yesterday. ${asMade}`,
    object({}, { day: text({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), ...file }),
    'File',
  ),
  monthlyReport: get(
    '/reports/monthly',
    'reports.read',
    `The monthly pack with the four collaboration measures. \`month\` is 2026-11; left out: the last whole one. ${asMade}`,
    object({}, { month: text({ pattern: '^\\d{4}-\\d{2}$' }), ...file }),
    'File',
  ),
  reports: get(
    '/reports',
    'reports.read',
    'Reports that were made, newest first',
    object({}, { kind, limit, cursor }),
    'ReportList',
  ),
  reportSchedule: get(
    '/reports/schedule',
    'reports.read',
    'When reports are made, and which is next',
    nothing,
    'ReportSchedule',
  ),
  setReportSchedule: post(
    '/reports/schedule',
    'reports.write',
    'Sets one kind: whether it is made, and at what time of its day',
    object({ kind, isOn: flag(), time: text({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }) }),
    'ReportSchedule',
  ),
  reportActions: get(
    '/reports/actions',
    'reports.read',
    'What reports asked people to do: all that is open, and what ended within 60 days',
    nothing,
    'ReportActionList',
  ),
  setReportAction: post(
    '/reports/actions/{id}',
    'reports.write',
    'Who does it, until when, and whether it is done',
    object(
      {},
      {
        owner: text({ minLength: 1, maxLength: 100 }),
        dueOn: text({ format: 'date' }),
        state: oneOf(['open', 'done', 'dropped']),
        note: text({ minLength: 1, maxLength: 1000 }),
      },
    ),
    'ReportAction',
  ),
} as const
