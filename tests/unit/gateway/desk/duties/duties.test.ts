import { describe, expect, test } from 'vitest'
import { madeIncident } from '../../../../../fixtures/observed/tickets.ts'
import { afterOverdue } from '../../../../../gateway/desk/duties/overdue.ts'
import { planDuties } from '../../../../../gateway/desk/duties/plan-duties.ts'
import { responsibleFor } from '../../../../../gateway/desk/duties/responsible.ts'
import { customerRules } from '../../../../../gateway/desk/rules/read-rules.ts'
import type { Setting } from '../../../../../gateway/desk/setting.ts'
import { afterAction, type TicketAction } from '../../../../../gateway/desk/ticket-actions.ts'
import { createTicketRules } from '../../../../../gateway/desk/ticket-rules.ts'
import type { Duty, DutyKind } from '../../../../../gateway/model/duty.ts'
import type { Incident } from '../../../../../gateway/model/incident.ts'
import type { Ticket } from '../../../../../gateway/model/ticket.ts'
import { isoInZone } from '../../../../../gateway/model/time.ts'
import { szph } from '../rules/szph.ts'

const setting: Setting = { rules: customerRules, catalogue: szph, channels: [] }
const { ticketFor, updateTicket } = createTicketRules(szph, customerRules)
const intake = Date.parse('2026-02-13T16:00:00+08:00')
const minute = 60_000
const hour = 60 * minute

function incident(changes: Partial<Incident> = {}): Incident {
  return { ...madeIncident('i1'), openedAt: intake, lastSeenAt: intake, onsetAt: intake, ...changes }
}

function opened(changes: Partial<Incident> = {}) {
  return planDuties(null, ticketFor(incident(changes)), setting, intake)
}

function act(ticket: Ticket, action: TicketAction, at = intake + minute, by = 'wang') {
  return planDuties(ticket, afterAction(ticket, action, { by, at, setting }), setting, at)
}

function times({ effects }: ReturnType<typeof planDuties>) {
  return effects.starts.map(({ kind, dueAt }) => `${kind} ${isoInZone(dueAt, 'Asia/Shanghai').slice(5, 16)}`)
}

function ends({ effects }: ReturnType<typeof planDuties>) {
  return effects.ends.map(({ kind, state }) => `${kind} ${state}`)
}

function late(ticket: Ticket, kind: DutyKind, at: number): Ticket {
  const duty: Duty = {
    id: 'd',
    ticketId: ticket.id,
    kind,
    startedAt: intake,
    dueAt: at,
    state: 'open',
    overdueAt: null,
    endedAt: null,
  }
  return afterOverdue(ticket, duty, customerRules, at)
}

