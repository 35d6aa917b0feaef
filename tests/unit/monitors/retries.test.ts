import { expect, test } from 'vitest'
import { retries } from '../../../monitors/retries.ts'
import {
  aCatalogue,
  anInterface,
  type ExchangeWish,
  exchanged,
  feed,
  inOrder,
  minuteMs,
  mondayMorning,
  readingsOf,
  ticked,
} from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))
const copyOf = (at: number, controlId: string, copy: number, sameBody = true) =>
  exchanged({ at, controlId, wire: [{ kind: 'duplicate', of: 'e-0', sameBody, copy }] })

/** Each message `attempts` times, `perMinute` attempts a minute. */
function attempts(from: number, minutes: number, perMinute: number, each: number) {
  return Array.from({ length: minutes * perMinute }, (_, i) => {
    const at = from + (i * minuteMs) / perMinute
    const id = `${from}-${Math.floor(i / each)}`
    return i % each === 0 ? exchanged({ at, controlId: id }) : copyOf(at, id, i % each)
  })
}

test('retries/duplicate: three messages that came twice', () => {
  const healthy = Array.from({ length: 100 }, (_, i) => exchanged({ at: mondayMorning + i * 1000 }))
  const twice = ['A', 'B', 'C', 'D'].map((id, i) => copyOf(mondayMorning + 100_000 + i, id, 2))
  const readings = readingsOf(retries, catalogue, [...healthy, ...twice])
  expect(readings.map((r) => r.signal)).toEqual(['retries/duplicate'])
})

test('retries/id-reuse: the same ids with other contents', () => {
  const reused = ['A', 'B', 'C'].map((id, i) => copyOf(mondayMorning + i, id, 2, false))
  expect(readingsOf(retries, catalogue, reused).map((r) => r.signal)).toEqual(['retries/id-reuse'])
})

test('retries/storm: three minutes of three attempts each; over after three calm minutes', () => {
  const run = retries.start({ catalogue }, null)
  feed(run, attempts(mondayMorning, 5, 30, 1))
  const stormAt = mondayMorning + 5 * minuteMs
  const storm = feed(run, attempts(stormAt, 4, 30, 3)).filter((r) => r.signal === 'retries/storm')
  expect(storm[0]).toMatchObject({ state: 'bad', severity: 'ticket', onsetAt: stormAt })
  expect(storm[0]?.facts.attemptsPerMessage).toBeCloseTo(3, 6)
  const after = feed(
    run,
    [1, 2, 3, 4, 5].map((i) => ticked(stormAt + (4 + i) * minuteMs)),
  )
  expect(after.some((r) => r.signal === 'retries/storm' && r.state === 'good')).toBe(true)
})

test('a surge of distinct messages is no storm', () => {
  expect(
    readingsOf(retries, catalogue, [
      ...attempts(mondayMorning, 5, 10, 1),
      ...attempts(mondayMorning + 5 * minuteMs, 5, 300, 1),
    ]),
  ).toEqual([])
})

/** Messages `everyMs` apart, each with so many copies a second apart, as their sender interleaves them. */
function copied(from: number, messages: number, everyMs: number, copies: number) {
  return Array.from({ length: messages }, (_, m) => m).flatMap((m) => {
    const at = from + m * everyMs
    return [
      exchanged({ at, controlId: `${m}` }),
      ...Array.from({ length: copies }, (_, c) => copyOf(at + (c + 1) * 1000, `${m}`, c + 1)),
    ]
  })
}

test('retries/storm: several messages with five copies each are one within a minute', () => {
  const [first] = readingsOf(retries, catalogue, copied(mondayMorning + 5000, 3, 20_000, 5)).filter(
    (r) => r.signal === 'retries/storm',
  )
  expect(first).toMatchObject({ state: 'bad', severity: 'ticket', onsetAt: mondayMorning + 6000 })
  expect((first?.at ?? Number.POSITIVE_INFINITY) - mondayMorning).toBeLessThan(60_000)
})

test('one message over and over is none, and neither is what comes twice', () => {
  const poison = [...copied(mondayMorning, 1, 1000, 40), ...attempts(mondayMorning + 45_000, 1, 6, 1)]
  const twice = copied(mondayMorning, 40, 3000, 1)
  for (const items of [poison, twice])
    expect(readingsOf(retries, catalogue, items).filter((r) => r.signal === 'retries/storm')).toEqual([])
})

