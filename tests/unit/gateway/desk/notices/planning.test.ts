import { describe, expect, test } from 'vitest'
import { madeIncident } from '../../../../../fixtures/observed/tickets.ts'
import { planDuties } from '../../../../../gateway/desk/duties/plan-duties.ts'
import { draftPostMortem } from '../../../../../gateway/desk/notices/draft.ts'
import { lateNotice } from '../../../../../gateway/desk/notices/plan-notices.ts'
import { channelNotice, fitToTell } from '../../../../../gateway/desk/notices/write-notice.ts'
import { customerRules } from '../../../../../gateway/desk/rules/read-rules.ts'
import type { Setting } from '../../../../../gateway/desk/setting.ts'
import { afterAction, type TicketAction } from '../../../../../gateway/desk/ticket-actions.ts'
import { createTicketRules } from '../../../../../gateway/desk/ticket-rules.ts'
import { dutyKinds } from '../../../../../gateway/model/duty.ts'
import type { Incident } from '../../../../../gateway/model/incident.ts'
import type { Ticket } from '../../../../../gateway/model/ticket.ts'
import { szph } from '../rules/szph.ts'

const setting: Setting = { rules: customerRules, catalogue: szph, channels: ['mail', 'sms'] }
const intake = Date.parse('2026-02-13T16:00:00+08:00')
const minute = 60_000

function opened(changes: Partial<Incident> = {}, by: Setting = setting) {
  const incident = { ...madeIncident('i1'), openedAt: intake, lastSeenAt: intake, severity: 'P1', ...changes } as const
  return planDuties(null, createTicketRules(szph, customerRules).ticketFor(incident), by, intake)
}

function act(ticket: Ticket, action: TicketAction, at: number) {
  return planDuties(ticket, afterAction(ticket, action, { by: 'wang', at, setting }), setting, at)
}

function noticesOf({ effects }: ReturnType<typeof planDuties>) {
  return effects.notices.map(({ notice }) => notice)
}

describe('a major event is told in three stages', () => {
  test('at once, to every channel, and owed within five minutes', () => {
    const { effects } = opened()
    expect(effects.notices).toMatchObject([
      { channels: ['mail', 'sms'], notice: { kind: 'first', id: `t1/first/${intake}`, severity: 'P1' } },
    ])
    expect(effects.starts.find(({ kind }) => kind === 'notify')?.dueAt).toBe(intake + 5 * minute)
    expect(effects.notices[0]?.notice.body.zh).toBe(
      [
        '即时通知:检验系统拒绝连接',
        '接口:检验申请',
        '可能原因:连接被拒绝',
        '影响范围:全部设备',
        '发现时间:2026-02-13 16:00:00',
        '预期恢复:2026-02-13 17:00:00',
        '处理人:检验系统组',
        '处理建议:检查监听端口',
        '工单:t1',
      ].join('\n'),
    )
  })

  test('then each report with its three parts, the end, and the post-mortem', () => {
    const first = opened().ticket
    const report = act(first, { kind: 'progress', taken: 'restarted', blocker: 'vendor', next: 'wait' }, intake + minute)
    expect(noticesOf(report)).toMatchObject([{ kind: 'progress', id: `t1/progress/${intake + minute}` }])
    expect(noticesOf(report)[0]?.body.en).toContain('Taken: restarted\nBlocked by: vendor\nNext: wait')
    expect(noticesOf(act(report.ticket, { kind: 'comment', text: 'x' }, intake + 2 * minute))).toEqual([])
    const resolved = act(report.ticket, { kind: 'resolve' }, intake + 3 * minute)
    expect(noticesOf(resolved)).toMatchObject([{ kind: 'recovered' }])
    const filed = act(
      resolved.ticket,
      { kind: 'post-mortem', rootCause: 'r', repair: 'm', prevention: 'p' },
      intake + 4 * minute,
    )
    expect(noticesOf(filed)).toMatchObject([{ kind: 'post-mortem' }])
    const back = act(filed.ticket, { kind: 'reopen' }, intake + 5 * minute)
    expect(noticesOf(back)).toMatchObject([{ kind: 'first', id: `t1/first/${intake + 5 * minute}` }])
  })

  test('what is not major is not told, nor anything without channels', () => {
    expect(noticesOf(opened({ severity: 'P2' }))).toEqual([])
    const silent = opened({}, { ...setting, channels: [] })
    expect(silent.effects.notices).toEqual([])
    expect(silent.effects.starts.map(({ kind }) => kind)).not.toContain('notify')
  })

  test('what is late is told, whatever it is and of any ticket', () => {
    const { ticket } = opened({ severity: 'P2' })
    for (const kind of dutyKinds) {
      const duty = { id: `t1/${kind}/1/2`, ticketId: 't1', kind, startedAt: 1, dueAt: intake, overdueAt: null, endedAt: null }
      const [notice] = lateNotice(ticket, { ...duty, state: 'open' }, setting, intake + 1)
      expect(notice).toMatchObject({ id: `t1/overdue/${kind}/1/2`, kind: 'overdue' })
      expect(notice?.body.zh).toContain('应于 2026-02-13 16:00:00 前完成\n责任人:检验系统组')
    }
  })

  test('a channel that is dead', () => {
    const notice = channelNotice('channel-dead', 'mail', { at: 2, since: intake, timezone: 'Asia/Shanghai' })
    expect(notice).toMatchObject({ id: `channel/mail/channel-dead/${intake}`, ticketId: null })
    expect(notice.body.zh).toContain('mail 自 2026-02-13T16:00:00.000+08:00 起')
  })
})

describe('what people write', () => {
  test('is cut, and loses what looks like an identity card or a telephone', () => {
    expect(fitToTell('call 13812345678 about 11010519491231002X')).not.toMatch(/13812345678|11010519491231002X/)
    expect(fitToTell('x'.repeat(5_000))).toHaveLength(1_001)
    const report = act(opened().ticket, { kind: 'progress', taken: '电话 13812345678', blocker: 'b', next: 'n' }, intake + 1)
    expect(JSON.stringify(noticesOf(report))).not.toContain('13812345678')
  })
})

test('the draft of a post-mortem comes from the evidence and from what was done', () => {
  const line = (en: string, isFor: boolean) => ({ text: { zh: en, en }, for: isFor, weight: 1 })
  const causes = [
    { id: 'conn-refused', confidence: 0.9, evidence: [line('RST to every SYN', true), line('no', false)], locus: null },
  ]
  const { ticket } = act(opened({ causes }).ticket, { kind: 'assign', owner: 'li' }, intake + minute)
  const draft = draftPostMortem(ticket, 'Asia/Shanghai')
  expect(draft.rootCause.en).toBe('Connection refused (confidence 90 %)\n- RST to every SYN')
  expect(draft.repair.en).toBe('2026-02-13 16:00:00 auscult: LIS refuses connections\n2026-02-13 16:01:00 wang: Assigned to li')
  expect(draft.prevention).toEqual(ticket.advice)
})
