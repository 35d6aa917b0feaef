import { hostOf } from '../model/address.ts'
import type { Envelope } from '../model/envelope.ts'
import { type Answer, type Coverage, decidingOf, type Exchange, type Outcome, type Passage } from '../model/exchange.ts'
import type { EndHow, Frame, FrameHead, Side } from '../model/frame.ts'
import type { Instant, Millis } from '../model/time.ts'
import { isPassedThrough, type WireFact } from '../model/wire.ts'

/** What an open exchange waits for, and with it which deadline stands. */
export type Waiting = 'ack' | 'late' | 'application' | 'settle'

/** One connection as pairing knows it. */
export interface PairedConnection {
  readonly id: string
  readonly initiator: string
  readonly acceptor: string
  readonly openedAt: Instant
  /** The hosts of both sides, without the port that changes with every connection. */
  readonly hosts: Readonly<Record<Side, string>>
  connectMs: Millis | null
  /** Bytes of the conversation were not seen: what its answers belong to may not be known. */
  gapBytes: number | null
  /** Its open exchanges, oldest first. */
  readonly open: OpenExchange[]
  /** Bytes of bodies that its open exchanges keep. */
  heldBytes: number
  readonly initiatorAsks: Asking
  readonly acceptorAsks: Asking
  lastByteAt: Instant | null
  readonly ends: { readonly by: Side; readonly how: EndHow; readonly at: Instant; readonly idleMs: Millis }[]
}

/** A connection of which nothing but its opening is known. */
export function openConnection(
  opening: Pick<PairedConnection, 'id' | 'initiator' | 'acceptor' | 'openedAt'>,
): PairedConnection {
  const asking = (): Asking => ({ requestCount: 0, newest: null, isPipelined: false })
  return {
    ...opening,
    hosts: { initiator: hostOf(opening.initiator), acceptor: hostOf(opening.acceptor) },
    connectMs: null,
    gapBytes: null,
    open: [],
    heldBytes: 0,
    initiatorAsks: asking(),
    acceptorAsks: asking(),
    lastByteAt: null,
    ends: [],
  }
}

/** One side of a connection as it asks. */
export interface Asking {
  requestCount: number
  newest: OpenExchange | null
  /** It has sent on without waiting for answers one by one: then nothing can be said of which answer it waits for. */
  isPipelined: boolean
}

/** An exchange whose end isn't known. */
export interface OpenExchange {
  readonly id: string
  readonly connection: PairedConnection
  readonly from: Side | null
  /** Running number of the request among those of its side of the connection; 1 is the first. */
  readonly index: number
  /** The id by which answers find it: a control id, or a number that means nothing beyond the connection. */
  readonly controlId: string | null
  readonly idScope: 'interface' | 'connection'
  readonly type: string | null
  readonly request: Passage | null
  readonly expects: NonNullable<FrameHead['expects']>
  readonly exchangesBefore: number
  readonly idleBeforeMs: Millis | null
  readonly answers: Answer[]
  /** All interim answers; the first few are among `answers`. */
  interimCount: number
  readonly wire: WireFact[]
  /** What its interface remembers of its request. */
  remembered: RememberedRequest | null
  waiting: Waiting
  deadlineAt: Instant
  /** Its place among those that wait for the same; of Deadlines alone. */
  before: OpenExchange | null
  after: OpenExchange | null
  isQueued: boolean
  /** Its sender has sent on, so an answer that still comes is late. */
  isGivenUp: boolean
  /** A body was left out, because the connection held too much. */
  isCut: boolean
  /** An answer that names another request came while its sender waited for this one's. */
  wasFooled: boolean
}

/** A request that an interface has seen, for as long as its id is remembered. */
export interface RememberedRequest {
  readonly id: string
  /** Exchange id of the first request with this id. */
  readonly firstExchangeId: string
  /** How many requests with this id came after the first. */
  readonly copies: number
  readonly connectionId: string
  readonly index: number
  /** Running number among the interface's requests of that side. */
  readonly number: number
  readonly endAt: Instant
  readonly fingerprint: number
  readonly bodyBytes: number
  readonly sender: string
  readonly isWhole: boolean
  /** The exchange while it is open. */
  open: OpenExchange | null
  wasAnswered: boolean
}

/** Coverage of what is handed out, and whether this one's bodies are left out. */
export interface Keeping {
  coverage(): Coverage
  keepsBodies(outcome: Outcome): boolean
}

/** The exchange as it stands now. */
export function handOut(open: OpenExchange, interfaceId: string, keeping: Keeping): Exchange {
  const deciding = decidingOf(open.answers)
  const outcome = outcomeOf(open, deciding)
  const keepsBodies = keeping.keepsBodies(outcome)
  const coverage = keeping.coverage()
  const { connection, request } = open
  const exchange: Exchange = {
    id: open.id,
    interfaceId,
    connection: {
      id: connection.id,
      initiator: connection.initiator,
      acceptor: connection.acceptor,
      openedAt: connection.openedAt,
      connectMs: connection.connectMs,
      exchangesBefore: open.exchangesBefore,
      idleBeforeMs: open.idleBeforeMs,
    },
    requestFrom: open.from,
    outcome,
    controlId: open.idScope === 'connection' ? null : open.controlId,
    type: open.type,
    request: request === null || keepsBodies ? request : withoutBody(request),
    answers: keepsBodies ? open.answers : open.answers.map(withoutBody),
    code: deciding?.code ?? null,
    latencyMs: request === null || deciding === null ? null : Math.max(0, deciding.endAt - request.endAt),
    wire: open.wire,
    coverage: open.isCut && coverage === 'full' ? 'sampled' : coverage,
  }
  return open.interimCount === 0 ? exchange : { ...exchange, interimCount: open.interimCount }
}

