import { describe, expect, test } from 'vitest'
import type { Inspected, Reading } from '../../../gateway/model/reading.ts'
import { gapLimit, longGap, shortGap } from '../../../monitors/silence/gap-limit.ts'
import { silence } from '../../../monitors/silence.ts'
import {
  aCatalogue,
  anInterface,
  arrivals,
  dayMs,
  exchanged,
  exponential,
  feed,
  hourMs,
  inOrder,
  minuteMs,
  mondayMorning,
  seeded,
  ticked,
  weekMs,
} from './stream.ts'

const his = anInterface('his-lis-lab-order')
const peer = anInterface('adt-broadcast', { to: 'emr' })
const other = anInterface('lis-emr-lab-result', { from: 'lis', to: 'emr' })
const catalogue = aCatalogue(his, peer, other)
const listening = { 'his-lis-lab-order': 1, 'adt-broadcast': 2, 'lis-emr-lab-result': 1 }

function* ticks(from: number, to: number, open: Readonly<Record<string, number>> = listening): Generator<Inspected> {
  for (let at = from; at < to; at += 1000) yield ticked(at, { listening: open })
}

/** Ticks and the messages of each interface that isn't given as silent. */
function stream(seed: number, from: number, to: number, perHour: number, silent: readonly string[] = []): readonly Inspected[] {
  const random = seeded(seed)
  const messages = Object.keys(listening).flatMap((interfaceId) => {
    const times = [...arrivals(random, from, to, perHour)]
    return silent.includes(interfaceId) ? [] : times.map((at) => exchanged({ at, interfaceId, latencyMs: 10 }))
  })
  return inOrder([...ticks(from, to), ...messages])
}

const bad = (readings: readonly Reading[]) => readings.filter((r) => r.state === 'bad')

