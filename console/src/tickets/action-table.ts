import type { TicketAnswer } from '../../../gateway/desk/api/shapes.ts'

/** A field of an action's form: what the API calls it, and whether it must be filled. */
export interface ActionField {
  readonly name: 'owner' | 'party' | 'text' | 'reason' | 'taken' | 'blocker' | 'next' | 'rootCause' | 'repair' | 'prevention'
  readonly isNeeded: boolean
  /** A person or a team, in one line. */
  readonly isShort: boolean
}

const short = (name: ActionField['name']): ActionField => ({ name, isNeeded: true, isShort: true })
const needed = (name: ActionField['name']): ActionField => ({ name, isNeeded: true, isShort: false })
const note: ActionField = { name: 'text', isNeeded: false, isShort: false }

/** What can be done to a ticket, as the API has it. */
export const actionFields = {
  assign: [short('owner'), note],
  transfer: [short('owner'), needed('reason')],
  comment: [needed('text')],
  arrive: [note],
  help: [needed('text')],
  join: [short('party'), note],
  escalate: [needed('reason')],
  progress: [needed('taken'), needed('blocker'), needed('next')],
  'post-mortem': [needed('rootCause'), needed('repair'), needed('prevention')],
  resolve: [note],
  close: [note],
  reopen: [note],
} as const satisfies { readonly [action: string]: readonly ActionField[] }

export type TicketActionName = keyof typeof actionFields

/** The actions that a ticket allows: what usually comes next first, then those that stand beside it, then the rest. */
export function actionsOf(ticket: TicketAnswer): {
  readonly beside: readonly TicketActionName[]
  readonly more: readonly TicketActionName[]
} {
  const onlyIf = (condition: boolean, action: TicketActionName) => (condition ? [action] : [])
  const arrival = onlyIf(ticket.arrivedAt === null, 'arrive')
  const report = onlyIf(ticket.isMajor, 'progress')
  const postMortem = onlyIf(ticket.isMajor && ticket.postMortem === null, 'post-mortem')
  const upward = onlyIf(ticket.level < 3, 'escalate')
  switch (ticket.state) {
    case 'open':
      return { beside: ['assign', ...arrival, ...report, 'comment'], more: ['resolve', 'help', 'join', ...upward] }
    case 'assigned':
      return { beside: ['resolve', ...arrival, ...report, 'transfer', 'comment'], more: ['help', 'join', ...upward, 'assign'] }
    case 'resolved':
      return { beside: ['close', ...postMortem, 'comment'], more: ['reopen'] }
    case 'closed':
      return { beside: [...postMortem, 'comment'], more: ['reopen'] }
    default:
      return ticket.state satisfies never
  }
}
