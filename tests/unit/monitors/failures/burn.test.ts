import { expect, test } from 'vitest'
import { burnPart, burnVerdict, countBurn, surprise } from '../../../../monitors/failures/burn.ts'
import { hourMs, minuteMs, mondayMorning } from '../stream.ts'

function burnOf(count: number, everyMs: number, isFailed: (index: number) => boolean) {
  const burn = burnPart.fresh()
  for (let i = 0; i < count; i += 1) countBurn(burn, mondayMorning + i * everyMs, isFailed(i))
  return burnVerdict(burn, mondayMorning + (count - 1) * everyMs, 0.005, 0.001)
}

test('the fast pair: 10 % of an hour failing is twenty times the budget', () => {
  expect(burnOf(600, 6000, (i) => i % 10 === 0)).toEqual({ burn: 20, share: 0.1, isSlow: false })
})

test('a long window that burned, and a short one that does not any more, says nothing', () => {
  expect(burnOf(600, 6000, (i) => i < 300 && i % 5 === 0)?.isSlow ?? true).toBe(true)
})

test('the slow pair asks for work only: 0.8 % over three days', () => {
  const everyMs = 30 * 1000
  expect(burnOf((72 * hourMs) / everyMs, everyMs, (i) => i % 125 === 124)).toMatchObject({ isSlow: true })
})

test('two failures, a handful of messages, or what is usual are not enough', () => {
  expect(burnOf(120, 20_000, (i) => i > 117)).toBeNull()
  expect(burnOf(20, minuteMs, () => true)).toBeNull()
  const burn = burnPart.fresh()
  for (let i = 0; i < 1000; i += 1) countBurn(burn, mondayMorning + i * 3000, i % 12 === 0)
  expect(burnVerdict(burn, mondayMorning + 3_000_000, 0.005, 0.08)).toBeNull()
})

test('slots are bounded: three days of half hours', () => {
  const burn = burnPart.fresh()
  for (let i = 0; i < 10_000; i += 1) countBurn(burn, mondayMorning + i * 20 * minuteMs, false)
  expect(burn.fine.length).toBe(12)
  expect(burn.coarse.length).toBe(144)
})

test('the surprise of a count is Chernoff for Poisson', () => {
  expect(surprise(3, 5)).toBe(0)
  expect(surprise(10, 1)).toBeCloseTo(10 * Math.log(10) - 9, 12)
})