describe('what is owed', () => {
  test('from intake: to take it, to be there, to repair it, to solve it in three working days', () => {
    expect(times(opened())).toEqual(['assign 02-13T16:15', 'arrive 02-13T16:30', 'recover 02-13T20:00', 'solve 02-25T23:59'])
  })

  test('a life-critical fault: within 15 minutes, with a report each hour; the anaesthesia within 10', () => {
    expect(times(opened({ severity: 'P1' }))).toEqual([
      'assign 02-13T16:05',
      'arrive 02-13T16:15',
      'recover 02-13T17:00',
      'solve 02-25T23:59',
      'progress 02-13T17:00',
    ])
    expect(times(opened({ severity: 'P1', interfaceIds: ['his-aims-surgery'] }))).toContain('arrive 02-13T16:10')
  })

  test('assigned, arrived, resolved, closed: each state ends what is done and leaves something that falls due', () => {
    const first = opened({ severity: 'P1' }).ticket
    const assigned = act(first, { kind: 'assign', owner: 'li' })
    expect(ends(assigned)).toEqual(['assign done'])
    const arrived = act(assigned.ticket, { kind: 'arrive' })
    expect(ends(arrived)).toEqual(['arrive done'])
    const report = act(arrived.ticket, { kind: 'progress', taken: 'a', blocker: 'b', next: 'c' }, intake + 30 * minute)
    expect([ends(report), times(report)]).toEqual([['progress done'], ['progress 02-13T17:30']])
    const resolved = act(report.ticket, { kind: 'resolve' }, intake + hour)
    expect(ends(resolved)).toEqual(['recover done', 'solve done', 'assign void', 'arrive void', 'progress void'])
    expect(times(resolved)).toEqual(['close 02-14T17:00', 'post-mortem 02-14T17:00'])
    const closed = act(resolved.ticket, { kind: 'close' }, intake + 2 * hour)
    expect(ends(closed)).toContain('close done')
    expect(ends(closed)).not.toContain('post-mortem done')
    const filed = act(closed.ticket, { kind: 'post-mortem', rootCause: 'r', repair: 'm', prevention: 'p' }, intake + 3 * hour)
    expect(ends(filed)).toContain('post-mortem done')
    expect(filed.ticket.postMortem).toMatchObject({ by: 'wang', rootCause: 'r' })
  })

  test('opened again, everything is owed anew, from then', () => {
    const resolved = act(opened().ticket, { kind: 'resolve' }, intake + hour).ticket
    const back = act(resolved, { kind: 'reopen' }, intake + 3 * hour)
    expect(ends(back)).toEqual(['close void', 'post-mortem void'])
    expect(times(back)).toEqual(['assign 02-13T19:15', 'arrive 02-13T19:30', 'recover 02-13T23:00', 'solve 02-25T23:59'])
    expect(back.ticket.expectedRecoveryAt).toBe(intake + 7 * hour)
    // The same duty of the same day is another row.
    expect(back.effects.starts[3]?.id).not.toBe(opened().effects.starts[3]?.id)
    expect(() => act(resolved, { kind: 'reopen' }, intake + 25 * hour + 1)).toThrow('too long ago')
    expect(act(resolved, { kind: 'reopen' }, intake + 25 * hour).ticket.state).toBe('open')
  })

  test('a fault that gets worse has the shorter times from then on', () => {
    const ticket = opened().ticket
    const at = intake + 10 * minute
    const worse = updateTicket(ticket, incident({ severity: 'P1', lastSeenAt: at }))
    expect(times(planDuties(ticket, worse, setting, at))).toEqual([
      'assign 02-13T16:15',
      'arrive 02-13T16:25',
      'recover 02-13T17:00',
      'progress 02-13T17:10',
    ])
  })

  test('one that comes and goes before anybody looks is closed by somebody all the same', () => {
    expect(times(opened({ state: 'resolved', resolvedAt: intake + minute }))).toEqual(['close 02-14T16:01'])
  })

  test('a year without a calendar is said once', () => {
    const at = Date.parse('2026-12-30T10:00:00+08:00')
    const ticket = ticketFor(incident({ openedAt: at }))
    const planned = planDuties(null, ticket, setting, at)
    expect(planned.ticket.timeline.map(({ kind }) => kind)).toEqual(['opened', 'calendar-unknown'])
    expect(opened().ticket.timeline.map(({ kind }) => kind)).toEqual(['opened'])
  })

  test('somebody owes it in every state', () => {
    const nobody = { ...opened().ticket, owner: null, lead: null, coordinator: null }
    for (const kind of ['assign', 'arrive', 'recover', 'solve', 'progress', 'post-mortem', 'close'] as const)
      expect(responsibleFor(kind, nobody, customerRules)).toBe('on-site')
    const led = { ...nobody, owner: 'li', lead: 'wang' }
    expect(responsibleFor('arrive', led, customerRules)).toBe('li')
    expect(responsibleFor('solve', led, customerRules)).toBe('wang')
  })
})

