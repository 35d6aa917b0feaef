import { expect, test } from 'vitest'
import { type Awaited, type LegMemory, legPart } from '../../../../monitors/journeys/leg-memory.ts'
import { notePassing } from '../../../../monitors/journeys/passed-over.ts'
import { minuteMs, mondayMorning } from '../stream.ts'

function asked(n: number, more: Partial<Awaited> = {}): Awaited {
  return {
    ...{ at: mondayMorning + n * minuteMs, isOverdue: false, isExcused: false, isRefused: false, hasCome: false },
    ...{ keys: [n], exchangeId: `e${n}`, what: 0, passed: 0, passedByKind: 0, isPassedOver: false },
    ...more,
  }
}

function come(memory: LegMemory, one: Awaited, waiting: readonly Awaited[] = []): void {
  notePassing(memory, one, new Map(waiting.map((other, n) => [n, other])), one.at + 5 * minuteMs)
}

test('one is passed over at the moment when so many have passed it; what more had passed before the limit was learned is not', () => {
  const memory = legPart.fresh()
  Object.assign(memory.passing, { limitAll: 20, limitKind: 6, came: 100 })
  const waiting = [
    asked(1, { passed: 60 }),
    asked(2, { passed: 19 }),
    asked(3, { passed: 18 }),
    asked(4, { what: 7, passedByKind: 5 }),
    asked(5, { what: 8, passedByKind: 6 }),
  ]
  come(memory, asked(200, { what: 7 }), waiting)
  expect(waiting.map(({ isPassedOver }) => isPassedOver)).toEqual([false, true, false, true, false])
  expect(memory.passing.over).toBe(2)
  expect(memory.passing.rate.hits).toBe(2)
})

test('what was passed over and comes after all was passed over: so many are usual, though it is no longer a hit', () => {
  const memory = legPart.fresh()
  Object.assign(memory.passing, { limitAll: 20, came: 100 })
  const slow = asked(1, { passed: 19 })
  come(memory, asked(200), [slow])
  expect(memory.passing).toMatchObject({ over: 1, rate: { hits: 1 } })
  come(memory, slow)
  expect(memory.passing).toMatchObject({ over: 1, lateSince: 1, rate: { hits: 0 } })
})

test('how many are passed over is counted anew where a limit is known for the first time', () => {
  const memory = legPart.fresh()
  for (let n = 0; n < 47; n += 1) come(memory, asked(n))
  expect(memory.passing).toMatchObject({ came: 47 - 32, over: 0, limitAll: 6 })
  for (let n = 47; n < 100; n += 1) come(memory, asked(n))
  expect(memory.passing).toMatchObject({ came: 100 - 32, limitAll: 6 })
})
