/** What a Database port owes to reports: part of the law of the store. */
import { afterEach, describe, expect, it } from 'vitest'
import { comparePositions, dawn, madeBatch, madeExchange } from '../../fixtures/observed/made.ts'
import { madeIncident, madeTicket } from '../../fixtures/observed/tickets.ts'
import type { MadeReport, ReportAction } from '../../gateway/model/report.ts'
import type { StorePlace } from './store.ts'

const hour = 3_600_000

export function reportStoreLaw(name: string, open: (compare: typeof comparePositions) => Promise<StorePlace>): void {
  describe(`law store, reports: ${name}`, () => {
    let place: StorePlace | null = null
    const fresh = async () => {
      place = await open(comparePositions)
      return place.store
    }
    afterEach(async () => {
      await place?.clear()
      place = null
    })

    it('counts what came to nothing, by interface, outcome, code and wire', async () => {
      const store = await fresh()
      expect(await store.observedFrom()).toBeNull()
      await store.commit(
        madeBatch([
          ...[1, 2, 3].map((number) => madeExchange({ number, outcome: 'failed' })),
          madeExchange({ number: 4, outcome: 'unanswered' }),
          madeExchange({ number: 5 }),
          madeExchange({ number: 6, outcome: 'failed', interfaceId: 'other' }),
          madeExchange({ number: 7, outcome: 'failed', at: dawn + 10 * hour }),
        ]),
      )
      expect(await store.failureCounts(dawn, dawn + hour)).toEqual([
        { interfaceId: 'his-lis-lab-order', outcome: 'failed', code: 'AE', wire: null, count: 3 },
        { interfaceId: 'his-lis-lab-order', outcome: 'unanswered', code: null, wire: 'timeout', count: 1 },
        { interfaceId: 'other', outcome: 'failed', code: 'AE', wire: null, count: 1 },
      ])
      expect(await store.failureCounts(dawn + 2 * hour, dawn + 3 * hour)).toEqual([])
      expect(await store.observedFrom()).toBe(dawn + 1)
    })

    it('gives the tickets that were open in a span, at both its ends', async () => {
      const store = await fresh()
      const ticket = (id: string, openedAt: number, resolvedAt: number | null) => ({
        ...madeTicket(id, `i-${id}`),
        openedAt,
        resolvedAt,
        state: resolvedAt === null ? ('open' as const) : ('resolved' as const),
      })
      const all = [
        ticket('before', dawn - 2 * hour, dawn - hour),
        ticket('into', dawn - 2 * hour, dawn + 1),
        ticket('within', dawn + 1, dawn + 2),
        ticket('on', dawn + hour - 1, null),
        ticket('after', dawn + hour, null),
      ]
      await store.commit(madeBatch([], { incidents: all.map(({ incidentId }) => madeIncident(incidentId)) }))
      for (const one of all) expect(await store.openTicket(one, 1)).toBe(true)
      expect((await store.ticketsDuring(dawn, dawn + hour)).map(({ id }) => id)).toEqual(['into', 'within', 'on'])
    })

    it('gives the newest tickets of a span that has more than 2,000, oldest first', async () => {
      const store = await fresh()
      for (let i = 0; i < 2_002; i += 1) await store.openTicket({ ...madeTicket(`t${i}`, `i${i}`), openedAt: dawn + i }, 1)
      const found = await store.ticketsDuring(dawn, dawn + hour)
      expect([found.length, found[0]?.id, found.at(-1)?.id]).toEqual([2_000, 't2', 't2001'])
    })

    it('keeps a report that was due once, with its actions and the next duty', async () => {
      const store = await fresh()
      await store.planReport('weekly', { kind: 'weekly', period: '2026-W47', dueAt: dawn })
      const kept = {
        report: report('2026-W47'),
        next: { kind: 'weekly', period: '2026-W48', dueAt: dawn + 7 * 24 * hour },
      } as const
      expect(await store.keepReport({ ...kept, actions: [action('2026-W47-1')], notices: [] })).toBe(true)
      expect(await store.keepReport({ ...kept, actions: [action('2026-W47-2')], notices: [] })).toBe(false)
      expect(await store.report('weekly-2026-W47')).toEqual(report('2026-W47'))
      expect(await store.report('weekly-2026-W46')).toBeNull()
      expect(await store.reportDuties()).toEqual([{ kind: 'weekly', period: '2026-W48', dueAt: dawn + 7 * 24 * hour }])
      expect((await store.reportActions({ changedFrom: 0 })).map(({ id }) => id)).toEqual(['2026-W47-1'])
    })

    it('lists reports newest first, by kind and by pages, without their bodies', async () => {
      const store = await fresh()
      for (const week of ['45', '46', '47']) {
        await store.planReport('weekly', { kind: 'weekly', period: `2026-W${week}`, dueAt: dawn })
        const next = { kind: 'weekly', period: 'next', dueAt: dawn } as const
        await store.keepReport({ report: report(`2026-W${week}`), next, actions: [], notices: [] })
      }
      const first = await store.reports({ kind: 'weekly', limit: 2 })
      expect(first.items.map(({ period }) => period)).toEqual(['2026-W47', '2026-W46'])
      expect(first.items[0]).not.toHaveProperty('body')
      const second = await store.reports({ kind: 'weekly', limit: 2, cursor: first.nextCursor ?? '' })
      expect(second).toMatchObject({ items: [{ period: '2026-W45' }], nextCursor: null })
      expect((await store.reports({ kind: 'daily', limit: 2 })).items).toEqual([])
    })

    it('plans a kind anew, and lets go of it', async () => {
      const store = await fresh()
      await store.planReport('daily', { kind: 'daily', period: '2026-11-22', dueAt: dawn })
      await store.planReport('daily', { kind: 'daily', period: '2026-11-23', dueAt: dawn + 1 })
      expect(await store.reportDuties()).toEqual([{ kind: 'daily', period: '2026-11-23', dueAt: dawn + 1 }])
      await store.planReport('daily', null)
      expect(await store.reportDuties()).toEqual([])
    })

    it('changes an action for who read it last, and forgets none that is open', async () => {
      const store = await fresh()
      await store.planReport('weekly', { kind: 'weekly', period: '2026-W47', dueAt: dawn })
      const next = { kind: 'weekly', period: '2026-W48', dueAt: dawn } as const
      const actions = [action('2026-W47-1'), action('2026-W47-2')]
      await store.keepReport({ report: report('2026-W47'), next, actions, notices: [] })
      const done: ReportAction = { ...action('2026-W47-1'), state: 'done', changedAt: dawn + hour }
      expect(await store.saveReportAction(done, dawn)).toBe(true)
      expect(await store.saveReportAction({ ...done, state: 'open' }, dawn)).toBe(false)
      expect(await store.reportAction('2026-W47-1')).toEqual(done)
      expect(await store.reportActions({ changedFrom: dawn + 2 * hour })).toEqual([action('2026-W47-2')])
      expect(await store.reportActions({ changedFrom: dawn + hour })).toHaveLength(2)
    })
  })
}

function report(period: string): MadeReport {
  const text = { zh: period, en: period }
  return { id: `weekly-${period}`, kind: 'weekly', period, madeAt: dawn, title: text, headline: text, body: { period } }
}

function action(id: string): ReportAction {
  return {
    ...{ id, period: id.slice(0, 8), madeAt: dawn, interfaceId: 'his-lis-lab-order', cause: 'conn-refused', owner: null },
    ...{ text: { zh: '核对', en: 'check' }, dueOn: '2026-11-30', state: 'open', note: null, changedAt: dawn },
  }
}
