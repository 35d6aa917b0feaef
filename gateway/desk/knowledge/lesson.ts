import type { Lesson } from '../../model/article.ts'
import type { Ticket } from '../../model/ticket.ts'
import { fitToTell } from '../notices/write-notice.ts'
import type { Acting, TicketAction } from '../ticket-actions.ts'

/** What an action on a ticket teaches: the words of whoever resolved or closed it, or of the post-mortem, fit to be shown. Null: nothing. */
export function lessonOf(ticket: Ticket, action: TicketAction, { by, at }: Pick<Acting, 'by' | 'at'>): Lesson | null {
  const said = wordsOf(action)
  if (said === null) return null
  return {
    ticketId: ticket.id,
    cause: ticket.causes[0]?.id ?? 'unknown',
    interfaceIds: ticket.interfaceIds,
    at,
    by,
    resolved: told(said.resolved),
    closed: told(said.closed),
    rootCause: told(said.rootCause),
    repair: told(said.repair),
  }
}

interface Said {
  readonly resolved?: string | undefined
  readonly closed?: string | undefined
  readonly rootCause?: string
  readonly repair?: string
}

function wordsOf(action: TicketAction): Said | null {
  if (action.kind === 'post-mortem') return { rootCause: action.rootCause, repair: action.repair }
  if (action.kind === 'resolve' && isSaying(action.text)) return { resolved: action.text }
  if (action.kind === 'close' && isSaying(action.text)) return { closed: action.text }
  return null
}

function isSaying(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== ''
}

function told(text: string | undefined): string | null {
  return text === undefined ? null : fitToTell(text.trim())
}
