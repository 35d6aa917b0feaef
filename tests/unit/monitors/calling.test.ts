import { expect, test } from 'vitest'
import type { Inspected } from '../../../gateway/model/reading.ts'
import { calling } from '../../../monitors/calling.ts'
import { aCatalogue, anInterface, exchanged, feed, hourMs, mondayMorning, normal, readingsOf, seeded } from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))
const faultAt = mondayMorning + hourMs

/** A call a second: what lies before its first byte, what sending takes, on an old or a new connection, and its size. */
function calls(
  from: number,
  count: number,
  like: (i: number) => {
    readonly leadMs?: number
    readonly sendMs: number
    readonly bytes?: number
    readonly latencyMs?: number
  },
): Inspected[] {
  return Array.from({ length: count }, (_, i) => {
    const { leadMs, sendMs, bytes = 1000, latencyMs = 20 } = like(i)
    const item = exchanged({ at: from + i * 1000, latencyMs })
    const { exchange } = item.entry
    const { request, connection } = exchange
    const startAt = from + i * 1000 - sendMs
    return {
      ...item,
      entry: {
        ...item.entry,
        exchange: {
          ...exchange,
          connection: {
            ...connection,
            exchangesBefore: leadMs === undefined ? 7 : 0,
            openedAt: startAt - (leadMs ?? 0),
            connectMs: 0,
          },
          request: request && { ...request, startAt, wireBytes: bytes },
        },
      },
    }
  })
}

test('requests that take two seconds to send where they took two milliseconds: the caller’s', () => {
  const run = calling.start({ catalogue }, null)
  expect(
    feed(
      run,
      calls(mondayMorning, 300, () => ({ sendMs: 2 })),
    ),
  ).toEqual([])
  const readings = feed(
    run,
    calls(faultAt, 40, (i) => ({ sendMs: i % 4 === 0 ? 2 : 2000 })),
  )
  expect(readings[0]).toMatchObject({ signal: 'calling/slow', state: 'bad', onsetAt: faultAt + 1000 })
  expect(readings.at(-1)).toMatchObject({
    severity: 'ticket',
    facts: { usualMs: expect.closeTo(2, 1), thinkMs: 19, waitedShare: 0 },
  })
  expect(
    feed(
      run,
      calls(faultAt + hourMs, 20, () => ({ sendMs: 2 })),
    ).at(-1),
  ).toMatchObject({ state: 'good' })
})

test('a connection that stands and waits for its first byte', () => {
  const readings = readingsOf(calling, catalogue, [
    ...calls(mondayMorning, 300, () => ({ leadMs: 3, sendMs: 1 })),
    ...calls(faultAt, 40, () => ({ leadMs: 900, sendMs: 1 })),
  ])
  expect(readings[0]?.facts).toMatchObject({ waitedShare: 1 })
})

test('three seconds before the first byte are felt, be half a minute agreed for the answer', () => {
  const patient = anInterface('his-lis-lab-order', { objectives: { successRate: 0.99, latencyP95Ms: 30_000 } })
  const run = calling.start({ catalogue: aCatalogue(patient) }, null)
  feed(
    run,
    calls(mondayMorning, 300, () => ({ leadMs: 3, sendMs: 1 })),
  )
  const readings = feed(
    run,
    calls(faultAt, 40, (i) => ({ leadMs: i % 2 === 0 ? 3000 : 3, sendMs: 1 })),
  )
  expect(readings.at(-1)).toMatchObject({ severity: 'ticket', facts: { waitedShare: 1 } })
})

test('slow answers, large messages, connections that are opened ahead, and healthy noise are not the caller’s', () => {
  const random = seeded(2)
  const quiet = (like: Parameters<typeof calls>[2]) =>
    expect(
      readingsOf(calling, catalogue, [...calls(mondayMorning, 300, () => ({ sendMs: 2 })), ...calls(faultAt, 200, like)]),
    ).toEqual([])
  quiet(() => ({ sendMs: 2, latencyMs: 5000 }))
  quiet(() => ({ sendMs: 3000, bytes: 4_000_000 }))
  quiet((i) => (i % 40 === 0 ? { leadMs: 60_000, sendMs: 2 } : { sendMs: 2 }))
  quiet(() => ({ sendMs: 2 * Math.exp(1.2 * normal(random)) }))
  expect(
    readingsOf(
      calling,
      catalogue,
      calls(mondayMorning, 400, () => ({ leadMs: 45_000 * random(), sendMs: 1 })),
    ),
  ).toEqual([])
})

test('fifty calls tell what is usual, and one slow call in three is felt', () => {
  const run = calling.start({ catalogue }, null)
  feed(
    run,
    calls(mondayMorning, 50, () => ({ sendMs: 2 })),
  )
  const readings = feed(
    run,
    calls(faultAt, 60, (i) => ({ sendMs: i % 3 === 0 ? 2000 : 2 })),
  )
  expect(readings.some((r) => r.severity === 'ticket')).toBe(true)
})

test('requests that drip in for a second are felt, however long an answer may take by agreement; a connection that was made early is not', () => {
  const patient = aCatalogue(anInterface('his-lis-lab-order', { objectives: { successRate: 0.99, latencyP95Ms: 300_000 } }))
  const told = (slow: { sendMs: number; leadMs?: number }) => {
    const run = calling.start({ catalogue: patient }, null)
    feed(
      run,
      calls(mondayMorning, 300, () => ({ sendMs: 2, leadMs: 1 })),
    )
    return feed(
      run,
      calls(faultAt, 60, (i) => (i % 6 === 0 ? slow : { sendMs: 2, leadMs: 1 })),
    ).at(-1)
  }
  expect(told({ sendMs: 1000 })).toMatchObject({ signal: 'calling/slow', state: 'bad', severity: 'ticket' })
  expect(told({ sendMs: 2, leadMs: 1000 })).toMatchObject({ signal: 'calling/slow', state: 'bad', severity: 'warn' })
})
