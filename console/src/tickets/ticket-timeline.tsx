import type { ReactNode } from 'react'
import type { TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import { dayTime } from '../parts/time.ts'
import { useLanguage } from '../words/language.tsx'

/** Everything that happened to a ticket, the newest first. */
export function Timeline({ ticket, now }: { readonly ticket: TicketAnswer; readonly now: string | null }): ReactNode {
  const { words, pick } = useLanguage()
  return (
    <ol className="timeline">
      {ticket.timeline.toReversed().map((item) => (
        <li key={`${item.at} ${item.kind} ${item.text.en}`}>
          <span className="figures quiet">{dayTime(item.at, now)}</span>
          <span>
            <strong>{words.tickets.kinds[item.kind]}</strong>
            <span className="quiet"> {item.by === 'auscult' ? words.tickets.auscult : item.by}</span>
            <br />
            {pick(item.text)}
          </span>
        </li>
      ))}
    </ol>
  )
}