describe('what follows when it is late', () => {
  test('nobody took it: a level up, and the time begins again, up to headquarters', () => {
    const at = intake + 15 * minute
    const one = opened().ticket
    const two = planDuties(one, late(one, 'assign', at), setting, at)
    expect(two.ticket).toMatchObject({ level: 2, owner: 'regional-centre', state: 'open' })
    expect(times(two)).toEqual(['assign 02-13T16:30'])
    const three = planDuties(two.ticket, late(two.ticket, 'assign', at + minute), setting, at + minute)
    expect(three.ticket).toMatchObject({ level: 3, owner: 'headquarters' })
    const four = planDuties(three.ticket, late(three.ticket, 'assign', at + 2 * minute), setting, at + 2 * minute)
    expect(four.ticket).toMatchObject({ level: 3, owner: 'headquarters' })
    expect(four.effects.starts).toEqual([])
    expect(four.ticket.timeline.map(({ kind }) => kind)).toEqual(['opened', 'escalated', 'escalated', 'overdue'])
  })

  test('whoever works on it keeps it, and the level above joins', () => {
    const assigned = act(opened().ticket, { kind: 'assign', owner: 'li' }).ticket
    expect(late(assigned, 'arrive', intake + hour)).toMatchObject({ owner: 'li', level: 2 })
    expect(late(assigned, 'arrive', intake + hour).parties).toContain('regional-centre')
  })

  test('three working days: a 疑难问题, and the regional centre’s by force', () => {
    const assigned = act(opened().ticket, { kind: 'assign', owner: 'li' }).ticket
    const at = Date.parse('2026-02-26T00:00:00+08:00')
    expect(late(assigned, 'solve', at)).toMatchObject({ owner: 'regional-centre', level: 2, difficultAt: at, lead: 'li' })
    expect(late(assigned, 'solve', at).parties).toContain('li')
    expect(late({ ...assigned, level: 3 }, 'solve', at)).toMatchObject({ owner: 'headquarters', level: 3 })
  })
})

describe('what people do', () => {
  const ticket = opened().ticket

  test('the first to touch it stays the first responder; the first owner leads', () => {
    const commented = act(ticket, { kind: 'comment', text: 'x' }, intake, 'zhao').ticket
    const assigned = act(commented, { kind: 'assign', owner: 'li' }, intake, 'qian').ticket
    const moved = act(assigned, { kind: 'transfer', owner: 'sun', reason: 'theirs' }).ticket
    expect(moved).toMatchObject({ firstResponder: 'zhao', lead: 'li', owner: 'sun', transfers: 1 })
    expect(act(assigned, { kind: 'assign', owner: 'sun', lead: 'zhou' }).ticket).toMatchObject({ lead: 'zhou', transfers: 0 })
  })

  test('help finds the coordinator of the class', () => {
    expect(act(ticket, { kind: 'help', text: 'x' }).ticket.parties).toContain('clinical-coordinator')
    const asked = act(ticket, { kind: 'help', text: 'x', systemClass: 'device' })
    expect(asked.ticket.parties).toContain('device-coordinator')
    expect(act({ ...ticket, systemClass: null }, { kind: 'help', text: 'x' }).ticket.parties).toContain('regional-centre')
  })

  test('to join, to escalate, to arrive', () => {
    const joined = act(ticket, { kind: 'join', party: 'vendor' }).ticket
    expect(act(joined, { kind: 'join', party: 'vendor' }).ticket.parties.filter((p) => p === 'vendor')).toHaveLength(1)
    expect(act(ticket, { kind: 'escalate', reason: 'x' }).ticket).toMatchObject({ level: 2, owner: 'regional-centre' })
    expect(() => act({ ...ticket, level: 3 }, { kind: 'escalate', reason: 'x' })).toThrow('highest level')
    const there = act(ticket, { kind: 'arrive' })
    expect(there.ticket).toMatchObject({ state: 'assigned', owner: 'wang', lead: 'wang', arrivedAt: intake + minute })
    expect(ends(there)).toEqual(['assign done', 'arrive done'])
    expect(() => act(there.ticket, { kind: 'arrive' })).toThrow('there already')
  })
})
