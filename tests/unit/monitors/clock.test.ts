import { describe, expect, test } from 'vitest'
import type { Inspected } from '../../../gateway/model/reading.ts'
import { clock } from '../../../monitors/clock.ts'
import {
  aCatalogue,
  anInterface,
  type ExchangeWish,
  exchanged,
  exponential,
  feed,
  hourMs,
  minuteMs,
  mondayMorning,
  readingsOf,
  seeded,
  ticked,
} from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))
const hours = (n: number) => n * hourMs

function flow(
  count: number,
  wish: (index: number) => Partial<ExchangeWish>,
  everyMs = 1000,
  from = mondayMorning,
): Inspected[] {
  return Array.from({ length: count }, (_, i) => exchanged({ at: from + i * everyMs, ...wish(i) }))
}

function statesOf(items: readonly Inspected[]) {
  const run = clock.start({ catalogue }, null)
  const readings = feed(run, items)
  const states = new Map(run.clockStates().map((state) => [state.systemId, state]))
  return { readings, his: states.get('his'), lis: states.get('lis') }
}

describe('a clock in step', () => {
  test('says nothing, and is known to half a second after ten acknowledgments with stamps of one second', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = seeded(seed)
      const offset = (random() - 0.5) * 1500
      const items = flow(10, () => ({
        at: mondayMorning + seed * 7 + random() * 1e6,
        latencyMs: 20 + 60 * exponential(random),
        answeredOffsetMs: offset,
        stampResolutionMs: 1000,
      })).sort((a, b) => a.now - b.now)
      const { readings, lis } = statesOf(items)
      expect(readings).toEqual([])
      expect(lis?.verdict).toBe('in-step')
      expect(Math.abs((lis?.offsetS ?? 99) - offset / 1000)).toBeLessThanOrEqual((lis?.errorS ?? 0) + 1e-6)
      expect(lis?.errorS ?? 99).toBeLessThanOrEqual(0.5)
    }
  })

  test('a sender whose queue delays its messages is no clock fault', () => {
    const random = seeded(3)
    const items = flow(400, () => ({ queuedMs: 20_000 * exponential(random), stampResolutionMs: 1000 }))
    const { readings, his } = statesOf(items)
    expect(readings).toEqual([])
    expect(his?.verdict).not.toBe('timezone')
  })

  test('a queue that grew for half an hour and then drains is no clock fault', () => {
    const held = flow(300, (i) => ({ at: mondayMorning + hours(1) + i * 200, queuedMs: 30 * minuteMs - i * 6000 }))
    const { readings } = statesOf([...flow(100, () => ({})), ...held, ...flow(100, () => ({}), 1000, mondayMorning + hours(2))])
    expect(readings).toEqual([])
  })
})

test('a long queue that drains slowly passes minus a quarter of an hour, and is no zone', () => {
  const drained = flow(400, (i) => ({ at: mondayMorning + hours(1) + i * 50, queuedMs: 930_000 - i * 150 }))
  const { readings } = statesOf([...flow(100, () => ({})), ...drained])
  expect(readings.filter((r) => r.severity === 'ticket')).toEqual([])
  expect(statesOf(drained).readings.filter((r) => r.severity === 'ticket')).toEqual([])
})

test('whose acknowledgments are in step has a queue that keeps all for as long, and not another clock', () => {
  const both = aCatalogue(anInterface('his-lis-lab-order'), anInterface('lis-his-result', { from: 'lis', to: 'his' }))
  const told = (answersIt: boolean) => {
    const run = clock.start({ catalogue: both }, null)
    const items = Array.from({ length: 400 }, (_, i) =>
      i % 2 === 0
        ? exchanged({ at: mondayMorning + i * 20_000, queuedMs: i > 150 ? 150_000 : 100 })
        : exchanged({
            at: mondayMorning + i * 20_000,
            ...(answersIt ? { interfaceId: 'lis-his-result', sender: 'LIS|SZPH', answerer: 'HIS|SZPH' } : {}),
            ...(answersIt ? {} : { queuedMs: i > 150 ? 150_000 : 100 }),
          }),
    )
    return feed(run, items).filter((r) => r.severity === 'ticket').length
  }
  expect(told(false)).toBeGreaterThan(0)
  expect(told(true)).toBe(0)
})

