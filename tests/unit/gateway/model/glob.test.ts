import fc from 'fast-check'
import { expect, it } from 'vitest'
import { matchesGlob } from '../../../../gateway/model/glob.ts'

it('takes a star for any characters, none as well', () => {
  const fits = [
    ['ods.cdc.*', 'ods.cdc.orders', true],
    ['ods.cdc.*', 'ods.cdc.', true],
    ['ods.cdc.*', 'odsXcdc.orders', false],
    ['*', '', true],
    ['SD*.csv', 'SD20261122.csv', true],
    ['SD*.csv', 'SD20261122.csv.ok', false],
    ['a*b*c', 'aXbXbXc', true],
    ['exact', 'exact', true],
    ['exact', 'exactly', false],
  ] as const
  for (const [pattern, name, is] of fits) expect(matchesGlob(pattern, name), `${pattern} ${name}`).toBe(is)
})

it('agrees with the regular expression that the pattern means', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
  fc.assert(
    fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }), (pattern, name) => {
      expect(matchesGlob(pattern, name)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name))
    }),
  )
})
