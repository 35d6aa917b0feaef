import { expect, test } from 'vitest'
import { accept, acceptedPart, hasAccepted } from '../../../../monitors/shared/accepted.ts'
import { hashOf } from '../../../../monitors/shared/rate.ts'

const hash = (kind: string, n: number) => hashOf(String(202_600_000_000 + n), hashOf(kind))

test('what was accepted of late is known, always; what never was is hardly ever taken for it', () => {
  const accepted = acceptedPart.fresh()
  for (let n = 0; n < 20_000; n += 1) accept(accepted, hash('placer', n))
  for (let n = 17_600; n < 20_000; n += 1) expect(hasAccepted(accepted, hash('placer', n))).toBe(true)
  let mistaken = 0
  for (let n = 0; n < 20_000; n += 1) if (hasAccepted(accepted, hash('filler', n))) mistaken += 1
  expect(mistaken / 20_000).toBeLessThan(0.006)
})

test('it is written and read back as the same, and foreign bytes are not', () => {
  const accepted = acceptedPart.fresh()
  accept(accepted, hash('placer', 1))
  const back = acceptedPart.read(JSON.parse(JSON.stringify(acceptedPart.write(accepted))))
  expect(hasAccepted(back, hash('placer', 1))).toBe(true)
  expect(() => acceptedPart.read(['AAAA', 'AAAA', 0])).toThrow(RangeError)
})
