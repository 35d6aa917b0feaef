import { codeSystems } from '../../model/article.ts'
import { flag, instant, integer, list, nullable, type Of, object, oneOf, text } from './schema.ts'

/** Long enough for a paragraph, short enough that nothing of it is cut where it is told. */
const paragraph = { maxLength: 1_000 } as const
const words = object({ zh: text({ minLength: 1, ...paragraph }), en: text({ minLength: 1, ...paragraph }) })
const code = object({ system: oneOf(codeSystems), code: text({ minLength: 1, maxLength: 40 }) })

/** What an article says: of gateway/model/article.ts. Also what is sent to write one. */
export const articleContent = {
  title: words,
  meaning: words,
  shows: nullable(words),
  checks: list(words, { maxItems: 12 }),
  who: words,
  workaround: nullable(words),
  causes: list(text({ maxLength: 60 }), { maxItems: 12 }),
  codes: list(code, { maxItems: 40 }),
}
const edited = nullable(object({ version: integer({ minimum: 1 }), at: instant(), by: text() }))
const article = object({ id: text(), ...articleContent, edited })
export type ArticleAnswer = Of<typeof article>

const lesson = object({
  ticketId: text(),
  cause: text(),
  interfaceIds: list(text()),
  at: instant(),
  by: text(),
  resolved: nullable(text()),
  closed: nullable(text()),
  rootCause: nullable(text()),
  repair: nullable(text()),
  /** Whether its ticket is still kept. */
  hasTicket: flag(),
})
export type LessonAnswer = Of<typeof lesson>

const history = list(
  object({
    version: integer({ minimum: 1 }),
    at: instant(),
    by: text(),
    note: nullable(text()),
    content: object(articleContent),
  }),
)
export type ArticleHistory = Of<typeof history>

export const knowledgeShapes = {
  Article: article,
  ArticleList: object({ items: list(article) }),
  ArticleInFull: object({ article, history, lessons: list(lesson) }),
  TicketKnowledge: object({ articles: list(article), lessons: list(lesson) }),
}
