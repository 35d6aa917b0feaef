import { describe, expect, test } from 'vitest'
import type { Inspected, Reading } from '../../../gateway/model/reading.ts'
import type { Violation } from '../../../gateway/model/violation.ts'
import { contract } from '../../../monitors/contract.ts'
import {
  aCatalogue,
  anInterface,
  arrivals,
  aViolation,
  dayMs,
  type ExchangeWish,
  exchanged,
  feed,
  firstBad,
  healthyWeeks,
  mondayMorning,
  readingsOf,
  seeded,
} from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))

function* flow(
  count: number,
  violations: (index: number) => readonly Violation[],
  from = mondayMorning,
  wish: (index: number) => Partial<ExchangeWish> = () => ({}),
  everyMs = 1000,
): Generator<Inspected> {
  for (let i = 0; i < count; i += 1) yield exchanged({ at: from + i * everyMs, violations: violations(i), ...wish(i) })
}

const missing = aViolation()
const tooLong = aViolation({ element: 'OBX-5', path: 'OBX[1]-5', rule: 'length' })
const later = mondayMorning + dayMs

describe('a break that was not there before', () => {
  test('a required field that goes missing is a ticket after three messages', () => {
    const run = contract.start({ catalogue }, null)
    feed(
      run,
      flow(400, () => []),
    )
    expect(
      firstBad(
        run,
        flow(10, () => [missing], later),
        'contract/required',
        true,
      ),
    ).toBe(2)
  })

  test('a wrong length in all messages is one within ten', () => {
    const run = contract.start({ catalogue }, null)
    feed(
      run,
      flow(4000, () => []),
    )
    const found = firstBad(
      run,
      flow(20, () => [tooLong], later),
      'contract/length',
      true,
    )
    expect(found ?? 99).toBeLessThan(10)
  })

  test('it says which element, in which messages, from whom, since when', () => {
    const run = contract.start({ catalogue }, null)
    feed(
      run,
      flow(400, () => []),
    )
    const readings = feed(
      run,
      flow(
        120,
        (i) => (i % 2 === 0 ? [missing] : []),
        later,
        (i) => ({ sender: i % 2 === 0 ? 'XN|LAB' : 'AU|LAB' }),
      ),
    )
    expect(readings[0]?.subject).toEqual({ kind: 'interface', id: 'his-lis-lab-order' })
    const facts: Reading['facts'] = readings.at(-1)?.facts ?? {}
    expect(facts).toMatchObject({
      element: 'PID-3',
      rule: 'required',
      type: 'OML^O21',
      sender: 'XN|LAB',
      senderShare: 1,
      nonAsciiShare: 1,
    })
    expect(Number(facts.share)).toBeCloseTo(0.5, 1)
    expect(facts.firstAt).toBe(later)
  })

  test('a break in one type of message is not diluted by the others', () => {
    const run = contract.start({ catalogue }, null)
    const type = (i: number) => ({ type: i % 10 === 0 ? 'ADT^A08' : 'OML^O21' })
    feed(
      run,
      flow(4000, () => [], mondayMorning, type),
    )
    const found = firstBad(
      run,
      flow(200, (i) => (i % 10 === 0 ? [missing] : []), later, type),
      'contract/required',
      true,
    )
    expect(found).toBe(20)
  })

  test('nobody had it in some sixty messages, then nearly half have it: told, though little is known of what is usual', () => {
    const run = contract.start({ catalogue }, null)
    feed(
      run,
      flow(64, () => []),
    )
    const leaked = aViolation({ element: 'NTE-3', rule: 'masking' })
    const found = firstBad(
      run,
      flow(40, (i) => (i % 9 < 4 ? [leaked] : []), later),
      'contract/masking',
      true,
    )
    expect(found ?? 99).toBeLessThan(15)
  })

  test('what only warns becomes a ticket where all write it otherwise from now on', () => {
    const written = aViolation({ element: 'PID-7', rule: 'type', severity: 'warn' })
    const told = (clean: number, isBad: (i: number) => boolean) => {
      const run = contract.start({ catalogue }, null)
      feed(
        run,
        flow(clean, () => []),
      )
      return feed(
        run,
        flow(60, (i) => (isBad(i) ? [written] : []), later),
      ).map((r) => r.severity)
    }
    expect(told(80, () => true)).toContain('ticket')
    expect(told(0, () => true)).not.toContain('ticket')
    expect(told(80, (i) => i % 2 === 0)).toContain('ticket')
    expect(told(80, (i) => i % 6 === 0)).not.toContain('ticket')
  })

  test('what only warns is pooled over the types of messages that lack it, few of each as there may be', () => {
    const run = contract.start({ catalogue }, null)
    const lacking = aViolation({ element: 'pk', rule: 'required', severity: 'warn' })
    const changes = (count: number, isBad: boolean, from: number) =>
      Array.from({ length: count }, (_, i) =>
        exchanged({
          at: from + i * 1000,
          type: `T${i % 4}_u`,
          violations: isBad ? [lacking] : [],
        }),
      )
    feed(run, changes(24, false, mondayMorning))
    expect(feed(run, changes(40, true, later)).map((r) => r.severity)).toContain('ticket')
  })

  test('one message that is sent again and again is one breach', () => {
    const run = contract.start({ catalogue }, null)
    feed(
      run,
      flow(400, () => []),
    )
    expect(
      feed(
        run,
        flow(
          50,
          () => [missing],
          later,
          () => ({ controlId: 'SAME' }),
        ),
      ),
    ).toEqual([])
  })

  test('good again after a run of clean messages', () => {
    const run = contract.start({ catalogue }, null)
    feed(
      run,
      flow(400, () => []),
    )
    feed(
      run,
      flow(20, () => [missing], later),
    )
    const back = feed(
      run,
      flow(20, () => [], later + 20_000),
    )
    expect(back.map((r) => [r.signal, r.state])).toEqual([['contract/required', 'good']])
  })
})