describe('silence/gap', () => {
  test('a busy interface that stops while its peers speak is found within seventy seconds', () => {
    const expectedVolume = { perHour: Array<number>(24).fill(400), weekendFactor: 1 }
    const run = silence.start({ catalogue: aCatalogue({ ...his, expectedVolume }, peer, other) }, null)
    expect(feed(run, stream(1, mondayMorning, mondayMorning + hourMs, 1200))).toEqual([])
    const stoppedAt = mondayMorning + hourMs
    const [first] = bad(feed(run, stream(2, stoppedAt, stoppedAt + 10 * minuteMs, 1200, ['his-lis-lab-order'])))
    expect(first).toMatchObject({
      signal: 'silence/gap',
      severity: 'ticket',
      subject: { kind: 'interface', id: 'his-lis-lab-order' },
    })
    expect((first?.at ?? 0) - stoppedAt).toBeLessThan(70_000)
    expect(Math.abs((first?.onsetAt ?? 0) - stoppedAt)).toBeLessThan(30_000)
    expect(first?.facts).toMatchObject({ openConnections: 1, peersFlowing: 2, peersOfSource: 1 })
  })

  test('at sixty an hour within twenty-five minutes, where the catalogue says what to expect', () => {
    const expectedVolume = { perHour: Array<number>(24).fill(60), weekendFactor: 1 }
    const run = silence.start({ catalogue: aCatalogue({ ...his, expectedVolume }, peer, other) }, null)
    feed(run, stream(3, mondayMorning, mondayMorning + 8 * hourMs, 60))
    const stoppedAt = mondayMorning + 8 * hourMs
    const [first] = bad(feed(run, stream(4, stoppedAt, stoppedAt + hourMs, 60, ['his-lis-lab-order'])))
    expect((first?.at ?? Number.POSITIVE_INFINITY) - stoppedAt).toBeLessThan(25 * minuteMs)
  })

  test('without a catalogue, in an hour that is new, it takes three times as long', () => {
    const run = silence.start({ catalogue }, null)
    feed(run, stream(1, mondayMorning, mondayMorning + hourMs, 1200))
    const stoppedAt = mondayMorning + hourMs
    const [first] = bad(feed(run, stream(2, stoppedAt, stoppedAt + 10 * minuteMs, 1200, ['his-lis-lab-order'])))
    expect(first?.severity).toBe('ticket')
    expect((first?.at ?? 0) - stoppedAt).toBeLessThan(4 * minuteMs)
  })

  test('a catalogue that expects a hundred times too much makes no gap of the first hour the floor for a fortnight', () => {
    const expectedVolume = { perHour: Array<number>(24).fill(3000), weekendFactor: 1 }
    const run = silence.start({ catalogue: aCatalogue({ ...his, expectedVolume }, peer, other) }, null)
    feed(run, stream(21, mondayMorning, mondayMorning + 6 * hourMs, 30))
    const stoppedAt = mondayMorning + 6 * hourMs
    const [first] = bad(feed(run, stream(22, stoppedAt, stoppedAt + 2 * hourMs, 30, ['his-lis-lab-order'])))
    expect((first?.at ?? Number.POSITIVE_INFINITY) - stoppedAt).toBeLessThan(90 * minuteMs)
  })

  test('the next message makes it good', () => {
    const run = silence.start({ catalogue }, null)
    feed(run, stream(1, mondayMorning, mondayMorning + hourMs, 1200))
    const stoppedAt = mondayMorning + hourMs
    feed(run, stream(2, stoppedAt, stoppedAt + 5 * minuteMs, 1200, ['his-lis-lab-order']))
    expect(run.assess(exchanged({ at: stoppedAt + 5 * minuteMs }))).toEqual([
      expect.objectContaining({ signal: 'silence/gap', state: 'good' }),
    ])
  })

  test('when all are quiet, the hospital is quiet', () => {
    const run = silence.start({ catalogue }, null)
    feed(run, stream(1, mondayMorning, mondayMorning + hourMs, 1200))
    const from = mondayMorning + hourMs
    expect(feed(run, stream(2, from, from + hourMs, 1200, Object.keys(listening)))).toEqual([])
  })

  test.each([
    ['all have a tenth to say, as on a holiday', ['his-lis-lab-order', 'adt-broadcast', 'lis-emr-lab-result']],
    ['one system has a tenth to say', ['his-lis-lab-order', 'adt-broadcast']],
  ])('when %s, nobody is silent', (_, quiet) => {
    const expectedVolume = { perHour: Array<number>(24).fill(300), weekendFactor: 1 }
    const known = aCatalogue({ ...his, expectedVolume }, { ...peer, expectedVolume }, { ...other, expectedVolume })
    const tickets = [1, 2, 3, 4, 5, 6].flatMap((seed) => {
      const run = silence.start({ catalogue: known }, null)
      const random = seeded(90 + seed)
      const from = mondayMorning + hourMs / 2
      const until = mondayMorning + hourMs
      const messages = Object.keys(listening).flatMap((interfaceId) =>
        [
          ...arrivals(random, mondayMorning, from, 300),
          ...arrivals(random, from, until, quiet.includes(interfaceId) ? 36 : 300),
        ].map((at) => exchanged({ at, interfaceId, latencyMs: 10 })),
      )
      return bad(feed(run, inOrder([...ticks(mondayMorning, until), ...messages]))).filter((r) => r.severity === 'ticket')
    })
    // One in a hundred by chance, when a neighbour with as little to say has said nothing at all.
    expect(new Set(tickets.map(({ onsetAt }) => onsetAt)).size).toBeLessThanOrEqual(1)
  })

  test('without ticks it is we who are deaf', () => {
    const run = silence.start({ catalogue }, null)
    feed(run, stream(1, mondayMorning, mondayMorning + hourMs, 1200))
    const back = mondayMorning + 3 * hourMs
    expect(feed(run, ticks(back, back + 2000))).toEqual([])
  })

  test('an interface that was hardly ever seen is not yet observed', () => {
    const run = silence.start(
      { catalogue: aCatalogue({ ...his, expectedVolume: { perHour: Array<number>(24).fill(600), weekendFactor: 1 } }) },
      null,
    )
    feed(run, [exchanged({ at: mondayMorning })])
    expect(feed(run, ticks(mondayMorning, mondayMorning + hourMs))).toEqual([])
  })
})

describe('a topic, which a tap reads and no edge listens to', () => {
  const topic = anInterface('his-queue-call', { protocol: 'record', format: 'json' })
  const stoppedAt = mondayMorning + hourMs
  /** An hour of records and ten minutes without; what the tap says of its source in these, once a minute. */
  const stopped = (says: 'yes' | 'no' | null) => {
    const records = [...arrivals(seeded(11), mondayMorning, stoppedAt, 600)]
    const source = (at: number, verdict: 'yes' | 'no'): Inspected => ({
      kind: 'measurement',
      now: at,
      entry: {
        kind: 'measurement',
        at,
        measurement: {
          name: 'source',
          by: 'kafka',
          subject: { kind: 'interface', id: topic.id },
          at,
          verdict,
          code: null,
          tookMs: null,
          facts: {},
        },
      },
    })
    return inOrder([
      ...records.map((at) => exchanged({ at, interfaceId: topic.id, outcome: 'one-way', latencyMs: null })),
      ...stream(12, mondayMorning, stoppedAt + 10 * minuteMs, 600, [his.id]),
      source(stoppedAt, 'yes'),
      ...(says === null ? [] : Array.from({ length: 10 }, (_, n) => source(stoppedAt + n * minuteMs + 1, says))),
    ])
  }
  const known = aCatalogue(
    { ...topic, expectedVolume: { perHour: Array<number>(24).fill(600), weekendFactor: 1 } },
    peer,
    other,
  )
  const said = (says: 'yes' | 'no' | null) =>
    bad(feed(silence.start({ catalogue: known }, null), stopped(says))).map((r) => [r.subject.id, r.facts.openConnections])

  test('is silent when no record comes and its source can be read', () => {
    expect(said('yes')[0]).toEqual([topic.id, null])
  })
  test.each(['no', null] as const)('and not while its source says %s: we are deaf there', (says) => {
    expect(said(says)).toEqual([])
  })
})

