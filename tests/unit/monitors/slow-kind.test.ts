import { expect, test } from 'vitest'
import type { Inspected, Reading } from '../../../gateway/model/reading.ts'
import { slowKind } from '../../../monitors/slow-kind.ts'
import { aCatalogue, anInterface, type ExchangeWish, exchanged, feed, mondayMorning, normal, seeded } from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))
const faultAt = mondayMorning + 600_000

/** A write and a read a second each, with what the fault does to either from ten minutes on. */
function traffic(
  fault: { write?: (i: number) => Partial<ExchangeWish>; read?: (i: number) => Partial<ExchangeWish> },
  seconds = 1200,
) {
  const random = seeded(3)
  const items: Inspected[] = []
  for (let i = 0; i < seconds; i += 1) {
    const at = mondayMorning + i * 1000
    const since = (at - faultAt) / 1000
    const usual = () => 40 * Math.exp(0.4 * normal(random))
    const wish = (changes: ((n: number) => Partial<ExchangeWish>) | undefined) => (since >= 0 ? (changes?.(since) ?? {}) : {})
    items.push(exchanged({ at, type: 'POST /record', latencyMs: usual(), ...wish(fault.write) }))
    items.push(exchanged({ at: at + 500, type: 'GET /record', latencyMs: usual(), ...wish(fault.read) }))
  }
  return items
}

function told(items: readonly Inspected[]): readonly Reading[] {
  return feed(slowKind.start({ catalogue }, null), items)
}

test('writes that take a second more from one moment to the next, while reads don’t: a step', () => {
  const readings = told(traffic({ write: () => ({ latencyMs: 1040 }) }))
  const ticket = readings.find((r) => r.severity === 'ticket')
  expect(ticket).toMatchObject({ signal: 'types/slow', state: 'bad' })
  expect((ticket?.at ?? 0) - faultAt).toBeLessThan(15_000)
  expect(Math.abs((ticket?.onsetAt ?? 0) - faultAt)).toBeLessThan(5_000)
  expect(ticket?.facts).toMatchObject({ type: 'POST /record' })
  expect(Number(ticket?.facts.othersRatio)).toBeLessThan(1.3)
  expect(Number(ticket?.facts.stepShare)).toBeGreaterThan(0.7)
})

test('one that was slow by chance before it does not make a ramp of a step', () => {
  const write = (s: number) => (s === 0 ? { latencyMs: 250 } : s < 5 ? { latencyMs: 55 } : { latencyMs: 1040 })
  const ticket = told(traffic({ write })).find((r) => r.severity === 'ticket')
  expect(Number(ticket?.facts.stepShare)).toBeGreaterThan(0.7)
})

test('a type that is never answered is slow too', () => {
  const stuck = () =>
    ({ outcome: 'unanswered', latencyMs: null, wire: [{ kind: 'timeout', at: faultAt, afterMs: 30_000 }] }) as const
  const ticket = told(traffic({ write: stuck })).find((r) => r.severity === 'ticket')
  expect(Number(ticket?.facts.unanswered)).toBeGreaterThan(2)
})

test('all types slow is another question, and so is nothing', () => {
  const slow = () => ({ latencyMs: 1040 })
  expect(told(traffic({ write: slow, read: slow })).filter((r) => r.severity === 'ticket')).toEqual([])
  expect(told(traffic({}, 20_000))).toEqual([])
})

test('it is good again when the type is fast again', () => {
  const readings = told(traffic({ write: (s) => (s < 120 ? { latencyMs: 1040 } : {}) }))
  expect(readings.at(-1)?.state).toBe('good')
})

test('several kinds of write slow at once, beside reads that are as fast as ever', () => {
  const items = traffic({ write: (s) => ({ type: Math.floor(s) % 2 === 0 ? 'POST /record' : 'POST /note', latencyMs: 1040 }) })
  const ticket = told(items).find((r) => r.severity === 'ticket')
  expect(Number(ticket?.facts.othersRatio)).toBeLessThan(1.3)
})

test('thirty messages of each kind are enough to know what is usual', () => {
  const items = traffic({ write: () => ({ latencyMs: 1040 }) })
  expect(told(items.slice(2 * 570)).some((r) => r.severity === 'ticket')).toBe(true)
})

