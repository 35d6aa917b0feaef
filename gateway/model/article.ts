import type { Text } from './text.ts'
import type { Instant } from './time.ts'

/** Whose table a code is of; `local`: what a vendor or the hospital made up, of any protocol. */
export const codeSystems = ['hl7', 'http', 'fhir', 'dimse', 'nhsa', 'local'] as const
export type CodeSystem = (typeof codeSystems)[number]

/** An error code as it stands on the wire. `x` at the end of a DIMSE status stands for any digit: `A7xx`. */
export interface ErrorCode {
  readonly system: CodeSystem
  readonly code: string
}

/** What an article of the knowledge base says. Free of patient data. */
export interface ArticleContent {
  readonly title: Text
  readonly meaning: Text
  /** How it shows on the wire; null where the code itself is all that shows. */
  readonly shows: Text | null
  /** First checks, best discriminating first. */
  readonly checks: readonly Text[]
  /** 谁来管 */
  readonly who: Text
  /** What keeps care going meanwhile; null where there is nothing to do. */
  readonly workaround: Text | null
  /** Ids of root causes that it belongs to. */
  readonly causes: readonly string[]
  readonly codes: readonly ErrorCode[]
}

/** One version of an article that a person wrote. The first is 1; an article of the seed that nobody edited has none. */
export interface ArticleVersion {
  readonly articleId: string
  readonly version: number
  readonly at: Instant
  readonly by: string
  /** Why it was changed, where the person said so. */
  readonly note: string | null
  readonly content: ArticleContent
}

/** How a ticket was solved, in the words of those who did: the knowledge base shows it with the next such ticket. */
export interface Lesson {
  readonly ticketId: string
  /** Of the root-cause list, or `unknown`. */
  readonly cause: string
  readonly interfaceIds: readonly string[]
  /** When it was last written. */
  readonly at: Instant
  readonly by: string
  /** What was said when it was resolved, when it was closed, and in the post-mortem; null: nothing. */
  readonly resolved: string | null
  readonly closed: string | null
  readonly rootCause: string | null
  readonly repair: string | null
}
