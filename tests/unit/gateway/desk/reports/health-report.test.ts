import { describe, expect, it } from 'vitest'
import { keptReport, reportActionsOf } from '../../../../../gateway/desk/reports/make-report.ts'
import { readReport } from '../../../../../gateway/desk/reports/read-report.ts'
import { createSpeech } from '../../../../../gateway/desk/reports/render/speech.ts'
import type { Instant } from '../../../../../gateway/model/time.ts'
import { breach, day, hour, lineOf, madeWeeks, meeting, monday, order, result, weekBefore } from './made-weeks.ts'

const minute = 60_000

describe('the score of an interface', () => {
  it('is 100 less the points that its parts say', async () => {
    await using weeks = madeWeeks()
    weeks.exchanges(190, monday + 9 * hour, { interfaceId: order })
    weeks.exchanges(10, monday + 30 * hour, { interfaceId: order, outcome: 'failed' })
    weeks.ticket({ id: 't1', openedAt: monday + 30 * hour, severity: 'P2' })
    await weeks.commit()
    const line = lineOf(await weeks.report(), order)
    // 95 % against 99.5 %: 4.5 % at 3 points each; a P2.
    expect(line.parts.map(({ id, penalty }) => [id, penalty])).toEqual([
      ['success-rate', 13.5],
      ['incidents', 6],
    ])
    expect(line.score).toBe(Math.round(100 - 13.5 - 6))
    expect(line.parts[0]?.text).toEqual({
      zh: '成功率 95.00%，目标 99.50%',
      en: 'success rate 95.00%, objective 99.50%',
    })
  })
  it('counts latency, violations, a wrong clock and what came back', async () => {
    await using weeks = madeWeeks()
    weeks.exchanges(100, monday + 9 * hour, { interfaceId: order, latencyMs: 1200 })
    weeks.exchanges(100, monday + 12 * hour, { interfaceId: order, latencyMs: 1200, violations: breach('PID-3') })
    weeks.alert({ id: 'c', monitor: 'clock', subject: { kind: 'system', id: 'lis' }, onsetAt: monday + 9 * hour })
    weeks.ticket({ id: 'old', openedAt: monday - 10 * day, resolvedAt: monday - 9 * day })
    weeks.ticket({ id: 'new', openedAt: monday + day, severity: 'P4' })
    await weeks.commit()
    const line = lineOf(await weeks.report(), order)
    const points = Object.fromEntries(line.parts.map(({ id, penalty }) => [id, penalty]))
    expect(points).toMatchObject({ violations: 15, incidents: 1, repeats: 5, clock: 5 })
    // Half above 800 ms, by a sketch of 1 %.
    expect(points.latency).toBeGreaterThan(9.5)
    expect(points.latency).toBeLessThan(10.5)
  })
  it('takes nothing off where nothing is wrong', async () => {
    await using weeks = madeWeeks()
    weeks.exchanges(50, monday, { interfaceId: order })
    await weeks.commit()
    expect(lineOf(await weeks.report(), order)).toMatchObject({ score: 100, parts: [], scoreBefore: null })
  })
})