test('retries/duplicate: what was refused and is sent again is none; what was taken and is refused the second time is one', () => {
  const sent = (first: 'failed' | 'answered') =>
    ['A', 'B', 'C', 'D', 'E'].flatMap((id, i) => {
      const at = mondayMorning + 100_000 + i * 30_000
      const again = { at: at + 10_000, controlId: id, outcome: 'failed' } as const
      const wire = [{ kind: 'duplicate', of: 'e-0', sameBody: true, copy: 1 }] as const
      return [exchanged({ at, controlId: id, outcome: first }), exchanged({ ...again, wire })]
    })
  const healthy = Array.from({ length: 100 }, (_, i) => exchanged({ at: mondayMorning + i * 1000 }))
  expect(readingsOf(retries, catalogue, [...healthy, ...sent('failed')])).toEqual([])
  expect(readingsOf(retries, catalogue, [...healthy, ...sent('answered')])[0]?.signal).toBe('retries/duplicate')
})

test('messages whose sender waits ten seconds before each attempt are no storm; whose sender doesn’t wait after the time-out are', () => {
  const tried = (pauseMs: number, waitMs: number) =>
    [0, 3000, 6000].flatMap((from, m) =>
      Array.from({ length: 11 }, (_, copy) => {
        const at = mondayMorning + from + copy * (pauseMs + waitMs)
        const unanswered = { latencyMs: waitMs, outcome: 'unanswered' } as const
        return exchanged({
          at,
          controlId: `${m}`,
          ...unanswered,
          wire: copy === 0 ? [] : [{ kind: 'duplicate', of: 'e-0', sameBody: true, copy }],
        })
      }),
    )
  const storms = (items: ReturnType<typeof tried>) =>
    readingsOf(retries, catalogue, inOrder(items)).filter((r) => r.signal === 'retries/storm')
  expect(storms(tried(10_000, 20))).toEqual([])
  expect(storms(tried(0, 8000))[0]).toMatchObject({ state: 'bad', severity: 'ticket' })
})

const posted = (at: number, request: string, method = 'POST') =>
  exchanged({
    at,
    interfaceId: 'rx-check',
    controlId: null,
    type: `${method} /rx/check`,
    keys: [
      { kind: 'request', value: request, authority: null },
      { kind: 'prescription', value: `RX${request}`, authority: null },
    ],
  })

const overHttp = aCatalogue(anInterface('rx-check', { protocol: 'http', format: 'json' }))

test('calls over HTTP that repeat their request’s own id are copies, also across a restart', () => {
  const healthy = Array.from({ length: 100 }, (_, i) => posted(mondayMorning + i * 1000, `A${i}`))
  const twice = Array.from({ length: 12 }, (_, i) => posted(mondayMorning + 200_000 + i * 900, `B${Math.floor(i / 2)}`))
  const first = retries.start({ catalogue: overHttp }, null)
  feed(first, [...healthy, ...twice.slice(0, 5)])
  const second = retries.start({ catalogue: overHttp }, JSON.parse(JSON.stringify(first.save())))
  expect(feed(second, twice.slice(5)).map((r) => r.signal)).toEqual(['retries/duplicate'])
})

test('questions that are asked again, and an id that is handed on to other calls, are none', () => {
  const asked = Array.from({ length: 40 }, (_, i) => posted(mondayMorning + i * 1000, `A${Math.floor(i / 2)}`, 'GET'))
  const handedOn = Array.from({ length: 40 }, (_, i) => {
    const one = posted(mondayMorning + 100_000 + i * 1000, `C${i}`)
    if (one.kind !== 'exchange' || one.requestFacts === null) return one
    const keys = one.requestFacts.keys.map((key) => (key.kind === 'request' ? { ...key, value: `D${Math.floor(i / 2)}` } : key))
    return { ...one, requestFacts: { ...one.requestFacts, keys } }
  })
  expect(readingsOf(retries, overHttp, [...asked, ...handedOn])).toEqual([])
})

