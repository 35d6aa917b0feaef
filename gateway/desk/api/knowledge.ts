import type { Lesson } from '../../model/article.ts'
import type { Clock } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import type { Article, ArticleInFull, Knowledge } from '../knowledge/knowledge.ts'
import { type Binding, bind } from './bind.ts'
import type { ArticleAnswer, LessonAnswer } from './knowledge-shapes.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import { Refusal } from './problems.ts'

interface Parts {
  readonly store: Store
  readonly knowledge: Knowledge
  readonly present: Presenter
  readonly clock: Clock
}

/** The knowledge base: search, read, write, and what it has for a ticket. */
export function knowledgeRoutes({ store, knowledge, present, clock }: Parts): readonly Binding[] {
  const article = ({ id, content, edited }: Article): ArticleAnswer => ({
    id,
    ...content,
    edited: edited && { ...edited, at: present.iso(edited.at) },
  })
  const lessons = (taught: readonly Lesson[]): Promise<readonly LessonAnswer[]> =>
    Promise.all(
      taught.map(async (lesson) => ({
        ...lesson,
        at: present.iso(lesson.at),
        hasTicket: (await store.ticket(lesson.ticketId)) !== null,
      })),
    )
  const inFull = async (full: ArticleInFull) => ({
    article: article(full.article),
    history: full.history.map(({ version, at, by, note, content }) => ({ version, at: present.iso(at), by, note, content })),
    lessons: await lessons(full.lessons),
  })
  return [
    bind(routes.knowledge, async ({ query }) => {
      const { q, cause, code, limit = 50 } = query
      const wanted = {
        ...(q === undefined ? {} : { q }),
        ...(cause === undefined ? {} : { cause }),
        ...(code === undefined ? {} : { code }),
      }
      return { items: (await knowledge.find(wanted, limit)).map(article) }
    }),
    bind(routes.article, async ({ params }) => inFull(await knowledge.article(params.id ?? ''))),
    bind(routes.writeArticle, async ({ params, body, caller }) => {
      const { version, note, ...content } = body
      const id = params.id ?? ''
      await knowledge.write(id, { version, by: caller.name, note: note ?? null, content })
      const subject = `${id} version ${version + 1}`
      await store.appendAudit({
        at: clock.now(),
        by: caller.name,
        role: caller.role,
        action: 'knowledge write',
        subject,
        reason: null,
      })
      return inFull(await knowledge.article(params.id ?? ''))
    }),
    bind(routes.ticketKnowledge, async ({ params }) => {
      const read = await store.ticket(params.id ?? '')
      if (read === null) throw new Refusal('NOT_FOUND', 'There is no such ticket.')
      const found = await knowledge.ofTicket(read.ticket)
      return { articles: found.articles.map(article), lessons: await lessons(found.lessons) }
    }),
  ]
}