describe('what was so from the beginning', () => {
  test('all messages break it: told after five', () => {
    expect(
      firstBad(
        contract.start({ catalogue }, null),
        flow(20, () => [missing]),
        'contract/required',
        true,
      ),
    ).toBe(4)
  })

  test('after a week it is the habit: shown, no ticket', () => {
    const readings = readingsOf(
      contract,
      catalogue,
      flow(
        24 * 9,
        () => [missing],
        mondayMorning,
        () => ({}),
        3_600_000,
      ),
    )
    expect(readings[0]?.severity).toBe('ticket')
    expect(readings.at(-1)).toMatchObject({ severity: 'warn', state: 'bad', facts: { habit: 1 } })
  })

  test('a fifth of the messages breaks it: learned, never told; half of them later is told', () => {
    const random = seeded(6)
    const run = contract.start({ catalogue }, null)
    expect(
      feed(
        run,
        flow(5000, () => (random() < 0.2 ? [tooLong] : [])),
      ),
    ).toEqual([])
    expect(
      firstBad(
        run,
        flow(300, () => (random() < 0.7 ? [tooLong] : []), later),
        'contract/length',
        true,
      ),
    ).not.toBeNull()
  })
})

test('warnings make warnings, and what is only observed says nothing', () => {
  const run = contract.start({ catalogue }, null)
  feed(
    run,
    flow(400, () => []),
  )
  const readings = feed(
    run,
    flow(
      30,
      () => [aViolation({ rule: 'table', severity: 'warn' }), aViolation({ rule: 'length', severity: 'observe' })],
      later,
    ),
  )
  expect(new Set(readings.map((r) => `${r.signal} ${r.severity}`))).toEqual(new Set(['contract/table warn']))
})

test('bytes that contradict their label are a charset breach, without a contract too', () => {
  const run = contract.start({ catalogue }, null)
  feed(
    run,
    flow(400, () => []),
  )
  const wrong = () => ({ charset: { verdict: 'contradicts', detected: 'gb18030' } as const })
  expect(
    firstBad(
      run,
      flow(10, () => [], later, wrong),
      'contract/charset',
      true,
    ),
  ).toBe(2)
})

test('the number of breaches that are watched is bounded', () => {
  const run = contract.start({ catalogue }, null)
  feed(
    run,
    flow(2000, (i) => [aViolation({ element: `Z${i}-1`, rule: 'length' })]),
  )
  expect(JSON.stringify(run.save()).length).toBeLessThan(60_000)
})

test('healthy interfaces with breaches now and then, 2 to 5000 messages an hour: no ticket in sixty interface-weeks', () => {
  const tickets: Reading[] = []
  const rules = [missing, tooLong, aViolation({ rule: 'table', element: 'OBX-11' })]
  for (const { perHour, seed, to } of healthyWeeks()) {
    const random = seeded(seed)
    const run = contract.start({ catalogue }, null)
    for (const at of arrivals(random, mondayMorning, to, perHour)) {
      const draw = random()
      const violations =
        draw < 0.0005 ? [rules[0] ?? missing] : draw < 0.01 ? [rules[1] ?? missing] : draw < 0.1 ? [rules[2] ?? missing] : []
      tickets.push(...run.assess(exchanged({ at, violations })).filter((r) => r.severity === 'ticket' && r.state === 'bad'))
    }
  }
  expect(tickets).toEqual([])
})

test('text that is misread is a ticket, though its contract has the label for a trifle', () => {
  const breach = aViolation({ element: 'body', path: 'body', rule: 'charset', severity: 'warn' })
  const charset = { verdict: 'contradicts', detected: 'gb18030' } as const
  const items = flow(
    60,
    (i) => (i >= 40 ? [breach] : []),
    mondayMorning,
    (i) => (i >= 40 ? { charset } : {}),
  )
  expect(readingsOf(contract, catalogue, [...items])[0]).toMatchObject({ signal: 'contract/charset', severity: 'ticket' })
})