describe('what was not observed', () => {
  it('is said, and never zero', async () => {
    await using weeks = madeWeeks()
    // Wednesday, 14:20.
    weeks.exchanges(60, monday + 2 * day + 14 * hour + 20 * minute, { interfaceId: order })
    await weeks.commit()
    const report = await weeks.report()
    expect(lineOf(report, order)).toMatchObject({
      before: null,
      scoreBefore: null,
      silenceMinBefore: null,
      violations: { total: 0, before: null },
      trend: { errorsBefore: null, verdict: 'no-before' },
      // That nothing was observed before is the whole report's note, not each interface's.
      observation: { state: 'part', text: null },
    })
    expect(lineOf(report, 'quiet')).toMatchObject({
      ...{ score: null, now: null, before: null, silenceMin: null, coverage: null },
      observation: { state: 'none', text: { en: 'nothing has been observed yet' } },
    })
    expect(report.summary).toMatchObject({ observed: 1, interfaces: 3, exchangesBefore: null, successRateBefore: null })
    expect(report.tickets.openedBefore).toBeNull()
    expect(report.notes.map(({ en }) => en).join('\n')).toContain('2 interfaces have no observations in this span')
  })
  it('is said of an interface that began later than Auscult did', async () => {
    await using weeks = madeWeeks()
    weeks.exchanges(60, monday + hour, { interfaceId: order })
    weeks.exchanges(60, monday + 2 * day + 14 * hour + 20 * minute, { interfaceId: result })
    await weeks.commit()
    const report = await weeks.report()
    expect(lineOf(report, order).observation).toMatchObject({ state: 'whole', text: null })
    expect(lineOf(report, result).observation).toMatchObject({
      state: 'part',
      text: { zh: '周三（11-18 14:20）之前未观测', en: 'not observed before Wednesday, 11-18 14:20' },
    })
  })
  it('is a note where nothing came on any interface for hours', async () => {
    await using weeks = madeWeeks()
    weeks.exchanges(60 * 30, monday, { interfaceId: order })
    weeks.exchanges(60 * 40, monday + 36 * hour, { interfaceId: order })
    await weeks.commit()
    const report = await weeks.report('weekly', '2026-W47', monday + 76 * hour)
    expect(report.isRunning).toBe(true)
    expect(report.notes.map(({ en }) => en)).toContain(
      'From 2026-11-17 06:00 to 2026-11-17 12:00 nothing came on any interface: perhaps nothing was observed; the numbers lack this time.',
    )
  })
  it('leaves a report of nothing standing', async () => {
    await using weeks = madeWeeks()
    const report = await weeks.report()
    expect(report.summary).toMatchObject({ score: null, exchanges: null, successRate: null, silenceMin: null, coverage: null })
    expect(report.firsts).toEqual([])
  })
})

describe('what is compared with the week before', () => {
  it('is success, latency, failures by class, and the kinds of violations', async () => {
    await using weeks = madeWeeks()
    weeks.exchanges(95, weekBefore + day, { interfaceId: order, violations: breach('PID-5') })
    weeks.exchanges(5, weekBefore + 2 * day, { interfaceId: order, outcome: 'failed' })
    weeks.exchanges(80, monday + day, { interfaceId: order, violations: breach('PID-3') })
    weeks.exchanges(20, monday + 2 * day, { interfaceId: order, outcome: 'unanswered' })
    await weeks.commit()
    const line = lineOf(await weeks.report(), order)
    expect([line.before?.successRate, line.now?.successRate]).toEqual([0.95, 0.8])
    expect(line.failures.map(({ id, count, before }) => [id, count, before])).toEqual([
      ['wire:timeout', 20, 0],
      ['code:AE', 0, 5],
    ])
    expect(line.violations).toMatchObject({ total: 80, before: 95, newKinds: 1, goneKinds: 1 })
    expect(line.violations.top.map(({ element, count, before }) => [element, count, before])).toEqual([['PID-3', 80, 0]])
  })
  it('warns of 30 % more failures, with what they are', async () => {
    await using weeks = madeWeeks()
    weeks.exchanges(500, weekBefore + day, { interfaceId: order })
    weeks.exchanges(20, weekBefore + 2 * day, { interfaceId: order, outcome: 'failed' })
    weeks.exchanges(500, monday + day, { interfaceId: order })
    weeks.exchanges(40, monday + 2 * day, { interfaceId: order, outcome: 'failed' })
    await weeks.commit()
    const { warnings } = await weeks.report()
    expect(warnings).toMatchObject([{ interfaceId: order }])
    expect(warnings[0]?.text.en).toContain('failures 20 → 40 (+100%), mostly answered AE (application error)')
  })
  it('shows no code that could be a text or an identifier', async () => {
    const { failureClasses } = await import('../../../../../gateway/desk/reports/failure-classes.ts')
    const codes = ['AE', 'RX-4001', '440301199001011234', '张三', 'patient 4711 unknown', '13800138000']
    const lines = failureClasses(
      codes.map((code) => ({ interfaceId: order, outcome: 'failed', code, wire: null, count: 1 })),
      null,
    )
    expect(lines.map(({ id, count }) => [id, count])).toEqual([
      ['failed', 4],
      ['code:AE', 1],
      ['code:RX-4001', 1],
    ])
  })
})

