import { CopyOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { type ExchangeAnswer, shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { ResendButton } from '../evidence/resend-button.tsx'
import { useNames } from '../parts/catalogue.ts'
import { copyText } from '../parts/copy.ts'
import { OutcomeMark, ViolationMark } from '../parts/marks.tsx'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { dayTime, msText } from '../parts/time.ts'
import { Link, useRoute } from '../route.tsx'
import { useLanguage, useWords } from '../words/language.tsx'
import type { Words } from '../words/zh.ts'
import { Frames } from './frames.tsx'
import { MessagePanel } from './message-panel.tsx'
import type { Spot } from './tree-rows.ts'
import { wireWords } from './wire-words.ts'

/** One exchange: what passed, when, what the wire did, what breaks the contract and where, both messages. */
export default function ExchangePage({
  id,
  base = '/exchanges',
}: {
  readonly id: string
  /** Where the API has it: a capture's exchanges are not the hospital's. */
  readonly base?: string
}): ReactNode {
  const { words } = useLanguage()
  const names = useNames()
  const asked = useAnswer(`${base}/${encodeURIComponent(id)}`, shapes.Exchange)
  const isStored = base === '/exchanges'
  const { change } = useRoute()
  const [spot, setSpot] = useState<Spot | null>(null)
  if (asked.answer === null)
    return asked.problem === null ? <Loading /> : <ProblemNote problem={asked.problem} onRetry={asked.reload} />
  const exchange = asked.answer
  const isRecord = names.interfaces.some(({ id, protocol }) => id === exchange.interfaceId && protocol === 'record')
  return (
    <>
      <header className="page-head">
        <div className="page-head-line">
          <h1>
            <code>{exchange.type ?? words.exchanges.unread}</code>
          </h1>
          <OutcomeMark outcome={exchange.outcome} code={exchange.code} />
          {exchange.outcome === 'failed' && exchange.code !== null && (
            <Link to={`/knowledge?q=${encodeURIComponent(exchange.code)}`}>{words.knowledge.ofCode}</Link>
          )}
          <Link to={`/interfaces/${exchange.interfaceId}`}>{names.iface(exchange.interfaceId)}</Link>
          <span className="figures">{dayTime(exchange.at, null, 'ms')}</span>
          {exchange.latencyMs !== null && <strong className="figures">{msText(exchange.latencyMs)}</strong>}
          <span className="quiet">{words.exchange.coverage[exchange.coverage]}</span>
          <ResendButton exchange={exchange} names={names} />
        </div>
        <Identity exchange={exchange} isRecord={isRecord} hasJourneys={isStored} />
      </header>
      <div className="columns columns-story">
        <Panel title={words.exchange.story}>
          <Story exchange={exchange} />
        </Panel>
        <Panel title={words.exchange.timeline}>
          <Frames exchange={exchange} isRecord={isRecord} />
        </Panel>
        <Panel title={`${words.exchange.violations} (${exchange.violations.length})`}>
          <Violations
            exchange={exchange}
            onPick={(side, path) => {
              // A path has its place in the tree.
              change({ [side]: null })
              setSpot({ side, path, at: (spot?.at ?? 0) + 1 })
            }}
          />
        </Panel>
      </div>
      <div className="columns columns-messages">
        <MessagePanel
          key="request"
          base={base}
          exchange={exchange}
          side="request"
          title={isRecord ? words.exchange.record : words.exchange.request}
          spot={spot?.side === 'request' ? spot : null}
        />
        {exchange.outcome !== 'one-way' && (
          <MessagePanel
            key="answer"
            base={base}
            exchange={exchange}
            side="answer"
            title={words.exchange.answer}
            spot={spot?.side === 'answer' ? spot : null}
          />
        )}
      </div>
      {isStored && <Explain id={exchange.id} />}
    </>
  )
}

function Identity({
  exchange,
  isRecord,
  hasJourneys,
}: {
  readonly exchange: ExchangeAnswer
  readonly isRecord: boolean
  readonly hasJourneys: boolean
}): ReactNode {
  const { words } = useLanguage()
  const kinds: { readonly [kind: string]: string } = words.keys
  return (
    <p className="identity">
      {exchange.controlId !== null && (
        <span>
          <span className="quiet">{isRecord ? words.exchange.recordId : words.exchanges.controlId}</span>{' '}
          <code>{exchange.controlId}</code>
        </span>
      )}
      <span>
        <span className="quiet">ID</span> <code>{exchange.id}</code>
      </span>
      {hasJourneys && exchange.keys.length > 0 && (
        <span>
          <span className="quiet">{words.exchanges.keys}</span>{' '}
          {[...new Map(exchange.keys.map((key) => [key.kind, key.token]))].map(([kind, token]) => (
            <Link key={kind} className="key-link" to={`/journeys?key=${token}`} title={words.exchange.follow}>
              {kinds[kind] ?? kind}
            </Link>
          ))}
        </span>
      )}
    </p>
  )
}

function Story({ exchange }: { readonly exchange: ExchangeAnswer }): ReactNode {
  const words = useWords()
  const { connection } = exchange
  const told = wireWords(exchange.wire, words)
  return (
    <>
      <ul className="story">
        {told.length === 0 ? (
          <li>{plainWords(exchange, words)}</li>
        ) : (
          told.map((line) => (
            <li key={line} className="story-bad">
              {line}
            </li>
          ))
        )}
      </ul>
      <p className="quiet story-connection">
        <code>{connection.initiator}</code> → <code>{connection.acceptor}</code>
        <br />
        {[
          connection.connectMs === null ? null : words.exchange.connectMs(msText(connection.connectMs)),
          words.exchange.before(connection.exchangesBefore),
          connection.idleBeforeMs === null ? null : words.exchange.idle(msText(connection.idleBeforeMs)),
        ]
          .filter((part) => part !== null)
          .join(' · ')}
      </p>
    </>
  )
}

/** Of an exchange without anything odd on its wire. */
function plainWords({ outcome, answers }: ExchangeAnswer, { wire }: Words): string {
  const interim = answers.filter(({ stage }) => stage === 'interim').length
  if (outcome === 'one-way') return wire.plainOneWay
  if (outcome === 'failed') return wire.plainFailed
  return interim === 0 ? wire.plain : wire.plainInterim(interim)
}

function Violations({
  exchange,
  onPick,
}: {
  readonly exchange: ExchangeAnswer
  readonly onPick: (side: 'request' | 'answer', path: string) => void
}): ReactNode {
  const { words, pick } = useLanguage()
  if (exchange.violations.length === 0) return <Empty>{words.exchange.violationsNone}</Empty>
  return (
    <ul className="violations">
      {exchange.violations.map((violation) => (
        <li key={`${violation.side} ${violation.path} ${violation.rule}`}>
          <button type="button" className="link" onClick={() => onPick(violation.side, violation.path)}>
            <ViolationMark severity={violation.severity} />
            <code>{violation.path}</code>
            <span>{pick(violation.message)}</span>
            {violation.shape !== null && <code className="quiet">{violation.shape}</code>}
          </button>
        </li>
      ))}
    </ul>
  )
}

function Explain({ id }: { readonly id: string }): ReactNode {
  const { words } = useLanguage()
  const { message } = App.useApp()
  const command = `npx auscult explain ${id}`
  return (
    <p className="explain quiet">
      {words.exchange.explain} <code>{command}</code>
      <Button
        type="text"
        icon={<CopyOutlined />}
        aria-label={words.common.copy}
        onClick={() => {
          copyText(command).then(
            () => message.success(words.common.copied),
            () => message.info(command),
          )
        }}
      />
    </p>
  )
}
