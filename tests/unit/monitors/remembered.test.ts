import { expect, test } from 'vitest'
import { remembered } from '../../../monitors/remembered.ts'

test('each text has its own answer, made once', () => {
  const asked: string[] = []
  const doubled = remembered((text) => {
    asked.push(text)
    return text + text
  })
  expect(['a', 'b', 'a', '', 'b', ''].map(doubled)).toEqual(['aa', 'bb', 'aa', '', 'bb', ''])
  expect(asked).toEqual(['a', 'b', ''])
})

test('texts that are alike to the eye are two, and half a character is kept as it is', () => {
  const same = remembered((text) => text)
  for (const text of ['é', 'e\u0301', '\ud83d\ude00', '\ud83d', '\ude00']) expect(same(text)).toBe(text)
})

test('of ten thousand texts a few hundred are kept, and all are answered', () => {
  let made = 0
  const length = remembered((text) => {
    made += 1
    return text.length
  })
  for (let i = 0; i < 10_000; i += 1) expect(length(`x${i}`)).toBe(`x${i}`.length)
  for (let i = 0; i < 10_000; i += 1) length(`x${i}`)
  expect(made).toBe(20_000 - 500)
})