describe('silence', () => {
  it('is the minutes of alerts that fired, within the span, once', async () => {
    await using weeks = madeWeeks()
    const subject = { kind: 'interface', id: order } as const
    weeks.exchanges(10, monday, { interfaceId: order })
    const silent = (id: string, onsetAt: number, minutes: number) =>
      weeks.alert({ id, monitor: 'silence', subject, onsetAt, lastBadAt: onsetAt + minutes * minute })
    // Begins on Sunday, overlaps itself, and one that never fired.
    silent('a', monday - 30 * minute, 60)
    silent('b', monday + 10 * minute, 40)
    silent('c', monday + 3 * hour, 15)
    weeks.alert({ id: 'd', monitor: 'silence', subject, onsetAt: monday + 5 * hour, firingAt: null })
    await weeks.commit()
    const line = lineOf(await weeks.report(), order)
    expect(line.silenceMin).toBe(50 + 15)
    expect(line.parts).toMatchObject([{ id: 'silence', penalty: 4.3 }])
  })
})

describe('incidents and tickets', () => {
  it('have their time to detect and to repair, by what was known at the end of the span', async () => {
    await using weeks = madeWeeks()
    weeks.exchanges(10, monday, { interfaceId: order })
    weeks.exchanges(10, weekBefore, { interfaceId: order })
    const openedAt = monday + 10 * hour
    weeks.ticket({ id: 'a', openedAt, resolvedAt: openedAt + 45 * minute, transfers: 3 }, { onsetAt: openedAt - 5 * minute })
    weeks.ticket({ id: 'b', openedAt: monday - hour, resolvedAt: meeting - hour, transfers: 1, severity: 'P1' })
    await weeks.commit()
    const { incidents, tickets } = await weeks.report()
    expect(incidents.map((one) => [one.ticketId, one.detectS, one.repairS, one.isCarried, one.state])).toEqual([
      ['b', 0, null, true, 'open'],
      ['a', 300, 2700, false, 'resolved'],
    ])
    expect(tickets).toMatchObject({
      ...{ opened: 1, resolved: 1, openAtEnd: 1, openedBefore: 1, transfersMean: 2, transfersMeanBefore: 1 },
      ...{ detectSMedian: 300, repairSMedian: 2700, pairs: [{ systems: ['his', 'lis'], tickets: 2, transfersMean: 2 }] },
    })
  })
  it('are repeats within 28 days, of one cause on one interface', async () => {
    await using weeks = madeWeeks()
    weeks.exchanges(10, monday, { interfaceId: order })
    weeks.ticket({ id: 'long-ago', openedAt: monday - 60 * day, resolvedAt: monday - 59 * day })
    weeks.ticket({ id: 'first', openedAt: monday - 20 * day, resolvedAt: monday - 19 * day })
    weeks.ticket({ id: 'again', openedAt: monday + hour })
    weeks.ticket({ id: 'other', openedAt: monday + hour, interfaceIds: [result] })
    const text = { zh: '', en: '' }
    weeks.ticket({
      ...{ id: 'back', openedAt: monday - 2 * day, interfaceIds: ['quiet'] },
      timeline: [{ at: monday + hour, kind: 'reopened', by: 'auscult', text }],
    })
    await weeks.commit()
    expect((await weeks.report()).tickets.repeats).toMatchObject([
      { interfaceId: order, cause: 'conn-refused', count: 2 },
      { interfaceId: 'quiet', cause: 'conn-refused', count: 2 },
    ])
  })
  it('are repeats on the first day of a week as on its last, and in the week before as its own report had it', async () => {
    await using weeks = madeWeeks()
    weeks.exchanges(10, monday - 6 * day, { interfaceId: order })
    weeks.exchanges(10, monday, { interfaceId: order })
    weeks.ticket({ id: 'first', openedAt: monday - 32 * day, resolvedAt: monday - 31 * day, severity: 'P4' })
    weeks.ticket({ id: 'last-week', openedAt: monday - 6 * day, resolvedAt: monday - 5 * day, severity: 'P4' })
    weeks.ticket({ id: 'result', openedAt: monday - 26 * day, resolvedAt: monday - 25 * day, interfaceIds: [result] })
    weeks.ticket({ id: 'again', openedAt: monday + hour, interfaceIds: [result] })
    await weeks.commit()
    const report = await weeks.report()
    expect(report.tickets.repeats).toMatchObject([{ interfaceId: result, cause: 'conn-refused', count: 2, spanDays: 35 }])
    // A ticket (1) and a repeat (5).
    expect(lineOf(report, order).scoreBefore).toBe(94)
  })
})

