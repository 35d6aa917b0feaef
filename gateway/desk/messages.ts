import type { Format } from '../model/document.ts'
import { decidingOf } from '../model/exchange.ts'
import type { Catalogue } from '../model/interface.ts'
import type { Instant } from '../model/time.ts'
import type { BodySide, StoredExchange, StoredMessage } from '../store/exchange-store.ts'
import type { Store } from '../store/store.ts'
import { Refusal } from './api/problems.ts'
import type { MessageAnswer } from './api/shapes.ts'
import { maskedEnvelope } from './masking/envelope.ts'
import { maskedBytes, maskedText, maskedTree, openTree, type ReadBody, secretsOf } from './masking/masked.ts'

export type MessageView = MessageAnswer['view']

/** Shows the messages of exchanges: masked for everybody, open only for a reveal that was audited. */
export interface Messages {
  /** Refuses with MESSAGE_NOT_KEPT when the body is gone, FORMAT_NOT_READABLE where only bytes can be shown. */
  read(exchange: StoredExchange, side: BodySide, view: MessageView, openness: 'masked' | 'open'): Promise<MessageAnswer>
  /** An answer that isn't stored, to a message of this exchange that was sent again: as text, masked like the exchange's own. Null: no format reads it. */
  foreignAnswer(
    exchange: StoredExchange,
    answer: StoredMessage,
    at: Instant,
  ): Promise<{ readonly text: string; readonly envelope: MessageAnswer['envelope'] } | null>
  /** The codes by which the kept answer of an exchange says no (ERR-3, OperationOutcome); empty where nothing can be read. */
  refusals(exchange: StoredExchange): Promise<readonly string[]>
}

export function createMessages(store: Store, catalogue: Catalogue, formats: ReadonlyMap<string, Format>): Messages {
  const isReadable = ({ interfaceId }: StoredExchange) =>
    formats.has(catalogue.interfaces.find(({ id }) => id === interfaceId)?.format ?? '')
  const readBody = async (exchange: StoredExchange, side: BodySide): Promise<ReadBody | null> => {
    const kept = await store.message(exchange.id, side)
    const at = side === 'request' ? (exchange.request?.endAt ?? exchange.at) : (exchange.answers.at(-1)?.endAt ?? exchange.at)
    return kept === null ? null : readMessage(exchange, side, kept, { at, bodyBytes: wholeBytes(exchange, side) })
  }
  const readMessage = (
    exchange: StoredExchange,
    side: BodySide,
    kept: StoredMessage,
    about: { readonly at: Instant; readonly bodyBytes: number },
  ): ReadBody => {
    const iface = catalogue.interfaces.find(({ id }) => id === exchange.interfaceId)
    const format = formats.get(iface?.format ?? '')
    if (format === undefined)
      throw new Refusal('FORMAT_NOT_READABLE', 'This program has no reader for the format of the interface.')
    const { body: bytes, ...around } = kept
    const hints = { ...about, timezone: catalogue.hospital.timezone, side, ...around }
    const identityOf =
      format.identityOf === undefined ? {} : { identityOf: (path: string) => format.identityOf?.(path) ?? null }
    return {
      bytes,
      document: format.read(bytes, hints),
      ...identityOf,
      ...(kept.envelope === undefined ? {} : { envelope: kept.envelope }),
    }
  }
  return {
    foreignAnswer: async (exchange, answer, at) => {
      if (!isReadable(exchange)) return null
      const sides = [await readBody(exchange, 'request'), await readBody(exchange, 'answer')].filter((body) => body !== null)
      const body = readMessage(exchange, 'answer', answer, { at, bodyBytes: answer.body.length })
      const secrets = secretsOf([body, ...sides])
      const envelope = maskedEnvelope(answer.envelope ?? [], secrets)
      return { text: maskedText(body, secrets), envelope: envelope.map(([name, value]) => ({ name, value })) }
    },
    refusals: async (exchange) => {
      if (!exchange.kept.answer || !isReadable(exchange)) return []
      const answer = await readBody(exchange, 'answer')
      return (answer?.document.facts().ack?.errors ?? []).flatMap(({ code }) => (code === null ? [] : [code]))
    },
    read: async (exchange, side, view, openness) => {
      const body = await readBody(exchange, side)
      if (body === null) throw new Refusal('MESSAGE_NOT_KEPT', `The ${side} of this exchange is not kept.`)
      const other = await readBody(exchange, side === 'request' ? 'answer' : 'request')
      const facts = body.document.facts()
      const about = {
        exchangeId: exchange.id,
        side,
        format: body.document.format,
        masked: openness === 'masked',
        charset: { declared: facts.charset.declared, detected: facts.charset.detected, verdict: facts.charset.verdict },
        bodyBytes: wholeBytes(exchange, side),
        keptBytes: body.bytes.length,
        defects: facts.defects.map(({ code, path, text }) => ({ code, path, text })),
        violations: exchange.violations.filter((violation) => violation.side === side),
      }
      const secrets = secretsOf(other === null ? [body] : [body, other])
      const envelope = openness === 'open' ? (body.envelope ?? []) : maskedEnvelope(body.envelope ?? [], secrets)
      const head = { ...about, envelope: envelope.map(([name, value]) => ({ name, value })) }
      if (openness === 'open') return { ...head, ...openView(body, view) }
      switch (view) {
        case 'tree':
          return { ...head, view, nodes: maskedTree(body, secrets) }
        case 'text':
          return { ...head, view, text: maskedText(body, secrets) }
        case 'hex': {
          const { bytes, ranges } = maskedBytes(body, secrets)
          return {
            ...head,
            view,
            hex: Buffer.from(bytes).toString('hex'),
            maskedRanges: ranges.map(({ start, end }) => ({ offset: start, length: end - start })),
          }
        }
        default:
          return view satisfies never
      }
    },
  }
}

type OpenView =
  | { view: 'tree'; nodes: ReturnType<typeof openTree> }
  | { view: 'text'; text: string }
  | { view: 'hex'; hex: string; maskedRanges: [] }

function openView({ bytes, document }: ReadBody, view: MessageView): OpenView {
  switch (view) {
    case 'tree':
      return { view, nodes: openTree(document) }
    case 'text':
      return { view, text: document.text() }
    case 'hex':
      return { view, hex: Buffer.from(bytes).toString('hex'), maskedRanges: [] }
    default:
      return view satisfies never
  }
}

function wholeBytes(exchange: StoredExchange, side: BodySide): number {
  if (side === 'request') return exchange.request?.bodyBytes ?? 0
  return decidingOf(exchange.answers)?.bodyBytes ?? 0
}
