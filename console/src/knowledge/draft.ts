import type { ArticleAnswer } from '../../../gateway/desk/api/knowledge-shapes.ts'
import { type CodeSystem, codeSystems } from '../../../gateway/model/article.ts'

interface Both {
  readonly zh: string
  readonly en: string
}

/** An article as it is edited: texts as typed, checks and codes one a line. */
export interface Draft {
  readonly id: string
  readonly version: number
  readonly title: Both
  readonly meaning: Both
  readonly shows: Both
  readonly checks: Both
  readonly who: Both
  readonly workaround: Both
  readonly causes: readonly string[]
  readonly codes: string
  readonly note: string
}

const nothing: Both = { zh: '', en: '' }

export function draftOf(article: ArticleAnswer | null): Draft {
  const checks = article?.checks ?? []
  return {
    id: article?.id ?? '',
    version: article?.edited?.version ?? 0,
    title: article?.title ?? nothing,
    meaning: article?.meaning ?? nothing,
    shows: article?.shows ?? nothing,
    checks: { zh: checks.map(({ zh }) => zh).join('\n'), en: checks.map(({ en }) => en).join('\n') },
    who: article?.who ?? nothing,
    workaround: article?.workaround ?? nothing,
    causes: article?.causes ?? [],
    codes: (article?.codes ?? []).map(({ system, code }) => `${system} ${code}`).join('\n'),
    note: '',
  }
}

/** Why it can't be saved yet: the name of the words that say so. Null: it can. */
export function draftProblem(draft: Draft): 'needsId' | 'needsText' | 'needsLines' | 'needsCodes' | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,79}$/.test(draft.id)) return 'needsId'
  if ([draft.title, draft.meaning, draft.who].some(({ zh, en }) => zh.trim() === '' || en.trim() === '')) return 'needsText'
  if ([draft.shows, draft.workaround].some(({ zh, en }) => (zh.trim() === '') !== (en.trim() === ''))) return 'needsText'
  if (linesOf(draft.checks.zh).length !== linesOf(draft.checks.en).length) return 'needsLines'
  return linesOf(draft.codes).some((line) => codeOf(line) === null) ? 'needsCodes' : null
}

/** What is sent of a draft without a problem. */
export function sentOf(draft: Draft): object {
  const english = linesOf(draft.checks.en)
  const optional = ({ zh, en }: Both) => (zh.trim() === '' ? null : { zh: zh.trim(), en: en.trim() })
  return {
    version: draft.version,
    title: trimmed(draft.title),
    meaning: trimmed(draft.meaning),
    shows: optional(draft.shows),
    checks: linesOf(draft.checks.zh).map((zh, i) => ({ zh, en: english[i] ?? zh })),
    who: trimmed(draft.who),
    workaround: optional(draft.workaround),
    causes: draft.causes,
    codes: linesOf(draft.codes).flatMap((line) => codeOf(line) ?? []),
    ...(draft.note.trim() === '' ? {} : { note: draft.note.trim() }),
  }
}

function trimmed({ zh, en }: Both): Both {
  return { zh: zh.trim(), en: en.trim() }
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function codeOf(line: string): { readonly system: CodeSystem; readonly code: string } | null {
  const [, word = '', code = ''] = /^(\w+)\s+(\S{1,40})$/.exec(line) ?? []
  const system = codeSystems.find((known) => known === word.toLowerCase())
  return system === undefined ? null : { system, code }
}