function outcomeOf(open: OpenExchange, deciding: Answer | null): Outcome {
  // Of a connection that is passed on unread it isn't known whether anything was asked: to call that unanswered would be a lie.
  if (open.request === null && open.wire.some(isPassedThrough)) return 'one-way'
  if (open.request === null) return deciding === null ? 'unanswered' : 'orphan'
  if (deciding === null) return open.expects.accept || open.expects.application ? 'unanswered' : 'one-way'
  if (deciding.verdict === 'no') return 'failed'
  return deciding.stage === 'accept' && open.expects.application ? 'unanswered' : 'answered'
}

const noBytes = new Uint8Array(0)

/** The passage of a frame. A small body that pins a large chunk of memory is copied out of it. */
export function passageOf(frame: Frame): Passage {
  const { startAt, endAt, wireBytes, bodyBytes, envelope } = frame
  const pinsMuch = frame.body.buffer.byteLength > frame.body.byteLength * 4 + 16_384
  const body = pinsMuch ? Uint8Array.prototype.slice.call(frame.body) : frame.body
  if (envelope === undefined) return { startAt, endAt, wireBytes, body, bodyBytes }
  return { startAt, endAt, wireBytes, body, bodyBytes, envelope }
}

/** The same frame or passage of which nothing is kept but its times and lengths. */
export function withoutBody<P extends { readonly body: Uint8Array; readonly envelope?: Envelope }>(passage: P): P {
  return passage.envelope === undefined ? { ...passage, body: noBytes } : { ...passage, body: noBytes, envelope: [] }
}

/** Bytes that a passage keeps: its body, and about two for each character around it. */
export function keptBytesOf({ body, envelope }: Passage): number {
  if (envelope === undefined) return body.byteLength
  return envelope.reduce((sum, [name, value]) => sum + 2 * (name.length + value.length) + 32, body.byteLength)
}

/** The answer that a frame is. */
export function answerOf(frame: Frame): Answer {
  const { stage, verdict, code } = frame.head
  return { ...passageOf(frame), stage, verdict, code }
}

/** Bytes of bodies, and of what stood around them, that an open exchange keeps. */
export function bodyBytesOf(open: OpenExchange): number {
  return open.answers.reduce((sum, answer) => sum + keptBytesOf(answer), open.request === null ? 0 : keptBytesOf(open.request))
}

/** A request as it is asked: its frame, what is kept of it, and the silence before it. */
export interface Asked {
  readonly frame: Frame
  readonly request: Passage
  readonly idleMs: Millis | null
}

/** A new exchange; without a request when nothing was asked. */
export function beginExchange(id: string, connection: PairedConnection, wire: WireFact[], asked: Asked | null): OpenExchange {
  const from = asked?.frame.from ?? null
  const isBroken = asked?.frame.oddities.some((oddity) => oddity.kind === 'partial') ?? false
  const requestCount = connection.initiatorAsks.requestCount + connection.acceptorAsks.requestCount
  return {
    id,
    connection,
    from,
    index: from === null ? 0 : askingOf(connection, from).requestCount,
    controlId: asked?.frame.head.id ?? null,
    idScope: asked?.frame.head.idScope ?? 'interface',
    type: asked?.frame.head.type ?? null,
    request: asked?.request ?? null,
    // A request that never arrived whole was not delivered, even where no answer would have been owed.
    expects: (isBroken ? null : asked?.frame.head.expects) ?? { accept: false, application: true },
    exchangesBefore: from === null ? requestCount : requestCount - 1,
    idleBeforeMs: asked?.idleMs ?? null,
    answers: [],
    interimCount: 0,
    wire,
    waiting: 'ack',
    deadlineAt: Number.POSITIVE_INFINITY,
    before: null,
    after: null,
    isQueued: false,
    remembered: null,
    isGivenUp: false,
    isCut: false,
    wasFooled: false,
  }
}

/** That side of the connection as it asks. */
export function askingOf(connection: PairedConnection, side: Side): Asking {
  return side === 'initiator' ? connection.initiatorAsks : connection.acceptorAsks
}

/** Its sender still waits for a first answer. */
export function isUnanswered(open: OpenExchange): boolean {
  return open.waiting !== 'settle' && open.answers.every((answer) => answer.stage === 'interim')
}

/** Who asked waited so long and then closed its side: what comes now comes for nobody. Who closes at once after asking only says that this was all. */
export function hasLeft({ connection, request, from }: OpenExchange, waitedMsMin: Millis): boolean {
  return request !== null && connection.ends.some(({ by, at }) => by === from && at - request.endAt >= waitedMsMin)
}
