/**
 * The law of the Database port: the same calls, the same answers, whatever stands behind it. Exempt from the file length: a table
 * of cases.
 */
import { afterEach, describe, expect, it } from 'vitest'
import {
  comparePositions,
  dawn,
  madeBatch,
  madeExchange,
  madeViolation,
  orderKeys,
  positionOf,
} from '../../fixtures/observed/made.ts'
import { madeArticle, madeIncident, madeTicket } from '../../fixtures/observed/tickets.ts'
import type { Lesson } from '../../gateway/model/article.ts'
import type { Envelope } from '../../gateway/model/envelope.ts'
import type { Alert } from '../../gateway/model/incident.ts'
import type { Notice } from '../../gateway/model/notice.ts'
import type { ClockState } from '../../gateway/model/reading.ts'
import type { Ticket } from '../../gateway/model/ticket.ts'
import type { User } from '../../gateway/store/access-store.ts'
import { noEffects } from '../../gateway/store/duty-store.ts'
import type { BodySide } from '../../gateway/store/exchange-store.ts'
import type { LessonQuery } from '../../gateway/store/knowledge-store.ts'
import type { Store } from '../../gateway/store/store.ts'
import { changeStoreLaw } from './store-changes.ts'

/** Opens a store on its own empty place; `again` opens the same place anew, as after a crash. */
export interface StorePlace {
  readonly store: Store
  again(): Promise<Store>
  clear(): Promise<void>
}

async function bodyOf(store: Store, id: string, side: BodySide): Promise<Buffer> {
  return Buffer.from((await store.message(id, side))?.body ?? [])
}

const hour = 3_600_000
const minute = 60_000

