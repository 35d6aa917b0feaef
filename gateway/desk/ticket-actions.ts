import type { SystemClass } from '../model/interface.ts'
import type { Text } from '../model/text.ts'
import type { Ticket, TicketState, TimelineItem } from '../model/ticket.ts'
import type { Instant } from '../model/time.ts'
import { Refusal } from './api/problems.ts'
import { escalated, withParty } from './duties/overdue.ts'
import { teamOf } from './duties/responsible.ts'
import { spanMs } from './rules/spans.ts'
import { teamText } from './rules/teams.ts'
import type { Setting } from './setting.ts'
import { reopened } from './ticket-rules.ts'
import { told, withItem } from './timeline.ts'

/** What a person does to a ticket. */
export type TicketAction =
  | { readonly kind: 'assign'; readonly owner: string; readonly lead?: string; readonly text?: string }
  | { readonly kind: 'transfer'; readonly owner: string; readonly reason: string }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'arrive'; readonly text?: string }
  | { readonly kind: 'help'; readonly text: string; readonly systemClass?: SystemClass }
  | { readonly kind: 'join'; readonly party: string; readonly text?: string }
  | { readonly kind: 'escalate'; readonly reason: string }
  | { readonly kind: 'progress'; readonly taken: string; readonly blocker: string; readonly next: string }
  | { readonly kind: 'post-mortem'; readonly rootCause: string; readonly repair: string; readonly prevention: string }
  | { readonly kind: 'resolve' | 'close' | 'reopen'; readonly text?: string }

const worked = ['open', 'assigned'] as const
const any = ['open', 'assigned', 'resolved', 'closed'] as const

/** States from which each action may be taken. */
const from = {
  assign: worked,
  transfer: worked,
  comment: any,
  arrive: worked,
  help: worked,
  join: worked,
  escalate: worked,
  progress: worked,
  'post-mortem': ['resolved', 'closed'],
  resolve: worked,
  close: ['resolved'],
  reopen: ['resolved', 'closed'],
} as const satisfies { readonly [K in TicketAction['kind']]: readonly TicketState[] }

/** Who acts, when, and by which rules. */
export interface Acting {
  readonly by: string
  readonly at: Instant
  readonly setting: Setting
}

/** The ticket after the action. Refuses with TICKET_STATE where the ticket's state, level or age doesn't allow it. Pure. */
export function afterAction(ticket: Ticket, action: TicketAction, acting: Acting): Ticket {
  const allowed: readonly TicketState[] = from[action.kind]
  if (!allowed.includes(ticket.state))
    throw new Refusal('TICKET_STATE', `A ticket that is ${ticket.state} can not take the action ${action.kind}.`)
  const acted = apply(ticket, action, acting)
  // Whoever is first with it has it registered for good, whatever becomes of it.
  return { ...acted, firstResponder: ticket.firstResponder ?? acting.by }
}

