import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAlertBook } from '../../../../gateway/analysis/alert-book.ts'
import { changePercent } from '../../../../gateway/analysis/flapping.ts'
import { holdOffOf } from '../../../../gateway/analysis/hold-off.ts'
import type { Alert } from '../../../../gateway/model/incident.ts'
import type { Reading } from '../../../../gateway/model/reading.ts'

/** `[seconds, state, score, severity]`; a lone number lets time pass. */
type Step = number | readonly [number, 'bad' | 'good', number?, Reading['severity']?]

const start = 1_700_000_000_000

function reading(at: number, state: 'bad' | 'good', score: number, severity: Reading['severity'], signal: string): Reading {
  const subject = { kind: 'interface', id: 'a' } as const
  return { monitor: 'm', signal, subject, at, onsetAt: at - 500, state, score, severity, facts: {}, exchangeIds: ['e1'] }
}

/** Plays steps with a tick every second between them; the changes as `seconds state severity`. */
function play(steps: readonly Step[], signal = 'failures/rate'): string[] {
  const book = createAlertBook({}, null)
  const told: string[] = []
  let clock = 0
  const take = (readings: readonly Reading[], seconds: number) => {
    for (const alert of book.take(readings, start + seconds * 1000)) {
      told.push(`${seconds} ${alert.state} ${alert.reading.severity}${alert.flapping ? ' flapping' : ''}`)
    }
  }
  for (const step of steps) {
    const [seconds, state, score, severity] = typeof step === 'number' ? [step, null] : step
    for (; clock < seconds; clock += 1) take([], clock)
    if (state === null) take([], seconds)
    else take([reading(start + seconds * 1000, state, score ?? 1.2, severity ?? 'ticket', signal)], seconds)
  }
  return told
}

describe('from reading to alert', () => {
  test.each<[string, readonly Step[], readonly string[]]>([
    ['a bad reading is pending, and fires when it held ten seconds', [[0, 'bad'], 12], ['0 pending warn', '10 firing ticket']],
    ['it fires at once from twice the threshold on', [[0, 'bad', 2]], ['0 firing ticket']],
    [
      'it fires when it is confirmed, however little time passed',
      [
        [0, 'bad'],
        [0.01, 'bad'],
      ],
      ['0 pending warn', '0.01 firing ticket'],
    ],
    ['good again before it held: it never was an alert', [[0, 'bad'], [5, 'good'], 30], ['0 pending warn', '5 resolved warn']],
    ['resolved when it was good for 30 s', [[0, 'bad', 3], [10, 'good'], 41], ['0 firing ticket', '40 resolved ticket']],
    [
      'bad again while it clears: nothing happened',
      [[0, 'bad', 3], [10, 'good'], [20, 'bad', 3], 60],
      ['0 firing ticket', '20 firing ticket'],
    ],
    [
      'a long fault needs a tenth of its time to clear',
      [[0, 'bad', 3], [1000, 'bad', 3], [1001, 'good'], 1110],
      ['0 firing ticket', '1000 firing ticket', '1101 resolved ticket'],
    ],
    [
      'a warning fires as a warning and becomes a ticket only when that has held too',
      [[0, 'bad', 1, 'warn'], [20, 'bad', 1.1, 'ticket'], 31],
      ['0 pending warn', '10 firing warn', '20 firing warn', '30 firing ticket'],
    ],
    ['good without a bad before says nothing', [[0, 'good'], 20], []],
  ])('%s', (_, steps, expected) => {
    expect(play(steps)).toEqual(expected)
  })

  test('a clock or a mismatch does not wait: its monitor has', () => {
    expect(play([[0, 'bad', 1]], 'clock/zone')).toEqual(['0 firing ticket'])
    expect(play([[0, 'bad', 1]], 'answers/mismatch')).toEqual(['0 firing ticket'])
  })

  test('the longest match of the table counts', () => {
    expect(holdOffOf('failures/refused').clearMs).toBe(20_000)
    expect(holdOffOf('failures/rate')).toBe(holdOffOf('anything/else'))
    expect(holdOffOf('clock/step')).toBe(holdOffOf('clock/zone'))
  })
})

