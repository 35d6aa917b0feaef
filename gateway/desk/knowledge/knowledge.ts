import type { ArticleContent, ArticleVersion, ErrorCode, Lesson } from '../../model/article.ts'
import type { Catalogue } from '../../model/interface.ts'
import type { Text } from '../../model/text.ts'
import type { Ticket } from '../../model/ticket.ts'
import type { Clock } from '../../model/time.ts'
import type { StoredExchange } from '../../store/exchange-store.ts'
import type { Store } from '../../store/store.ts'
import { Refusal } from '../api/problems.ts'
import { fitToTell } from '../notices/write-notice.ts'
import { codesOf, fitOf, isCode, likelyCauses, type Wanted } from './find.ts'
import { causeArticleId, seedArticles } from './seed.ts'

/** An article as it stands now. */
export interface Article {
  readonly id: string
  readonly content: ArticleContent
  /** Its newest version; null: as the program brings it. */
  readonly edited: Pick<ArticleVersion, 'version' | 'at' | 'by'> | null
}

/** An article with what stands behind it. */
export interface ArticleInFull {
  readonly article: Article
  /** Newest first, at most 50. */
  readonly history: readonly ArticleVersion[]
  /** How tickets of its first cause were solved. */
  readonly lessons: readonly Lesson[]
}

/** The knowledge base: what the program brings, under what people wrote, with how tickets were solved before. */
export interface Knowledge {
  /** Best fit first. */
  find(wanted: Wanted, limit: number): Promise<readonly Article[]>
  /** Refuses with NOT_FOUND. */
  article(id: string): Promise<ArticleInFull>
  /** Writes the version after `version` (0: there is none yet). Refuses with CONFLICT when somebody else did meanwhile. */
  write(id: string, change: ArticleChange): Promise<void>
  /** Of its likely causes and of the codes that its exchanges failed with, causes first; and how such tickets were solved before. */
  ofTicket(ticket: Ticket): Promise<{ readonly articles: readonly Article[]; readonly lessons: readonly Lesson[] }>
}

export interface ArticleChange {
  readonly version: number
  readonly by: string
  readonly note: string | null
  readonly content: ArticleContent
}

interface Parts {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly clock: Clock
  /** Codes that the answer of an exchange gives in its body; empty where it isn't kept. */
  readonly refusalsOf: (exchange: StoredExchange) => Promise<readonly string[]>
}

const historyMax = 50
const lessonsMax = 10
const exchangesRead = 5
const ofTicketMax = 12
const idPattern = /^[A-Za-z0-9][A-Za-z0-9.-]{0,79}$/

export function createKnowledge(parts: Parts): Knowledge {
  const { store, clock } = parts
  const all = async (): Promise<readonly Article[]> => {
    const edited = new Map((await store.editedArticles()).map((version) => [version.articleId, version]))
    const seeds = seedArticles.map(({ id, content }) => articleOf(id, content, edited.get(id)))
    const own = [...edited.values()].filter(({ articleId }) => !seeds.some(({ id }) => id === articleId))
    return [...seeds, ...own.map((version) => articleOf(version.articleId, version.content, version))]
  }
  return {
    find: async (wanted, limit) =>
      (await all())
        .map((article, place) => ({ article, place, fit: fitOf(article, wanted) }))
        .filter(({ fit }) => fit > 0)
        .sort((a, b) => b.fit - a.fit || a.place - b.place)
        .slice(0, limit)
        .map(({ article }) => article),
    article: async (id) => {
      const article = (await all()).find((candidate) => candidate.id === id)
      if (article === undefined) throw new Refusal('NOT_FOUND', 'There is no such article.')
      const [cause] = article.content.causes
      const isOfCause = cause !== undefined && id === causeArticleId(cause)
      return {
        article,
        history: await store.articleVersions(id, historyMax),
        lessons: isOfCause ? await store.lessons({ cause, interfaceIds: [], limit: lessonsMax }) : [],
      }
    },
    write: async (id, { version, by, note, content }) => {
      if (!idPattern.test(id))
        throw new Refusal('INVALID_REQUEST', 'An article id has letters, digits, dots and hyphens, at most 80.')
      const fit = { articleId: id, version: version + 1, at: clock.now(), by, note: note === null ? null : fitToTell(note) }
      if (!(await store.saveArticle({ ...fit, content: toldContent(content) })))
        throw new Refusal('CONFLICT', 'The article has a newer version than the one that was edited.')
    },
    ofTicket: async (ticket) => {
      const causes = likelyCauses(ticket.causes)
      const codes = await ticketCodes(ticket, parts)
      const articles = await all()
      const ofCauses = causes.flatMap((cause) => articles.filter(({ id }) => id === causeArticleId(cause)))
      const ofCodes = articles.filter(({ content }) =>
        content.codes.some((named) => codes.some((seen) => isNamed(named, seen))),
      )
      const interfaceIds = ticket.interfaceIds
      const lessons = await Promise.all(
        (causes.length === 0 ? ['unknown'] : causes).map((cause) =>
          store.lessons({ cause, interfaceIds, exceptTicketId: ticket.id, limit: lessonsMax }),
        ),
      )
      return {
        articles: [...new Set([...ofCauses, ...ofCodes])].slice(0, ofTicketMax),
        lessons: lessons.flat().slice(0, lessonsMax),
      }
    },
  }
}

function articleOf(id: string, content: ArticleContent, version: ArticleVersion | undefined): Article {
  if (version === undefined) return { id, content, edited: null }
  return { id, content: version.content, edited: { version: version.version, at: version.at, by: version.by } }
}

function isNamed(named: ErrorCode, seen: ErrorCode): boolean {
  return named.system === seen.system && isCode(named, seen.code)
}

/** Of the newest failed exchanges of a ticket: more of them say the same again. */
async function ticketCodes({ exchangeIds }: Ticket, { store, catalogue, refusalsOf }: Parts): Promise<readonly ErrorCode[]> {
  const codes: ErrorCode[] = []
  let read = 0
  for (const id of exchangeIds.toReversed()) {
    if (read === exchangesRead) break
    const exchange = await store.exchange(id)
    const iface = catalogue.interfaces.find((candidate) => candidate.id === exchange?.interfaceId)
    if (exchange === null || iface === undefined || exchange.outcome !== 'failed') continue
    read += 1
    codes.push(...codesOf(exchange, iface, await refusalsOf(exchange)))
  }
  return codes
}

/** What people write may not tell of anybody: it is shown to everyone who reads the knowledge base. */
function toldContent(content: ArticleContent): ArticleContent {
  const told = ({ zh, en }: Text): Text => ({ zh: fitToTell(zh), en: fitToTell(en) })
  return {
    title: told(content.title),
    meaning: told(content.meaning),
    shows: content.shows && told(content.shows),
    checks: content.checks.map(told),
    who: told(content.who),
    workaround: content.workaround && told(content.workaround),
    causes: content.causes,
    codes: content.codes,
  }
}