describe('the three things to do first', () => {
  it('are by points lost times what the interface matters, interfaces of one ticket as one', async () => {
    await using weeks = madeWeeks()
    weeks.exchanges(90, monday, { interfaceId: order })
    weeks.exchanges(10, monday + day, { interfaceId: order, outcome: 'unanswered' })
    weeks.exchanges(100, monday, { interfaceId: result })
    weeks.exchanges(96, monday, { interfaceId: 'quiet' })
    weeks.exchanges(4, monday + day, { interfaceId: 'quiet', outcome: 'failed' })
    weeks.ticket({
      ...{ id: 'both', openedAt: monday + day, interfaceIds: [order, result], owner: 'chen.wei' },
      advice: { zh: '谁来管:甲\n怎么转:转 乙\n如何查:丙', en: 'Who: A\nHand over: Hand to B\nCheck: C' },
    })
    await weeks.commit()
    const { firsts } = await weeks.report()
    expect(firsts.map(({ rank, interfaceIds, cause, owner }) => [rank, interfaceIds, cause, owner])).toEqual([
      [1, [order, result], 'conn-refused', 'chen.wei'],
      [2, ['quiet'], null, null],
    ])
    expect(firsts[0]?.text.en).toBe(`${order}: connection refused. Hand to B`)
    expect(firsts[0]?.why.en).toContain('mostly success rate 90.00%, objective 99.50%')
    expect(firsts[1]?.text.en).toBe('quiet: go through the classes of failures with the receiving side')
  })
  it('become actions that the next report carries on until they are done, each asked for once', async () => {
    await using weeks = madeWeeks()
    for (const from of [weekBefore, monday]) {
      weeks.exchanges(90, from, { interfaceId: order })
      weeks.exchanges(10, from + day, { interfaceId: order, outcome: 'unanswered' })
    }
    weeks.ticket({ id: 'a', openedAt: weekBefore + day, resolvedAt: weekBefore + 2 * day })
    weeks.ticket({ id: 'b', openedAt: monday + day })
    await weeks.commit()
    const madeAt = monday + 7.5 * hour
    const first = await weeks.report('weekly', '2026-W46', madeAt)
    const actions = await reportActionsOf(first, weeks.sources, madeAt)
    expect(actions).toMatchObject([{ id: '2026-W46-1', interfaceId: order, dueOn: '2026-11-23', state: 'open' }])
    await weeks.store.planReport('weekly', { kind: 'weekly', period: '2026-W46', dueAt: madeAt })
    const next = { kind: 'weekly', period: '2026-W47', dueAt: meeting } as const
    await weeks.store.keepReport({ report: keptReport(first, madeAt), next, actions, notices: [] })
    const second = await weeks.report()
    expect(second.actions).toMatchObject([{ id: '2026-W46-1', state: 'open', isSeen: true, isLate: false }])
    expect(await reportActionsOf(second, weeks.sources, meeting)).toEqual([])
  })
})

