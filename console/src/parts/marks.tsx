import type { ReactNode } from 'react'
import type { ExchangeAnswer, InterfaceState, TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import { useWords } from '../words/language.tsx'

/** State of an interface: a sign and a word, never colour alone. */
export function StateMark({ state }: { readonly state: InterfaceState }): ReactNode {
  const words = useWords()
  return (
    <span className={`state state-${state}`}>
      <i aria-hidden="true" />
      {words.states[state]}
    </span>
  )
}

export function OutcomeMark({
  outcome,
  code,
}: {
  readonly outcome: ExchangeAnswer['outcome']
  readonly code?: string | null
}): ReactNode {
  const words = useWords()
  return (
    <span className={`outcome outcome-${outcome}`}>
      {words.outcomes[outcome]}
      {code !== null && code !== undefined && <code>{code}</code>}
    </span>
  )
}

/** `P1` to `P4`, of a ticket or of one that would have been opened. */
export function SeverityMark({ severity }: { readonly severity: string }): ReactNode {
  return <span className={`severity severity-${severity}`}>{severity}</span>
}

export function TicketStateMark({ state }: { readonly state: TicketAnswer['state'] }): ReactNode {
  const words = useWords()
  return <span className={`ticket-state ticket-state-${state}`}>{words.tickets.state[state]}</span>
}

export function ViolationMark({ severity }: { readonly severity: 'observe' | 'warn' | 'ticket' }): ReactNode {
  const words = useWords()
  return <span className={`violation-mark violation-${severity}`}>{words.severities[severity]}</span>
}
