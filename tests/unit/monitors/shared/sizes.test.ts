import { expect, test } from 'vitest'
import { asOfOneSize, learnSize, sizesPart } from '../../../../monitors/shared/sizes.ts'

const slice = 530_000
const radiograph = 14_000_000

test('what is small is taken as it is, and what is large only once five of its size were seen', () => {
  const sizes = sizesPart.fresh()
  expect(asOfOneSize(sizes, 1_000, 20)).toBe(20)
  for (let i = 0; i < 4; i += 1) learnSize(sizes, slice, 50)
  expect(asOfOneSize(sizes, slice, 50)).toBeNull()
  learnSize(sizes, slice, 50)
  expect(asOfOneSize(sizes, slice, 50)).toBe(50)
  expect(asOfOneSize(sizes, radiograph, 400)).toBeNull()
})

test('what takes as long as usual for its size takes as long as usual for the size that was known first', () => {
  const sizes = sizesPart.fresh()
  for (let i = 0; i < 20; i += 1) {
    learnSize(sizes, slice, 50)
    learnSize(sizes, radiograph, 400)
  }
  expect(asOfOneSize(sizes, radiograph, 400)).toBeCloseTo(50)
  expect(asOfOneSize(sizes, radiograph, 1200)).toBeCloseTo(150)
  // What comes of an object that is larger than any octave, too.
  for (let i = 0; i < 20; i += 1) learnSize(sizes, 2 ** 40, 90_000)
  expect(asOfOneSize(sizes, 2 ** 41, 90_000)).toBeCloseTo(50)
})

test('one that took a thousand times as long moves what is usual by little', () => {
  const sizes = sizesPart.fresh()
  for (let i = 0; i < 30; i += 1) {
    learnSize(sizes, slice, 50)
    learnSize(sizes, radiograph, 400)
  }
  learnSize(sizes, radiograph, 400_000)
  expect(asOfOneSize(sizes, radiograph, 400)).toBeGreaterThan(45)
})