test('many operations, of each too few to know what is usual: all that writes is slow, and what asks is not', () => {
  const iface = anInterface('mnis-emr-nursing', { protocol: 'http' })
  const types = ['POST /order', 'POST /note', 'GET /order', 'GET /note', 'POST /search', 'PUT /note', 'GET /list']
  const items = (isSlow: (type: string) => boolean) =>
    Array.from({ length: 175 }, (_, i) => {
      const type = types[i % types.length] ?? ''
      const latencyMs = i >= 119 && isSlow(type) ? 2000 : 60 + (i % 5) * 10
      return exchanged({ at: mondayMorning + i * 20_000, interfaceId: iface.id, type, latencyMs })
    })
  const heard = (isSlow: (type: string) => boolean) =>
    feed(slowKind.start({ catalogue: aCatalogue(iface) }, null), items(isSlow)).filter((r) => r.severity === 'ticket')
  expect(heard((type) => /^P[OU].*(?:order|note)$/.test(type))[0]?.facts).toMatchObject({
    type: 'writes',
    othersRatio: expect.closeTo(1, 0),
  })
  expect(heard(() => true)).toEqual([])
  expect(heard((type) => /^GET|search/.test(type))).toEqual([])
})

test('all slow for long, with too few of each kind to know: what is learned meanwhile is not what is usual', () => {
  const iface = anInterface('his-nhsa-settlement', { protocol: 'http' })
  const items = Array.from({ length: 240 }, (_, i) => {
    const type = i % 4 === 0 ? `POST /query/${(i / 4) % 3}` : 'POST /settle'
    return exchanged({
      at: mondayMorning + i * 20_000,
      interfaceId: iface.id,
      type,
      latencyMs: (i < 90 ? 250 : 4000) + (i % 5) * 10,
    })
  })
  const run = slowKind.start({ catalogue: aCatalogue(iface) }, null)
  expect(feed(run, items).filter((r) => r.severity === 'ticket')).toEqual([])
})

test('all slow, one type of which was hardly known before: it is as slow as the others, whatever may be learned of it', () => {
  const items = Array.from({ length: 600 }, (_, i) =>
    exchanged({
      at: mondayMorning + i * 10_000,
      type: i % (i < 100 ? 8 : 2) === 0 ? 'ADT^A08' : 'SIU^S12',
      latencyMs: (i < 100 ? 90 : 3000) + (i % 5) * 10,
    }),
  )
  expect(told(items).filter((r) => r.severity === 'ticket')).toEqual([])
})

test('operations of SOAP are told apart, though their path is one', () => {
  const iface = anInterface('cssd-his-trace', { protocol: 'http', format: 'soap' })
  const items = Array.from({ length: 160 }, (_, i): Inspected => {
    const latencyMs = (i >= 110 && i % 2 === 0 ? 2000 : 60) + (i % 5) * 10
    const at = mondayMorning + i * 20_000
    const item = exchanged({ at, interfaceId: iface.id, type: 'POST /his/services/TraceService', latencyMs })
    const { requestFacts } = item
    return {
      ...item,
      requestFacts: requestFacts && { ...requestFacts, type: i % 2 === 0 ? 'PushTraceBatch' : 'QueryPack' },
    }
  })
  const ticket = feed(slowKind.start({ catalogue: aCatalogue(iface) }, null), items).find((r) => r.severity === 'ticket')
  expect(ticket?.facts).toMatchObject({ type: 'PushTraceBatch' })
})

test('a run of X-rays after slices of a CT: larger objects take longer to store, beside echoes as fast as ever', () => {
  const random = seeded(2)
  const store = (i: number): Inspected => {
    const isEcho = i % 2 === 1
    const isXray = i % 500 >= 440
    const requestBytes = isEcho ? 200 : Math.round((isXray ? 14_000_000 : 530_000) * Math.exp(0.05 * normal(random)))
    const latencyMs = (isEcho ? 4 : 10 + requestBytes / 40_000) * Math.exp(0.2 * normal(random))
    return exchanged({
      at: mondayMorning + i * 1000,
      type: isEcho ? 'C-ECHO' : 'C-STORE',
      code: '0000',
      requestBytes,
      latencyMs,
    })
  }
  expect(told(Array.from({ length: 3_000 }, (_, i) => store(i)))).toEqual([])
})