describe('a zone', () => {
  test('one node of two under one name has another zone: every other message, in no order, is two hours behind; it is good again when none is', () => {
    const random = seeded(5)
    const isOff = Array.from({ length: 400 }, () => random() < 0.5)
    const items = flow(
      400,
      (i) => ({ sentOffsetMs: i > 100 && i < 200 && isOff[i] ? -hours(2) : 0, queuedMs: 200 * random() }),
      4000,
    )
    const zones = statesOf(items).readings.filter((r) => r.signal === 'clock/zone')
    const told = zones.find((r) => r.severity === 'ticket')
    expect(told).toMatchObject({ subject: { kind: 'system', id: 'his' }, state: 'bad' })
    expect(told?.facts.offsetS).toBeCloseTo(-7200, 0)
    expect((told?.at ?? 0) - mondayMorning).toBeLessThan(100 * 4000 + 4 * minuteMs)
    expect(zones.at(-1)?.state).toBe('good')
  })

  test('a second node may be off by anything, and what a timer sends again by its round number of seconds is none', () => {
    const told = (lateMs: number) => {
      const random = seeded(7)
      const items = flow(300, () => ({ queuedMs: 200 * random() + (random() < 0.4 ? lateMs : 0) }), 4000)
      return statesOf(items)
        .readings.filter((r) => r.severity === 'ticket')
        .map((r) => r.signal)
    }
    expect(told(437_000)).toContain('clock/offset')
    expect(told(60_000)).toEqual([])
    expect(told(900_000)).toEqual([])
  })

  test('what a queue holds back now and then, by anything, is no second node', () => {
    const random = seeded(6)
    const items = flow(600, () => ({ queuedMs: random() < 0.4 ? 3_600_000 * (0.8 + 0.4 * random()) : 300 * random() }))
    expect(statesOf(items).readings.filter((r) => r.severity === 'ticket')).toEqual([])
  })

  test('acknowledgments that are UTC from the beginning: a warning after three, a ticket after twenty', () => {
    const { readings, lis, his } = statesOf(flow(40, () => ({ answeredOffsetMs: -hours(8), stampResolutionMs: 1000 })))
    expect(readings.map((r) => [r.signal, r.subject.id, r.severity, r.facts.observations])).toEqual([
      ['clock/zone', 'lis', 'warn', 3],
      ['clock/zone', 'lis', 'ticket', 20],
    ])
    expect(readings[1]?.facts).toMatchObject({ zoneGuess: 'UTC', evidence: 'acks' })
    expect(Math.abs(Number(readings[1]?.facts.offsetS) + 28_800)).toBeLessThan(1)
    expect(lis?.verdict).toBe('timezone')
    expect(his?.verdict).toBe('in-step')
  })

  test('a sender that is two hours behind from message 40 on: told after three, a ticket after ten', () => {
    const items = flow(80, (i) => ({ sentOffsetMs: i < 40 ? 0 : -hours(2) }), 10)
    const { readings, his } = statesOf(items)
    expect(readings.map((r) => [r.signal, r.severity, r.facts.observations])).toEqual([
      ['clock/zone', 'warn', 3],
      ['clock/zone', 'ticket', 10],
    ])
    expect(readings[1]?.facts).toMatchObject({ zoneGuess: 'Asia/Urumqi', offsetBeforeS: expect.closeTo(0, 1) })
    expect(readings[1]?.onsetAt).toBe(mondayMorning + 400 + 20)
    expect(his).toMatchObject({ verdict: 'timezone', changedAt: mondayMorning + 420 })
  })

  test('a system that sends under several names: a ticket when all of them together held for ten messages', () => {
    const names = ['XN|LAB', 'AU|LAB', 'CS|LAB', 'E801|LAB']
    const sent = flow(54, (i) => ({ sender: names[i % 4] ?? '', sentOffsetMs: i < 40 ? 0 : -hours(1) }), 20_000)
    const { readings } = statesOf(sent)
    expect(readings.map((r) => [r.signal, r.severity])).toContainEqual(['clock/zone', 'ticket'])
  })

  test('a system that sends under several names: told after three, of whichever; not when one of them is in step', () => {
    const names = ['XN|LAB', 'AU|LAB', 'CS|LAB', 'E801|LAB']
    const ofAll = (i: number) => ({ sender: names[i % 4] ?? '', sentOffsetMs: i < 40 ? 0 : -hours(1) })
    const told = statesOf(flow(43, ofAll)).readings
    expect(told.map((r) => [r.signal, r.severity, r.facts.observations])).toEqual([['clock/zone', 'warn', 3]])
    expect(told[0]?.onsetAt).toBe(mondayMorning + 40_000 + 20)
    const ofThree = (i: number) => ({ ...ofAll(i), sentOffsetMs: i < 40 || i % 4 === 1 ? 0 : -hours(1) })
    expect(statesOf(flow(44, ofThree)).readings).toEqual([])
  })

  test('it is good again ten messages after the clock was put right', () => {
    const items = [
      ...flow(80, (i) => ({ sentOffsetMs: i < 40 ? 0 : -hours(2) })),
      ...flow(12, () => ({}), 1000, mondayMorning + 100_000),
    ]
    expect(statesOf(items).readings.at(-1)).toMatchObject({ signal: 'clock/zone', state: 'good' })
  })

  test('five stored messages with a stamp of some future hour are never a ticket', () => {
    const { readings } = statesOf(flow(5, () => ({ sentOffsetMs: hours(3) }), 100))
    expect(readings.every((r) => r.severity === 'warn')).toBe(true)
  })

  test('copies of one message are one observation', () => {
    const { readings } = statesOf(flow(40, () => ({ controlId: 'SAME', answeredOffsetMs: -hours(8) })))
    expect(readings).toEqual([])
  })

  test('how many of its names are off alike is told', () => {
    const items = flow(120, (i) => ({ sender: i % 2 === 0 ? 'XN|LAB' : 'AU|LAB', sentOffsetMs: hours(8) }))
    expect(statesOf(items).readings.at(-1)).toMatchObject({ signal: 'clock/zone', facts: { senders: 2, sendersAlike: 2 } })
  })

  test('the sender that is wrong is named where another of the same system is right', () => {
    const items = flow(120, (i) => (i % 2 === 0 ? { sender: 'XN|LAB' } : { sender: 'AU|LAB', sentOffsetMs: hours(8) }))
    const { readings, his } = statesOf(items)
    expect(readings.at(-1)).toMatchObject({
      signal: 'clock/zone',
      severity: 'ticket',
      facts: { sender: 'AU|LAB', senders: 2, sendersAlike: 1 },
    })
    expect(his?.verdict).toBe('timezone')
  })
})

