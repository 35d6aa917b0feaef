import type { ArticleVersion, Lesson } from '../../model/article.ts'
import type { LessonQuery } from '../knowledge-store.ts'
import type { Connection } from './connection.ts'
import { numberOf, ownJson, type Row, textOf, textOrNull } from './rows.ts'

const articlesMax = 5_000

/** The questions about the knowledge base, synchronous. */
export interface KnowledgeQueries {
  editedArticles(): readonly ArticleVersion[]
  articleVersions(articleId: string, limit: number): readonly ArticleVersion[]
  saveArticle(version: ArticleVersion): boolean
  lessons(query: LessonQuery): readonly Lesson[]
  /** Adds what is new to the ticket's lesson; what it leaves out stays. Inside the transaction of the ticket. */
  learn(lesson: Lesson): void
}

const columns = 'article_id, version, at, by, note, content'

export function createKnowledgeQueries({ database, transaction }: Connection): KnowledgeQueries {
  const edited = database.prepare(`
    SELECT ${columns} FROM articles a WHERE version = (SELECT max(version) FROM articles b WHERE b.article_id = a.article_id)
    ORDER BY article_id LIMIT ${articlesMax}`)
  const versions = database.prepare(`SELECT ${columns} FROM articles WHERE article_id = ? ORDER BY version DESC LIMIT ?`)
  const newest = database.prepare('SELECT coalesce(max(version), 0) AS version FROM articles WHERE article_id = ?')
  const insert = database.prepare(`INSERT INTO articles (${columns}) VALUES (?, ?, ?, ?, ?, ?)`)
  const learn = database.prepare(`
    INSERT INTO lessons (ticket_id, cause, interface_ids, at, by, resolved, closed, root_cause, repair) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET cause = excluded.cause, interface_ids = excluded.interface_ids, at = excluded.at, by = excluded.by,
      resolved = coalesce(excluded.resolved, resolved), closed = coalesce(excluded.closed, closed),
      root_cause = coalesce(excluded.root_cause, root_cause), repair = coalesce(excluded.repair, repair)`)
  const lessons = database.prepare(`
    SELECT l.*, EXISTS (SELECT 1 FROM json_each(l.interface_ids) j WHERE j.value IN (SELECT value FROM json_each(?1))) AS is_here
    FROM lessons l LEFT JOIN tickets t ON t.id = l.ticket_id
    WHERE l.cause = ?2 AND l.ticket_id <> ?3 AND (t.state IS NULL OR t.state IN ('resolved', 'closed')) AND (is_here OR ?2 <> 'unknown')
    ORDER BY is_here DESC, l.at DESC, l.ticket_id DESC LIMIT ?4`)
  return {
    editedArticles: () => edited.all().map(versionOf),
    articleVersions: (articleId, limit) => versions.all(articleId, limit).map(versionOf),
    saveArticle: ({ articleId, version, at, by, note, content }) =>
      transaction(() => {
        const before = newest.get(articleId)
        if (before === undefined || numberOf(before, 'version') !== version - 1) return false
        insert.run(articleId, version, at, by, note, JSON.stringify(content))
        return true
      }),
    lessons: ({ cause, interfaceIds, exceptTicketId = '', limit }) =>
      lessons.all(JSON.stringify(interfaceIds), cause, exceptTicketId, limit).map(lessonOf),
    learn: (l) => {
      const interfaceIds = JSON.stringify(l.interfaceIds)
      learn.run(l.ticketId, l.cause, interfaceIds, l.at, l.by, l.resolved, l.closed, l.rootCause, l.repair)
    },
  }
}

function versionOf(row: Row): ArticleVersion {
  return {
    articleId: textOf(row, 'article_id'),
    version: numberOf(row, 'version'),
    at: numberOf(row, 'at'),
    by: textOf(row, 'by'),
    note: textOrNull(row, 'note'),
    content: ownJson(row, 'content'),
  }
}

function lessonOf(row: Row): Lesson {
  return {
    ticketId: textOf(row, 'ticket_id'),
    cause: textOf(row, 'cause'),
    interfaceIds: ownJson(row, 'interface_ids'),
    at: numberOf(row, 'at'),
    by: textOf(row, 'by'),
    resolved: textOrNull(row, 'resolved'),
    closed: textOrNull(row, 'closed'),
    rootCause: textOrNull(row, 'root_cause'),
    repair: textOrNull(row, 'repair'),
  }
}