/** Runs the law against one implementation. `open` makes an empty place with `comparePositions` as the order of positions. */
export function storeLaw(name: string, open: (compare: typeof comparePositions) => Promise<StorePlace>): void {
  describe(`law store: ${name}`, () => {
    let place: StorePlace | null = null
    const fresh = async () => {
      place = await open(comparePositions)
      return place.store
    }
    const reopened = async () => {
      if (place === null) throw new Error('no store was opened')
      return place.again()
    }
    afterEach(async () => {
      await place?.clear()
      place = null
    })
    const numbers = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, i) => madeExchange({ number: from + i }))

    describe('planned changes and silences', () => changeStoreLaw(fresh, reopened))
    describe('saved searches', () => {
      const search = (name: string, outcome = 'failed') => ({ name, query: { outcome }, savedAt: dawn })
      it('keeps them by owner and name, over a restart too', async () => {
        const store = await fresh()
        expect(await store.saveSearch('chen', search('b'), 2)).toBe(true)
        expect(await store.saveSearch('chen', search('a'), 2)).toBe(true)
        expect(await store.saveSearch('wu', search('a', 'orphan'), 2)).toBe(true)
        const again = await reopened()
        expect(await again.savedSearches('chen')).toEqual([search('a'), search('b')])
        expect(await again.savedSearches('wu')).toEqual([search('a', 'orphan')])
      })
      it('replaces one of the same name, takes no more than there may be, and forgets', async () => {
        const store = await fresh()
        for (const name of ['a', 'b']) await store.saveSearch('chen', search(name), 2)
        expect(await store.saveSearch('chen', search('c'), 2)).toBe(false)
        expect(await store.saveSearch('chen', search('a', 'orphan'), 2)).toBe(true)
        expect(await store.dropSearch('wu', 'b')).toBe(false)
        expect(await store.dropSearch('chen', 'b')).toBe(true)
        expect(await store.savedSearches('chen')).toEqual([search('a', 'orphan')])
      })
    })
    describe('contracts', () => {
      const use = (interfaceId: string, text: string, version = '1') => ({
        ...{ interfaceId, contractId: 'orders', version, format: 'hl7v2', text },
      })
      it('keeps each text that an interface was held to, with when it was first used', async () => {
        const store = await fresh()
        await store.noteContract(use('a', 'one'), dawn)
        await store.noteContract(use('b', 'one'), dawn + 1)
        await store.noteContract(use('a', 'one'), dawn + 2)
        await store.noteContract(use('a', 'two', '2'), dawn + 3)
        await store.noteContract({ ...use('c', 'other'), contractId: 'results' }, dawn + 4)
        const found = await (await reopened()).contractVersions('orders')
        expect(found.map(({ interfaceId, version, text, firstUsedAt }) => [interfaceId, version, text, firstUsedAt])).toEqual([
          ['a', '2', 'two', dawn + 3],
          ['b', '1', 'one', dawn + 1],
          ['a', '1', 'one', dawn],
        ])
        expect(new Set(found.map(({ digest }) => digest)).size).toBe(2)
        expect(found[0]?.digest).toMatch(/^[0-9a-f]{64}$/)
      })
      it('notes a text again that an interface came back to', async () => {
        const store = await fresh()
        for (const [i, text] of ['one', 'two', 'one'].entries()) await store.noteContract(use('a', text), dawn + i)
        expect((await store.contractVersions()).map(({ text }) => text)).toEqual(['one', 'two', 'one'])
      })
    })

    describe('commit', () => {
      it('begins empty', async () => {
        const store = await fresh()
        expect(await store.resume()).toEqual({ committed: null, now: null, checkpoint: null })
        expect(await store.totals()).toEqual([])
        expect(await store.exchanges({ limit: 10 })).toEqual({ items: [], nextCursor: null })
      })
      it('keeps position, analysis clock and checkpoint, over a restart too', async () => {
        const store = await fresh()
        await store.commit(madeBatch(numbers(1, 5), { now: dawn + 5, checkpoint: { seen: [1, 2, 3] } }))
        await store.commit(madeBatch(numbers(6, 7), { now: dawn + 7 }))
        const resumed = await (await reopened()).resume()
        expect(resumed).toEqual({
          committed: positionOf(7),
          now: dawn + 7,
          checkpoint: { position: positionOf(5), state: { seen: [1, 2, 3] } },
        })
      })
      it("gives one monitor's memory of the last checkpoint", async () => {
        const store = await fresh()
        expect(await store.monitorMemory('volume')).toBeNull()
        const checkpoint = { monitors: { volume: [1, [2, 'x']], 'a.b': { c: null } } }
        await store.commit(madeBatch(numbers(1, 1), { checkpoint }))
        expect(await store.monitorMemory('volume')).toEqual([1, [2, 'x']])
        expect(await store.monitorMemory('a.b')).toEqual({ c: null })
        expect(await store.monitorMemory('silence')).toBeNull()
      })
      it('takes a batch once, and none that is not after the committed position', async () => {
        const store = await fresh()
        const batch = madeBatch(numbers(1, 5), { dropped: [{ at: dawn, reason: 'memory', count: 3 }] })
        expect(await store.commit(batch)).toBe('committed')
        expect(await store.commit(batch)).toBe('already-committed')
        expect(await store.commit(madeBatch(numbers(2, 3)))).toBe('already-committed')
        expect(await (await reopened()).commit(batch)).toBe('already-committed')
        expect((await store.totals()).map((t) => t.exchanges)).toEqual([5])
        expect(await store.dropped()).toEqual([{ reason: 'memory', count: 3 }])
      })
      it('counts an exchange once when a later batch brings it again', async () => {
        const store = await fresh()
        await store.commit(madeBatch(numbers(1, 5)))
        expect(await store.commit(madeBatch(numbers(4, 8)))).toBe('committed')
        expect((await store.totals()).map((t) => t.exchanges)).toEqual([8])
        expect((await store.exchanges({ limit: 50 })).items).toHaveLength(8)
        const points = await store.series({ interfaceId: 'his-lis-lab-order', from: dawn, to: dawn + minute, stepMs: minute })
        expect(points[0]?.exchanges).toBe(8)
        expect(points[0]?.latencyMs.n).toBe(8)
      })
      it('gives back what it was given', async () => {
        const store = await fresh()
        const observed = madeExchange({ number: 7, outcome: 'failed', violations: [madeViolation('PID-3', 'ticket')] })
        await store.commit(madeBatch([observed]))
        const stored = await store.exchange(observed.exchange.id)
        const { exchange } = observed
        expect(stored).toMatchObject({
          id: exchange.id,
          interfaceId: exchange.interfaceId,
          outcome: 'failed',
          type: 'OML^O21',
          controlId: 'C7',
          at: exchange.request?.endAt,
          latencyMs: exchange.latencyMs,
          code: 'AE',
          coverage: 'full',
          requestFrom: 'initiator',
          connection: exchange.connection,
          wire: exchange.wire,
          violations: observed.violations,
          position: observed.position,
          kept: { request: true, answer: true },
        })
        expect(stored?.request?.charset).toEqual({ declared: 'UNICODE UTF-8', detected: 'utf-8', verdict: 'agrees' })
        expect(stored?.answers).toHaveLength(1)
        expect(await bodyOf(store, exchange.id, 'request')).toEqual(Buffer.from(exchange.request?.body ?? []))
        expect(await bodyOf(store, exchange.id, 'answer')).toEqual(Buffer.from(exchange.answers[0]?.body ?? []))
        expect(await store.exchange('nobody')).toBeNull()
        expect(await store.message('nobody', 'request')).toBeNull()
      })
      it('keeps every byte of every body', async () => {
        const store = await fresh()
        const all = Uint8Array.from({ length: 256 * 40 }, (_, i) => (i * 31) % 256)
        const made = [0, 1, 255, 4096, all.length].map((length, i) =>
          madeExchange({ number: i + 1, body: all.subarray(0, length), at: dawn + i * 86_400_000 }),
        )
        await store.commit(madeBatch(made))
        for (const { exchange } of made) {
          expect(await bodyOf(store, exchange.id, 'request')).toEqual(Buffer.from(exchange.request?.body ?? []))
        }
        expect((await store.exchange(made[0]?.exchange.id ?? ''))?.kept).toEqual({ request: false, answer: true })
      })
      it('keeps what stood around bodies with them, also where there is no body', async () => {
        const store = await fresh()
        const made = madeExchange({ number: 1, body: new Uint8Array(0) })
        const asking: Envelope = [
          [':method', 'GET'],
          [':path', '/病人?id=1'],
        ]
        const request = made.exchange.request && { ...made.exchange.request, envelope: asking }
        const [answer] = made.exchange.answers
        const answers = made.exchange.answers.map((each) => ({ ...each, envelope: [[':status', '200'] as const] }))
        const exchange = { ...made.exchange, request, answers, interimCount: 3 }
        await store.commit(madeBatch([{ ...made, exchange }]))
        const asked = await store.message(exchange.id, 'request')
        expect(asked?.body).toHaveLength(0)
        expect(asked?.envelope).toEqual(asking)
        const answered = await store.message(exchange.id, 'answer')
        expect(Buffer.from(answered?.body ?? [])).toEqual(Buffer.from(answer?.body ?? []))
        expect(answered?.envelope).toEqual([[':status', '200']])
        expect(answered?.requestEnvelope).toEqual(asking)
        const stored = await store.exchange(exchange.id)
        expect(stored?.kept).toEqual({ request: true, answer: true })
        expect(stored?.interimCount).toBe(3)
      })
      it('changes nothing when it fails, and takes the same batch afterwards', async () => {
        const store = await fresh()
        await store.commit(madeBatch(numbers(1, 3)))
        const broken = madeBatch(numbers(4, 6), { now: Number.NaN, alerts: [madeAlert('a1', 'firing')] })
        await expect(store.commit(broken)).rejects.toThrow()
        expect((await store.resume()).committed).toBe(positionOf(3))
        expect((await store.totals()).map((t) => t.exchanges)).toEqual([3])
        expect(await store.alerts({})).toEqual([])
        expect(await store.commit(madeBatch(numbers(4, 6)))).toBe('committed')
        expect((await store.exchanges({ limit: 50 })).items).toHaveLength(6)
        expect(await store.message(madeExchange({ number: 5 }).exchange.id, 'request')).not.toBeNull()
      })
      it('adds up what the log lost', async () => {
        const store = await fresh()
        await store.commit(madeBatch(numbers(1, 1), { lostBytes: 100 }))
        await store.commit(madeBatch(numbers(2, 2), { lostBytes: 11 }))
        expect(await store.lostBytes()).toBe(111)
      })
    })

    describe('search', () => {
      it('finds by every identifier that an exchange carries, and by no other', async () => {
        const store = await fresh()
        await store.commit(madeBatch(numbers(1, 30)))
        for (const { value } of [...orderKeys(17), { value: 'C17' }]) {
          const found = await store.exchanges({ key: value, limit: 10 })
          expect(found.items.map((e) => e.controlId)).toEqual(['C17'])
        }
        expect((await store.exchanges({ key: 'O99999', limit: 10 })).items).toEqual([])
        expect((await store.exchanges({ key: ' ', limit: 10 })).items).toEqual([])
      })
      it('finds whatever the spelling: blanks, case, full width', async () => {
        const store = await fresh()
        await store.commit(
          madeBatch([madeExchange({ number: 1, keys: [{ kind: 'accession', value: 'a2026-x', authority: null }] })]),
        )
        for (const key of ['A2026-X', ' a2026-x ', 'Ａ２０２６-Ｘ'])
          expect((await store.exchanges({ key, limit: 5 })).items).toHaveLength(1)
      })
      it('shows tokens of keys, equal for equal keys of a kind, never values', async () => {
        const store = await fresh()
        const key = (kind: 'patient' | 'visit') => ({ kind, value: 'P0001', authority: null })
        await store.commit(
          madeBatch([
            madeExchange({ number: 1, keys: [key('patient')] }),
            madeExchange({ number: 2, keys: [key('patient'), key('visit')] }),
          ]),
        )
        const [second, first] = (await store.exchanges({ limit: 5 })).items
        const patient = first?.keys.find((k) => k.kind === 'patient')
        expect(second?.keys).toContainEqual(patient)
        expect(second?.keys.find((k) => k.kind === 'visit')?.token).not.toBe(patient?.token)
        expect(JSON.stringify(first?.keys)).not.toContain('P0001')
      })
      it('finds by tokens what their keys find', async () => {
        const store = await fresh()
        await store.commit(
          madeBatch([
            madeExchange({ number: 1, keys: orderKeys(1) }),
            madeExchange({ number: 2, keys: orderKeys(2) }),
            madeExchange({ number: 3, at: dawn + hour, keys: orderKeys(1) }),
          ]),
        )
        const all = { from: 0, to: dawn + 2 * hour, limit: 10 }
        const [order] = orderKeys(1)
        const tokens = await store.tokensOf(` ${order?.value.toLowerCase()} `)
        const found = await store.exchangesByTokens(tokens, all)
        expect(found.map((e) => e.controlId)).toEqual(['C3', 'C1'])
        expect(found.flatMap((e) => e.keys.filter((k) => tokens.includes(k.token)).map((k) => k.kind))).toEqual([
          'placer',
          'placer',
        ])
        expect((await store.exchangesByTokens(tokens, { ...all, to: dawn + hour })).map((e) => e.controlId)).toEqual(['C1'])
        expect((await store.exchangesByTokens(tokens, { ...all, limit: 1 })).map((e) => e.controlId)).toEqual(['C3'])
        expect(await store.exchangesByTokens(['k0.zz', 'nothing'], all)).toEqual([])
        expect(await store.exchangesByTokens([], all)).toEqual([])
      })
      it('filters by interface, outcome, type and span together', async () => {
        const store = await fresh()
        const made = Array.from({ length: 40 }, (_, i) =>
          madeExchange({
            number: i + 1,
            at: dawn + i * 1000,
            interfaceId: i % 2 === 0 ? 'even' : 'odd',
            outcome: i % 5 === 0 ? 'unanswered' : 'answered',
            type: i % 4 === 0 ? 'ADT^A01' : 'ORU^R01',
          }),
        )
        await store.commit(madeBatch(made))
        const ids = async (query: object) =>
          (await store.exchanges({ limit: 100, ...query })).items.map((e) => Number(e.controlId?.slice(1)) - 1)
        expect(await ids({ interfaceId: 'even', outcome: 'unanswered' })).toEqual([30, 20, 10, 0])
        expect(await ids({ outcome: 'unanswered', type: 'ADT^A01' })).toEqual([20, 0])
        expect(await ids({ from: dawn + 37_000 })).toEqual([39, 38, 37])
        expect(await ids({ to: dawn + 3000 })).toEqual([2, 1, 0])
        expect(await ids({ interfaceId: 'nobody' })).toEqual([])
        expect(await ids({ q: 'ADT^A01', to: dawn + 9000 })).toEqual([8, 4, 0])
        expect(await ids({ q: 'C5' })).toEqual([4])
        expect(await ids({ q: made[6]?.exchange.id })).toEqual([6])
        expect(await ids({ key: 'C5', interfaceId: 'odd' })).toEqual([])
      })
      it('pages through all of it once, while more comes in', async () => {
        const store = await fresh()
        await store.commit(madeBatch(numbers(1, 25)))
        const seen: (string | null)[] = []
        let cursor: string | null = null
        let number = 100
        do {
          const page: Awaited<ReturnType<Store['exchanges']>> = await store.exchanges({
            limit: 4,
            ...(cursor === null ? {} : { cursor }),
          })
          seen.push(...page.items.map((e) => e.controlId))
          cursor = page.nextCursor
          number += 1
          await store.commit(madeBatch([madeExchange({ number, at: dawn + 60_000 + number })]))
        } while (cursor !== null)
        expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `C${25 - i}`))
      })
      it('narrows by interface, outcome and type, each with each', async () => {
        const store = await fresh()
        const outcomes = ['answered', 'failed', 'unanswered'] as const
        const made = Array.from({ length: 60 }, (_, i) =>
          madeExchange({
            number: i + 1,
            interfaceId: `interface-${i % 2}`,
            outcome: outcomes[i % 3] ?? 'answered',
            type: i % 5 === 0 ? 'ADT^A08' : 'ORU^R01',
          }),
        )
        await store.commit(madeBatch(made))
        for (const interfaceId of [undefined, 'interface-1', 'nobody'])
          for (const outcome of [undefined, 'answered', 'failed', 'orphan'] as const)
            for (const type of [undefined, 'ADT^A08', 'SIU^S12']) {
              const filter = { ...(interfaceId && { interfaceId }), ...(outcome && { outcome }), ...(type && { type }) }
              const fits = made.filter(
                ({ exchange: e }) =>
                  (interfaceId === undefined || e.interfaceId === interfaceId) &&
                  (outcome === undefined || e.outcome === outcome) &&
                  (type === undefined || e.type === type),
              )
              const newestFirst = fits.map(({ exchange }) => exchange.id).toReversed()
              const page = await store.exchanges({ ...filter, limit: 7 })
              expect(page.items.map((e) => e.id)).toEqual(newestFirst.slice(0, 7))
              const found = await store.exchanges({ ...filter, key: 'C13', limit: 7 })
              expect(found.items.map((e) => e.controlId)).toEqual(
                fits.map(({ exchange }) => exchange.controlId).filter((id) => id === 'C13'),
              )
            }
      })
      it('keeps apart what happened in one and the same millisecond', async () => {
        const store = await fresh()
        const made = Array.from({ length: 1500 }, (_, i) => madeExchange({ number: i + 1, at: dawn }))
        await store.commit(madeBatch(made.slice(0, 700)))
        await store.commit(madeBatch(made.slice(700)))
        const page = await store.exchanges({ limit: 2000 })
        expect(page.items.map((e) => e.controlId)).toEqual(made.map((m) => m.exchange.controlId).toReversed())
      })
    })

    describe('series', () => {
      it('counts outcomes, violations, bytes and latencies by step, empty steps included', async () => {
        const store = await fresh()
        await store.commit(
          madeBatch([
            madeExchange({ number: 1, at: dawn + 1, latencyMs: 10 }),
            madeExchange({
              number: 2,
              at: dawn + 2,
              latencyMs: 20,
              outcome: 'failed',
              violations: [madeViolation('PID-3', 'ticket'), madeViolation('PV1-2')],
            }),
            madeExchange({ number: 3, at: dawn + 2 * minute, outcome: 'unanswered' }),
          ]),
        )
        const points = await store.series({
          interfaceId: 'his-lis-lab-order',
          from: dawn,
          to: dawn + 3 * minute,
          stepMs: minute,
        })
        expect(points.map((p) => p.exchanges)).toEqual([2, 0, 1])
        expect(points[0]).toMatchObject({
          at: dawn,
          answered: 1,
          failed: 1,
          violations: { observe: 0, warn: 1, ticket: 1 },
          fullyObserved: 2,
        })
        expect(points[0]?.latencyMs.p50).toBeCloseTo(10, 0)
        expect(points[0]?.latencyMs.n).toBe(2)
        expect(points[1]?.latencyMs).toEqual({ p50: null, p95: null, p99: null, n: 0 })
        expect(points[2]).toMatchObject({ unanswered: 1, answerBytes: 0 })
        expect(await store.series({ interfaceId: 'nobody', from: dawn, to: dawn + minute, stepMs: minute })).toMatchObject([
          { exchanges: 0 },
        ])
      })
      it('gives the same quantiles by hours as by minutes merged, however the batches were cut', async () => {
        const store = await fresh()
        const made = Array.from({ length: 600 }, (_, i) =>
          madeExchange({ number: i + 1, at: dawn + i * 17_000, latencyMs: 1 + ((i * i) % 977) }),
        )
        for (let from = 0; from < made.length; from += 97) await store.commit(madeBatch(made.slice(from, from + 97)))
        const span = { interfaceId: 'his-lis-lab-order', from: dawn, to: dawn + 3 * hour }
        const [whole] = await store.series({ ...span, stepMs: 3 * hour })
        const [merged] = await store.series({ ...span, from: span.from - minute, stepMs: 4 * hour - minute })
        expect(whole?.exchanges).toBe(600)
        expect(merged?.latencyMs).toEqual(whole?.latencyMs)
        const sorted = made.map((m) => m.exchange.latencyMs ?? 0).sort((a, b) => a - b)
        const exact = sorted[Math.floor(0.95 * 599)] ?? 0
        expect(Math.abs((whole?.latencyMs.p95 ?? 0) - exact) / exact).toBeLessThan(0.011)
      })
      it('counts violations by element and rule, with the newest exchange', async () => {
        const store = await fresh()
        const made = [1, 2, 3].map((number) =>
          madeExchange({ number, violations: number === 2 ? [] : [madeViolation('PID-3'), madeViolation('PV1-2')] }),
        )
        await store.commit(madeBatch(made.slice(0, 2)))
        await store.commit(madeBatch([...made.slice(2), madeExchange({ number: 4, violations: [madeViolation('PV1-2')] })]))
        const counts = await store.violationCounts('his-lis-lab-order', dawn, dawn + hour)
        expect(counts.map((c) => [c.element, c.count])).toEqual([
          ['PV1-2', 3],
          ['PID-3', 2],
        ])
        expect(counts[1]?.exchangeId).toBe(made[2]?.exchange.id)
        expect(counts[0]?.message).toEqual(madeViolation('PV1-2').message)
        expect(await store.violationCounts('his-lis-lab-order', dawn + 2 * hour, dawn + 3 * hour)).toEqual([])
      })
    })

    describe('state', () => {
      it('keeps the newest of alerts, incidents, clocks and edges', async () => {
        const store = await fresh()
        const clock = (offsetS: number): ClockState => ({
          systemId: 'lis',
          offsetS,
          errorS: 0.5,
          driftPpm: null,
          verdict: 'offset',
          observations: 9,
          changedAt: null,
          offsetBeforeS: null,
        })
        await store.commit(
          madeBatch(numbers(1, 1), {
            alerts: [madeAlert('a1', 'firing'), madeAlert('a2', 'pending')],
            incidents: [madeIncident('i1')],
            clocks: [clock(1)],
            ticks: [{ at: dawn, edgeId: 'e1', health: { loopLagMsMax: 2 } }],
          }),
        )
        await store.commit(
          madeBatch(numbers(2, 2), {
            alerts: [madeAlert('a2', 'firing')],
            clocks: [clock(-7200)],
            ticks: [{ at: dawn + 1, edgeId: 'e1', health: null }],
          }),
        )
        expect((await store.alerts({ state: 'firing' })).map((a) => a.id)).toEqual(['a1', 'a2'])
        expect(await store.alert('a2')).toEqual(madeAlert('a2', 'firing'))
        expect(await store.incident('i1')).toEqual(madeIncident('i1'))
        expect(await store.clocks()).toEqual([clock(-7200)])
        expect(await store.edges()).toEqual([{ edgeId: 'e1', at: dawn + 1, health: null }])
      })
      it('says what changed since', async () => {
        const store = await fresh()
        await store.commit(madeBatch(numbers(1, 1), { incidents: [madeIncident('i1')] }))
        const first = await store.changes(0)
        expect(first.interfaceIds).toEqual(['his-lis-lab-order'])
        expect(await store.changes(first.change)).toEqual({
          change: first.change,
          interfaceIds: [],
          ticketIds: [],
          systemIds: [],
        })
        await store.openTicket(madeTicket('t1', 'i1'), 1)
        expect((await store.changes(first.change)).ticketIds).toEqual(['t1'])
      })
      it('sums what was shed from an instant on', async () => {
        const store = await fresh()
        const dropped = (at: number, count: number) => ({ at, reason: 'memory', count })
        await store.commit(
          madeBatch(numbers(1, 1), { dropped: [dropped(dawn, 1), dropped(dawn + hour, 4), dropped(dawn + hour + 1, 5)] }),
        )
        expect(await store.dropped(dawn + hour)).toEqual([{ reason: 'memory', count: 9 }])
        expect(await store.dropped()).toEqual([{ reason: 'memory', count: 10 }])
      })
    })

    describe('tickets', () => {
      it('gives an incident one ticket', async () => {
        const store = await fresh()
        await store.commit(
          madeBatch(numbers(1, 1), { incidents: [madeIncident('i1'), { ...madeIncident('i2'), ticketed: false }] }),
        )
        const [unswept, ...others] = await store.unsweptIncidents(10)
        expect(others).toEqual([])
        expect(unswept).toMatchObject({ incident: madeIncident('i1'), ticket: null })
        expect(await store.openTicket(madeTicket('t1', 'i1'), unswept?.version ?? 0)).toBe(true)
        expect(await store.openTicket(madeTicket('t9', 'i1'), unswept?.version ?? 0)).toBe(false)
        expect(await store.unsweptIncidents(10)).toEqual([])
        expect((await store.tickets({ limit: 10 })).items).toEqual([madeTicket('t1', 'i1')])
      })
      it('brings an incident up again when it changed, with its ticket', async () => {
        const store = await fresh()
        await store.commit(madeBatch(numbers(1, 1), { incidents: [madeIncident('i1')] }))
        await store.openTicket(madeTicket('t1', 'i1'), (await store.unsweptIncidents(1))[0]?.version ?? 0)
        await store.commit(
          madeBatch(numbers(2, 2), { incidents: [{ ...madeIncident('i1'), state: 'resolved', resolvedAt: dawn + 9 }] }),
        )
        const [again] = await store.unsweptIncidents(10)
        expect(again?.incident.state).toBe('resolved')
        expect(again?.ticket?.ticket.id).toBe('t1')
        expect(
          await store.saveTicket(
            { ...madeTicket('t1', 'i1'), state: 'resolved' },
            again?.ticket?.version ?? 0,
            again?.version ?? 0,
          ),
        ).toBe(true)
        expect(await store.unsweptIncidents(10)).toEqual([])
      })
      it('refuses a write on an older version', async () => {
        const store = await fresh()
        await store.openTicket(madeTicket('t1', 'i1'), 1)
        const read = await store.ticket('t1')
        expect(await store.saveTicket({ ...madeTicket('t1', 'i1'), owner: 'wang' }, read?.version ?? 0)).toBe(true)
        expect(await store.saveTicket({ ...madeTicket('t1', 'i1'), owner: 'li' }, read?.version ?? 0)).toBe(false)
        expect((await store.ticket('t1'))?.ticket.owner).toBe('wang')
        expect(await store.ticket('t0')).toBeNull()
      })
      it('lists by state, interface and best cause, newest first, page by page', async () => {
        const store = await fresh()
        for (let i = 0; i < 9; i += 1) {
          const ticket = {
            ...madeTicket(`t${i}`, `i${i}`),
            openedAt: dawn + Math.floor(i / 2) + 0.25,
            interfaceIds: i % 2 === 0 ? ['even', 'all'] : ['all'],
          }
          await store.openTicket(i === 4 ? { ...ticket, state: 'closed', causes: [] } : ticket, 1)
        }
        const ids = async (query: object) => (await store.tickets({ limit: 20, ...query })).items.map((t) => t.id)
        expect(await ids({})).toEqual(['t8', 't7', 't6', 't5', 't4', 't3', 't2', 't1', 't0'])
        expect(await ids({ interfaceId: 'even', states: ['open', 'assigned'] })).toEqual(['t8', 't6', 't2', 't0'])
        expect(await ids({ cause: 'unknown' })).toEqual(['t4'])
        expect(await ids({ openedFrom: dawn + 3 })).toEqual(['t8', 't7', 't6'])
        const first = await store.tickets({ limit: 4 })
        await store.openTicket({ ...madeTicket('t99', 'i99'), openedAt: dawn + 99 }, 1)
        expect(await ids({ limit: 9, cursor: first.nextCursor ?? '' })).toEqual(['t4', 't3', 't2', 't1', 't0'])
        expect((await store.openTicketCounts()).even).toBe(4)
        expect(await store.ticketCounts()).toContainEqual({ state: 'closed', cause: 'unknown', severity: 'P2', count: 1 })
      })
    })

    describe('duties', () => {
      const assign = { id: 't1/assign', kind: 'assign', startedAt: dawn, dueAt: dawn + 10.5 } as const
      const arrive = { id: 't1/arrive', kind: 'arrive', startedAt: dawn, dueAt: dawn + 5 } as const
      const nothing = { ends: [], starts: [], overdue: null, notices: [] }
      const withTicket = async () => {
        const store = await fresh()
        await store.openTicket(madeTicket('t1', 'i1'), 1, { ...nothing, starts: [assign, arrive] })
        return store
      }
      const idsOf = async (store: Store, query: object = {}) =>
        (await store.duties({ limit: 20, ...query })).items.map(({ duty }) => duty.id)

      it('begin with their ticket, nearest deadline first, and outlive a restart', async () => {
        await withTicket()
        const store = await reopened()
        expect(await idsOf(store)).toEqual(['t1/arrive', 't1/assign'])
        const [first] = (await store.duties({ ticketId: 't1', limit: 1 })).items
        expect(first).toEqual({
          duty: { ...arrive, ticketId: 't1', state: 'open', overdueAt: null, endedAt: null },
          ticket: madeTicket('t1', 'i1'),
        })
        expect(await idsOf(store, { ticketId: 't2' })).toEqual([])
      })
      it('are not begun for a ticket that could not be opened or saved', async () => {
        const store = await withTicket()
        const starts = [{ ...assign, id: 'other' }]
        expect(await store.openTicket(madeTicket('t9', 'i1'), 1, { ...nothing, starts })).toBe(false)
        expect(await store.saveTicket(madeTicket('t1', 'i1'), 99, 0, { ...nothing, starts })).toBe(false)
        expect(await idsOf(store)).toEqual(['t1/arrive', 't1/assign'])
      })
      it('end by kind, and one that ended is not begun again', async () => {
        const store = await withTicket()
        const ends = [{ kind: 'assign', state: 'done', at: dawn + 3 } as const]
        expect(await store.saveTicket(madeTicket('t1', 'i1'), 1, 0, { ...nothing, ends, starts: [arrive] })).toBe(true)
        expect(await idsOf(store, { state: 'open' })).toEqual(['t1/arrive'])
        expect((await store.duties({ state: 'done', limit: 2 })).items[0]?.duty.endedAt).toBe(dawn + 3)
        // Ends come before starts: the same kind may begin anew in one write.
        const again = { ...assign, id: 't1/assign/2' }
        await store.saveTicket(madeTicket('t1', 'i1'), 2, 0, { ...nothing, ends, starts: [again, assign] })
        expect(await idsOf(store, { state: 'open' })).toEqual(['t1/arrive', 't1/assign/2'])
      })
      it('that were void begin again under the same id, as when a fault gets better and worse again', async () => {
        const store = await withTicket()
        const ends = [{ kind: 'assign', state: 'void', at: dawn + 3 } as const]
        expect(await store.saveTicket(madeTicket('t1', 'i1'), 1, 0, { ...nothing, ends, starts: [assign] })).toBe(true)
        expect(await idsOf(store, { state: 'open' })).toEqual(['t1/arrive', 't1/assign'])
        expect((await store.duties({ limit: 2 })).items[1]?.duty.endedAt).toBe(null)
      })
      it('fall due, and are found late once', async () => {
        const store = await withTicket()
        const due = async (now: number) => (await store.dueDuties(now, 10)).map(({ duty }) => duty.id)
        expect(await due(dawn + 4.9)).toEqual([])
        expect(await due(dawn + 5)).toEqual(['t1/arrive'])
        expect(await due(dawn + 11)).toEqual(['t1/arrive', 't1/assign'])
        const [first] = await store.dueDuties(dawn + 5, 1)
        const overdue = { dutyId: 't1/arrive', at: dawn + 6 }
        expect(await store.saveTicket(madeTicket('t1', 'i1'), first?.version ?? 0, 0, { ...nothing, overdue })).toBe(true)
        expect(await due(dawn + 11)).toEqual(['t1/assign'])
        expect(await idsOf(store, { state: 'open', isOverdue: true })).toEqual(['t1/arrive'])
        expect(await idsOf(store, { isOverdue: false })).toEqual(['t1/assign'])
        const owned = { ...madeTicket('t1', 'i1'), owner: 'li' }
        expect(await store.saveTicket(owned, 2, 0, { ...nothing, overdue })).toBe(false)
        const ends = [{ kind: 'assign', state: 'void', at: dawn } as const]
        expect(await store.saveTicket(owned, 2, 0, { ...nothing, ends })).toBe(true)
        const gone = { dutyId: 't1/assign', at: dawn + 6 }
        expect(await store.saveTicket(madeTicket('t1', 'i1'), 3, 0, { ...nothing, overdue: gone })).toBe(false)
        expect((await store.ticket('t1'))?.ticket.owner).toBe('li')
      })
      it('are counted as kept or late by their deadlines, void ones not at all', async () => {
        const store = await withTicket()
        const recover = { id: 't1/recover', kind: 'recover', startedAt: dawn, dueAt: dawn + 20 } as const
        const overdue = { dutyId: 't1/arrive', at: dawn + 6 }
        await store.saveTicket(madeTicket('t1', 'i1'), 1, 0, { ...nothing, starts: [recover], overdue })
        const ends = [
          { kind: 'assign', state: 'done', at: dawn + 3 },
          { kind: 'recover', state: 'void', at: dawn + 3 },
        ] as const
        await store.saveTicket(madeTicket('t1', 'i1'), 2, 0, { ...nothing, ends })
        const all = [
          { kind: 'arrive', kept: 0, late: 1 },
          { kind: 'assign', kept: 1, late: 0 },
        ]
        expect(await store.dutyTallies(dawn, dawn + 30)).toEqual(all)
        // What was late counts as late when it is done after all; the end of the span is outside of it.
        await store.saveTicket(madeTicket('t1', 'i1'), 3, 0, {
          ...nothing,
          ends: [{ kind: 'arrive', state: 'done', at: dawn + 8 }],
        })
        expect(await store.dutyTallies(dawn, dawn + 10.5)).toEqual(all.slice(0, 1))
        expect(await store.dutyTallies(dawn + 6, dawn + 30)).toEqual(all.slice(1))
      })
      it('load their owners with the tickets that are worked on', async () => {
        const store = await withTicket()
        const owned = (id: string, owner: string | null, state: Ticket['state']) => ({
          ...madeTicket(id, `i-${id}`),
          owner,
          state,
        })
        await store.openTicket(owned('t2', 'li', 'assigned'), 1)
        await store.openTicket(owned('t3', 'li', 'open'), 1)
        await store.openTicket(owned('t4', 'li', 'resolved'), 1)
        await store.openTicket(owned('t5', null, 'open'), 1)
        const overdue = { dutyId: 't1/arrive', at: dawn + 6 }
        await store.saveTicket(owned('t1', 'wang', 'open'), 1, 0, { ...nothing, overdue })
        expect(await store.ownerLoads()).toEqual([
          { owner: 'li', open: 1, assigned: 1, late: 0 },
          { owner: null, open: 1, assigned: 0, late: 0 },
          { owner: 'wang', open: 1, assigned: 0, late: 1 },
        ])
      })
      it('come page by page while others begin', async () => {
        const store = await withTicket()
        const page = await store.duties({ limit: 1 })
        const early = { ...assign, id: 'early', dueAt: dawn }
        await store.saveTicket(madeTicket('t1', 'i1'), 1, 0, { ...nothing, starts: [early] })
        expect(await idsOf(store, { cursor: page.nextCursor ?? '' })).toEqual(['t1/assign'])
      })
      it('go with their ticket', async () => {
        const store = await withTicket()
        await store.saveTicket({ ...madeTicket('t1', 'i1'), state: 'closed', resolvedAt: dawn }, 1)
        const all = dawn + 1
        await store.prune({ bodiesBefore: all, exchangesBefore: all, minutesBefore: all, hoursBefore: all, closedBefore: all })
        await store.openTicket(madeTicket('t1', 'i1'), 1)
        expect(await idsOf(store)).toEqual([])
      })
      it('a lease is held by one, until it expires or is given back', async () => {
        const store = await fresh()
        expect(await store.takeLease('duties', 'a', dawn, 10)).toBe(true)
        expect(await store.takeLease('duties', 'b', dawn + 9, 10)).toBe(false)
        expect(await store.takeLease('other', 'b', dawn + 9, 10)).toBe(true)
        expect(await store.takeLease('duties', 'a', dawn + 9, 10)).toBe(true)
        expect(await store.takeLease('duties', 'b', dawn + 10, 10)).toBe(false)
        expect(await store.takeLease('duties', 'b', dawn + 19, 10)).toBe(true)
        await store.dropLease('duties', 'a')
        expect(await store.takeLease('duties', 'a', dawn + 20, 10)).toBe(false)
        await store.dropLease('duties', 'b')
        expect(await store.takeLease('duties', 'a', dawn + 20, 10)).toBe(true)
      })
      it("a lease that a clock gave which was set back since is nobody's", async () => {
        const store = await fresh()
        expect(await store.takeLease('duties', 'a', dawn, 10_000)).toBe(true)
        expect(await store.takeLease('duties', 'b', dawn - 8 * 3_600_000, 10_000)).toBe(true)
        expect(await store.takeLease('duties', 'c', dawn - 8 * 3_600_000, 10_000)).toBe(false)
      })
    })

    describe('notices', () => {
      const notice: Notice = {
        id: 't1/first/1',
        kind: 'first',
        ticketId: 't1',
        at: dawn + 1.5,
        severity: 'P1',
        interfaceIds: ['a'],
        title: { zh: '题', en: 'title' },
        body: { zh: '文', en: 'body' },
      }
      const notify = { id: 't1/notify', kind: 'notify', startedAt: dawn, dueAt: dawn + 300_000 } as const
      const toSend = { notice, channels: ['mail', 'sms', 'hook'] }
      const withNotice = async () => {
        const store = await fresh()
        const effects = { ends: [], starts: [notify], overdue: null, notices: [toSend] }
        await store.openTicket(madeTicket('t1', 'i1'), 1, effects)
        return store
      }
      const sent = { outcome: 'sent', at: dawn + 9, alarm: null } as const
      const failed = { outcome: 'failed', at: dawn + 9, nextAt: dawn + 99, alarm: null } as const

      it('wait on each of their channels, and outlive a restart', async () => {
        await withNotice()
        const store = await reopened()
        expect(await store.dueDeliveries('mail', dawn + 1, 10)).toEqual([])
        expect(await store.dueDeliveries('mail', dawn + 2, 10)).toEqual([
          { notice, channel: 'mail', state: 'waiting', tries: 0, nextAt: dawn + 1.5, sentAt: null },
        ])
        expect(await store.dueDeliveries('fax', dawn + 2, 10)).toEqual([])
      })
      it('are written once by their id, whatever they say', async () => {
        const store = await withNotice()
        const again = { notice: { ...notice, kind: 'progress' } as const, channels: ['fax', 'mail'] }
        await store.saveTicket(madeTicket('t1', 'i1'), 1, 0, { ends: [], starts: [], overdue: null, notices: [again] })
        expect((await store.deliveries('t1')).map((d) => [d.channel, d.notice.kind])).toEqual([
          ['hook', 'first'],
          ['mail', 'first'],
          ['sms', 'first'],
        ])
      })
      it('are sent once on each channel; on two, the duty to notify is done', async () => {
        const store = await withNotice()
        const duty = async () => (await store.duties({ limit: 1 })).items[0]?.duty.state
        expect(await store.settleDelivery(notice.id, 'mail', sent)).toBe(true)
        expect(await store.settleDelivery(notice.id, 'mail', sent)).toBe(false)
        expect(await store.dueDeliveries('mail', dawn + 99, 10)).toEqual([])
        expect(await duty()).toBe('open')
        expect(await store.settleDelivery(notice.id, 'sms', sent)).toBe(true)
        expect(await duty()).toBe('done')
        expect(await store.deliveryCounts()).toEqual([
          { channel: 'hook', state: 'waiting', count: 1 },
          { channel: 'mail', state: 'sent', count: 1 },
          { channel: 'sms', state: 'sent', count: 1 },
        ])
      })
      it('are tried again later, or given up', async () => {
        const store = await withNotice()
        await store.settleDelivery(notice.id, 'mail', failed)
        expect(await store.dueDeliveries('mail', dawn + 98, 10)).toEqual([])
        expect((await store.dueDeliveries('mail', dawn + 99, 10))[0]).toMatchObject({ tries: 1, state: 'waiting' })
        await store.settleDelivery(notice.id, 'mail', { ...failed, nextAt: null })
        expect(await store.dueDeliveries('mail', dawn + 9_999, 10)).toEqual([])
        expect((await store.deliveries('t1')).find((d) => d.channel === 'mail')?.state).toBe('abandoned')
      })
      it('for channels that are configured no more are given up', async () => {
        const store = await withNotice()
        await store.settleDelivery(notice.id, 'mail', failed)
        await store.settleDelivery(notice.id, 'hook', sent)
        await store.keepChannels(['sms'])
        expect((await store.deliveries('t1')).map((d) => [d.channel, d.state])).toEqual([
          ['hook', 'sent'],
          ['mail', 'abandoned'],
          ['sms', 'waiting'],
        ])
        expect(await store.failingChannels()).toEqual([])
      })
      it('a channel that fails is told on the others once, and once more when it is back', async () => {
        const store = await withNotice()
        const dead = { notice: { ...notice, id: 'dead', kind: 'channel-dead', ticketId: null } as const, channels: ['sms'] }
        const back = { notice: { ...notice, id: 'back', kind: 'channel-back', ticketId: null } as const, channels: ['sms'] }
        await store.settleDelivery(notice.id, 'mail', failed)
        expect(await store.failingChannels()).toEqual([{ name: 'mail', since: dawn + 9, isTold: false }])
        await store.settleDelivery(notice.id, 'mail', { ...failed, at: dawn + 20, alarm: dead })
        const deadAgain = { ...dead, notice: { ...dead.notice, id: 'dead again' } }
        await store.settleDelivery(notice.id, 'mail', { ...failed, at: dawn + 30, alarm: deadAgain })
        expect(await store.failingChannels()).toEqual([{ name: 'mail', since: dawn + 9, isTold: true }])
        await store.settleDelivery(notice.id, 'mail', { ...sent, alarm: back })
        expect(await store.failingChannels()).toEqual([])
        expect((await store.dueDeliveries('sms', dawn + 99, 9)).map((d) => d.notice.id)).toEqual(['back', 'dead', notice.id])
      })
    })

    describe('knowledge', () => {
      const version = (articleId: string, number: number) => ({
        articleId,
        version: number,
        at: dawn + number,
        by: 'wang',
        note: number === 1 ? null : 'clearer',
        content: { ...madeArticle, title: { zh: `第 ${number} 版`, en: `version ${number}` } },
      })
      const lesson = (ticketId: string, more: Partial<Lesson> = {}): Lesson => ({
        ticketId,
        cause: 'conn-refused',
        interfaceIds: ['his-lis-lab-order'],
        at: dawn,
        by: 'wang',
        resolved: 'restarted the service',
        closed: null,
        rootCause: null,
        repair: null,
        ...more,
      })
      const solved = async (store: Store, id: string, taught: Lesson | null, state: 'resolved' | 'open' = 'resolved') => {
        const before = await store.ticket(id)
        if (before === null) await store.openTicket(madeTicket(id, `i-${id}`), 1)
        const { ticket, version: expected } = (await store.ticket(id)) ?? { ticket: madeTicket(id, id), version: 0 }
        return store.saveTicket({ ...ticket, state }, expected, 0, { ...noEffects, lesson: taught })
      }
      it('keeps every version of an article, and lets nobody write over another', async () => {
        const store = await fresh()
        expect(await store.editedArticles()).toEqual([])
        expect(await store.saveArticle(version('a', 1))).toBe(true)
        expect(await store.saveArticle(version('a', 1))).toBe(false)
        expect(await store.saveArticle(version('a', 3))).toBe(false)
        expect(await store.saveArticle(version('a', 2))).toBe(true)
        expect(await store.saveArticle(version('b', 1))).toBe(true)
        expect(await store.editedArticles()).toEqual([version('a', 2), version('b', 1)])
        expect(await (await reopened()).articleVersions('a', 9)).toEqual([version('a', 2), version('a', 1)])
        expect(await store.articleVersions('a', 1)).toEqual([version('a', 2)])
      })
      it('learns with the ticket or not at all, adds to what is known, and forgets while the ticket is open again', async () => {
        const store = await fresh()
        const query = { cause: 'conn-refused', interfaceIds: [], limit: 9 }
        await solved(store, 't1', lesson('t1'))
        expect(await store.lessons(query)).toEqual([lesson('t1')])
        expect(
          await store.saveTicket(madeTicket('t1', 'i-t1'), 99, 0, { ...noEffects, lesson: lesson('t1', { by: 'li' }) }),
        ).toBe(false)
        expect(await store.lessons(query)).toEqual([lesson('t1')])
        const more = { resolved: null, rootCause: 'disk full', repair: 'added a disk', at: dawn + 9, by: 'li' }
        await solved(store, 't1', lesson('t1', more))
        const both = lesson('t1', { ...more, resolved: 'restarted the service' })
        expect(await store.lessons(query)).toEqual([both])
        await solved(store, 't1', null, 'open')
        expect(await store.lessons(query)).toEqual([])
        await solved(store, 't1', null)
        expect(await (await reopened()).lessons(query)).toEqual([both])
      })
      it('gives lessons of the interface first, then the newest, and of what nobody knew those of the interface alone', async () => {
        const store = await fresh()
        await solved(store, 't1', lesson('t1', { at: dawn + 1 }))
        await solved(store, 't2', lesson('t2', { at: dawn + 2, interfaceIds: ['other'] }))
        await solved(store, 't3', lesson('t3', { at: dawn + 3, interfaceIds: ['other'] }))
        await solved(store, 't4', lesson('t4', { cause: 'unknown' }))
        await solved(store, 't5', lesson('t5', { cause: 'unknown', interfaceIds: ['other'] }))
        const ids = async (query: Partial<LessonQuery>) =>
          (await store.lessons({ cause: 'conn-refused', interfaceIds: ['his-lis-lab-order'], limit: 9, ...query })).map(
            ({ ticketId }) => ticketId,
          )
        expect(await ids({})).toEqual(['t1', 't3', 't2'])
        expect(await ids({ limit: 2 })).toEqual(['t1', 't3'])
        expect(await ids({ exceptTicketId: 't1' })).toEqual(['t3', 't2'])
        expect(await ids({ cause: 'unknown' })).toEqual(['t4'])
        expect(await ids({ cause: 'dns' })).toEqual([])
      })
    })

    describe('access', () => {
      it('keeps sessions until they end', async () => {
        const store = await fresh()
        const session = { name: 'wang', role: 'engineer', csrfToken: 'c', expiresAt: dawn + 10, seenAt: dawn }
        await store.saveSession('h', session)
        expect(await store.session('h', dawn)).toEqual(session)
        expect(await store.session('h', dawn + 10)).toBeNull()
        await store.saveSession('h2', session)
        await store.endSession('h2')
        expect(await store.session('h2', dawn)).toBeNull()
      })
      it('lets a link in once, before it expires', async () => {
        const store = await fresh()
        const link = { name: 'admin', role: 'admin', expiresAt: dawn + 10 }
        await store.saveSignInLink('a', link)
        await store.saveSignInLink('b', link)
        expect(await store.takeSignInLink('a', dawn)).toEqual({ name: 'admin', role: 'admin' })
        expect(await store.takeSignInLink('a', dawn)).toBeNull()
        expect(await store.takeSignInLink('b', dawn + 10)).toBeNull()
        expect(await store.takeSignInLink('c', dawn)).toBeNull()
        await store.saveSignInLink('d', { name: 'li', role: '', expiresAt: dawn + 10 })
        await store.saveSignInLink('e', { name: 'chen', role: '', expiresAt: dawn + 10 })
        await store.dropSignInLinks('li')
        expect(await store.takeSignInLink('d', dawn)).toBeNull()
        expect(await store.takeSignInLink('e', dawn)).toEqual({ name: 'chen', role: '' })
      })
      it('ends the other sessions of one person', async () => {
        const store = await fresh()
        const session = { name: 'wang', role: 'engineer', csrfToken: 'c', expiresAt: dawn + 10, seenAt: dawn }
        for (const hash of ['a', 'b', 'c']) await store.saveSession(hash, { ...session, name: hash === 'c' ? 'li' : 'wang' })
        await store.touchSession('a', dawn + 5)
        await store.endSessionsOf('wang', 'a')
        expect(await store.session('a', dawn)).toEqual({ ...session, seenAt: dawn + 5 })
        expect(await store.session('b', dawn)).toBeNull()
        expect(await store.session('c', dawn)).toEqual({ ...session, name: 'li' })
        await store.endSessionsOf('wang')
        expect(await store.session('a', dawn)).toBeNull()
      })
      it('keeps users, one of a name, and counts wrong passwords', async () => {
        const store = await fresh()
        const wang: User = {
          name: 'wang',
          title: '王工',
          role: null,
          source: 'local',
          state: 'active',
          password: null,
          passwordAt: null,
          failures: 0,
          lockedUntil: null,
          createdAt: dawn,
          seenAt: null,
        }
        expect(await store.addUser(wang)).toBe(true)
        expect(await store.addUser({ ...wang, role: 'admin' })).toBe(false)
        expect(await store.user('wang')).toEqual(wang)
        expect(await store.user('li')).toBeNull()
        expect(await store.changeUser('li', { role: 'viewer' })).toBe(false)
        expect(await store.changeUser('wang', { role: 'viewer', seenAt: dawn + 1 })).toBe(true)
        const counted = await Promise.all([1, 2, 3].map(() => store.countWrongPassword('wang', 3, dawn + 99)))
        expect(counted.map((user) => [user?.failures, user?.lockedUntil])).toEqual([
          [1, null],
          [2, null],
          [3, dawn + 99],
        ])
        expect(await store.countWrongPassword('li', 3, dawn)).toBeNull()
        await store.addUser({ ...wang, name: 'an' })
        expect((await (await reopened()).users()).map(({ name, role }) => [name, role])).toEqual([
          ['an', null],
          ['wang', 'viewer'],
        ])
      })
      it('keeps settings', async () => {
        const store = await fresh()
        expect(await store.setting('x')).toBeNull()
        await store.setSetting('x', { a: [1] })
        expect(await (await reopened()).setting('x')).toEqual({ a: [1] })
      })
    })

    describe('audit', () => {
      const row = (n: number) => ({
        at: dawn + n,
        by: 'wang',
        role: 'engineer',
        action: n === 2 ? 'reveal request' : 'sign in',
        subject: `e${n}`,
        reason: n === 1 ? null : 'ticket t1',
      })
      const written = (n: number) => ({ ...row(n), number: n, address: null, outcome: 'done' })
      it('lists what was written, newest first, by time, person, action and outcome', async () => {
        const store = await fresh()
        for (const n of [1, 2, 3]) await store.appendAudit(row(n))
        const first = await store.audit({ limit: 2 })
        expect(first.items).toMatchObject([written(3), written(2)])
        expect((await store.audit({ limit: 2, cursor: first.nextCursor ?? '' })).items).toMatchObject([written(1)])
        const found = async (query: object) => (await store.audit({ limit: 9, ...query })).items.map(({ number }) => number)
        expect(await found({ from: dawn + 2, to: dawn + 3 })).toEqual([2])
        expect(await found({ action: 'reveal' })).toEqual([2])
        expect(await found({ by: 'li' })).toEqual([])
        await store.appendAudit({ ...row(4), by: 'li', outcome: 'refused', address: '10.1.0.9' })
        expect(await found({ by: 'li', outcome: 'refused' })).toEqual([4])
        expect((await store.audit({ limit: 1 })).items[0]).toMatchObject({ address: '10.1.0.9', outcome: 'refused' })
      })
      it('is a chain that is checked slice by slice, and goes on after a restart', async () => {
        const store = await fresh()
        expect(await store.auditEnd()).toBeNull()
        expect(await store.verifyAudit(null, 5)).toMatchObject({ breach: null, isEnd: true, last: { number: 0 } })
        for (const n of [1, 2, 3]) await store.appendAudit(row(n))
        const again = await reopened()
        await again.appendAudit({ ...row(4), by: 'half a pair \ud800, and \0' })
        const first = await again.verifyAudit(null, 2)
        expect(first).toMatchObject({ breach: null, isEnd: false, last: { number: 2 } })
        expect(await again.verifyAudit(first.last, 5)).toEqual({ breach: null, isEnd: true, last: await again.auditEnd() })
        expect((await again.audit({ limit: 1 })).items[0]?.by).toBe('half a pair \ufffd, and \ufffd')
        expect(new Set((await again.audit({ limit: 9 })).items.map(({ hash }) => hash)).size).toBe(4)
      })
      it('keeps one signature for each place', async () => {
        const store = await fresh()
        const checkpoint = { number: 1, hash: 'a', at: dawn, signature: 'b' }
        await store.saveCheckpoint(checkpoint)
        await store.saveCheckpoint({ ...checkpoint, number: 2 })
        await store.saveCheckpoint({ ...checkpoint, signature: 'another' })
        expect(await store.checkpoints(9)).toEqual([{ ...checkpoint, number: 2 }, checkpoint])
      })
    })

    describe('prune', () => {
      it('drops what is older, all of it and nothing else, and gives the disk back', async () => {
        const store = await fresh()
        const body = Uint8Array.from({ length: 3000 }, (_, i) => (i * 7919 * i) % 251)
        const made = Array.from({ length: 3000 }, (_, i) =>
          madeExchange({ number: i + 1, at: dawn + i * 120_000, body: body.map((b) => (b + i) % 256) }),
        )
        for (let from = 0; from < made.length; from += 500) await store.commit(madeBatch(made.slice(from, from + 500)))
        const before = dawn + 1500 * 120_000
        const sizes = await store.size()
        const retention = {
          bodiesBefore: before,
          exchangesBefore: before,
          minutesBefore: before,
          hoursBefore: before,
          closedBefore: before,
        }
        let exchanges = 0
        for (let more = true; more; ) {
          const slice = await store.prune(retention)
          exchanges += slice.exchanges
          more = slice.more
        }
        expect(exchanges).toBe(1500)
        const left = await store.exchanges({ limit: 3000 })
        expect(left.items).toHaveLength(1500)
        expect(left.items.at(-1)?.controlId).toBe('C1501')
        expect((await store.exchanges({ key: 'C2000', limit: 5 })).items).toHaveLength(1)
        expect((await store.exchanges({ key: 'C3', limit: 5 })).items).toEqual([])
        expect((await store.totals())[0]?.exchanges).toBe(3000)
        const after = await store.size()
        expect(after.rowBytes).toBeLessThan(sizes.rowBytes * 0.7)
        expect(after.bodyBytes).toBeLessThan(sizes.bodyBytes * 0.75)
        expect(await store.message(made[2900]?.exchange.id ?? '', 'request')).not.toBeNull()
      })
      it('says that a body is gone when only bodies were pruned', async () => {
        const store = await fresh()
        const { exchange } = madeExchange({ number: 1 })
        await store.commit(madeBatch([madeExchange({ number: 1 })]))
        await store.prune({
          bodiesBefore: dawn + 2 * 86_400_000,
          exchangesBefore: 0,
          minutesBefore: 0,
          hoursBefore: 0,
          closedBefore: 0,
        })
        expect((await store.exchange(exchange.id))?.kept).toEqual({ request: false, answer: false })
        expect(await store.message(exchange.id, 'request')).toBeNull()
      })
    })
  })
}

function madeAlert(id: string, state: Alert['state']): Alert {
  const subject = { kind: 'interface', id: 'his-lis-lab-order' } as const
  return {
    id,
    monitor: 'failures',
    signal: 'failures/rate',
    subject,
    state,
    flapping: false,
    onsetAt: dawn,
    pendingAt: dawn,
    firingAt: state === 'pending' ? null : dawn,
    resolvedAt: null,
    lastBadAt: dawn,
    reading: {
      monitor: 'failures',
      signal: 'failures/rate',
      subject,
      at: dawn,
      onsetAt: dawn,
      state: 'bad',
      score: 2,
      severity: 'ticket',
      facts: { failureRate: 0.5 },
      exchangeIds: [],
    },
  }
}
