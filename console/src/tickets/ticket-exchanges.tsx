import { type ReactNode, useEffect, useState } from 'react'
import { type ExchangeAnswer, shapes, type TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import { read } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import { ExchangeTable } from '../exchanges/exchange-table.tsx'
import { Empty, Loading } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'

const shownMax = 8

/** The newest exchanges that show the fault. Those that have passed their retention are left out. */
export function TicketExchanges({
  ticket,
  nameOf,
}: {
  readonly ticket: TicketAnswer
  readonly nameOf: (id: string) => string
}): ReactNode {
  const { words } = useLanguage()
  const mayRead = useMay('exchanges.read')
  // The newest come last; the last of them is the one that is opened first.
  const wanted = mayRead ? ticket.exchangeIds.slice(-shownMax).toReversed().join(' ') : ''
  const items = useExchanges(wanted)
  if (!mayRead) return null
  const first = items?.[0]
  return (
    <Panel
      title={words.tickets.exchanges}
      className="panel-list"
      end={
        first === undefined ? undefined : (
          <Link to={`/exchanges/${encodeURIComponent(first.id)}`}>{words.tickets.openFirst} →</Link>
        )
      }
    >
      {items === null ? (
        <Loading />
      ) : items.length === 0 ? (
        <Empty>{words.tickets.exchangesNone}</Empty>
      ) : (
        <ExchangeTable items={items} today={null} nameOf={ticket.interfaceIds.length > 1 ? nameOf : null} hint={null} />
      )}
    </Panel>
  )
}

function useExchanges(wanted: string): readonly ExchangeAnswer[] | null {
  const [items, setItems] = useState<readonly ExchangeAnswer[] | null>(null)
  useEffect(() => {
    const controller = new AbortController()
    const ids = wanted.split(' ').filter((id) => id !== '')
    Promise.allSettled(ids.map((id) => read(`/exchanges/${encodeURIComponent(id)}`, shapes.Exchange, controller.signal))).then(
      (results) => {
        if (controller.signal.aborted) return
        setItems(results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])))
      },
    )
    return () => controller.abort()
  }, [wanted])
  return items
}
