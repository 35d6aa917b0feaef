import { SMTPServer } from 'smtp-server'
import { describe, expect, it } from 'vitest'
import { openSmtp } from '../../../../../gateway/desk/notices/channels/smtp.ts'
import { sendRound } from '../../../../../gateway/desk/notices/send-notices.ts'
import { createReports } from '../../../../../gateway/desk/reports/reports.ts'
import { scheduleSetting } from '../../../../../gateway/desk/reports/schedule.ts'
import { endReportSweeps, sweepReports } from '../../../../../gateway/desk/reports/sweep-reports.ts'
import { handClock } from '../open-desk.ts'
import { day, hour, type MadeWeeks, madeWeeks, meeting, monday, order, weekBefore } from './made-weeks.ts'

const sweepOf = (weeks: MadeWeeks, holder = 'desk-1', channels: readonly string[] = []) => ({
  ...{ sources: weeks.sources, channels, holder },
})
const onlyWeekly = { daily: { isOn: false }, monthly: { isOn: false } }

async function trafficOf(weeks: MadeWeeks): Promise<void> {
  weeks.exchanges(90, weekBefore, { interfaceId: order })
  weeks.exchanges(80, monday, { interfaceId: order })
  weeks.exchanges(20, monday + day, { interfaceId: order, outcome: 'unanswered' })
  await weeks.commit()
}

describe('reports that fall due', () => {
  it('are planned at the first sweep, and made when their time has come', async () => {
    await using weeks = madeWeeks()
    await trafficOf(weeks)
    expect(await sweepReports(sweepOf(weeks), monday + day)).toEqual([])
    expect((await weeks.store.reportDuties()).map(({ kind, period }) => [kind, period])).toEqual([
      ['daily', '2026-11-16'],
      ['weekly', '2026-W47'],
      ['monthly', '2026-11'],
    ])
    expect(await sweepReports(sweepOf(weeks), monday + day + 7.75 * hour - 1)).toEqual([])
    expect(await sweepReports(sweepOf(weeks), monday + day + 7.75 * hour)).toEqual(['daily-2026-11-16'])
    expect(await sweepReports(sweepOf(weeks), monday + day + 8 * hour)).toEqual([])
  })
  it('are made by one of two desks, and by the other when that one is gone', async () => {
    await using weeks = madeWeeks()
    await trafficOf(weeks)
    await weeks.store.setSetting(scheduleSetting, onlyWeekly)
    const [first, second] = [sweepOf(weeks, 'desk-1'), sweepOf(weeks, 'desk-2')]
    await sweepReports(first, monday + day)
    const made = await Promise.all([sweepReports(first, meeting), sweepReports(second, meeting)])
    expect(made.flat()).toEqual(['weekly-2026-W47'])
    expect((await weeks.store.reports({ limit: 9 })).items).toHaveLength(1)
    await endReportSweeps(first)
    expect(await sweepReports(second, meeting + 7 * day)).toEqual(['weekly-2026-W48'])
  })
  it('are made up for, one a sweep, by a desk that was away', async () => {
    await using weeks = madeWeeks()
    await trafficOf(weeks)
    await weeks.store.setSetting(scheduleSetting, onlyWeekly)
    await sweepReports(sweepOf(weeks), monday - day)
    const back = meeting + 8 * day
    const made = []
    for (let round = 0; round < 5; round += 1) made.push(...(await sweepReports(sweepOf(weeks), back)))
    expect(made).toEqual(['weekly-2026-W46', 'weekly-2026-W47', 'weekly-2026-W48'])
  })
  it('end when they are switched off', async () => {
    await using weeks = madeWeeks()
    await sweepReports(sweepOf(weeks), monday)
    await weeks.store.setSetting(scheduleSetting, { ...onlyWeekly, weekly: { isOn: false } })
    await sweepReports(sweepOf(weeks), meeting)
    expect(await weeks.store.reportDuties()).toEqual([])
    expect((await weeks.store.reports({ limit: 9 })).items).toEqual([])
  })
})

describe('a report that was made', () => {
  it('stays what it was, whatever comes after', async () => {
    await using weeks = madeWeeks()
    await trafficOf(weeks)
    await weeks.store.setSetting(scheduleSetting, onlyWeekly)
    await sweepReports(sweepOf(weeks), monday + day)
    await sweepReports(sweepOf(weeks), meeting)
    const reports = createReports(weeks.sources)
    const read = async () => Buffer.from((await reports.keptFile('weekly-2026-W47', 'json', 'zh'))?.bytes ?? []).toString()
    const before = await read()
    weeks.ticket({ id: 'late', openedAt: monday + hour })
    await weeks.commit()
    expect(await read()).toBe(before)
    expect(await reports.keptFile('weekly-2026-W01', 'json', 'zh')).toBeNull()
  })
  it('goes out by mail with the PDF, and elsewhere as words that say where it stands', async () => {
    await using weeks = madeWeeks()
    await trafficOf(weeks)
    await weeks.store.setSetting(scheduleSetting, onlyWeekly)
    const sweep = sweepOf(weeks, 'desk-1', ['mail', 'robot'])
    await sweepReports(sweep, monday + day)
    await sweepReports(sweep, meeting)
    const [due] = await weeks.store.dueDeliveries('robot', meeting, 5)
    expect(due?.notice.id).toBe('report/weekly-2026-W47')
    expect(due?.notice.title.zh).toContain('接口健康周报 2026-W47')
    expect(due?.notice.body.en).toContain('/reports/weekly-2026-W47')
    const mail = await received(weeks)
    expect(mail).toContain('Content-Type: application/pdf; name=auscult-weekly-2026-W47-zh.pdf')
    const encoded = /filename=auscult-weekly-2026-W47-zh\.pdf\s+([A-Za-z0-9+/=\s]+)/.exec(mail)?.[1] ?? ''
    expect(Buffer.from(encoded, 'base64').subarray(0, 5).toString()).toBe('%PDF-')
  })
})

/** What a real mail server was given. */
async function received(weeks: MadeWeeks): Promise<string> {
  const mail: Buffer[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      stream.on('data', (part: Buffer) => mail.push(part))
      stream.on('end', () => done())
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const ends = { from: 'auscult@example.org', to: ['meeting@example.org'], user: null, password: null }
  const channel = openSmtp({ kind: 'smtp', name: 'mail', language: 'zh', host: '127.0.0.1', port, tls: 'none', ...ends })
  const reports = createReports(weeks.sources)
  const round = await sendRound({
    ...{ store: weeks.store, channel, others: [], clock: handClock(meeting), timezone: 'Asia/Shanghai', holder: 'desk-1' },
    filesOf: async ({ reportId }, language) => {
      const file = reportId === undefined ? null : await reports.keptFile(reportId, 'pdf', language)
      return file === null ? [] : [file]
    },
  })
  await new Promise<void>((resolve) => server.close(() => resolve()))
  expect(round).toEqual({ sent: 1, refusal: null })
  return Buffer.concat(mail).toString('latin1')
}
