import type { ArticleVersion, Lesson } from '../model/article.ts'

export interface LessonQuery {
  readonly cause: string
  /** Lessons of one of these come first. Of the cause `unknown` only they are given: what nobody knew helps nowhere else. */
  readonly interfaceIds: readonly string[]
  /** Its own lesson isn't news to a ticket. */
  readonly exceptTicketId?: string
  readonly limit: number
}

/** The knowledge base of the Database port: what people wrote beside the articles that the program brings. */
export interface KnowledgeStore {
  /** The newest version of every article that was ever edited, by id. At most 5,000. */
  editedArticles(): Promise<readonly ArticleVersion[]>
  /** Newest first. */
  articleVersions(articleId: string, limit: number): Promise<readonly ArticleVersion[]>
  /** False when `version` isn't the one after the newest: somebody wrote in between. */
  saveArticle(version: ArticleVersion): Promise<boolean>
  /** Newest first. A ticket that is open again has taught nothing yet. Lessons stay when their tickets have passed retention. */
  lessons(query: LessonQuery): Promise<readonly Lesson[]>
}
