import { describe, expect, it } from 'vitest'
import { rules } from '../architecture/rules.ts'
import { readSources, sourceOf } from '../architecture/source.ts'

const sources = readSources()

describe('architecture', () => {
  it('reads the whole tree', () => {
    expect(sources.length).toBeGreaterThan(20)
  })
  for (const rule of rules) {
    it(`holds: ${rule.name}`, () => {
      expect(rule.check(sources)).toEqual([])
    })
    it(`can fail: ${rule.name}`, () => {
      const planted = rule.planted.map((p) => sourceOf(p.path, p.text))
      expect(rule.check(planted).map((b) => b.rule)).toContain(rule.name)
    })
  }
})
