import { Button, Segmented } from 'antd'
import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { type ExchangeAnswer, type MessageAnswer, shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { write } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { bytesText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { isReason, ReasonField } from '../parts/reason.tsx'
import { useSending } from '../parts/sending.ts'
import { useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { Contexts } from './contexts.tsx'
import { EnvelopeView } from './envelope-view.tsx'
import { HexView } from './hex-view.tsx'
import { MessageTree } from './message-tree.tsx'
import type { Spot } from './tree-rows.ts'

const views = ['tree', 'text', 'hex'] as const
type View = (typeof views)[number]
type Side = 'request' | 'answer'

/** One message of an exchange: as a tree, as text, as bytes, as the address says. Masked, unless it is revealed with a reason. */
export function MessagePanel({
  exchange,
  side,
  title,
  spot,
  base,
}: {
  readonly exchange: ExchangeAnswer
  readonly side: Side
  /** Where the API has the exchange; only what is stored can be revealed. */
  readonly base: string
  readonly title: string
  readonly spot: Spot | null
}): ReactNode {
  const { words } = useLanguage()
  const { query, change } = useRoute()
  const view = views.find((one) => one === query.get(side)) ?? 'tree'
  const revealing = useReveal(exchange.id, side)
  const { conceal } = revealing
  useEffect(() => {
    if (spot !== null) conceal()
  }, [spot, conceal])
  if (!exchange.kept[side])
    return (
      <Panel title={title} className="message">
        <Empty>{noneText(exchange, side, words)}</Empty>
      </Panel>
    )
  const choose = (next: View) => {
    change({ [side]: next === 'tree' ? null : next })
    // Every view of a revealed message is a reveal of its own, and audited as one.
    if (revealing.reason !== null) revealing.reveal(revealing.reason, next)
  }
  return (
    <Panel
      title={title}
      className="message"
      end={
        <>
          {base === '/exchanges' && (
            <Reveal
              side={side}
              isOpen={revealing.reason !== null}
              onConceal={conceal}
              onReason={(reason) => revealing.reveal(reason, view)}
            />
          )}
          <Segmented<View>
            size="small"
            value={view}
            options={views.map((value) => ({ value, label: words.exchange[value] }))}
            onChange={choose}
          />
        </>
      }
    >
      {revealing.reason === null ? (
        <Masked exchange={exchange} side={side} view={view} spot={spot} base={base} />
      ) : revealing.message === null ? (
        <Loading />
      ) : (
        <Message exchange={exchange} message={revealing.message} spot={null} />
      )}
    </Panel>
  )
}

interface Revealed {
  /** Null while the message is masked. */
  readonly reason: string | null
  readonly message: MessageAnswer | null
}

function useReveal(id: string, side: Side) {
  const { send } = useSending()
  const [revealed, setRevealed] = useState<Revealed>({ reason: null, message: null })
  const conceal = useCallback(() => setRevealed({ reason: null, message: null }), [])
  const reveal = (reason: string, view: View) => {
    setRevealed({ reason, message: null })
    send(write(`/exchanges/${encodeURIComponent(id)}/reveal`, { reason, side, view }, shapes.Message), {
      onDone: (message) => setRevealed({ reason, message }),
      onRefused: conceal,
    })
  }
  return { ...revealed, reveal, conceal }
}

function noneText(exchange: ExchangeAnswer, side: Side, words: ReturnType<typeof useLanguage>['words']): string {
  const wasSeen = side === 'request' ? exchange.request !== null : exchange.answers.length > 0
  if (wasSeen) return words.problems.MESSAGE_NOT_KEPT
  return side === 'request' ? words.exchange.noRequest : words.exchange.noAnswer
}

function Masked({
  exchange,
  side,
  view,
  spot,
  base,
}: {
  readonly base: string
  readonly exchange: ExchangeAnswer
  readonly side: Side
  readonly view: View
  readonly spot: Spot | null
}): ReactNode {
  const asked = useAnswer(`${base}/${encodeURIComponent(exchange.id)}/message?side=${side}&view=${view}`, shapes.Message)
  if (asked.problem !== null) return <ProblemNote problem={asked.problem} />
  if (asked.answer === null || asked.answer.view !== view) return <Loading />
  return <Message exchange={exchange} message={asked.answer} spot={spot} />
}

function Message({
  exchange,
  message,
  spot,
}: {
  readonly exchange: ExchangeAnswer
  readonly message: MessageAnswer
  readonly spot: Spot | null
}): ReactNode {
  const { words } = useLanguage()
  const interim = message.side === 'answer' ? exchange.answers.filter(({ stage }) => stage === 'interim').length : 0
  return (
    <>
      <MessageHead message={message} />
      <EnvelopeView envelope={message.envelope} like={exchange.at} />
      {message.view === 'tree' && <Contexts nodes={message.nodes} />}
      <Body message={message} spot={spot} />
      {interim > 0 && <p className="quiet message-foot">{words.exchange.interimNotKept(interim)}</p>}
    </>
  )
}

/** An empty body has no text and no bytes; a tree it may have, of what stands around it. */
function Body({ message, spot }: { readonly message: MessageAnswer; readonly spot: Spot | null }): ReactNode {
  const { words } = useLanguage()
  const isEmpty = message.view === 'tree' ? message.nodes.length === 0 : message.keptBytes === 0
  if (isEmpty) return <Empty>{words.exchange.noBody}</Empty>
  switch (message.view) {
    case 'tree':
      return <MessageTree nodes={message.nodes} violations={message.violations} format={message.format} spot={spot} />
    case 'text':
      return <pre className="message-text">{message.text}</pre>
    case 'hex':
      return <HexView hex={message.hex} maskedRanges={message.maskedRanges} />
    default:
      return message satisfies never
  }
}

function MessageHead({ message }: { readonly message: MessageAnswer }): ReactNode {
  const { words } = useLanguage()
  const { charset } = message
  const isOdd = charset.verdict !== 'agrees'
  return (
    <p className="message-head quiet">
      <span className={message.masked ? 'badge' : 'badge badge-bad'}>
        {message.masked ? words.exchange.masked : words.exchange.revealed}
      </span>
      {message.suppressed.length > 0 && (
        <span className="badge badge-bad">
          {words.users.suppressed(message.suppressed.map((category) => words.users.categories[category]).join(' · '))}
        </span>
      )}
      <span>{bytesText(message.bodyBytes)}</span>
      {message.keptBytes < message.bodyBytes && (
        <span className="warn">{words.exchange.cut(bytesText(message.keptBytes), bytesText(message.bodyBytes))}</span>
      )}
      {message.bodyBytes > 0 && (
        <span className={isOdd ? 'warn' : undefined}>
          {charset.detected}
          {charset.declared !== null && ` · ${words.exchange.declared(charset.declared)}`}
          {isOdd && ` · ${words.exchange.charsetVerdicts[charset.verdict]}`}
        </span>
      )}
      {message.defects.map((defect) => (
        <span key={`${defect.code} ${defect.path ?? ''}`} className="warn" title={defect.text}>
          {defect.path} {defect.code}
        </span>
      ))}
    </p>
  )
}

function Reveal({
  side,
  isOpen,
  onReason,
  onConceal,
}: {
  readonly side: Side
  readonly isOpen: boolean
  readonly onReason: (reason: string) => void
  readonly onConceal: () => void
}): ReactNode {
  const { words } = useLanguage()
  const [isAsking, setAsking] = useState(false)
  const [text, setText] = useState('')
  if (!useMay('messages.reveal')) return null
  if (isOpen)
    return (
      <Button size="small" type="text" onClick={onConceal}>
        {words.exchange.masked}
      </Button>
    )
  return (
    <>
      <Button size="small" type="text" onClick={() => setAsking(true)} data-testid={`reveal-${side}`}>
        {words.exchange.reveal}
      </Button>
      {isAsking && (
        <Dialog
          title={words.exchange.revealTitle}
          action={words.exchange.reveal}
          cancel={words.common.cancel}
          isReady={isReason(text)}
          onClose={() => setAsking(false)}
          onSend={() => {
            setAsking(false)
            onReason(text.trim())
          }}
        >
          <p>{words.exchange.revealNote}</p>
          <ReasonField id={`reason-${side}`} label={words.exchange.revealReason} reason={text} autoFocus onChange={setText} />
        </Dialog>
      )}
    </>
  )
}
