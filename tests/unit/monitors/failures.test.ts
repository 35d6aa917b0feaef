import { describe, expect, test } from 'vitest'
import type { Inspected, Reading } from '../../../gateway/model/reading.ts'
import { failures } from '../../../monitors/failures.ts'
import {
  aCatalogue,
  anInterface,
  arrivals,
  type ExchangeWish,
  exchanged,
  feed,
  firstBad,
  healthyWeeks,
  mondayMorning,
  readingsOf,
  seeded,
  weekMs,
} from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))

/** `count` exchanges a second apart after `from`; `failing(i)` says which fail. */
function* flow(from: number, count: number, failing: (index: number) => boolean): Generator<Inspected> {
  for (let i = 0; i < count; i += 1) {
    yield exchanged({ at: from + i * 1000, outcome: failing(i) ? 'failed' : 'answered' })
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

describe('failures/rate', () => {
  test('one that failed a while before a row of failures is of every day: the fault began with the row', () => {
    const items = [...flow(mondayMorning, 220, (i) => i === 200 || i >= 212)]
    const [reading] = readingsOf(failures, catalogue, items).filter((r) => r.signal === 'failures/rate')
    expect(reading?.onsetAt).toBe(mondayMorning + 212_000)
  })

  test('nor are two among thirty the beginning of it', () => {
    const items = [...flow(mondayMorning, 236, (i) => i === 200 || i === 204 || i >= 230)]
    const [reading] = readingsOf(failures, catalogue, items).filter((r) => r.signal === 'failures/rate')
    expect(reading?.onsetAt).toBe(mondayMorning + 230_000)
    const stuck = [0, 10, 20, 30].map((s) =>
      exchanged({ at: mondayMorning + 230_000 + s * 1000, outcome: 'unanswered', controlId: 'stuck' }),
    )
    const [blocked] = readingsOf(failures, catalogue, [...items.slice(0, 230), ...stuck]).filter(
      (r) => r.signal === 'failures/rate',
    )
    expect(blocked?.onsetAt).toBe(mondayMorning + 230_000)
  })

  test.each([2, 20, 600, 5000])('total failure at %i messages an hour shows within six messages', (perHour) => {
    const run = failures.start({ catalogue }, null)
    feed(
      run,
      [...arrivals(seeded(perHour), mondayMorning, mondayMorning + 2000 * (3_600_000 / perHour), perHour)].map((at) =>
        exchanged({ at }),
      ),
    )
    const found = firstBad(
      run,
      flow(mondayMorning + 4 * weekMs, 50, () => true),
      'failures/rate',
      true,
    )
    expect(found).not.toBeNull()
    expect(found ?? 99).toBeLessThan(6)
  })

  test('one message that is tried for ever, and nothing else, is a failure; among successes it is not', () => {
    const tries = (from: number, passing: boolean) =>
      Array.from({ length: 40 }, (_, i) => {
        const at = from + i * 2000
        return passing && i % 2 === 1 ? exchanged({ at }) : exchanged({ at, outcome: 'unanswered', controlId: 'stuck' })
      })
    const start = () => {
      const run = failures.start({ catalogue }, null)
      feed(
        run,
        flow(mondayMorning, 300, () => false),
      )
      return run
    }
    const blocked = firstBad(start(), tries(mondayMorning + 400_000, false), 'failures/rate', true)
    // The sixth attempt, when nothing has come through for ten seconds.
    expect(blocked).toBe(5)
    expect(firstBad(start(), tries(mondayMorning + 400_000, true), 'failures/rate', true)).toBeNull()
  })

  test('one patient whom the receiver has something against is one failure while others come through, and not where nobody else comes', () => {
    const of = (patient: string) => ({ keys: [{ kind: 'patient', value: patient, authority: null }] }) as const
    const refused = (i: number, patient: string) =>
      exchanged({ at: mondayMorning + i * 1000, outcome: i >= 200 && patient === 'A' ? 'failed' : 'answered', ...of(patient) })
    const among = Array.from({ length: 300 }, (_, i) => refused(i, i % 6 === 0 ? 'A' : `P${i}`))
    expect(readingsOf(failures, catalogue, among).filter((r) => r.signal === 'failures/rate')).toEqual([])
    const alone = Array.from({ length: 220 }, (_, i) => refused(i, 'A'))
    const [reading] = readingsOf(failures, catalogue, alone).filter((r) => r.signal === 'failures/rate')
    expect(reading?.at ?? Number.POSITIVE_INFINITY).toBeLessThan(mondayMorning + 210_000)
  })

  /** Five hundred healthy messages of other patients, and then these, a second apart: whose they are, and whether they are refused. */
  const afterHealthy = (wishes: readonly Partial<ExchangeWish>[]) => {
    const protocol = wishes.every(({ type }) => type === 'C-STORE') ? 'dimse' : 'mllp'
    const run = failures.start({ catalogue: aCatalogue(anInterface('his-lis-lab-order', { protocol })) }, null)
    feed(
      run,
      Array.from({ length: 500 }, (_, i) =>
        exchanged({ at: mondayMorning + i * 15_000, type: 'C-STORE', keys: keysOf(`well ${i}`) }),
      ),
    )
    const items = wishes.map((wish, i) => exchanged({ at: mondayMorning + 8_000_000 + i * 1000, ...wish }))
    return firstBad(run, items, 'failures/rate', true)
  }
  const keysOf = (patient: string) => [{ kind: 'patient', value: patient, authority: null }] as const
  let instances = 0
  const image = (patient: string, isRefused: boolean) => {
    instances += 1
    const instance = { kind: 'instance', value: `1.2.${instances}`, authority: null } as const
    const fate = isRefused ? ({ outcome: 'failed', code: '0110' } as const) : { code: '0000' }
    return { type: 'C-STORE', controlId: null, keys: [...keysOf(patient), instance], ...fate }
  }

  test('messages that are tried ten times each in a quiet hour are as many failures as there are messages', () => {
    const tried = ['a', 'b', 'c', 'd'].flatMap((id) =>
      Array.from({ length: 11 }, () => ({ controlId: id, keys: keysOf(`P${id}`), outcome: 'failed' }) as const),
    )
    expect(afterHealthy(tried)).toBeNull()
  })

  test('images of one patient are one failure while those of others are stored, also when they are taken in the end', () => {
    const images = Array.from({ length: 120 }, (_, i) => image(i % 4 === 0 ? 'A' : `P${i}`, i % 4 === 0 && i < 100))
    expect(afterHealthy(images)).toBeNull()
  })

  test('images that are all refused are total failure at the fifth, whosever they are', () => {
    expect(afterHealthy(Array.from({ length: 8 }, () => image('A', true)))).toBe(4)
    expect(afterHealthy(Array.from({ length: 8 }, (_, i) => image(`P${i % 3}`, true)))).toBe(4)
  })

  test('a device whose images are refused, one study after the other in an association of its own, is found while others’ are stored', () => {
    const others = (i: number) => ({ ...image(`P${i}`, false), connection: { id: 'others' } })
    const study = (i: number) => ({
      ...image(`A${Math.floor(i / 16)}`, true),
      connection: { id: `device ${Math.floor(i / 16)}` },
    })
    const found = afterHealthy(Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? study(i) : others(i))))
    expect(found ?? 64).toBeLessThan(16)
    // Where others' images pass in the same association, it is the patient.
    const mixed = Array.from({ length: 64 }, (_, i) => ({ ...(i % 2 === 0 ? study(0) : others(i)), connection: { id: 'one' } }))
    expect(afterHealthy(mixed)).toBeNull()
  })

  test.each([
    1, 3,
  ])('half of the images of %i patients refused shows within twelve, in the median: the patients aren’t to blame', (count) => {
    const delays = Array.from({ length: 41 }, (_, seed) => {
      const random = seeded(seed + 1)
      return (
        (afterHealthy(Array.from({ length: 400 }, () => image(`P${Math.floor(random() * count)}`, random() < 0.5))) ?? 400) + 1
      )
    })
    expect(median(delays)).toBeLessThanOrEqual(12)
  })

  test('a patient of whom one kind of message is refused and another passes is one failure all the same', () => {
    const visit = (i: number): Partial<ExchangeWish> => ({
      ...{ keys: keysOf(i % 3 === 2 ? `P${i}` : 'A'), type: i % 3 === 0 ? 'DFT^P03' : 'ADT^A08' },
      outcome: i % 3 === 0 ? 'failed' : 'answered',
    })
    expect(afterHealthy(Array.from({ length: 120 }, (_, i) => visit(i)))).toBeNull()
  })

  test('a request that says by itself what it is, is one failure however often it is sent', () => {
    const rest = aCatalogue(anInterface('his-lis-lab-order', { protocol: 'http', format: 'json' }))
    const order = (i: number, n: number) => ({
      at: mondayMorning + i * 1000,
      controlId: null,
      type: 'POST /order',
      keys: [{ kind: 'placer', value: `O${n}`, authority: null }] as const,
      requestStamps: [],
    })
    const items = Array.from({ length: 300 }, (_, i) =>
      exchanged(i >= 200 && i % 4 > 0 ? { ...order(i, 0), outcome: 'failed', code: '422' } : order(i, i)),
    )
    expect(readingsOf(failures, rest, items).filter((r) => r.signal === 'failures/rate')).toEqual([])
    const asked = Array.from({ length: 230 }, (_, i) =>
      exchanged({ ...order(i, Math.min(i, 200)), type: 'GET /order', ...(i < 200 ? {} : { outcome: 'failed', code: '500' }) }),
    )
    expect(readingsOf(failures, rest, asked).filter((r) => r.signal === 'failures/rate')).toEqual([])
  })

  test('half of the messages failing shows within twelve, in the median', () => {
    const delays = Array.from({ length: 41 }, (_, seed) => {
      const random = seeded(seed + 1)
      const run = failures.start({ catalogue }, null)
      feed(
        run,
        flow(mondayMorning, 3000, () => false),
      )
      return (
        (firstBad(
          run,
          flow(mondayMorning + 3_000_000, 400, () => random() < 0.5),
          'failures/rate',
          true,
        ) ?? 400) + 1
      )
    })
    expect(median(delays)).toBeLessThanOrEqual(12)
  })

  test('every other message refused shows within nine; every other one timing out, and twice again, within ten attempts', () => {
    const start = () => {
      const run = failures.start({ catalogue }, null)
      feed(
        run,
        Array.from({ length: 500 }, (_, i) => exchanged({ at: mondayMorning + i * 15_000 })),
      )
      return run
    }
    const ill = mondayMorning + 500 * 15_000
    const refused = flow(ill, 40, (i) => i % 2 === 0)
    expect(firstBad(start(), refused, 'failures/rate', true)).toBeLessThan(9)
    // One that comes through after three attempts at one that doesn't.
    const waiting = Array.from({ length: 40 }, (_, i) => {
      const [at, copy] = [ill + i * 8000, i % 4]
      const again = copy === 0 ? [] : [{ kind: 'duplicate', of: 'first', sameBody: true, copy } as const]
      const wire = [...again, { kind: 'timeout', at, afterMs: 5000 } as const]
      return copy === 3 ? exchanged({ at }) : exchanged({ at, outcome: 'unanswered', wire, controlId: `m${Math.floor(i / 4)}` })
    })
    expect(firstBad(start(), waiting, 'failures/rate', true)).toBeLessThan(10)
  })

  test('an archive that says it is full says it of all: the third image is enough', () => {
    const run = failures.start({ catalogue }, null)
    feed(
      run,
      Array.from({ length: 500 }, (_, i) => exchanged({ at: mondayMorning + i * 15_000 })),
    )
    const images = Array.from({ length: 5 }, (_, i) =>
      exchanged({ at: mondayMorning + 8_000_000 + i * 1000, outcome: 'failed', code: 'A702', type: 'C-STORE' }),
    )
    const readings = feed(run, images)
    expect(readings[0]).toMatchObject({ state: 'bad', severity: 'ticket', score: 2, facts: { distinctFailed: 3 } })
  })

  test('three of five that a lock or a pool refuses in its own words are the receiver’s', () => {
    const told = (textDigest: string) => {
      const run = failures.start({ catalogue }, null)
      feed(
        run,
        flow(mondayMorning, 500, () => false),
      )
      const items = Array.from({ length: 5 }, (_, i) => {
        const item = exchanged({
          at: mondayMorning + 8_000_000 + i * 9000,
          ...(i % 2 === 0 ? { outcome: 'failed', code: 'AE' } : {}),
        })
        const ack = { code: 'AE', answersId: null, errors: [{ code: '207', location: null, textDigest }] }
        return item.answerFacts === null || i % 2 === 1 ? item : { ...item, answerFacts: { ...item.answerFacts, ack } }
      })
      return feed(run, items).map(({ state }) => state)
    }
    expect(told('lock-0123456789ab')).toEqual(['bad'])
    expect(told('0123456789ab')).toEqual([])
  })

  test('one poison message sent forty times is one failure', () => {
    const poison = Array.from({ length: 40 }, (_, i) =>
      exchanged({ at: mondayMorning + i * 1000, outcome: 'failed', controlId: 'POISON' }),
    )
    expect(readingsOf(failures, catalogue, poison)).toEqual([])
  })

  test('associations that are accepted and released are no messages: five images refused are all of them', () => {
    const image = (i: number) => {
      const at = mondayMorning + 500_000 + i * 30_000
      return [
        exchanged({ at, type: 'A-ASSOCIATE', code: 'AC' }),
        exchanged({ at: at + 100, type: 'C-STORE', outcome: 'failed', code: 'C000' }),
        exchanged({ at: at + 200, type: 'A-RELEASE', code: 'RP' }),
      ]
    }
    const before = flow(mondayMorning, 300, () => false)
    const [first] = readingsOf(failures, catalogue, [...before, ...[0, 1, 2, 3, 4, 5].flatMap(image)])
    // At once, as total failure is.
    expect(first).toMatchObject({ state: 'bad', score: 2 })
    expect(first?.facts).toMatchObject({ distinctFailed: 5 })
  })

  test('it tells what the failures were, and when they began', () => {
    const bad = [
      ...flow(mondayMorning, 100, () => false),
      exchanged({ at: mondayMorning + 100_000, outcome: 'failed', code: 'AE' }),
      exchanged({ at: mondayMorning + 101_000, outcome: 'failed', code: 'AR' }),
      exchanged({ at: mondayMorning + 102_000, outcome: 'failed', code: 'AR' }),
      exchanged({
        at: mondayMorning + 103_000,
        outcome: 'unanswered',
        wire: [{ kind: 'timeout', at: mondayMorning + 133_000, afterMs: 30_000 }],
      }),
      exchanged({ at: mondayMorning + 104_000, outcome: 'failed', code: 'AR' }),
      exchanged({ at: mondayMorning + 105_000, outcome: 'failed', code: 'AR' }),
    ]
    const reading = readingsOf(failures, catalogue, bad).at(-1)
    expect(reading).toMatchObject({
      signal: 'failures/rate',
      state: 'bad',
      severity: 'ticket',
      onsetAt: mondayMorning + 100_000,
    })
    expect(reading?.facts).toMatchObject({ topCode: 'AR', timeout: 1, unanswered: 1, failureRate: 1 })
    expect(reading?.exchangeIds.length).toBeGreaterThanOrEqual(3)
  })

  test('a stray failure some minutes before the fault is not its beginning', () => {
    const stray = [...flow(mondayMorning, 60, (i) => i === 20)]
    const fault = [...flow(mondayMorning + 60_000, 8, () => true)]
    const [reading] = readingsOf(failures, catalogue, [...stray, ...fault])
    expect(reading?.onsetAt).toBe(mondayMorning + 60_000)
    expect(reading?.facts).toMatchObject({ failureRate: 1 })
    expect(reading?.facts.nak).toBe(reading?.facts.seen)
  })

  test('one patient whom the receiver doesn’t have, asked for in four ways, is one failure; four patients are four', () => {
    const asked = (patientOf: (i: number) => string) =>
      Array.from({ length: 6 }, (_, i) =>
        exchanged({
          ...{ at: mondayMorning + 100_000 + i * 1000, outcome: 'failed', code: '404' },
          keys: [{ kind: 'patient', value: patientOf(i), authority: null }],
        }),
      )
    const well = [...flow(mondayMorning, 100, () => false)]
    expect(readingsOf(failures, catalogue, [...well, ...asked(() => 'p1')])).toEqual([])
    expect(readingsOf(failures, catalogue, [...well, ...asked((i) => `p${i}`)])[0]?.signal).toBe('failures/rate')
  })

  test('messages that wait for their time-out began to fail when they were sent, not when that was known', () => {
    const hung = Array.from({ length: 8 }, (_, i) =>
      exchanged({ at: mondayMorning + 200_000 + i * 1000, outcome: 'unanswered', latencyMs: 30_000 }),
    )
    const [reading] = readingsOf(failures, catalogue, [...flow(mondayMorning, 100, () => false), ...hung])
    expect(reading?.onsetAt).toBe(mondayMorning + 200_000)
    expect(reading?.at).toBeGreaterThan(mondayMorning + 230_000)
  })

  test('it is good again after a run of successes, and not because time passed', () => {
    const run = failures.start({ catalogue }, null)
    feed(
      run,
      flow(mondayMorning, 50, (i) => i >= 20),
    )
    const later = mondayMorning + weekMs
    expect(
      feed(
        run,
        flow(later, 4, () => false),
      ).filter((r) => r.state === 'good'),
    ).toEqual([])
    const good = feed(
      run,
      flow(later + 5000, 4, () => false),
    )
    expect(good.map((r) => [r.signal, r.state])).toEqual([['failures/rate', 'good']])
  })

  test('after total failure that the windows saw too, a dozen successes are enough', () => {
    const run = failures.start({ catalogue }, null)
    const failing = (i: number) => i >= 120 && i < 250
    const rates = feed(run, flow(mondayMorning, 300, failing)).filter((r) => r.signal === 'failures/rate')
    expect(rates.at(-1)?.state).toBe('good')
    expect((rates.at(-1)?.at ?? 0) - (mondayMorning + 250_000)).toBeLessThan(15_000)
  })

  test('once it is over, a single failure does not bring back what the windows still hold', () => {
    const run = failures.start({ catalogue }, null)
    const failing = (i: number) => (i >= 120 && i < 250) || i === 330
    const rates = feed(run, flow(mondayMorning, 400, failing)).filter((r) => r.signal === 'failures/rate')
    expect(rates.map((r) => r.state).filter((state) => state === 'good')).toHaveLength(1)
    expect(rates.at(-1)?.state).toBe('good')
  })

  test('half failing does not flap between bad and good', () => {
    const random = seeded(5)
    const changes = changesOf(
      readingsOf(
        failures,
        catalogue,
        flow(mondayMorning, 3000, () => random() < 0.5),
      ),
    )
    expect(changes.length).toBeLessThanOrEqual(3)
  })

  test('healthy interfaces, 2 to 5000 messages an hour: no ticket in sixty interface-weeks', () => {
    const tickets: Reading[] = []
    for (const { perHour, seed, to } of healthyWeeks()) {
      const random = seeded(seed)
      const run = failures.start({ catalogue }, null)
      for (const at of arrivals(random, mondayMorning, to, perHour)) {
        const draw = random()
        const outcome = draw < 0.001 ? 'failed' : draw < 0.002 ? 'unanswered' : 'answered'
        tickets.push(...run.assess(exchanged({ at, outcome })).filter((r) => r.severity === 'ticket'))
      }
    }
    expect(tickets).toEqual([])
  })

  test('four percent failing is found, where one in a thousand is usual', () => {
    const random = seeded(8)
    const run = failures.start({ catalogue }, null)
    feed(
      run,
      flow(mondayMorning, 4000, () => random() < 0.001),
    )
    const found = firstBad(
      run,
      flow(mondayMorning + 4_000_000, 8000, () => random() < 0.1),
      'failures/rate',
      true,
    )
    expect(found).not.toBeNull()
  })
})

