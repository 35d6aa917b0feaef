import { describe, expect, test } from 'vitest'
import { type ActionField, actionFields, actionsOf } from '../../../../console/src/tickets/action-table.ts'
import { madeIncident } from '../../../../fixtures/observed/tickets.ts'
import { createPresenter } from '../../../../gateway/desk/api/present.ts'
import { customerRules } from '../../../../gateway/desk/rules/read-rules.ts'
import { afterAction, type TicketAction } from '../../../../gateway/desk/ticket-actions.ts'
import { createTicketRules } from '../../../../gateway/desk/ticket-rules.ts'
import type { Ticket } from '../../../../gateway/model/ticket.ts'
import { szph } from '../../gateway/desk/rules/szph.ts'

const at = Date.parse('2026-11-23T10:00:00+08:00')
const acting = { by: 'chen', at, setting: { rules: customerRules, catalogue: szph, channels: [] } }
const fresh = createTicketRules(szph, customerRules).ticketFor({
  ...madeIncident('i1'),
  openedAt: at,
  lastSeenAt: at,
  onsetAt: at,
})
const postMortem = { at, by: 'chen', rootCause: 'r', repair: 'r', prevention: 'p' }

const states: readonly Ticket[] = (['open', 'assigned', 'resolved', 'closed'] as const).flatMap((state) =>
  [1, 2, 3].flatMap((level) =>
    [true, false].flatMap((isMajor) =>
      [null, at].map((when) => ({
        ...fresh,
        state,
        level: level === 1 ? 1 : level === 2 ? 2 : 3,
        isMajor,
        arrivedAt: when,
        postMortem: when === null ? null : postMortem,
        resolvedAt: state === 'resolved' || state === 'closed' ? at : null,
      })),
    ),
  ),
)

/** An action with its needed fields, as the form would send it. */
function sent(kind: TicketAction['kind']): TicketAction {
  switch (kind) {
    case 'assign':
      return { kind, owner: 'wang' }
    case 'transfer':
      return { kind, owner: 'wang', reason: 'r' }
    case 'comment':
    case 'help':
      return { kind, text: 't' }
    case 'join':
      return { kind, party: 'wang' }
    case 'escalate':
      return { kind, reason: 'r' }
    case 'progress':
      return { kind, taken: 't', blocker: 'b', next: 'n' }
    case 'post-mortem':
      return { kind, rootCause: 'r', repair: 'r', prevention: 'p' }
    case 'arrive':
    case 'resolve':
    case 'close':
    case 'reopen':
      return { kind }
    default:
      return kind satisfies never
  }
}

describe('what the console offers to do to a ticket', () => {
  test('is taken by the desk in every state, level and stage', () => {
    const { ticket: present } = createPresenter('Asia/Shanghai')
    for (const ticket of states) {
      const { beside, more } = actionsOf(present(ticket))
      expect(beside.length).toBeGreaterThan(0)
      for (const action of [...beside, ...more]) expect(() => afterAction(ticket, sent(action), acting)).not.toThrow()
    }
  })

  test('has a form that asks for what the desk needs', () => {
    for (const action of Object.keys(actionFields).filter(isKind)) {
      const fields: readonly ActionField[] = actionFields[action]
      const needed = fields.filter(({ isNeeded }) => isNeeded).map(({ name }) => name)
      const { kind: _, ...body } = sent(action)
      expect(needed.toSorted(), action).toEqual(Object.keys(body).toSorted())
    }
  })
})

function isKind(name: string): name is TicketAction['kind'] {
  return name in actionFields
}
