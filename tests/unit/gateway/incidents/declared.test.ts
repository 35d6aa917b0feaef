import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { madeChange, madeSilence } from '../../../../fixtures/observed/changes.ts'
import type { Declaration, PlannedChange, Silence } from '../../../../gateway/model/change.ts'
import { mondayMorning, ticked } from '../../monitors/stream.ts'
import {
  hospital,
  imaging,
  lab,
  type Moment,
  onInterface,
  onSystem,
  passed,
  quiet,
  reading,
  secondMs,
  type Told,
  tell,
  ticks,
} from './scene.ts'

const minuteMs = 60 * secondMs
const faultAt = mondayMorning + minuteMs

const planned = (wish: Partial<PlannedChange> = {}): Declaration => ({
  kind: 'change',
  change: madeChange({ interfaceIds: [lab.id], fromAt: mondayMorning + 50 * secondMs, toAt: faultAt + 10 * minuteMs, ...wish }),
})
const silenced = (wish: Partial<Silence> = {}): Declaration => ({
  kind: 'silence',
  silence: madeSilence({ interfaceIds: [lab.id], fromAt: mondayMorning, untilAt: faultAt + 10 * minuteMs, ...wish }),
})

/** A receiver that refuses from `faultAt` for so many minutes, and answers the monitors' question so. */
function refusing(interfaceId: string, minutes: number, from = faultAt): Moment[] {
  const moments: Moment[] = []
  for (let s = 0; s < minutes * 60; s += 5) {
    const at = from + s * secondMs
    const item = passed({
      at,
      interfaceId,
      outcome: 'unanswered',
      wire: [{ kind: 'refused', how: 'refused', at }],
      connection: { exchangesBefore: 0 },
    })
    const isTold = s >= 15 && s % 60 === 15
    const facts = { how: 'refused', refusedInRow: 3 }
    const told = reading('failures/refused', onInterface(interfaceId), at, { onsetAt: from, facts })
    moments.push({ item, readings: isTold ? [told] : [] })
  }
  return moments
}

const before = quiet(hospital(), mondayMorning, 60)

/** The same moments, with these declarations before the one at that place. */
function declaring(moments: readonly Moment[], place: number, ...declared: readonly Declaration[]): Moment[] {
  return moments.map((moment, i) => (i === place ? { ...moment, declared } : moment))
}

/** Ticks among the moments, as an edge makes them: time passes between messages too. */
function run(...moments: readonly Moment[]): Told {
  return tell(
    hospital(),
    moments.toSorted((a, b) => a.item.now - b.item.now),
  )
}

