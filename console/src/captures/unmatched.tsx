import { Button, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { write } from '../api/client.ts'
import { useNames } from '../parts/catalogue.ts'
import { countText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { useSending } from '../parts/sending.ts'
import { useLanguage } from '../words/language.tsx'
import type { CaptureAnswer } from './captures-page.tsx'

const shownMax = 20

/** Conversations that the configuration doesn't know, each with a choice of what it is. */
export function Unmatched({
  capture,
  found,
  path,
  onAnalyze,
}: {
  readonly capture: CaptureAnswer
  readonly found: NonNullable<CaptureAnswer['found']>
  readonly path: string
  readonly onAnalyze: () => void
}): ReactNode {
  const { words, pick } = useLanguage()
  const { send } = useSending()
  const names = useNames()
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(
    new Map(capture.assign.map(({ acceptor, interfaceId }) => [acceptor, interfaceId])),
  )
  const again = () => {
    const assign = [...chosen].map(([acceptor, interfaceId]) => ({ acceptor, interfaceId }))
    send(write(`${path}/analyze`, { assign }, shapes.Capture), { onDone: onAnalyze })
  }
  const options = names.interfaces
    .filter(({ protocol }) => protocol !== 'record')
    .map(({ id, name }) => ({ value: id, label: pick(name) }))
  return (
    <Panel
      title={`${words.captures.unmatched} (${countText(found.unmatchedCount)})`}
      note={words.captures.unmatchedNote}
      end={
        <Button size="small" type="primary" disabled={chosen.size === 0} onClick={again}>
          {words.captures.again}
        </Button>
      }
      className="panel-list"
    >
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.captures.acceptor}</th>
            <th scope="col" className="number">
              {words.captures.conversations}
            </th>
            <th scope="col">{words.captures.asInterface}</th>
          </tr>
        </thead>
        <tbody>
          {found.unmatched.slice(0, shownMax).map(({ acceptor, conversations }) => (
            <tr key={acceptor}>
              <td>
                <code>{acceptor}</code>
              </td>
              <td className="number">{countText(conversations)}</td>
              <td>
                <Select
                  className="filter-iface"
                  aria-label={`${words.captures.assign} ${acceptor}`}
                  placeholder={words.captures.assign}
                  value={chosen.get(acceptor) ?? null}
                  allowClear
                  showSearch={{ optionFilterProp: 'label' }}
                  popupMatchSelectWidth={false}
                  options={options}
                  onChange={(id: string | undefined) =>
                    setChosen((before) => {
                      const next = new Map(before)
                      if (id === undefined) next.delete(acceptor)
                      else next.set(acceptor, id)
                      return next
                    })
                  }
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
