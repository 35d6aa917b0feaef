import { describe, expect, test } from 'vitest'
import { customerRules } from '../../../../gateway/desk/rules/read-rules.ts'
import { createTicketRules } from '../../../../gateway/desk/ticket-rules.ts'
import type { Incident, RankedCause } from '../../../../gateway/model/incident.ts'
import type { Catalogue } from '../../../../gateway/model/interface.ts'
import type { Ticket } from '../../../../gateway/model/ticket.ts'
import { aCatalogue, anInterface, hourMs, mondayMorning } from '../../monitors/stream.ts'

const plain = aCatalogue(anInterface('his-lis-lab-order'))
const catalogue: Catalogue = {
  ...plain,
  systems: plain.systems.map((s) => (s.id === 'lis' ? { ...s, owner: 'lab-systems' } : s)),
}

const { ticketFor, updateTicket } = createTicketRules(catalogue, customerRules)

function cause(id: string, locus: RankedCause['locus'] = null): RankedCause {
  return { id, confidence: 0.9, evidence: [], locus }
}

function incident(changes: Partial<Incident> = {}): Incident {
  return {
    id: 'iabc-1',
    state: 'open',
    openedAt: mondayMorning,
    lastSeenAt: mondayMorning,
    resolvedAt: null,
    reopenedAt: null,
    onsetAt: mondayMorning - 1000,
    severity: 'P1',
    interfaceIds: ['his-lis-lab-order'],
    systemIds: [],
    alertIds: ['a'],
    causes: [cause('conn-refused', { kind: 'system', id: 'lis' }), cause('conn-reset')],
    title: { zh: '拒绝', en: 'refused' },
    advice: { zh: '查', en: 'look' },
    exchangeIds: ['e1'],
    ticketed: true,
    ...changes,
  }
}

const over = { state: 'resolved', resolvedAt: mondayMorning + hourMs, lastSeenAt: mondayMorning + hourMs } as const

test('what returns while it is planned or silenced calls for nobody, until it outlasts that', () => {
  const resolved = updateTicket(ticketFor(incident()), incident(over))
  const reopenedAt = over.resolvedAt + 2 * hourMs
  const withheld = { ids: ['c1'], untilAt: reopenedAt + hourMs }
  const back = incident({ reopenedAt, lastSeenAt: reopenedAt, withheldBy: ['c1'], withheld })
  expect(updateTicket(resolved, back).state).toBe('resolved')
  expect(updateTicket(resolved, { ...back, withheld: null, lastSeenAt: withheld.untilAt }).state).toBe('open')
})

test('a ticket says what, where, whose, how urgent and until when', () => {
  expect(ticketFor(incident())).toMatchObject({
    id: 'tabc-1',
    incidentId: 'iabc-1',
    state: 'open',
    severity: 'P1',
    category: 'transport',
    scope: 'all-peers',
    urgency: 'high',
    owner: 'lab-systems',
    lead: null,
    level: 1,
    isMajor: true,
    transfers: 0,
    expectedRecoveryAt: mondayMorning + hourMs,
    timeline: [{ at: mondayMorning, kind: 'opened', by: 'auscult' }],
  })
})

test.each<[Partial<Incident>, Partial<Ticket>]>([
  [{ causes: [cause('unknown')] }, { category: 'unknown', owner: 'lab-systems' }],
  [
    { causes: [cause('tz-mismatch')], severity: 'P3' },
    { category: 'time', owner: '系统所属厂商 + 信息科系统组', urgency: 'medium', level: 1 },
  ],
  [{ interfaceIds: ['a', 'b'] }, { scope: 'several-interfaces' }],
  [{ peers: { affected: 1, seen: 9 } }, { scope: 'one-peer' }],
  [{ peers: { affected: 3, seen: 9 } }, { scope: 'some-peers' }],
  [{ peers: { affected: 9, seen: 9 } }, { scope: 'all-peers' }],
  [{ severity: 'P2' }, { urgency: 'medium' }],
  [{ severity: 'P2', interfaceIds: ['a', 'b'] }, { urgency: 'high' }],
  [{ severity: 'P4' }, { urgency: 'low' }],
  [over, { state: 'resolved', resolvedAt: over.resolvedAt }],
])('of %j comes %j', (changes, expected) => {
  expect(ticketFor(incident(changes))).toMatchObject(expected)
})

describe('a ticket follows its incident', () => {
  const open = ticketFor(incident())

  test('nothing changed: the same object', () => {
    expect(updateTicket(open, incident())).toBe(open)
  })

  test('what people did stays', () => {
    const worked = { ...open, state: 'assigned', owner: 'wang', lead: 'li', level: 3, transfers: 2 } as const
    const next = updateTicket(worked, incident({ lastSeenAt: mondayMorning + 5000, exchangeIds: ['e1', 'e2'] }))
    expect(next).toMatchObject({
      state: 'assigned',
      owner: 'wang',
      lead: 'li',
      level: 3,
      transfers: 2,
      exchangeIds: ['e1', 'e2'],
    })
  })

  test('another leading cause is told once', () => {
    const next = updateTicket(open, incident({ causes: [cause('conn-reset')], lastSeenAt: mondayMorning + 1 }))
    expect(next.timeline.map((t) => t.kind)).toEqual(['opened', 'cause-changed'])
    expect(next.timeline[1]?.text.en).toBe('the leading cause is now: Connection reset (90 %)')
    expect(updateTicket(next, incident({ causes: [cause('conn-reset')], lastSeenAt: mondayMorning + 1 }))).toBe(next)
  })

  test('it resolves by itself, and once', () => {
    const next = updateTicket({ ...open, state: 'assigned' }, incident(over))
    expect(next).toMatchObject({ state: 'resolved', resolvedAt: over.resolvedAt })
    expect(updateTicket(next, incident(over)).timeline.map((t) => t.kind)).toEqual(['opened', 'resolved'])
  })

  test('it opens again when the fault returns within 24 hours, closed or not', () => {
    const resolved = updateTicket(open, incident(over))
    const reopenedAt = over.resolvedAt + 2 * hourMs
    const back = incident({ reopenedAt, lastSeenAt: reopenedAt })
    for (const state of ['resolved', 'closed'] as const) {
      const next = updateTicket({ ...resolved, state }, back)
      expect(next).toMatchObject({ state: 'open', resolvedAt: null })
      expect(next.timeline.at(-1)).toMatchObject({ kind: 'reopened', at: reopenedAt })
    }
    const late = over.resolvedAt + 25 * hourMs
    expect(updateTicket(resolved, incident({ reopenedAt: late, lastSeenAt: late })).state).toBe('resolved')
  })

  test('one that a person resolved while the fault goes on stays resolved', () => {
    const byHand = { ...open, state: 'resolved', resolvedAt: mondayMorning + 60_000 } as const
    expect(updateTicket(byHand, incident({ lastSeenAt: mondayMorning + 90_000 })).state).toBe('resolved')
    const returnedBefore = incident({ reopenedAt: mondayMorning + 30_000, lastSeenAt: mondayMorning + 90_000 })
    expect(updateTicket(byHand, returnedBefore).state).toBe('resolved')
  })
})