describe('a planned change', () => {
  test('silences what begins in its window and explains it', () => {
    const told = run(...declaring(before, 0, planned()), ...refusing(lab.id, 8))
    const [incident] = told.incidents
    expect(told.incidents.length).toBe(1)
    expect(incident?.ticketed).toBe(false)
    expect(incident?.causes[0]?.id).toBe('planned-change')
    expect(incident?.causes[0]?.confidence).toBeGreaterThan(0.9)
    expect(incident?.causes[0]?.evidence[0]?.text.en).toContain('CR-2026-118')
    expect(incident?.title.zh).toContain('CR-2026-118')
    expect(incident?.withheld).toEqual({ ids: ['c1'], untilAt: faultAt + 20 * minuteMs })
    expect(incident?.withheldBy).toEqual(['c1'])
  })

  test('that is overrun by its grace makes a ticket which says so, at that instant and not before', () => {
    const told = run(...declaring(before, 0, planned()), ...refusing(lab.id, 22), ...ticks(faultAt, 22 * 60))
    const first = told.changes.find((i) => i.ticketed)
    expect(first?.lastSeenAt).toBe(faultAt + 20 * minuteMs)
    const incident = told.incidents.at(-1)
    expect(incident?.title.en).toContain('CR-2026-118 has overrun')
    expect(incident?.withheld).toBeNull()
    expect(incident?.severity).toBe('P1')
    const cause = incident?.causes.find((c) => c.id === 'planned-change')
    expect(cause?.evidence.some((line) => line.for && line.text.en.includes('CR-2026-118'))).toBe(true)
    expect(incident?.causes.map((c) => c.id)).toContain('conn-refused')
  })

  test('is prolonged by another window that begins before its grace is over, and by no later one', () => {
    const next = (from: number) => planned({ id: 'c2', approval: 'CR-2', fromAt: from, toAt: faultAt + 30 * minuteMs })
    const moments = [...refusing(lab.id, 25), ...ticks(faultAt, 25 * 60)]
    const prolonged = run(...declaring(before, 0, planned(), next(faultAt + 15 * minuteMs)), ...moments)
    expect(prolonged.changes.some((i) => i.ticketed)).toBe(false)
    expect(prolonged.incidents.map((i) => [i.causes[0]?.id, i.withheld])).toEqual([
      ['planned-change', { ids: ['c1', 'c2'], untilAt: faultAt + 40 * minuteMs }],
    ])
    const tooLate = run(...declaring(before, 0, planned(), next(faultAt + 21 * minuteMs)), ...moments)
    expect(tooLate.changes.find((i) => i.ticketed)?.lastSeenAt).toBe(faultAt + 20 * minuteMs)
  })

  test('leaves trouble outside it alone, even at the same moment', () => {
    const told = run(...declaring(before, 0, planned()), ...refusing(lab.id, 5), ...refusing(imaging.id, 5))
    const ticketed = told.incidents.filter((i) => i.ticketed)
    expect(ticketed.map((i) => [i.interfaceIds, i.causes[0]?.id])).toEqual([[[imaging.id], 'conn-refused']])
    expect(told.incidents.filter((i) => !i.ticketed).map((i) => i.interfaceIds)).toEqual([[lab.id]])
  })

  test('is not joined by trouble of the same receiver that it does not name', () => {
    const told = run(...declaring(before, 0, planned()), ...refusing(lab.id, 5), ...refusing('analyzer-lis-result', 5))
    expect(told.incidents.filter((i) => i.ticketed).map((i) => i.interfaceIds)).toEqual([['analyzer-lis-result']])
  })

  test('of a system takes all of its interfaces, and its clock', () => {
    const change = planned({ interfaceIds: [], systemIds: ['lis'] })
    const clock = reading('clock/offset', onSystem('lis'), faultAt + 20 * secondMs, { onsetAt: faultAt })
    const told = run(...declaring(before, 0, change), ...refusing(lab.id, 3), ...refusing('analyzer-lis-result', 3), {
      item: ticked(faultAt + 20 * secondMs),
      readings: [clock],
    })
    expect(told.incidents.length).toBeGreaterThanOrEqual(2)
    expect(told.incidents.filter((i) => i.ticketed)).toEqual([])
  })

  test('doesn’t excuse what began before it', () => {
    const late = planned({ fromAt: faultAt + 4 * minuteMs })
    const told = run(...declaring(before, 0, late), ...refusing(lab.id, 8))
    expect(told.incidents.map((i) => [i.ticketed, i.causes[0]?.id])).toEqual([[true, 'conn-refused']])
  })

  test('excuses a silence that is older than it, when nobody had missed anything yet', () => {
    const gap = reading('silence/gap', onInterface(lab.id), faultAt + 30 * secondMs, {
      onsetAt: faultAt - 30 * minuteMs,
      facts: { gapS: 1830, expectedGapS: 600, lambda: 3, lambdaStar: 3 },
    })
    const told = run(...declaring(before, 0, planned()), { item: ticked(gap.at), readings: [gap] }, ...ticks(gap.at, 60))
    expect(told.incidents.map((i) => [i.ticketed, i.causes[0]?.id])).toEqual([[false, 'planned-change']])
    // It may take 30 minutes until such an interface has anything to say again.
    expect(told.incidents[0]?.withheld?.untilAt).toBe(faultAt + 40 * minuteMs)
  })

  test('that is cancelled meanwhile excuses nothing; ended early, it is due earlier', () => {
    const moments = [...declaring(before, 0, planned()), ...refusing(lab.id, 8)]
    const place = before.length + 40
    const cancelled = { ...madeOf(planned()), revision: 2, state: 'cancelled', endedAt: faultAt } as const
    const told = tell(hospital(), declaring(moments, place, { kind: 'change', change: cancelled }))
    expect(told.incidents.map((i) => [i.ticketed, i.causes[0]?.id])).toEqual([[true, 'conn-refused']])
    const ended = { ...cancelled, state: 'ended-early', endedAt: faultAt + 2 * minuteMs, graceMs: 2 * minuteMs } as const
    const early = tell(hospital(), declaring(moments, place, { kind: 'change', change: ended }))
    expect(early.incidents[0]?.ticketed).toBe(true)
    expect(early.incidents[0]?.title.en).toContain('has overrun')
  })

  test('declared after the fact explains what is there, and takes no ticket away', () => {
    const moments = [...before, ...refusing(lab.id, 8)]
    const told = tell(hospital(), declaring(moments, before.length + 30, planned()))
    expect(told.incidents.map((i) => [i.ticketed, i.causes[0]?.id, i.withheld?.ids])).toEqual([
      [true, 'planned-change', ['c1']],
    ])
  })
})