describe('failures/unheard', () => {
  const one = (i: number, every: number) => {
    const at = mondayMorning + i * 12_000
    const wire = [{ kind: 'timeout', at, afterMs: 5000 } as const]
    return i % every === every - 1 ? exchanged({ at, outcome: 'unanswered', wire }) : exchanged({ at })
  }
  const told = (every: number, count: number) =>
    readingsOf(
      failures,
      catalogue,
      Array.from({ length: count }, (_, i) => one(i, every)),
    )

  test('one in thirty that nobody answers is told by itself, long before the share of all failures shows it', () => {
    const [first] = told(30, 400)
    expect(first).toMatchObject({ signal: 'failures/unheard', severity: 'ticket', facts: { unanswered: 4, timeout: 4 } })
  })

  test('one in three hundred is not told, and where many go unanswered the share of failures tells it once', () => {
    expect(told(300, 6000)).toEqual([])
    expect(told(2, 200).map((r) => r.signal)).not.toContain('failures/unheard')
  })
})

describe('failures/refused', () => {
  const refusal = (at: number) => exchanged({ at, outcome: 'unanswered', wire: [{ kind: 'refused', how: 'refused', at }] })

  test('three refusals in a row are total failure; one connection that is taken ends it', () => {
    const run = failures.start({ catalogue }, null)
    expect(feed(run, [refusal(mondayMorning), refusal(mondayMorning + 1000)])).toEqual([])
    const [bad] = run.assess(refusal(mondayMorning + 2000))
    expect(bad).toMatchObject({ signal: 'failures/refused', state: 'bad', severity: 'ticket', onsetAt: mondayMorning })
    expect(bad?.facts).toMatchObject({ refusedInRow: 3, how: 'refused' })
    const [good] = run.assess(exchanged({ at: mondayMorning + 3000 }))
    expect(good).toMatchObject({ signal: 'failures/refused', state: 'good' })
  })

  test('a refusal now and then is none', () => {
    const items = Array.from({ length: 200 }, (_, i) =>
      i % 50 === 7 ? refusal(mondayMorning + i * 1000) : exchanged({ at: mondayMorning + i * 1000 }),
    )
    expect(readingsOf(failures, catalogue, items).filter((r) => r.signal === 'failures/refused')).toEqual([])
  })
})

/** Readings where the state changed. */
function changesOf(readings: readonly Reading[]): readonly Reading[] {
  return readings.filter((reading, i) => i === 0 || readings[i - 1]?.state !== reading.state)
}