describe('the monthly pack', () => {
  it('scores the four collaboration measures', async () => {
    await using weeks = madeWeeks()
    weeks.exchanges(10, monday, { interfaceId: order })
    const at = monday + 10 * hour
    const item = (minutes: number, kind: 'help' | 'comment' | 'transferred' | 'closed', by: string) => ({
      ...{ at: at + minutes * minute, kind, by, text: { zh: '', en: '' } },
    })
    weeks.ticket({
      ...{ id: 'a', openedAt: at, resolvedAt: at + hour, state: 'closed', transfers: 2, parties: ['x'] },
      timeline: [item(1, 'help', 'chen.wei'), item(31, 'comment', 'liu.min'), item(90, 'closed', 'liu.min')],
    })
    weeks.ticket({
      ...{ id: 'b', openedAt: at + day, parties: ['x'] },
      timeline: [item(1500, 'help', 'chen.wei'), item(1590, 'comment', 'liu.min')],
    })
    await weeks.commit()
    const { collaboration } = await weeks.report('monthly', '2026-11', Date.UTC(2026, 11, 1))
    expect(collaboration).toMatchObject({
      transfers: { value: 1, of: 2, points: 25 },
      responseMin: { value: 60, of: 2, points: 14.3 },
      closeRate: { value: 0.5, of: 2, points: 12.5 },
      repeatHelp: { value: 0.5, of: 2, points: 0 },
      score: 52,
    })
  })
})

describe('a report that was kept', () => {
  it('is read back as it was, and not at all when its shape is another', async () => {
    await using weeks = madeWeeks()
    weeks.exchanges(10, monday, { interfaceId: order })
    await weeks.commit()
    const report = await weeks.report()
    const kept = keptReport(report, meeting)
    expect(readReport(kept)).toEqual(report)
    expect(readReport({ ...kept, body: { kind: 'weekly' } })).toBeNull()
  })
})

describe('version changes found on the wire', () => {
  it('are told once for a system, whatever number of interfaces shows them, and only in their period', async () => {
    await using weeks = madeWeeks()
    const upgrade = (id: string, interfaceId: string, at: Instant, to = 'SZPH-HIS/5.9') => {
      const subject = { kind: 'interface', id: interfaceId } as const
      const facts = { systemId: 'his', side: 'sender', kind: 'software', from: 'SZPH-HIS/5.8', to, changedAt: at }
      const about = { monitor: 'versions', signal: 'changed', subject, at, onsetAt: at, exchangeIds: [], score: 1 } as const
      weeks.alert({
        id,
        monitor: 'versions',
        subject,
        onsetAt: at,
        reading: { ...about, state: 'bad', severity: 'warn', facts },
      })
    }
    upgrade('v0', order, weekBefore + hour, 'SZPH-HIS/5.8')
    upgrade('v1', result, monday + 2 * day + hour)
    upgrade('v2', order, monday + 2 * day)
    await weeks.commit()
    const { versionChanges } = await weeks.report()
    expect(versionChanges).toEqual([
      {
        at: '2026-11-18T00:00:00.000+08:00',
        subject: `${order}, ${result}`,
        text: {
          zh: 'his 的软件标识由「SZPH-HIS/5.8」变为「SZPH-HIS/5.9」',
          en: 'Software of his changed from "SZPH-HIS/5.8" to "SZPH-HIS/5.9"',
        },
      },
    ])
  })
})

describe('owners', () => {
  it('that are teams are called by their names, people as they are', async () => {
    const systems = [{ id: 'lis', name: { zh: 'lis', en: 'lis' }, owner: 'clinical-systems' }].map((system) => ({
      ...system,
      ...{ addresses: [], depends: [], timezone: null },
    }))
    await using weeks = madeWeeks({ systems })
    weeks.exchanges(50, monday + hour, { interfaceId: order, outcome: 'failed' })
    weeks.exchanges(50, monday + hour, { interfaceId: result, outcome: 'failed' })
    weeks.ticket({ id: 't1', openedAt: monday + hour, owner: 'chen.wei', interfaceIds: [order] })
    await weeks.commit()
    const report = await weeks.report()
    expect(report.firsts.map(({ owner }) => owner).toSorted()).toEqual(['chen.wei', 'clinical-systems'])
    expect(report.teams).toEqual([{ id: 'clinical-systems', name: { zh: '临床业务系统组', en: 'Clinical systems group' } }])
    expect(createSpeech(report, 'zh').owner('clinical-systems')).toBe('临床业务系统组')
    expect(createSpeech(report, 'zh').owner('chen.wei')).toBe('chen.wei')
  })
})
