import { articleContent } from './knowledge-shapes.ts'
import { get, limit, nothing, post } from './route.ts'
import { integer, object, text } from './schema.ts'

const word = text({ maxLength: 200 })

export const knowledgeRouteTable = {
  knowledge: get(
    '/knowledge',
    'knowledge.read',
    'Articles of the knowledge base, best fit first. `q`: words or an error code; `cause`: of the root-cause list; `code`: as it stands on the wire',
    object({}, { q: word, cause: word, code: word, limit }),
    'ArticleList',
  ),
  article: get(
    '/knowledge/{id}',
    'knowledge.read',
    'One article, its versions, and how such tickets were solved',
    nothing,
    'ArticleInFull',
  ),
  writeArticle: post(
    '/knowledge/{id}',
    'knowledge.write',
    'Writes the next version of an article, or a new one (`version` 0). What looks like an identity card or a telephone is hidden',
    object({ version: integer({ minimum: 0 }), ...articleContent }, { note: text({ maxLength: 500 }) }),
    'ArticleInFull',
  ),
  ticketKnowledge: get(
    '/tickets/{id}/knowledge',
    'tickets.read',
    'What the knowledge base has for a ticket: by its causes and by the codes of its exchanges, and how such tickets were solved before',
    nothing,
    'TicketKnowledge',
  ),
} as const
