import type { ReactNode } from 'react'
import { type DeliveryAnswer, shapes, type TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { Panel } from '../parts/panel.tsx'
import { dayTime } from '../parts/time.ts'
import { useLanguage } from '../words/language.tsx'

/** What was told about a ticket and on which channels it arrived. Not shown where nothing was to be told. */
export function TicketNotices({ ticket, now }: { readonly ticket: TicketAnswer; readonly now: string | null }): ReactNode {
  const { words, pick } = useLanguage()
  const items = useAnswer(`/tickets/${encodeURIComponent(ticket.id)}/notices`, shapes.DeliveryList, ['tickets']).answer?.items
  if (items === undefined || items.length === 0) return null
  return (
    <Panel title={words.notices.title}>
      <ol className="notices">
        {[...new Set(items.map(({ id }) => id))].map((id) => {
          const deliveries = items.filter((item) => item.id === id)
          const [first] = deliveries
          if (first === undefined) return null
          return (
            <li key={first.id}>
              <details>
                <summary>
                  <strong>{words.notices.kinds[first.kind]}</strong>
                  <span className="figures quiet">{dayTime(first.at, now)}</span>
                  <span className="notice-channels">
                    {deliveries.map((delivery) => (
                      <ChannelMark key={delivery.channel} delivery={delivery} now={now} />
                    ))}
                  </span>
                </summary>
                <p className="notice-body">{pick(first.body)}</p>
              </details>
            </li>
          )
        })}
      </ol>
    </Panel>
  )
}

function ChannelMark({ delivery, now }: { readonly delivery: DeliveryAnswer; readonly now: string | null }): ReactNode {
  const { words } = useLanguage()
  const { channel, state, tries, sentAt } = delivery
  const tone = state === 'sent' ? 'quiet' : state === 'waiting' ? 'warn' : 'bad'
  return (
    <span className={`notice-channel ${tone}`}>
      {channel}: {words.notices.states[state]}
      {sentAt !== null && <span className="figures"> {dayTime(sentAt, now)}</span>}
      {tries > 1 && ` (${words.notices.tries(tries)})`}
    </span>
  )
}
