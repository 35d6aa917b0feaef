import type { Answer, Exchange, Passage } from '../model/exchange.ts'
import { type EndHow, type Frame, otherSide, type Side } from '../model/frame.ts'
import type { Instant, Millis } from '../model/time.ts'
import type { WireEvent, WireFact } from '../model/wire.ts'
import { Deadlines } from './deadlines.ts'
import { RememberedIds } from './ids.ts'
import {
  type Asking,
  answerOf,
  bodyBytesOf,
  handOut,
  type Keeping,
  type OpenExchange,
  type PairedConnection,
  passageOf,
  wireFacts,
} from './open.ts'
import type { PairingOptions } from './pairing-options.ts'

/** What pairing is told of a connection before anything else. */
export interface Opening {
  readonly id: string
  readonly initiator: string
  readonly acceptor: string
  readonly openedAt: Instant
}

type RefusedHow = Extract<WireEvent, { kind: 'refused' }>['how']

/**
 * Joins the frames of one interface into exchanges, by the ids that the frames name and never by their order. Pure: time is
 * what the events say. Every request ends in exactly one exchange, at the earliest moment at which its end is known.
 *
 * - The answer that is owed ends it. An accept ack alone ends it when nothing more is owed, after `settleMs`.
 * - Without its answer it has timed out after `ackTimeoutMs`, and ends `lateWindowMs` later: an answer in between joins it
 *   (`timeout`, `late`). An answer after that is an orphan with the fact `late` and the request's id.
 * - It ends when its answer can't come any more: the answering side ended its direction, or the connection broke. One whose
 *   accept ack came stays open for the application ack, which may come on another connection (HL7 2.9.3).
 *
 * Which answer a sender waits for: the newest unanswered request is the one waiting, unless the sender is seen to send on
 * without waiting. An answer that names an earlier, given-up request joins that one, as late and with `wrong-control-id`; one
 * that names no open request is an orphan, and the waiting request carries `wrong-control-id` too.
 */
export class Pairing {
  readonly #interfaceId: string
  readonly #options: PairingOptions
  readonly #nextId: () => string
  readonly #ids: RememberedIds
  readonly #deadlines = new Deadlines()
  readonly #keeping: Keeping
  #heldBytes = 0
  readonly #dropped: (reason: string, count: number) => void

  constructor(setup: {
    readonly interfaceId: string
    readonly options: PairingOptions
    readonly nextId: () => string
    readonly keeping: Keeping
    /** Told what is left out, by reason: `open-overflow`, `connection-bytes`. */
    readonly dropped: (reason: string, count: number) => void
  }) {
    this.#interfaceId = setup.interfaceId
    this.#options = setup.options
    this.#nextId = setup.nextId
    this.#keeping = setup.keeping
    this.#dropped = setup.dropped
    this.#ids = new RememberedIds({ idsMax: setup.options.idsRememberedMax, windowMs: setup.options.duplicateWindowMs })
  }

  /** Bytes of bodies that open exchanges keep. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  get openCount(): number {
    return this.#deadlines.size
  }

  /** Nothing is decided by time before this. */
  get nextDeadlineAt(): Instant {
    return this.#deadlines.nextAt
  }

  open(opening: Opening): PairedConnection {
    const asking = (): Asking => ({ requestCount: 0, newest: null, isPipelined: false })
    return {
      ...opening,
      connectMs: null,
      gapBytes: null,
      open: new Set(),
      heldBytes: 0,
      initiatorAsks: asking(),
      acceptorAsks: asking(),
      lastByteAt: null,
      ends: [],
    }
  }

  /** The connection never came about: an exchange without a request. */
  refused(connection: PairedConnection, how: RefusedHow, at: Instant): Exchange {
    return this.#handOut(this.#begin(connection, null, null, [{ kind: 'refused', how, at }]))
  }

