import type { DutyKind } from '../../model/duty.ts'
import type { Ticket } from '../../model/ticket.ts'
import type { DeskRules } from '../rules/desk-rules.ts'

/**
 * Who owes the duty now. Never nobody: what has no owner yet lies with the coordinator of its class, and without one with the team
 * of its level.
 */
export function responsibleFor(kind: DutyKind, ticket: Ticket, rules: DeskRules): string {
  const owner = ticket.owner ?? ticket.coordinator ?? teamOf(ticket.level, rules)
  switch (kind) {
    case 'assign':
    case 'arrive':
      return owner
    case 'recover':
    case 'solve':
    case 'progress':
    case 'post-mortem':
    case 'close':
    case 'notify':
      return ticket.lead ?? owner
    default:
      return kind satisfies never
  }
}

export function teamOf(level: Ticket['level'], rules: DeskRules): string {
  const entry = rules.levels[level - 1]
  if (entry === undefined) throw new Error('rules have three levels')
  return entry.team
}
