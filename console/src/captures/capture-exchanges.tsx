import { type ReactNode, useState } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { withQuery } from '../api/client.ts'
import { ExchangeTable } from '../exchanges/exchange-table.tsx'
import { More } from '../parts/more.tsx'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { useLanguage } from '../words/language.tsx'
import { exchangeIn } from './capture-findings.tsx'

const pageSize = 25

/** All exchanges of the capture, read in place. */
export function CaptureExchanges({
  path,
  nameOf,
}: {
  readonly path: string
  readonly nameOf: (id: string) => string
}): ReactNode {
  const { words } = useLanguage()
  const [limit, setLimit] = useState(pageSize)
  const asked = useAnswer(withQuery(`${path}/exchanges`, { limit }), shapes.ExchangeList)
  if (asked.answer === null)
    return asked.problem === null ? <Loading /> : <ProblemNote problem={asked.problem} onRetry={asked.reload} />
  const { items } = asked.answer
  return (
    <>
      <h2>{words.captures.list}</h2>
      {items.length === 0 ? (
        <Empty>{words.captures.listNone}</Empty>
      ) : (
        <ExchangeTable items={items} today={null} nameOf={nameOf} hint={null} toOf={(id) => exchangeIn(path, id)} />
      )}
      <More asked={asked} limit={limit} next={4 * limit} onLimit={setLimit} />
    </>
  )
}