  /** The bytes can't be read any more: what is open ends without its answers being seen, and the connection's own story says so. */
  unreadable(connection: PairedConnection, code: string): readonly Exchange[] {
    const fact: WireFact = { kind: 'unreadable', code }
    if (connection.open.size === 0) return [this.#handOut(this.#begin(connection, null, null, [fact]))]
    return [...connection.open].map((open) => {
      open.wire.push(fact)
      return this.#close(open)
    })
  }

  /** Takes a frame in. Returns what it ended. */
  frame(connection: PairedConnection, frame: Frame, idleMs: Millis | null): readonly Exchange[] {
    const asking = askingOf(connection, otherSide(frame.from)).newest
    const awaited = asking !== null && isUnanswered(asking) ? asking : null
    if (frame.head.role === 'request') return this.#request(connection, frame, idleMs)
    const breaksOff = frame.oddities.some((oddity) => oddity.kind === 'partial')
    if (frame.head.role === 'unknown' && awaited === null) return this.#request(connection, frame, idleMs)
    if (breaksOff) return this.#brokenAnswer(connection, frame, awaited)
    return this.#answer(connection, frame, awaited)
  }

  /** Bytes of that side were not seen: what is open may have been answered in them. */
  gap(connection: PairedConnection, by: Side, bytes: number): void {
    connection.gapBytes = (connection.gapBytes ?? 0) + bytes
    for (const open of connection.open) if (open.from !== by) tellGap(open, by, bytes)
  }

  /** One direction ended. */
  ended(
    connection: PairedConnection,
    end: { readonly by: Side; readonly how: EndHow; readonly at: Instant },
  ): readonly Exchange[] {
    const idleMs = Math.max(0, end.at - (connection.lastByteAt ?? connection.openedAt))
    connection.ends.push({ ...end, idleMs })
    const isOver = end.how === 'rst' || connection.ends.length > 1
    return this.#closeWhere(connection, (open) => isOver || open.from !== end.by)
  }

  /** The connection is over. */
  closed(connection: PairedConnection): readonly Exchange[] {
    return this.#closeWhere(connection, () => true)
  }

  /** Ends what has passed its deadline at `at`. */
  expire(at: Instant): readonly Exchange[] {
    const ended: Exchange[] = []
    for (let open = this.#deadlines.pass(at); open !== null; open = this.#deadlines.pass(at)) {
      const { waiting, deadlineAt } = open
      if (waiting === 'late' || waiting === 'settle') {
        ended.push(this.#close(open))
        continue
      }
      const afterMs = waiting === 'ack' ? this.#options.ackTimeoutMs : this.#options.applicationTimeoutMs
      open.wire.push({ kind: 'timeout', at: deadlineAt, afterMs })
      open.isGivenUp = true
      this.#deadlines.set(open, 'late', deadlineAt + this.#options.lateWindowMs)
    }
    return ended
  }

  /** Ends everything: nothing more will be told. */
  finish(): readonly Exchange[] {
    return [...this.#deadlines.all()].map((open) => this.#close(open))
  }

  #request(connection: PairedConnection, frame: Frame, idleMs: Millis | null): readonly Exchange[] {
    const { from, head } = frame
    const asking = askingOf(connection, from)
    const whole = passageOf(frame)
    const request = this.#fits(connection, whole) ? whole : { ...whole, body: noBytes }
    const wire = wireFacts(frame)
    if (head.role === 'unknown') wire.push({ kind: 'unreadable', code: 'REQUEST_UNREADABLE' })
    asking.requestCount += 1
    const open = this.#begin(connection, frame, request, wire, idleMs)
    this.#judgeSender(connection, asking, open)
    if (head.id !== null) {
      const duplicate = this.#ids.remember(open, from, head.id, whole)
      if (duplicate !== null) {
        const { before, sameBody } = duplicate
        wire.push({ kind: 'duplicate', of: before.firstExchangeId, sameBody, copy: before.copies + 1 })
        if (before.open !== null) before.open.isGivenUp = true
      }
    }
    open.isCut = request !== whole
    asking.newest = open
    connection.open.add(open)
    this.#hold(connection, request.body.byteLength)
    const owed = open.expects.accept || open.expects.application
    if (owed) this.#deadlines.set(open, 'ack', request.endAt + this.#options.ackTimeoutMs)
    else this.#deadlines.set(open, 'settle', request.endAt + this.#options.settleMs)
    return connection.open.size > this.#options.openExchangesMax ? this.#closeOldest(connection) : []
  }

  /** Has the sender given up what it asked before, or does it send on without waiting? */
  #judgeSender(connection: PairedConnection, asking: Asking, next: OpenExchange): void {
    const { newest } = asking
    if (asking.isPipelined || newest === null || !isUnanswered(newest) || newest.request === null) return
    const waitedMs = (next.request?.startAt ?? 0) - newest.request.endAt
    const gaveUp =
      newest.wasFooled || waitedMs >= this.#options.giveUpMs || (next.controlId !== null && next.controlId === newest.controlId)
    if (!gaveUp) asking.isPipelined = true
    else for (const open of connection.open) if (open.from === next.from) open.isGivenUp = true
  }

  #answer(connection: PairedConnection, frame: Frame, awaited: OpenExchange | null): readonly Exchange[] {
    const { head, from } = frame
    const asker = otherSide(from)
    const answer = answerOf(frame)
    if (head.id !== null && head.expects?.accept === true) this.#ids.rememberAnswer(from, head.id)
    const named = head.answersId === null ? null : this.#findOpen(connection, asker, head.answersId, answer)
    if (named === null) return this.#unmatched(connection, frame, answer, awaited)
    tell(named, ...wireFacts(frame))
    const isStray = awaited !== null && awaited !== named && awaited.controlId !== named.controlId
    if (named.isGivenUp && isUnanswered(named)) {
      tell(named, { kind: 'late', at: answer.endAt, afterMs: answer.endAt - (named.request?.endAt ?? answer.endAt) })
      if (isStray) {
        awaited.wasFooled = true
        tell(named, { kind: 'wrong-control-id', distance: distance(awaited, named), at: answer.endAt })
      }
    }
    const kept = this.#fits(connection, answer) ? answer : { ...answer, body: noBytes }
    named.isCut ||= kept !== answer
    named.answers.push(kept)
    this.#hold(named.connection, kept.body.byteLength)
    return this.#advance(named, kept)
  }

