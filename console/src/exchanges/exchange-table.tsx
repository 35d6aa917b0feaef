import type { KeyboardEvent, MouseEvent, ReactNode } from 'react'
import type { ExchangeAnswer } from '../../../gateway/desk/api/shapes.ts'
import { OutcomeMark } from '../parts/marks.tsx'
import { bytesText } from '../parts/number.ts'
import { dayTime, msText } from '../parts/time.ts'
import { Link, useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { wireWords } from './wire-words.ts'

/** Exchanges, one a row. A row is opened by a click or by Enter; arrow keys go from row to row. */
export function ExchangeTable({
  items,
  today,
  nameOf,
  hint,
  toOf = exchangePath,
}: {
  readonly items: readonly ExchangeAnswer[]
  readonly today: string | null
  /** Null leaves the interface out. */
  readonly nameOf: ((id: string) => string) | null
  readonly hint: string | null
  /** Where a row leads. */
  readonly toOf?: (id: string) => string
}): ReactNode {
  const { words } = useLanguage()
  return (
    <section className="panel panel-table">
      <table className="table exchange-table">
        <thead>
          <tr>
            <th scope="col">{words.common.at}</th>
            {nameOf !== null && <th scope="col">{words.exchanges.iface}</th>}
            <th scope="col">{words.exchanges.type}</th>
            <th scope="col">{words.exchanges.outcome}</th>
            <th scope="col" className="number">
              {words.exchanges.latency}
            </th>
            <th scope="col" className="number wide-only">
              {words.exchanges.size}
            </th>
            <th scope="col">{words.exchanges.story}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row key={item.id} item={item} today={today} nameOf={nameOf} to={toOf(item.id)} />
          ))}
        </tbody>
      </table>
      {hint !== null && <p className="table-foot quiet">{hint}</p>}
    </section>
  )
}

function exchangePath(id: string): string {
  return `/exchanges/${encodeURIComponent(id)}`
}

function Row({
  item,
  today,
  nameOf,
  to,
}: {
  readonly to: string
  readonly item: ExchangeAnswer
  readonly today: string | null
  readonly nameOf: ((id: string) => string) | null
}): ReactNode {
  const { words, pick } = useLanguage()
  const { go } = useRoute()
  const worst = worstFirst(item)
  const told = worst.filter(({ severity }) => severity !== 'observe').slice(0, 2)
  const story = [...wireWords(item.wire, words), ...told.map((violation) => pick(violation.message))]
  const open = (event: MouseEvent) => {
    // A link in the row is followed as a link; everything else opens the exchange.
    if (!(event.target instanceof Element) || event.target.closest('a') === null) go(to)
  }
  return (
    <tr data-row tabIndex={0} className="row-link" onClick={open} onKeyDown={(event) => onRowKey(event, () => go(to))}>
      <td className="figures">
        <Link to={to} tabIndex={-1}>
          {dayTime(item.at, today, 'ms')}
        </Link>
      </td>
      {nameOf !== null && <td className="exchange-iface">{nameOf(item.interfaceId)}</td>}
      <td className="exchange-type">
        {item.type === null ? <span className="quiet">{words.exchanges.unread}</span> : <code>{item.type}</code>}
      </td>
      <td className="exchange-outcome">
        <OutcomeMark outcome={item.outcome} code={item.code} />
      </td>
      <td className="number">{msText(item.latencyMs)}</td>
      <td className="number wide-only">{item.requestBytes === 0 ? '—' : bytesText(item.requestBytes)}</td>
      <td className="exchange-story" title={story.join('\n')}>
        {worst[0] !== undefined && (
          <span className={`violation-count violation-count-${worst[0].severity}`} title={words.exchanges.violations}>
            {worst.length}
          </span>
        )}
        {story.join(' · ')}
      </td>
    </tr>
  )
}

function onRowKey(event: KeyboardEvent<HTMLElement>, open: () => void): void {
  if (event.key === 'Enter') open()
  else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault()
    const next = event.key === 'ArrowDown' ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling
    if (next instanceof HTMLElement) next.focus()
    else if (event.key === 'ArrowUp') document.getElementById('search')?.focus()
  }
}

function worstFirst({ violations }: ExchangeAnswer): ExchangeAnswer['violations'] {
  const weight = { ticket: 0, warn: 1, observe: 2 } as const
  return violations.toSorted((a, b) => weight[a.severity] - weight[b.severity])
}