describe('flapping', () => {
  test('no changes 0 %, all changes 100 %, newer ones weigh more', () => {
    const alternating = Array.from({ length: 21 }, (_, i) => i % 2 === 0)
    expect(changePercent(alternating)).toBeCloseTo(100)
    expect(changePercent(Array.from({ length: 21 }, () => true))).toBe(0)
    const late = Array.from({ length: 21 }, (_, i) => i === 20)
    const early = Array.from({ length: 21 }, (_, i) => i > 0)
    expect(changePercent(late)).toBeGreaterThan(changePercent(early))
  })

  test('one that comes and goes stays one alert, and ends when it is calm', () => {
    const steps: Step[] = []
    for (let i = 0; i < 12; i += 1) steps.push([i * 24, 'bad', 3], [i * 24 + 12, 'good'])
    const told = play([...steps, 900])
    expect(told.filter((t) => t.includes('resolved'))).toHaveLength(1)
    expect(told.some((t) => t.endsWith('flapping'))).toBe(true)
    expect(told.at(-1)).toMatch(/resolved ticket$/)
  })
})

test('what comes and goes so fast that it never holds is told as flapping, and not before', () => {
  const steps: Step[] = []
  for (let i = 0; i < 40; i += 1) steps.push([i * 14, 'bad'], [i * 14 + 7, 'good'])
  const told = play(steps)
  const first = told.findIndex((t) => t.includes('firing'))
  expect(told[first]).toMatch(/firing \w+ flapping$/)
  // A few comings and goings are none.
  expect(Number(told[first]?.split(' ')[0])).toBeGreaterThan(20)
  expect(play(steps.slice(0, 3)).some((t) => t.includes('firing'))).toBe(false)
})

test('beyond its bound it says nothing rather than the same again and again', () => {
  const book = createAlertBook({ entriesMax: 2 }, null)
  for (let i = 0; i < 2; i += 1) book.take([reading(start + i, 'bad', 3, 'ticket', `s/${i}`)], start + i)
  expect(book.take([reading(start + 9, 'bad', 3, 'ticket', 's/9')], start + 9)).toEqual([])
})

test('ids are deterministic and differ from one fault to the next', () => {
  const ids = (): string[] => {
    const book = createAlertBook({}, null)
    const seen: Alert[] = []
    for (const [s, state] of [
      [0, 'bad'],
      [1, 'good'],
      [60, 'good'],
      [100, 'bad'],
    ] as const) {
      seen.push(...book.take([reading(start + s * 1000, state, 3, 'ticket', 'x/y')], start + s * 1000))
    }
    return [...new Set(seen.map((a) => a.id))]
  }
  expect(ids()).toHaveLength(2)
  expect(ids()).toEqual(ids())
})

test('it remembers a bounded number of signals', () => {
  const book = createAlertBook({ entriesMax: 10 }, null)
  for (let i = 0; i < 100; i += 1) book.take([reading(start + i, 'bad', 3, 'ticket', `s/${i}`)], start + i)
  expect(JSON.stringify(book.save()).split('"alert"')).toHaveLength(11)
})

test('saved and restarted anywhere it says the same', () => {
  const step = fc.record({
    gapMs: fc.integer({ min: 0, max: 20_000 }),
    state: fc.constantFrom('bad' as const, 'good' as const),
    score: fc.constantFrom(1, 1.5, 3),
    severity: fc.constantFrom('warn' as const, 'ticket' as const),
    signal: fc.constantFrom('failures/rate', 'clock/zone', 'latency/shift'),
    restart: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let now = start
      const whole = createAlertBook({}, null)
      let cut = createAlertBook({}, null)
      for (const { gapMs, state, score, severity, signal, restart } of steps) {
        now += gapMs
        const readings = [reading(now, state, score, severity, signal)]
        if (restart) cut = createAlertBook({}, JSON.parse(JSON.stringify(cut.save())))
        expect(cut.take(readings, now)).toEqual(whole.take(readings, now))
      }
      expect(cut.save()).toEqual(whole.save())
    }),
  )
})