  /** The open exchange that an answer names: on its own connection the oldest that lacks it, else one of another connection of the interface. */
  #findOpen(connection: PairedConnection, asker: Side, id: string, answer: Answer): OpenExchange | null {
    for (const open of connection.open) {
      if (open.from === asker && open.controlId === id && lacks(open, answer)) return open
    }
    const elsewhere = this.#ids.find(asker, id)?.open ?? null
    return elsewhere !== null && elsewhere.connection !== connection && lacks(elsewhere, answer) ? elsewhere : null
  }

  /** What the exchange waits for, now that this answer has joined it. */
  #advance(open: OpenExchange, answer: Answer): readonly Exchange[] {
    if (answer.stage !== 'accept' || answer.verdict === 'no') return [this.#close(open)]
    if (open.expects.application) this.#deadlines.set(open, 'application', answer.endAt + this.#options.applicationTimeoutMs)
    else this.#deadlines.set(open, 'settle', answer.endAt + this.#options.settleMs)
    return []
  }

  /** An answer to nothing that is open: late beyond the window, a second answer, or one that names what was never asked. */
  #unmatched(connection: PairedConnection, frame: Frame, answer: Answer, awaited: OpenExchange | null): readonly Exchange[] {
    const { head, from } = frame
    const asker = otherSide(from)
    if (head.answersId !== null && head.stage === 'accept' && this.#ids.isAnswer(asker, head.answersId)) return []
    const wire = wireFacts(frame)
    if (head.role === 'unknown') wire.push({ kind: 'unreadable', code: 'ANSWER_UNREADABLE' })
    const known = head.answersId === null ? null : this.#ids.find(asker, head.answersId)
    if (known !== null && !known.wasAnswered) wire.push({ kind: 'late', at: answer.endAt, afterMs: answer.endAt - known.endAt })
    if (awaited !== null) {
      const isHere = known?.exchange.connectionId === connection.id
      const back = known === null ? null : isHere ? awaited.index - known.exchange.index : this.#ids.requestsSince(asker, known)
      const fact: WireFact = { kind: 'wrong-control-id', distance: back, at: answer.endAt }
      if (head.role === 'answer') wire.push(fact)
      tell(awaited, head.role === 'answer' ? fact : { kind: 'unreadable', code: 'ANSWER_UNREADABLE' })
      awaited.wasFooled = true
    }
    // What it answers may have passed unseen.
    if (known === null && connection.gapBytes !== null) wire.push({ kind: 'gap', by: asker, bytes: connection.gapBytes })
    const orphan = this.#begin(connection, null, null, wire)
    orphan.answers.push(answer)
    return [this.#handOut({ ...orphan, from: asker, controlId: head.answersId, type: head.type })]
  }

  /** An answer that broke off answers nothing; the request that it was for tells of it. */
  #brokenAnswer(connection: PairedConnection, frame: Frame, awaited: OpenExchange | null): readonly Exchange[] {
    const answer = answerOf(frame)
    const { answersId } = frame.head
    const named = answersId === null ? null : this.#findOpen(connection, otherSide(frame.from), answersId, answer)
    const open = named ?? awaited
    if (open === null) return this.#unmatched(connection, frame, answer, null)
    tell(open, ...wireFacts(frame))
    return []
  }

  #begin(
    connection: PairedConnection,
    frame: Frame | null,
    request: Passage | null,
    wire: WireFact[],
    idleBeforeMs: Millis | null = null,
  ): OpenExchange {
    const from = frame?.from ?? null
    const isBroken = frame?.oddities.some((oddity) => oddity.kind === 'partial') ?? false
    return {
      id: this.#nextId(),
      connection,
      from,
      index: from === null ? 0 : askingOf(connection, from).requestCount,
      controlId: frame?.head.id ?? null,
      type: frame?.head.type ?? null,
      request,
      // A request that never arrived whole was not delivered, even where no answer would have been owed.
      expects: (isBroken ? null : frame?.head.expects) ?? { accept: false, application: true },
      exchangesBefore: Math.max(
        0,
        connection.initiatorAsks.requestCount + connection.acceptorAsks.requestCount - (from === null ? 0 : 1),
      ),
      idleBeforeMs,
      answers: [],
      wire,
      waiting: 'ack',
      deadlineAt: Number.POSITIVE_INFINITY,
      isGivenUp: false,
      isCut: false,
      wasFooled: false,
    }
  }

  #closeWhere(connection: PairedConnection, isOver: (open: OpenExchange) => boolean): readonly Exchange[] {
    const ended: Exchange[] = []
    for (const open of connection.open) {
      if (!isOver(open) || open.waiting === 'application') continue
      if (open.waiting !== 'settle') tell(open, ...endFacts(connection, open))
      ended.push(this.#close(open))
    }
    return ended
  }

  #closeOldest(connection: PairedConnection): readonly Exchange[] {
    for (const oldest of connection.open) {
      this.#dropped('open-overflow', 1)
      return [this.#close(oldest)]
    }
    return []
  }

  #close(open: OpenExchange): Exchange {
    this.#deadlines.lift(open)
    open.connection.open.delete(open)
    this.#hold(open.connection, -bodyBytesOf(open))
    this.#ids.release(open)
    return this.#handOut(open)
  }

  #hold(connection: PairedConnection, byteCount: number): void {
    connection.heldBytes += byteCount
    this.#heldBytes += byteCount
  }

  /** Whether the connection may keep this body too; counted when not. */
  #fits(connection: PairedConnection, passage: Passage): boolean {
    if (connection.heldBytes + passage.body.byteLength <= this.#options.connectionBytesMax) return true
    this.#dropped('connection-bytes', 1)
    return false
  }

  #handOut(open: OpenExchange): Exchange {
    return handOut(open, this.#interfaceId, this.#keeping)
  }
}

