import type { ReactNode } from 'react'
import type { ExchangeAnswer } from '../../../gateway/desk/api/shapes.ts'
import { property } from '../api/fits.ts'
import { bytesText } from '../parts/number.ts'
import { clockTime, msBetween, msText } from '../parts/time.ts'
import { useWords } from '../words/language.tsx'
import type { Words } from '../words/zh.ts'
import { wireWords } from './wire-words.ts'

interface Moment {
  readonly at: string
  readonly name: string
  readonly note: string
  readonly kind: 'open' | 'request' | 'answer' | 'wire'
  /** Share of the whole that passed before this moment, 0..1. */
  readonly share: number
}

/** Less than this between the first and the last byte is one packet, and not worth a word. */
const tookMsMin = 5

/** The frames of an exchange, and what the wire did, on a time line: when each came whole, and how long the wait before it was. */
export function Frames({
  exchange,
  isRecord,
}: {
  readonly exchange: ExchangeAnswer
  /** Of a topic or a file: it has no connection of its own. */
  readonly isRecord: boolean
}): ReactNode {
  const words = useWords()
  const moments = momentsOf(exchange, isRecord, words)
  return (
    <ol className="frames">
      {moments.map((moment) => (
        <li key={`${moment.kind} ${moment.at} ${moment.name}`} className={`frame frame-${moment.kind}`}>
          <span className="figures frame-at">{clockTime(moment.at, 'ms')}</span>
          <span className="frame-name">
            {moment.name}
            <span className="quiet"> {moment.note}</span>
          </span>
          {moment.kind === 'answer' && (
            <svg className="frame-wait" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">
              <path d={`M0 0h${(moment.share * 100).toFixed(1)}v3h-${(moment.share * 100).toFixed(1)}z`} />
            </svg>
          )}
        </li>
      ))}
    </ol>
  )
}

function momentsOf(exchange: ExchangeAnswer, isRecord: boolean, words: Words): readonly Moment[] {
  const { request, answers, connection } = exchange
  const asked = request?.endAt ?? null
  const last = answers.at(-1)?.endAt ?? null
  const wholeMs = asked === null || last === null ? 0 : msBetween(asked, last)
  const passed = (frame: { readonly startAt: string; readonly endAt: string; readonly wireBytes: number }) => {
    const ms = msBetween(frame.startAt, frame.endAt)
    return `${bytesText(frame.wireBytes)}${ms >= tookMsMin ? `, ${words.exchange.took(msText(ms))}` : ''}`
  }
  const wasRefused = exchange.wire.some(({ kind }) => kind === 'refused')
  const arrived = isRecord ? words.exchange.recordArrived : words.exchange.requestArrived
  const opened: Moment = {
    at: connection.openedAt,
    name: isRecord ? words.exchange.sourceOpened : wasRefused ? words.exchange.attempted : words.exchange.opened,
    note: '',
    kind: 'open',
    share: 0,
  }
  const asking: readonly Moment[] =
    request === null ? [] : [{ at: request.endAt, name: arrived, note: passed(request), kind: 'request', share: 0 }]
  const answering = answers.map((answer): Moment => {
    const waitMs = asked === null ? null : msBetween(asked, answer.endAt)
    const name = nameOf(answer.stage, words)
    return {
      at: answer.endAt,
      name: answer.code === null ? name : `${name} ${answer.code}`,
      note: [waitMs === null ? null : words.exchange.waited(msText(waitMs)), passed(answer)]
        .filter((n) => n !== null)
        .join(', '),
      kind: 'answer',
      share: waitMs === null || wholeMs <= 0 ? 0 : waitMs / wholeMs,
    }
  })
  const told = wireWords(exchange.wire, words)
  const wire = exchange.wire.flatMap((fact, i): readonly Moment[] => {
    const at = property(fact, 'at')
    return typeof at === 'string' ? [{ at, name: told[i] ?? fact.kind, note: '', kind: 'wire', share: 0 }] : []
  })
  return [opened, ...asking, ...answering, ...wire].toSorted((a, b) => msBetween(b.at, a.at))
}

function nameOf(stage: ExchangeAnswer['answers'][number]['stage'], words: Words): string {
  if (stage === 'accept') return words.exchange.acceptAck
  return stage === 'interim' ? words.exchange.interimAnswer : words.exchange.answerArrived
}
