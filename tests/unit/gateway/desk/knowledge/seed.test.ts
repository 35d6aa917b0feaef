import { describe, expect, it } from 'vitest'
import { seedArticles } from '../../../../../gateway/desk/knowledge/seed.ts'
import { causeEntries, findCauseEntry } from '../../../../../gateway/incidents/catalogue.ts'
import { meaningOfCode } from './tables.ts'

const byId = new Map(seedArticles.map((article) => [article.id, article.content]))

describe('the seed of the knowledge base', () => {
  it('has an article for each of the 57 causes, with three checks at least', () => {
    expect(causeEntries).toHaveLength(57)
    for (const { id, name } of causeEntries) {
      const content = byId.get(`cause-${id}`)
      expect(content?.title, id).toEqual(name)
      expect(content?.checks.length, id).toBeGreaterThanOrEqual(3)
      expect(content?.workaround, id).not.toBeNull()
    }
  })
  it('gives no id twice, and names no cause that is not in the list', () => {
    expect(byId.size).toBe(seedArticles.length)
    for (const { id, content } of seedArticles)
      for (const cause of content.causes) expect(findCauseEntry(cause), `${id}: ${cause}`).not.toBeNull()
  })
  it('says everything in Chinese and in English, and nothing twice', () => {
    for (const { id, content } of seedArticles) {
      const { title, meaning, shows, checks, who, workaround } = content
      for (const text of [title, meaning, shows, ...checks, who, workaround]) {
        if (text === null) continue
        expect(text.en, `${id}: ${text.en}`).not.toMatch(/\p{Script=Han}{8}|~|undefined|null/u)
        expect(text.en.length, id).toBeGreaterThan(2)
        expect(text.zh, `${id}: ${text.zh}`).toMatch(/\p{Script=Han}|^[\w /]+$/u)
      }
      expect(new Set(checks.map(({ en }) => en)).size, id).toBe(checks.length)
    }
  })
  it('has every code of tables 0008 and 0357, with the meaning that the table gives', () => {
    for (const [table, codes] of Object.entries(meaningOfCode.hl7)) {
      for (const [code, meaning] of Object.entries(codes)) {
        const english = byId.get(`hl7-${code}`)?.title.en ?? ''
        const first =
          meaning
            .split(/[\s-]+/)
            .at(-1)
            ?.toLowerCase() ?? ''
        expect(english.toLowerCase(), `table ${table} code ${code}`).toContain(first.slice(0, 5))
      }
    }
  })
  it('has the issue types of FHIR R4 and R5', () => {
    for (const code of meaningOfCode.fhirIssueTypes) expect(byId.has(`fhir-${code}`), code).toBe(true)
  })
  it('has the statuses of PS3.7 Annex C and PS3.4 B.2.3, and the rejections of PS3.8 9.3.4', () => {
    for (const code of meaningOfCode.dimse) expect(byId.has(`dimse-${code}`), code).toBe(true)
  })
  it('has the statuses that HTTP services refuse with, and both answers of the insurance', () => {
    for (const code of [
      400, 401, 403, 404, 405, 406, 407, 408, 409, 410, 412, 413, 415, 422, 429, 500, 501, 502, 503, 504, 507,
    ])
      expect(byId.has(`http-${code}`), String(code)).toBe(true)
    expect(byId.get('nhsa--1')?.causes).toContain('app-nak')
    expect(byId.has('nhsa-0')).toBe(true)
  })
})