test('what comes in bursts is counted by bursts: studies of twenty images stay away as soon as they are missed', () => {
  const expectedVolume = { perHour: Array<number>(24).fill(60), weekendFactor: 1 }
  const run = silence.start({ catalogue: aCatalogue({ ...his, expectedVolume }, peer, other) }, null)
  const stoppedAt = mondayMorning + 4 * hourMs
  const studies = [...arrivals(seeded(5), mondayMorning, stoppedAt, 60)]
  const images = studies.flatMap((at) => Array.from({ length: 20 }, (_, i) => at + i * 300))
  const own = images.map((at) => exchanged({ at, interfaceId: his.id, latencyMs: 10 }))
  expect(bad(feed(run, inOrder([...own, ...stream(6, mondayMorning, stoppedAt, 60, [his.id])])))).toEqual([])
  const [first] = bad(feed(run, stream(7, stoppedAt, stoppedAt + 2 * hourMs, 60, [his.id])))
  expect((first?.at ?? Number.POSITIVE_INFINITY) - stoppedAt).toBeLessThan(20 * minuteMs)
})

test('messages that come in bursts are known for it after the first eighty: twenty that stay away are then no silence', () => {
  const expectedVolume = { perHour: Array<number>(24).fill(60), weekendFactor: 1 }
  const run = silence.start({ catalogue: aCatalogue({ ...his, expectedVolume }, peer, other) }, null)
  const random = seeded(8)
  // Two of three gaps are a tenth of the mean, the third makes up for them.
  const bursts: number[] = []
  for (let at = mondayMorning; bursts.length < 80; at += exponential(random) * (random() < 2 / 3 ? 0.1 : 2.8) * minuteMs)
    bursts.push(at)
  const stoppedAt = bursts.at(-1) ?? 0
  const until = stoppedAt + 21 * minuteMs
  const own = [...bursts, until].map((at) => exchanged({ at, interfaceId: his.id, latencyMs: 10 }))
  const others = stream(5, mondayMorning, until, 60, [his.id])
  expect(bad(feed(run, inOrder([...own, ...others])))).toEqual([])
  const [first] = bad(feed(run, stream(6, until, until + 2 * hourMs, 60, [his.id])))
  expect((first?.at ?? Number.POSITIVE_INFINITY) - until).toBeLessThan(hourMs)
})

describe('how long a gap may be while little is known', () => {
  /** Chance of a false ticket within the gaps of an interface with four hundred messages a week, the first 150 unless told: the sum over gaps of what chance gives beyond their limits. */
  const falseTickets = (
    gap: (random: () => number) => number,
    beyond: (gap: number) => number,
    { from, to } = { from: 0, to: 150 },
  ) => {
    let sum = 0
    for (let seed = 1; seed <= 50; seed += 1) {
      const random = seeded(seed)
      const seen = { count: 0, sum: 0, squares: 0, short: 0, long: 0, excess: 0 }
      let longest = 0
      while (seen.count < to) {
        if (seen.count >= from) sum += beyond(Math.max(gapLimit(seen, 400), 1.2 * longest))
        const next = gap(random)
        seen.count += 1
        seen.sum += next
        seen.squares += next * next
        if (next < shortGap) seen.short += 1
        if (next > longGap) seen.long += 1
        seen.excess += Math.max(next - longGap, 0)
        longest = Math.max(longest, next)
      }
    }
    return sum / 50
  }

  test('who speaks in bursts is known for it before its first long gap: hardly one false ticket in a thousand beginnings', () => {
    const gap = (random: () => number) => exponential(random) * (random() < 2 / 3 ? 0.1 : 2.8)
    expect(falseTickets(gap, (limit) => Math.exp(-limit / 2.8) / 3)).toBeLessThan(0.001)
  })

  test('who pauses now and then is known for it by how long the pauses are: of a week’s gaps one false ticket in two hundred weeks', () => {
    // Nearly all in half the time, and one in seventeen in eight times: a variance of eight.
    const gap = (random: () => number) => exponential(random) * (random() < 16 / 17 ? 0.53 : 8.5)
    const beyond = (limit: number) => Math.exp(-limit / 8.5) / 17
    expect(falseTickets(gap, beyond, { from: 400, to: 800 })).toBeLessThan(0.005)
  })

  test('and who speaks singly waits no longer for it: after a hundred messages a third more than the table of algorithms.md 2.5', () => {
    expect(falseTickets(exponential, (limit) => Math.exp(-limit))).toBeLessThan(0.001)
    const limit = gapLimit({ count: 100, sum: 100, squares: 200, short: 26, long: 5, excess: 5 }, 10_000)
    expect(limit).toBeLessThan(1.35 * Math.log(10_000 / 0.037))
  })
})

