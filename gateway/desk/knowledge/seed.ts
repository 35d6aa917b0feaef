import { causeEntries } from '../../incidents/catalogue.ts'
import type { ArticleContent, CodeSystem, ErrorCode } from '../../model/article.ts'
import { codeSystems } from '../../model/article.ts'
import causeRows from './causes.json' with { type: 'json' }
import codeRows from './codes.json' with { type: 'json' }

/** An article as the program brings it. */
export interface SeedArticle {
  readonly id: string
  readonly content: ArticleContent
}

/** One article for each of the root causes, in the list's order, then one for each code of the tables. */
export const seedArticles: readonly SeedArticle[] = [
  ...causeEntries.map(({ id, name }) => ({ id: causeArticleId(id), content: { ...ofCause(id), title: name } })),
  ...codeRows.map(({ system, code, title, meaning, checks, who, workaround, causes }) => {
    const named = { system: systemOf(system), code }
    return {
      id: codeArticleId(named),
      content: {
        title: { zh: `${code} ${title.zh}`, en: `${code} ${title.en}` },
        meaning,
        shows: null,
        checks,
        who,
        workaround,
        causes,
        codes: [named],
      },
    }
  }),
]

export function causeArticleId(cause: string): string {
  return `cause-${cause}`
}

/** Fit for a path: `hl7-103`, `dimse-RJ-1-1-7`, `nhsa--1`. */
export function codeArticleId({ system, code }: ErrorCode): string {
  return `${system}-${code}`
}

function ofCause(id: string): Omit<ArticleContent, 'title'> {
  const row = causeRows.find((candidate) => candidate.id === id)
  if (row === undefined) throw new Error(`cause ${id} has no article in causes.json`)
  const { meaning, shows, checks, who, workaround } = row
  return { meaning, shows, checks, who, workaround, causes: [id], codes: [] }
}

function systemOf(word: string): CodeSystem {
  const system = codeSystems.find((known) => known === word)
  if (system === undefined) throw new Error(`${word} is no system of codes`)
  return system
}
