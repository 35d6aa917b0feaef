import { describe, expect, it } from 'vitest'
import { codesOf, fitOf, isCode, likelyCauses } from '../../../../../gateway/desk/knowledge/find.ts'
import { seedArticles } from '../../../../../gateway/desk/knowledge/seed.ts'

function found(wanted: Parameters<typeof fitOf>[1]): readonly string[] {
  return seedArticles
    .map((article, place) => ({ id: article.id, place, fit: fitOf(article, wanted) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit || a.place - b.place)
    .map(({ id }) => id)
}

describe('search', () => {
  it('finds a code first, whatever the case, and a range by a status within it', () => {
    expect(found({ q: 'rj-1-1-7' })[0]).toBe('dimse-RJ-1-1-7')
    expect(found({ q: 'A702' })[0]).toBe('dimse-A7xx')
    expect(found({ code: '503' })).toEqual(['http-503'])
    expect(found({ code: '-1' })).toEqual(['nhsa--1'])
  })
  it('finds words of either language, all of them', () => {
    expect(found({ q: '时区' })[0]).toBe('cause-tz-mismatch')
    expect(found({ q: 'expired certificate' })).toContain('cause-tls-cert')
    expect(found({ q: 'certificate nonsense-word' })).toEqual([])
    expect(found({ q: '  ' })).toHaveLength(seedArticles.length)
  })
  it('gives the article of a cause first, then what else belongs to it', () => {
    const of = found({ cause: 'auth-expired' })
    expect(of[0]).toBe('cause-auth-expired')
    expect(of).toEqual(expect.arrayContaining(['http-401', 'fhir-login', 'dimse-0124', 'nhsa--1']))
    expect(of).not.toContain('http-404')
  })
})

describe('the codes of an exchange', () => {
  const mllp = { protocol: 'mllp', format: 'hl7v2' } as const
  it('are of the table of its format, and the hospital’s own', () => {
    expect(codesOf({ outcome: 'failed', code: 'AE', type: null }, mllp, ['103', '103'])).toEqual([
      { system: 'hl7', code: 'AE' },
      { system: 'local', code: 'AE' },
      { system: 'hl7', code: '103' },
      { system: 'local', code: '103' },
    ])
  })
  it('are none of what went well', () => {
    expect(codesOf({ outcome: 'answered', code: 'AA', type: null }, mllp, [])).toEqual([])
  })
  it('take a -1 for the insurance’s only where its transactions pass', () => {
    const json = { protocol: 'http', format: 'json' } as const
    const systems = (type: string | null) =>
      codesOf({ outcome: 'failed', code: '-1', type }, json, []).map(({ system }) => system)
    expect(systems('2207')).toEqual(['nhsa', 'http', 'local'])
    expect(systems('POST /cgi-bin/token')).toEqual(['http', 'local'])
  })
  it('match a range by its digits alone', () => {
    expect(isCode({ system: 'dimse', code: 'A7xx' }, 'A7FF')).toBe(true)
    expect(isCode({ system: 'dimse', code: 'Cxxx' }, 'C000')).toBe(true)
    expect(isCode({ system: 'dimse', code: 'Cxxx' }, 'CLAIM')).toBe(false)
    expect(isCode({ system: 'dimse', code: 'A7xx' }, 'A900')).toBe(false)
  })
})

describe('the causes of a ticket’s articles', () => {
  const cause = (id: string, confidence: number) => ({ id, confidence, evidence: [], locus: null })
  it('are what leads and what is fairly likely beside it', () => {
    expect(likelyCauses([cause('unknown', 0.4), cause('dns', 0.3), cause('silent', 0.1)])).toEqual(['unknown', 'dns'])
    expect(likelyCauses([])).toEqual([])
  })
})
