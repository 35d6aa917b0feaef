import { SearchOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { type JourneyAnswer, shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { withQuery } from '../api/client.ts'
import { ExchangeTable } from '../exchanges/exchange-table.tsx'
import { type Names, useNames } from '../parts/catalogue.ts'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { dayTime, lengthText, msBetween, offsetText } from '../parts/time.ts'
import { useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { Sequence } from './sequence.tsx'
import { Steps } from './steps.tsx'

/** One order across systems: asked for by any of its identifiers, shown as steps, as a sequence over time, and as a list. */
export default function JourneysPage(): ReactNode {
  const { words } = useLanguage()
  const key = useRoute().query.get('key') ?? ''
  return (
    <>
      <h1 className="unseen">{words.journeys.title}</h1>
      <KeyBox key={key} value={key} />
      {key === '' ? <Empty>{words.journeys.lead}</Empty> : <Found asked={key} />}
    </>
  )
}

function KeyBox({ value }: { readonly value: string }): ReactNode {
  const { words } = useLanguage()
  const { change } = useRoute()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const isToken = /^k\d+\.[0-9a-f]{16}$/.test(value)
  return (
    <search className="search">
      <Input
        id="search"
        size="large"
        autoFocus
        allowClear
        prefix={<SearchOutlined />}
        value={isToken && text === value ? '' : text}
        placeholder={isToken ? words.journeys.byToken : words.journeys.search}
        aria-label={words.journeys.search}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        onPressEnter={() => change({ key: text.trim() }, 'push')}
        suffix={
          <Button type="text" size="small" onClick={() => change({ key: text.trim() }, 'push')}>
            {words.journeys.find}
          </Button>
        }
      />
      <p className="search-note quiet">{words.exchanges.searchNote}</p>
    </search>
  )
}

function Found({ asked }: { readonly asked: string }): ReactNode {
  const { words } = useLanguage()
  const names = useNames()
  const { answer, problem, reload } = useAnswer(withQuery('/journeys', { key: asked }), shapes.JourneyList, ['interfaces'])
  if (answer === null) return problem === null ? <Loading /> : <ProblemNote problem={problem} onRetry={reload} />
  if (answer.items.length === 0) return <Empty>{words.exchanges.emptyKey}</Empty>
  const kinds: { readonly [kind: string]: string } = words.keys
  const crowded = answer.crowdedKinds.map((kind) => kinds[kind] ?? kind).join(' · ')
  return (
    <>
      <p className="journey-lead quiet">
        {words.journeys.found(answer.items.length, answer.kinds.map((kind) => kinds[kind] ?? kind).join(' · '))}
        {crowded !== '' && ` ${words.journeys.crowded(crowded)}`}
        {answer.isCut && ` ${words.journeys.cut}`}
      </p>
      {answer.items.map((journey) => (
        <One key={journey.exchanges[0]?.id ?? journey.from} journey={journey} names={names} />
      ))}
    </>
  )
}

function One({ journey, names }: { readonly journey: JourneyAnswer; readonly names: Names }): ReactNode {
  const { words, pick } = useLanguage()
  const { journeys } = words
  const lasted = lengthText(msBetween(journey.from, journey.to), words)
  return (
    <Panel
      className="journey"
      title={journey.name === null ? journeys.unplanned : pick(journey.name)}
      note={`${dayTime(journey.from, null)} · ${journeys.lasted(lasted)} · ${journeys.exchanges(journey.exchanges.length)}`}
    >
      {journey.steps.length > 0 && <Steps steps={journey.steps} today={journey.from} />}
      {journey.clocks.length > 0 && (
        <p className="journey-clocks warn">
          {journeys.clocks}{' '}
          {journey.clocks
            .map(({ systemId, offsetS }) => `${names.system(systemId)} ${offsetS === null ? '' : offsetText(offsetS)}`)
            .join(' · ')}
        </p>
      )}
      <Sequence journey={journey} names={names} />
      <details className="journey-list">
        <summary>{journeys.list}</summary>
        <ExchangeTable items={journey.exchanges} today={journey.from} nameOf={names.iface} hint={null} />
      </details>
    </Panel>
  )
}