function apply(ticket: Ticket, action: TicketAction, acting: Acting): Ticket {
  const { by, at, setting } = acting
  const named = (id: string) => teamText(id, setting.rules)
  const tell = (next: Ticket, kind: TimelineItem['kind'], text: Text) => told(next, at, kind, by, text)
  switch (action.kind) {
    case 'assign': {
      const owner = named(action.owner)
      const text = withNote({ zh: `指派给 ${owner.zh}`, en: `Assigned to ${owner.en}` }, action.text)
      return tell(owned(ticket, action.owner, action.lead), 'assigned', text)
    }
    case 'transfer': {
      const owner = named(action.owner)
      const text = withNote({ zh: `转给 ${owner.zh}`, en: `Transferred to ${owner.en}` }, action.reason)
      return tell({ ...owned(ticket, action.owner), transfers: ticket.transfers + 1 }, 'transferred', text)
    }
    case 'comment':
      return tell(ticket, 'comment', { zh: action.text, en: action.text })
    case 'arrive':
      return arrived(ticket, action.text, acting)
    case 'help':
      return helped(ticket, action, acting)
    case 'join': {
      const party = named(action.party)
      const text = withNote({ zh: `${party.zh} 加入处理`, en: `${party.en} joined` }, action.text)
      return tell(withParty(ticket, action.party), 'joined', text)
    }
    case 'escalate':
      if (ticket.level === 3) throw new Refusal('TICKET_STATE', 'The ticket is at the highest level.')
      return escalated(ticket, setting.rules, at, by, { zh: action.reason, en: action.reason })
    case 'progress':
      return reported(ticket, action, acting)
    case 'post-mortem': {
      const { rootCause, repair, prevention } = action
      const text = { zh: '已提交事后复盘报告', en: 'Post-mortem filed' }
      return tell({ ...ticket, postMortem: { at, by, rootCause, repair, prevention } }, 'post-mortem', text)
    }
    case 'resolve': {
      const text = withNote({ zh: '已解决', en: 'Resolved' }, action.text)
      return tell({ ...ticket, state: 'resolved', resolvedAt: at }, 'resolved', text)
    }
    case 'close':
      return tell({ ...ticket, state: 'closed' }, 'closed', withNote({ zh: '已关闭', en: 'Closed' }, action.text))
    case 'reopen':
      return openedAgain(ticket, action.text, acting)
    default:
      return action satisfies never
  }
}

function reported(
  ticket: Ticket,
  { taken, blocker, next }: Extract<TicketAction, { kind: 'progress' }>,
  { by, at }: Acting,
): Ticket {
  const text = {
    zh: `已采取措施：${taken}；当前卡点：${blocker}；下一步计划：${next}`,
    en: `Taken: ${taken}; blocked by: ${blocker}; next: ${next}`,
  }
  return withItem(ticket, { at, kind: 'progress', by, text, report: { taken, blocker, next } })
}

/** The first who takes it leads it to the end, unless another is named. */
function owned(ticket: Ticket, owner: string, lead?: string): Ticket {
  return { ...ticket, state: 'assigned', owner, lead: lead ?? ticket.lead ?? owner }
}

/** Who arrives on what nobody has taken takes it. */
function arrived(ticket: Ticket, note: string | undefined, { by, at }: Acting): Ticket {
  if (ticket.arrivedAt !== null) throw new Refusal('TICKET_STATE', 'Somebody is there already.')
  const next = ticket.state === 'open' ? owned(ticket, by) : ticket
  return told({ ...next, arrivedAt: at }, at, 'arrived', by, withNote({ zh: '已到场', en: 'On site' }, note))
}

/** The coordinator of the class is found and joins; without a class, the team of the next level. */
function helped(
  ticket: Ticket,
  { systemClass, text }: Extract<TicketAction, { kind: 'help' }>,
  { by, at, setting: { rules } }: Acting,
): Ticket {
  const wanted = systemClass ?? ticket.systemClass
  const helper = wanted === null ? teamOf(ticket.level === 1 ? 2 : 3, rules) : rules.classes[wanted].coordinator
  const name = teamText(helper, rules)
  const words = withNote({ zh: `技术求助：${name.zh} 介入`, en: `Help asked: ${name.en} joins` }, text)
  return told(withParty(ticket, helper), at, 'help', by, words)
}

function openedAgain(ticket: Ticket, note: string | undefined, { by, at, setting: { rules, catalogue } }: Acting): Ticket {
  if (ticket.resolvedAt === null || at - ticket.resolvedAt > spanMs(rules.reopen))
    throw new Refusal('TICKET_STATE', 'It was resolved too long ago to be opened again: a new fault gets a new ticket.')
  const text = withNote({ zh: '重新打开', en: 'Reopened' }, note)
  return told(reopened(ticket, at, catalogue, rules), at, 'reopened', by, text)
}

function withNote(text: Text, note: string | undefined): Text {
  return note === undefined ? text : { zh: `${text.zh}：${note}`, en: `${text.en}: ${note}` }
}