test('what the catalogue expects more of in an hour than in the one before may come an hour late', () => {
  const expectedVolume = { perHour: Array.from({ length: 24 }, (_, hour) => (hour < 9 ? 6 : 60)), weekendFactor: 1 }
  const run = silence.start({ catalogue: aCatalogue({ ...his, expectedVolume }, peer, other) }, null)
  const midnight = mondayMorning - 8 * hourMs
  const [lastAt, until] = [midnight + 8.9 * hourMs, midnight + 12 * hourMs]
  const own = [...arrivals(seeded(3), midnight, lastAt, 6)].map((at) => exchanged({ at, interfaceId: his.id, latencyMs: 10 }))
  const [first] = bad(feed(run, inOrder([...own, ...stream(7, midnight, until, 60, [his.id])])))
  const hour = ((first?.at ?? Number.POSITIVE_INFINITY) - midnight) / hourMs
  expect(hour).toBeGreaterThan(10)
  expect(hour).toBeLessThan(10.5)
})

test('a holiday with a quarter of the traffic that the catalogue expects of such days is no silence', () => {
  const expectedVolume = { perHour: Array<number>(24).fill(30), weekendFactor: 1 }
  const tickets: Reading[] = []
  for (let seed = 1; seed <= 6; seed += 1) {
    const random = seeded(seed)
    const run = silence.start({ catalogue: aCatalogue({ ...his, expectedVolume }, peer, other) }, null)
    // Three working days, and four of National Day: 1 October 2026 is a Thursday.
    const [from, holidayAt, to] = [Date.UTC(2026, 8, 27, 16), Date.UTC(2026, 8, 30, 16), Date.UTC(2026, 9, 4, 16)]
    const items: Inspected[] = []
    for (let at = from; at < to; at += 5000) items.push(ticked(at, { listening }))
    for (const interfaceId of Object.keys(listening))
      for (const at of arrivals(random, from, to, 30)) {
        const isRare = interfaceId === his.id && at > holidayAt
        if (!isRare || random() < 0.28) items.push(exchanged({ at, interfaceId, latencyMs: 10 }))
      }
    for (const item of inOrder(items)) tickets.push(...run.assess(item).filter((r) => r.severity === 'ticket'))
  }
  expect(tickets.map((r) => [r.at, r.facts])).toEqual([])
}, 60_000)

test('healthy interfaces with the day and the weekend in their volume: no ticket in sixty interface-weeks', () => {
  const tickets: Reading[] = []
  for (let week = 0; week < 20; week += 1) {
    const random = seeded(4000 + week)
    const perHour = [4, 30, 120][week % 3] ?? 4
    const run = silence.start({ catalogue }, null)
    // Ticks every five seconds: the longest that still counts as watched, so that the test stays short.
    const items: Inspected[] = []
    for (let at = mondayMorning; at < mondayMorning + weekMs; at += 5000) items.push(ticked(at, { listening }))
    for (const interfaceId of Object.keys(listening)) {
      for (const at of arrivals(random, mondayMorning, mondayMorning + weekMs, perHour)) {
        const hour = ((at - mondayMorning) / hourMs + 8) % 24
        const isWeekend = at - mondayMorning > 4 * dayMs + 16 * hourMs
        const share = (hour > 7 && hour < 19 ? 1 : 0.25) * (isWeekend ? 0.5 : 1)
        if (random() < share) items.push(exchanged({ at, interfaceId, latencyMs: 10 }))
      }
    }
    for (const item of inOrder(items)) {
      tickets.push(...run.assess(item).filter((r) => r.state === 'bad' && r.severity === 'ticket'))
    }
  }
  expect(tickets.map((r) => [r.subject.id, r.facts])).toEqual([])
}, 120_000)