describe('an offset', () => {
  test('a clock that is 437 s ahead from the beginning', () => {
    const { readings, lis } = statesOf(flow(60, () => ({ answeredOffsetMs: 437_000, stampResolutionMs: 1000 })))
    expect(readings.at(-1)).toMatchObject({ signal: 'clock/offset', severity: 'ticket', subject: { id: 'lis' } })
    expect(lis).toMatchObject({ verdict: 'offset', offsetS: expect.closeTo(437, 0) })
  })

  test('a clock that steps by ninety seconds', () => {
    const { readings, lis } = statesOf(flow(60, (i) => ({ answeredOffsetMs: i < 30 ? 0 : -90_000 })))
    expect(readings.at(-1)).toMatchObject({ signal: 'clock/step', severity: 'ticket' })
    expect(readings.at(-1)?.onsetAt).toBe(mondayMorning + 30_020)
    expect(lis).toMatchObject({ verdict: 'step', offsetBeforeS: expect.closeTo(0, 1) })
  })

  test('less than two seconds is never told', () => {
    expect(statesOf(flow(200, () => ({ answeredOffsetMs: 1400, stampResolutionMs: 1000 }))).readings).toEqual([])
  })
})

test('a clock that loses 60 ppm is found within a day, and its drift to ten per cent', () => {
  const random = seeded(11)
  const items = flow(
    24 * 60,
    (i) => ({ answeredOffsetMs: -0.06 * i * 60, latencyMs: 20 + 50 * exponential(random), stampResolutionMs: 1000 }),
    minuteMs,
  )
  const { readings, lis } = statesOf(items)
  const found = readings.find((r) => r.signal === 'clock/drift' && r.severity === 'ticket')
  expect(found).toBeDefined()
  expect((found?.at ?? 0) - mondayMorning).toBeLessThan(hours(12))
  expect(lis?.driftPpm ?? 0).toBeGreaterThan(-66)
  expect(lis?.driftPpm ?? 0).toBeLessThan(-54)
})