describe('a silence', () => {
  test('keeps tickets back until it ends, hides nothing and explains nothing', () => {
    const told = run(...declaring(before, 0, silenced()), ...refusing(lab.id, 12), ...ticks(faultAt, 12 * 60))
    const first = told.changes[0]
    expect([first?.ticketed, first?.causes[0]?.id, first?.withheld?.ids]).toEqual([false, 'conn-refused', ['s1']])
    expect(told.changes.find((i) => i.ticketed)?.lastSeenAt).toBe(faultAt + 10 * minuteMs)
    expect(told.incidents.at(-1)?.withheldBy).toEqual(['s1'])
  })

  test('of a cause leaves other causes alone', () => {
    const other = silenced({ interfaceIds: [], cause: 'app-nak' })
    expect(run(...declaring(before, 0, other), ...refusing(lab.id, 3)).incidents[0]?.ticketed).toBe(true)
    const same = silenced({ interfaceIds: [], cause: 'conn-refused' })
    expect(run(...declaring(before, 0, same), ...refusing(lab.id, 3)).incidents[0]?.ticketed).toBe(false)
  })

  test('that somebody ends counts no longer', () => {
    const moments = [...declaring(before, 0, silenced()), ...refusing(lab.id, 8)]
    const ended = silenced({ revision: 2, endedAt: faultAt + minuteMs })
    const told = tell(hospital(), declaring(moments, before.length + 40, ended))
    expect(told.incidents[0]?.ticketed).toBe(true)
  })
})

test('save and restart anywhere between declarations: the same incidents', () => {
  const moments = [
    ...declaring(before, 3, planned(), silenced({ interfaceIds: [imaging.id], untilAt: faultAt + 3 * minuteMs })),
    ...[...refusing(lab.id, 22), ...refusing(imaging.id, 6), ...ticks(faultAt, 22 * 60)].sort(
      (a, b) => a.item.now - b.item.now,
    ),
  ]
  const whole = tell(hospital(), moments)
  expect(whole.incidents.filter((i) => i.ticketed).length).toBe(2)
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(moments.length - 1), { maxLength: 20 }), (cuts) => {
      expect(tell(hospital(), moments, new Set(cuts)).changes).toEqual(whole.changes)
    }),
    { numRuns: 12 },
  )
})

function madeOf(declaration: Declaration): PlannedChange {
  if (declaration.kind !== 'change') throw new Error('a change was meant')
  return declaration.change
}
