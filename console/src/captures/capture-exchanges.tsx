import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { withQuery } from '../api/client.ts'
import { ExchangeTable } from '../exchanges/exchange-table.tsx'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { useLanguage } from '../words/language.tsx'
import type { NamesById } from './capture-findings.tsx'

const pageSize = 25
const limitMax = 500

/** All exchanges of the capture, read in place. */
export function CaptureExchanges({ path, names }: { readonly path: string; readonly names: NamesById }): ReactNode {
  const { words, pick } = useLanguage()
  const [limit, setLimit] = useState(pageSize)
  const asked = useAnswer(withQuery(`${path}/exchanges`, { limit }), shapes.ExchangeList)
  if (asked.answer === null)
    return asked.problem === null ? <Loading /> : <ProblemNote problem={asked.problem} onRetry={asked.reload} />
  const { items, nextCursor } = asked.answer
  return (
    <>
      <h2>{words.captures.list}</h2>
      {items.length === 0 ? (
        <Empty>{words.captures.listNone}</Empty>
      ) : (
        <ExchangeTable
          items={items}
          today={null}
          nameOf={(id) => pick(names.get(id) ?? { zh: id, en: id })}
          hint={null}
          toOf={(id) => `${path}?exchange=${encodeURIComponent(id)}`}
        />
      )}
      {nextCursor !== null && limit < limitMax && (
        <p className="list-more">
          <Button loading={asked.isLoading} onClick={() => setLimit(Math.min(limit * 4, limitMax))}>
            {words.common.more}
          </Button>
        </p>
      )}
    </>
  )
}