test('a clock that gains 1500 ppm, and answers once every few minutes, contradicts itself each time and is found as well', () => {
  const gained = flow(160, (i) => ({ answeredOffsetMs: 1500e-6 * i * 3 * minuteMs, stampResolutionMs: 1000 }), 3 * minuteMs)
  const { readings, lis } = statesOf(gained)
  expect(readings.find((r) => r.signal === 'clock/drift' && r.severity === 'ticket')?.subject.id).toBe('lis')
  expect(lis?.driftPpm ?? 0).toBeGreaterThan(1350)
})

test('a sender’s clock that goes back by ten minutes from one message to the next is told in two minutes; a queue of ten minutes is not', () => {
  const stepped = flow(60, (i) => ({ sentOffsetMs: i < 30 ? 0 : -600_000 }), 20_000)
  const { readings } = statesOf(stepped)
  expect(readings.at(-1)).toMatchObject({ signal: 'clock/step', severity: 'ticket', subject: { id: 'his' } })
  expect((readings.at(0)?.at ?? 0) - mondayMorning).toBeLessThan(30 * 20_000 + 6 * minuteMs)
  const late = flow(30, (i) => ({ at: mondayMorning + 30 * 20_000 + 600_000 + i * 10_000, queuedMs: 600_000 }))
  expect(statesOf([...flow(30, () => ({}), 20_000), ...late]).readings).toEqual([])
})

test('a suspended machine’s clock that loses half a per cent is found within an hour and a half; a queue that grows as much is not', () => {
  const random = seeded(31)
  const lost = flow(45, (i) => ({ sentOffsetMs: -0.005 * i * 120_000 - 40 * exponential(random) }), 120_000)
  const { readings } = statesOf(lost)
  expect(readings.find((r) => r.signal === 'clock/drift' && r.severity === 'ticket')?.subject.id).toBe('his')
  // Work that takes as long as what comes, in steps of half a minute each.
  const queued = flow(45, (i) => ({ queuedMs: 30_000 * random() * (1 + i / 20) }), 120_000)
  expect(statesOf(queued).readings.filter((r) => r.signal === 'clock/drift')).toEqual([])
})

test.each([
  [1500, 80],
  [500, 200],
])('one that loses %i ppm, and answers nobody, is found within %i minutes of a line so straight', (ppm, minutes) => {
  const random = seeded(32)
  const lost = flow(
    minutes,
    (i) => ({ sentOffsetMs: -ppm * 1e-6 * i * minuteMs - 40 * exponential(random), stampResolutionMs: 1000 }),
    minuteMs,
  )
  expect(statesOf(lost).readings.find((r) => r.signal === 'clock/drift')?.subject.id).toBe('his')
})

test('a clock that keeps time shows no drift over three days', () => {
  const random = seeded(12)
  const items = flow(72 * 30, () => ({ latencyMs: 20 + 50 * exponential(random), stampResolutionMs: 1000 }), 2 * minuteMs)
  expect(statesOf(items).readings).toEqual([])
})

