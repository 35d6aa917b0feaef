import { describe, expect, test } from 'vitest'
import type { Fate } from '../../fixtures/hospital/wire.ts'
import { madeChange, madeSilence } from '../../fixtures/observed/changes.ts'
import type { Declaration, PlannedChange } from '../../gateway/model/change.ts'
import type { Ticket } from '../../gateway/model/ticket.ts'
import { mondayAtTen } from '../support/simulated.ts'
import { play } from './scenario.ts'

const minuteMs = 60_000
const orders = 'his-lis-lab-order'
const exams = 'his-ris-exam-order'
const answered: Fate = { kind: 'answered' }

const planned = (wish: Partial<PlannedChange> = {}): Declaration => ({
  kind: 'change',
  change: madeChange({
    interfaceIds: [orders],
    fromAt: mondayAtTen + 8 * minuteMs,
    toAt: mondayAtTen + 20 * minuteMs,
    ...wish,
  }),
})

/** Orders into LIS aren't sent, or aren't taken, between two minutes; exams are refused by word from one on. */
function hospitalWith(trouble: {
  readonly orders: Fate
  readonly from: number
  readonly to: number
  readonly examsFrom?: number
}) {
  return (interfaceId: string, at: number): Fate => {
    const minute = (at - mondayAtTen) / minuteMs
    if (interfaceId === orders && minute >= trouble.from && minute < trouble.to) return trouble.orders
    if (interfaceId === exams && minute >= (trouble.examsFrom ?? Number.POSITIVE_INFINITY))
      return { kind: 'answered', code: 'AE' }
    return answered
  }
}

async function played(trouble: Parameters<typeof hospitalWith>[0], minutes: number, declared: readonly Declaration[]) {
  return play({
    seed: 21,
    startAt: mondayAtTen,
    lastsMs: minutes * minuteMs,
    interfaceIds: [orders, exams, 'ris-pacs-procedure', 'his-bis-blood'],
    fate: hospitalWith(trouble),
    declared,
  })
}

const lineOf = ({ interfaceIds, state }: Ticket) => `${interfaceIds.join('+')} ${state}`

describe('a planned pause', () => {
  test('of one interface gives no ticket, and is told as what it is', async () => {
    const { tickets, incidents } = await played({ orders: { kind: 'not-sent' }, from: 9, to: 19 }, 26, [planned()])
    expect(tickets.map(lineOf)).toEqual([])
    expect(incidents.map((i) => [i.interfaceIds, i.causes[0]?.id, i.state])).toEqual([[[orders], 'planned-change', 'resolved']])
  }, 120_000)

  test('that nobody declared gives one', async () => {
    const { tickets } = await played({ orders: { kind: 'not-sent' }, from: 9, to: 19 }, 26, [])
    expect(tickets.map((t) => [lineOf(t), t.causes[0]?.id])).toEqual([[`${orders} resolved`, 'silent']])
  }, 120_000)

  test('that is overrun gives one ticket, when its grace is over, which says so and by whom', async () => {
    const window = { toAt: mondayAtTen + 14 * minuteMs, graceMs: 5 * minuteMs }
    const trouble = { orders: { kind: 'refused-connection' }, from: 9, to: 30 } as const
    const { tickets } = await played(trouble, 26, [planned(window)])
    expect(tickets.map(lineOf)).toEqual([`${orders} open`])
    const [ticket] = tickets
    // With the tick that follows.
    expect(Math.floor(((ticket?.openedAt ?? 0) - window.toAt - window.graceMs) / 1000)).toBe(0)
    expect(ticket?.title.zh).toContain('CR-2026-118 超出窗口')
    expect(ticket?.advice.zh).toContain('wang')
    expect(ticket?.timeline[0]?.text.en).toContain('has overrun')
    const cause = ticket?.causes.find((c) => c.id === 'planned-change')
    expect(cause?.evidence.some((line) => line.for && line.text.zh.includes('CR-2026-118'))).toBe(true)
    expect(ticket?.causes.map((c) => c.id)).toContain('conn-refused')
  }, 120_000)

  test('hides no fault elsewhere meanwhile', async () => {
    const trouble = { orders: { kind: 'not-sent' }, from: 9, to: 19, examsFrom: 11 } as const
    const { tickets } = await played(trouble, 24, [planned()])
    expect(tickets.map((t) => [t.interfaceIds, t.causes[0]?.id])).toEqual([[[exams], 'app-nak']])
  }, 120_000)
})

test('a silence keeps the ticket back until it ends', async () => {
  const silence: Declaration = {
    kind: 'silence',
    silence: madeSilence({ interfaceIds: [orders], fromAt: mondayAtTen, untilAt: mondayAtTen + 15 * minuteMs }),
  }
  const trouble = { orders: { kind: 'refused-connection' }, from: 9, to: 30 } as const
  const during = await played(trouble, 14, [silence])
  expect(during.tickets).toEqual([])
  expect(during.incidents.map((i) => [i.causes[0]?.id, i.withheld?.ids])).toEqual([['conn-refused', ['s1']]])
  const after = await played(trouble, 18, [silence])
  expect(after.tickets.map((t) => [lineOf(t), t.causes[0]?.id])).toEqual([[`${orders} open`, 'conn-refused']])
}, 120_000)
