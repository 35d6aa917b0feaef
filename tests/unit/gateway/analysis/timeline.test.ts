import { describe, expect, test } from 'vitest'
import { createTimeline, movedBack, type Timeline } from '../../../../gateway/analysis/timeline.ts'
import { type Entry, quietHealth } from '../../../../gateway/model/entry.ts'

const start = Date.UTC(2026, 10, 23, 2)
const hourMs = 3_600_000
const tick = (at: number, edgeId = 'edge-1'): Entry => ({ kind: 'tick', at, health: { ...quietHealth, edgeId } })
const measured = (at: number): Entry => {
  const asked = { name: 'probe', by: 'tcp', subject: { kind: 'system', id: 'lis' } } as const
  return { kind: 'measurement', at, measurement: { ...asked, at, verdict: 'yes', code: null, tookMs: 2, facts: {} } }
}
const pass = (timeline: Timeline, ...entries: readonly Entry[]) =>
  entries.map((entry) => timeline.pass(entry)).filter((s) => s !== null)

describe('the analysis clock', () => {
  test('goes on with the entries, and stands where they come out of order', () => {
    const timeline = createTimeline(null)
    expect(pass(timeline, tick(start), measured(start + 5_000), measured(start + 3_000), tick(start + 1_000))).toEqual([])
    expect(timeline.now).toBe(start + 5_000)
  })

  test('stands for a clock that was set back by less than a minute', () => {
    const timeline = createTimeline(null)
    expect(pass(timeline, tick(start + 60_000), tick(start))).toEqual([])
    expect(timeline.now).toBe(start + 60_000)
  })

  test('follows an edge whose clock was set back, with its first tick', () => {
    const timeline = createTimeline(null)
    const ahead = start + 8 * hourMs
    expect(pass(timeline, tick(ahead), measured(start + 1_000))).toEqual([])
    expect(timeline.now).toBe(ahead)
    expect(timeline.pass(tick(start + 2_000))).toEqual({ fromAt: ahead, toAt: start + 2_000, wrongAfter: start + 2_000 })
    expect(timeline.now).toBe(start + 2_000)
    expect(pass(timeline, tick(start + 3_000), measured(start + 3_500))).toEqual([])
    expect(timeline.now).toBe(start + 3_500)
  })

  test('back to where it leapt from, only what was noted since the leap is wrong', () => {
    const timeline = createTimeline(null)
    const leapt = start + 1_000 + 8 * hourMs
    pass(timeline, tick(start), tick(leapt), tick(leapt + 600_000))
    expect(timeline.pass(tick(start + 601_000))).toEqual({
      fromAt: leapt + 600_000,
      toAt: start + 601_000,
      wrongAfter: start + 601_000,
    })
  })

  test('back to where it has been before, nothing is known but how long ago all was', () => {
    const timeline = createTimeline(null)
    pass(timeline, tick(start), tick(start + 30_000), tick(start + 3 * hourMs), tick(start + 5 * hourMs))
    expect(timeline.pass(tick(start + 10_000))).toMatchObject({ toAt: start + 10_000, wrongAfter: Number.NEGATIVE_INFINITY })
  })

  test('goes by the edge that is furthest: one that lags behind sets nothing back', () => {
    const timeline = createTimeline(null)
    const late = tick(start - 2 * hourMs, 'edge-2')
    expect(pass(timeline, tick(start), late, tick(start + 1_000), { ...late, at: late.at + 1_000 })).toEqual([])
    expect(timeline.now).toBe(start + 1_000)
  })

  test('started again from what it saved, it finds the same', () => {
    const entries = [
      tick(start),
      tick(start + 9 * hourMs),
      measured(start + 9 * hourMs + 1),
      tick(start + 4_000),
      tick(start + 5_000),
    ]
    for (let cut = 0; cut <= entries.length; cut += 1) {
      const timeline = createTimeline(null)
      const found = pass(timeline, ...entries.slice(0, cut))
      const again = createTimeline(timeline.save())
      found.push(...pass(again, ...entries.slice(cut)))
      expect(found).toHaveLength(1)
      expect(again.now).toBe(start + 5_000)
    }
  })
})

describe('what was remembered', () => {
  const back = { fromAt: start + 8 * hourMs, toAt: start, wrongAfter: start }

  test('keeps its distance where the wrong clock noted it, and stays where the right one did', () => {
    const state = {
      lastAt: start + 8 * hourMs - 500,
      sinceAt: start - 60_000,
      count: 12,
      deep: [[start + 7 * hourMs, 'x', null, true]],
    }
    expect(movedBack(state, back)).toEqual({
      lastAt: start - 500,
      sinceAt: start - 60_000,
      count: 12,
      deep: [[start - hourMs, 'x', null, true]],
    })
  })

  test("all of it moves where it isn't known what the wrong clock noted, but for counts, which are no instants", () => {
    const all = { ...back, wrongAfter: Number.NEGATIVE_INFINITY }
    expect(movedBack([start - 60_000, 4_294_967_295, 0, -1], all)).toEqual([start - 60_000 - 8 * hourMs, 4_294_967_295, 0, -1])
  })

  test('what is to come stays, and what people said by their own clocks', () => {
    const state = { endsAt: start + 9 * hourMs, declared: [{ fromAt: start + hourMs }] }
    expect(movedBack(state, back, ['declared'])).toEqual(state)
  })
})