const noBytes = new Uint8Array(0)

function askingOf(connection: PairedConnection, side: Side): Asking {
  return side === 'initiator' ? connection.initiatorAsks : connection.acceptorAsks
}

function isUnanswered(open: OpenExchange): boolean {
  return open.answers.length === 0 && open.waiting !== 'settle'
}

/** An exchange tells at most so much: what goes on without end is told by its beginning. */
const wireFactsMax = 32

function tell(open: OpenExchange, ...facts: readonly WireFact[]): void {
  open.wire.push(...facts.slice(0, Math.max(0, wireFactsMax - open.wire.length)))
}

/** Lost bytes of one side are told as one sum. */
function tellGap(open: OpenExchange, by: Side, bytes: number): void {
  const told = open.wire.findIndex((fact) => fact.kind === 'gap' && fact.by === by)
  const fact = open.wire[told]
  if (fact?.kind === 'gap') open.wire[told] = { ...fact, bytes: fact.bytes + bytes }
  else tell(open, { kind: 'gap', by, bytes })
}

/** An accept ack joins what has no answer; any other answer joins what has none but an accept ack. */
function lacks(open: OpenExchange, answer: Answer): boolean {
  return answer.stage === 'accept' ? open.answers.length === 0 : open.answers.every((known) => known.stage === 'accept')
}

/** How many requests the named one lies before the one that is waiting, where both can be counted. */
function distance(awaited: OpenExchange, named: OpenExchange): number | null {
  return awaited.connection === named.connection ? awaited.index - named.index : null
}

/** How the connection ended while this exchange was open. */
function endFacts(connection: PairedConnection, open: OpenExchange): WireFact[] {
  return connection.ends
    .filter((end) => end.at >= (open.request?.startAt ?? 0))
    .map(({ by, how, at, idleMs }) => ({ kind: how === 'rst' ? 'reset' : 'closed', by, at, idleMs }) as const)
}
