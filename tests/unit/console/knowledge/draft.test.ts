import { describe, expect, it } from 'vitest'
import { draftOf, draftProblem, sentOf } from '../../../../console/src/knowledge/draft.ts'
import { madeArticle } from '../../../../fixtures/observed/tickets.ts'

const article = { id: 'local-q7', ...madeArticle, edited: { version: 3, at: '2026-11-23T08:00:00.000+08:00', by: 'wang' } }

describe('the draft of an article', () => {
  it('is sent as it was read when nothing is changed, on the version that was read', () => {
    expect(draftProblem(draftOf(article))).toBeNull()
    expect(sentOf(draftOf(article))).toEqual({ version: 3, ...madeArticle })
  })
  it('has checks and codes one a line, blank lines left out', () => {
    const draft = {
      ...draftOf(article),
      checks: { zh: '一\n\n 二 ', en: 'one\ntwo\n' },
      codes: ' HL7 103\ndimse A7xx\n',
      note: ' why ',
    }
    expect(sentOf(draft)).toMatchObject({
      checks: [
        { zh: '一', en: 'one' },
        { zh: '二', en: 'two' },
      ],
      codes: [
        { system: 'hl7', code: '103' },
        { system: 'dimse', code: 'A7xx' },
      ],
      note: 'why',
    })
  })
  it('says what keeps it from being saved', () => {
    const draft = draftOf(article)
    expect(draftProblem({ ...draft, id: 'a b' })).toBe('needsId')
    expect(draftProblem({ ...draft, who: { zh: '检验科', en: ' ' } })).toBe('needsText')
    expect(draftProblem({ ...draft, workaround: { zh: '先用纸', en: '' } })).toBe('needsText')
    expect(draftProblem({ ...draft, checks: { zh: '一\n二', en: 'one' } })).toBe('needsLines')
    expect(draftProblem({ ...draft, codes: 'tcp 7' })).toBe('needsCodes')
    expect(draftProblem(draftOf(null))).toBe('needsId')
  })
})