/** Calls without an id of their own; the batch that they name, what else was read of them, and how many there are. */
function calls(
  from: number,
  count: number,
  batchOf: (n: number) => string,
  type = 'POST /trace',
  wish: Partial<ExchangeWish> = {},
) {
  return Array.from({ length: count }, (_, n) => ({
    ...exchanged({
      at: from + n * 1000,
      type,
      keys: [{ kind: 'batch', value: batchOf(n), authority: null }],
      requestStamps: [{ path: 'sentAt', kind: 'message', at: mondayMorning, resolutionMs: 1000, hasZone: false }],
      ...wish,
    }),
  })).map((item) => ({
    ...item,
    entry: { ...item.entry, exchange: { ...item.entry.exchange, controlId: null } },
    requestFacts: item.requestFacts === null ? null : { ...item.requestFacts, controlId: null },
  }))
}

test('retries/duplicate: calls without an id of their own, whose batch and content come again; not those whose content differs', () => {
  const twice = calls(mondayMorning, 60, (n) => `B${n < 40 ? n : Math.floor(n / 2)}`)
  expect(readingsOf(retries, catalogue, twice).map((r) => r.signal)).toEqual(['retries/duplicate'])
  const other = twice.map((item, n) => ({
    ...item,
    requestFacts: item.requestFacts === null ? null : { ...item.requestFacts, codes: [{ path: 'status', value: `${n}` }] },
  }))
  expect(readingsOf(retries, catalogue, other)).toEqual([])
})

test('retries/duplicate: objects that an archive took are stored again, after hundreds of others; what it refused may come again', () => {
  const study = (from: number, first: number, wish: Partial<ExchangeWish> = {}) =>
    Array.from({ length: 300 }, (_, n) =>
      exchanged({ at: from + n * 100, type: 'C-STORE', controlId: `1.2.${first + n}`, ...wish }),
    )
  const well = study(mondayMorning, 0)
  expect(readingsOf(retries, catalogue, [...well, ...study(mondayMorning + minuteMs, 1000)])).toEqual([])
  const again = readingsOf(retries, catalogue, [...well, ...study(mondayMorning + minuteMs, 0)])
  expect(again[0]).toMatchObject({ signal: 'retries/duplicate', severity: 'ticket', onsetAt: mondayMorning + minuteMs })
  const refused = study(mondayMorning, 0, { outcome: 'failed' })
  expect(readingsOf(retries, catalogue, [...refused, ...study(mondayMorning + minuteMs, 0)])).toEqual([])
})

test('retries/duplicate: events that stand twice in their topic, under a number each', () => {
  const topic = aCatalogue(anInterface('his-queue-call', { protocol: 'record', format: 'json' }))
  const published = (twiceFrom: number) =>
    calls(mondayMorning, 60, (n) => `B${n < twiceFrom ? n : Math.floor(n / 2)}`, 'his.events', {
      interfaceId: 'his-queue-call',
      outcome: 'one-way',
    }).map((item, n) => ({
      ...item,
      entry: { ...item.entry, exchange: { ...item.entry.exchange, controlId: `0-${n}` } },
    }))
  expect(readingsOf(retries, topic, published(60))).toEqual([])
  expect(readingsOf(retries, topic, published(40)).map((r) => r.signal)).toEqual(['retries/duplicate'])
})

test('retries/storm: what is refused and sent again at once is a storm that began with the first of it', () => {
  const healthy = Array.from({ length: 100 }, (_, i) => exchanged({ at: mondayMorning + i * 1000 }))
  const stormAt = mondayMorning + 120_000
  const refused = Array.from({ length: 60 }, (_, i) => {
    const [at, controlId] = [stormAt + i * 400, `refused-${Math.floor(i / 8)}`]
    const duplicate = { kind: 'duplicate', of: 'e-0', sameBody: true, copy: i % 8 } as const
    return exchanged({ at, controlId, outcome: 'failed', code: 'AE', ...(i % 8 === 0 ? {} : { wire: [duplicate] }) })
  })
  const [storm] = readingsOf(retries, catalogue, [...healthy, ...refused]).filter((r) => r.signal === 'retries/storm')
  expect(storm).toMatchObject({ state: 'bad', severity: 'ticket' })
  expect(Math.abs((storm?.onsetAt ?? 0) - stormAt)).toBeLessThan(1000)
})