describe('our own clock', () => {
  const three = aCatalogue(
    anInterface('a', { from: 'his', to: 'lis' }),
    anInterface('b', { from: 'emr', to: 'pacs' }),
    anInterface('c', { from: 'ris', to: 'icu' }),
  )
  const all = (from: number, offsetMs: number) =>
    Array.from({ length: 90 }, (_, i) =>
      exchanged({
        at: from + i * 500,
        interfaceId: ['a', 'b', 'c'][i % 3] ?? 'a',
        sentOffsetMs: offsetMs,
        answeredOffsetMs: offsetMs,
      }),
    )

  test('when all systems shift by the same amount at once, it was ours, and no system has a ticket', () => {
    const readings = readingsOf(clock, three, [...all(mondayMorning, 0), ...all(mondayMorning + minuteMs, 60_000)])
    expect(readings.filter((r) => r.subject.kind === 'system' && r.severity === 'ticket' && r.state === 'bad')).toEqual([])
    expect(readings).toContainEqual(expect.objectContaining({ signal: 'clock/gateway', state: 'bad' }))
  })

  test('when all have been off by the same ever since they are known, ours is wrong; when it is set right, nobody is accused', () => {
    const readings = readingsOf(clock, three, [...all(mondayMorning, -180_000), ...all(mondayMorning + minuteMs, 0)])
    expect(readings.filter((r) => r.subject.kind === 'system' && r.severity === 'ticket' && r.state === 'bad')).toEqual([])
    const ours = readings.filter((r) => r.signal === 'clock/gateway')
    expect([ours[0]?.state, ours.at(-1)?.state]).toEqual(['bad', 'good'])
    expect(ours[0]?.facts.offsetS).toBeCloseTo(180, 0)
  })

  test('set right, it is right again although one that spoke before is not heard any more', () => {
    const later = all(mondayMorning + minuteMs, 0).filter(
      (item) => item.kind === 'exchange' && item.entry.exchange.interfaceId !== 'c',
    )
    const readings = readingsOf(clock, three, [...all(mondayMorning, -180_000), ...later])
    expect(readings.filter((r) => r.signal === 'clock/gateway').at(-1)?.state).toBe('good')
    expect(readings.filter((r) => r.subject.kind === 'system' && r.severity === 'ticket' && r.state === 'bad')).toEqual([])
  })

  test('when one that others are measured beside is right, those that are off are', () => {
    const items = all(mondayMorning, 180_000).map((item, i) =>
      i % 3 === 2 ? exchanged({ at: mondayMorning + i * 500, interfaceId: 'c', sentOffsetMs: 0, answeredOffsetMs: 0 }) : item,
    )
    const readings = readingsOf(clock, three, items)
    expect(readings.filter((r) => r.signal === 'clock/gateway')).toEqual([])
    expect(new Set(readings.filter((r) => r.severity === 'ticket').map((r) => r.subject.id))).toEqual(
      new Set(['his', 'lis', 'emr', 'pacs']),
    )
  })

  test('while it is not synchronised, the shift that all others show is ours; when it is in step again, they are as well as before', () => {
    const [lost, found] = [false, true].map((synchronised) => ({
      clock: { synchronised, errorBoundMs: synchronised ? 1 : null },
    }))
    const items = [
      ...all(mondayMorning, 0),
      ticked(mondayMorning + minuteMs, lost),
      ...all(mondayMorning + minuteMs, 137_000),
      ticked(mondayMorning + 2 * minuteMs, found),
      ...all(mondayMorning + 2 * minuteMs, 0),
    ]
    const readings = readingsOf(clock, three, items)
    expect(readings.filter((r) => r.subject.kind === 'system')).toEqual([])
    expect(readings.map((r) => r.state)).toEqual(['bad', 'good'])
    expect(readings[0]?.facts.offsetS).toBeCloseTo(-137, 0)
    // One system alone that shifts says nothing of ours.
    const one = all(mondayMorning + minuteMs, 137_000).filter(
      (item) => item.kind === 'exchange' && item.entry.exchange.interfaceId === 'a',
    )
    expect(readingsOf(clock, three, [...all(mondayMorning, 0), ticked(mondayMorning + minuteMs, lost), ...one])).toEqual([])
  })

  test('while it is known not to be synchronised, nothing is concluded; unknown is no reason', () => {
    const wrong = flow(40, () => ({ answeredOffsetMs: -hours(8) }))
    const bad = ticked(mondayMorning, { clock: { synchronised: false, errorBoundMs: null } })
    expect(readingsOf(clock, catalogue, [bad, ...wrong])).toEqual([])
    const unknown = ticked(mondayMorning, { clock: { synchronised: null, errorBoundMs: null } })
    expect(readingsOf(clock, catalogue, [unknown, ...wrong]).length).toBeGreaterThan(0)
  })
})

test('a receiver that echoes the request’s stamp says nothing of its own clock', () => {
  const items = flow(60, (i) => {
    const stamp = {
      path: 'MSH-7',
      kind: 'message',
      at: mondayMorning + i * 1000 - hours(2),
      resolutionMs: 1,
      hasZone: false,
    } as const
    return { requestStamps: [stamp], answerStamps: [stamp] }
  })
  const { readings } = statesOf(items)
  expect(readings.filter((r) => r.subject.id === 'lis' && r.severity === 'ticket')).toEqual([])
  expect(readings.some((r) => r.subject.id === 'his' && r.severity === 'ticket')).toBe(true)
})

test('stored messages whose stamp stands still are no clock', () => {
  const fixed = mondayMorning - hours(5)
  const items = flow(300, () => ({
    requestStamps: [{ path: 'MSH-7', kind: 'message', at: fixed, resolutionMs: 1000, hasZone: false }],
  }))
  expect(statesOf(items).readings.filter((r) => r.severity === 'ticket')).toEqual([])
})
