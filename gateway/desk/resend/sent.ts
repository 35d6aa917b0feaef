import type { Envelope } from '../../model/envelope.ts'

/** What came of sending. `code`: what the system says of a connection that failed, as ECONNREFUSED; TIMEOUT; ANSWER_TOO_LARGE. */
export type Sent =
  | { readonly outcome: 'answered'; readonly body: Uint8Array; readonly envelope: Envelope }
  | { readonly outcome: 'unanswered' | 'not-sent'; readonly code: string }

export const answerBytesMax = 1_048_576

/** The code of a system's or library's error, also where it stands in its cause. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause instanceof Error ? codeOf(error.cause) : error.name
}
