import type { ReportAction, ReportKind } from '../../model/report.ts'
import type { Clock } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import type { Caller } from '../access/session.ts'
import { auditRow } from '../audit/row.ts'
import type { Language } from '../reports/numbers.ts'
import { lastPeriod, periodOf } from '../reports/period.ts'
import type { ReportFormat } from '../reports/render/render.ts'
import type { Reports } from '../reports/reports.ts'
import { lineOf, savedSchedule, scheduleOf, scheduleRules, scheduleSetting } from '../reports/schedule.ts'
import { type Binding, bind } from './bind.ts'
import { FileAnswer } from './file-answer.ts'
import type { Presenter } from './present.ts'
import { Refusal } from './problems.ts'
import { reportRoutes as routes } from './report-routes.ts'
import type { ReportActionAnswer } from './report-shapes.ts'

interface Parts {
  readonly store: Store
  readonly reports: Reports
  readonly clock: Clock
  readonly present: Presenter
}

const actionsShownMs = 60 * 86_400_000

/** Reports as files, the list of those that were made, their schedule, and the actions that came of them. */
export function reportApi(parts: Parts): readonly Binding[] {
  return [
    bind(routes.weeklyReport, ({ query }) => fileOf(parts, 'weekly', query.week, query)),
    bind(routes.dailyReport, ({ query }) => fileOf(parts, 'daily', query.day, query)),
    bind(routes.monthlyReport, ({ query }) => fileOf(parts, 'monthly', query.month, query)),
    bind(routes.reports, async ({ query }) => {
      const { kind, cursor, limit = 50 } = query
      const page = await parts.store.reports({
        limit,
        ...(kind === undefined ? {} : { kind }),
        ...(cursor === undefined ? {} : { cursor }),
      })
      const items = page.items.map((made) => ({ ...made, madeAt: parts.present.iso(made.madeAt) }))
      return { items, nextCursor: page.nextCursor }
    }),
    ...scheduleApi(parts),
    ...actionApi(parts),
  ]
}

async function fileOf(
  { reports, clock }: Parts,
  kind: ReportKind,
  name: string | undefined,
  { format = 'html', lang = 'zh' }: { readonly format?: ReportFormat; readonly lang?: Language },
): Promise<FileAnswer> {
  const { hospital } = reports.sources.catalogue
  const now = clock.now()
  const period = name === undefined ? lastPeriod(kind, now, hospital) : periodOf(kind, name, hospital)
  if (period === null) throw new Refusal('INVALID_REQUEST', 'There is no such day, week or month.')
  if (period.from > now) throw new Refusal('NOT_FOUND', 'That time has not begun yet.')
  const file = await reports.file(period, format, lang, now)
  const isShown = format === 'html' || format === 'json'
  return new FileAnswer(file.name, file.type, file.bytes, isShown ? 'inline' : 'attachment')
}

function scheduleApi({ store, reports, clock, present }: Parts): readonly Binding[] {
  const read = async () => {
    const duties = await store.reportDuties()
    return {
      items: scheduleOf(await store.setting(scheduleSetting)).map((line) => {
        const duty = duties.find(({ kind }) => kind === line.kind)
        return {
          ...line,
          rule: scheduleRules[line.kind],
          nextPeriod: duty?.period ?? null,
          nextAt: duty === undefined ? null : present.iso(duty.dueAt),
        }
      }),
    }
  }
  return [
    bind(routes.reportSchedule, read),
    bind(routes.setReportSchedule, async ({ body, caller }) => {
      const now = clock.now()
      const lines = scheduleOf(await store.setting(scheduleSetting)).map((line) => (line.kind === body.kind ? body : line))
      await store.setSetting(scheduleSetting, savedSchedule(lines))
      await reports.replan(lineOf(lines, body.kind), now)
      await audit(store, caller, now, 'report schedule', body.kind)
      return read()
    }),
  ]
}

function actionApi({ store, clock, present }: Parts): readonly Binding[] {
  return [
    bind(routes.reportActions, async () => {
      const actions = await store.reportActions({ changedFrom: clock.now() - actionsShownMs })
      return { items: actions.map((action) => answerOf(action, present)) }
    }),
    bind(routes.setReportAction, async ({ params, body, caller }) => {
      const now = clock.now()
      const before = await store.reportAction(params.id ?? '')
      if (before === null) throw new Refusal('NOT_FOUND', 'There is no such action.')
      const changed: ReportAction = { ...before, ...body, changedAt: now }
      if (!(await store.saveReportAction(changed, before.changedAt)))
        throw new Refusal('CONFLICT', 'The action changed while it was written.')
      await audit(store, caller, now, 'report action', changed.id)
      return answerOf(changed, present)
    }),
  ]
}

function answerOf({ madeAt: _, ...action }: ReportAction, present: Presenter): ReportActionAnswer {
  return { ...action, changedAt: present.iso(action.changedAt) }
}

async function audit(store: Store, caller: Caller, at: number, action: string, subject: string): Promise<void> {
  await store.appendAudit(auditRow(caller, at, { action, subject }))
}
