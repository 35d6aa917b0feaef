import type { Answer, Exchange } from '../model/exchange.ts'
import { type EndHow, type Frame, type FrameHead, otherSide, type Side } from '../model/frame.ts'
import type { Instant, Millis } from '../model/time.ts'
import type { RefusedHow, WireFact } from '../model/wire.ts'
import { distance, isBrokenAnswer, isScoped, judgeSender, lacks } from './asking.ts'
import { Deadlines } from './deadlines.ts'
import { endFacts, tell, tellGap, tellOddities, wireFacts } from './facts.ts'
import { RememberedIds } from './ids.ts'
import { KeptBodies } from './kept-bodies.ts'
import {
  type Asked,
  answerOf,
  askingOf,
  beginExchange,
  handOut,
  hasLeft,
  isUnanswered,
  type Keeping,
  type OpenExchange,
  type PairedConnection,
  passageOf,
} from './open.ts'
import type { PairingOptions, PairingSetup } from './pairing-options.ts'
import { strayWire } from './stray.ts'

/**
 * Joins the frames of one interface into exchanges, by the ids that the frames name and never by their order. Pure: time is
 * what the events say. Every request ends in exactly one exchange, at the earliest moment at which its end is known.
 *
 * - The answer that is owed ends it. An accept ack alone ends it when nothing more is owed, after `settleMs`.
 * - Without its answer it has timed out after `ackTimeoutMs`, and ends `lateWindowMs` later: an answer in between joins it (`timeout`, `late`).
 *   An answer after that is an orphan with the fact `late` and the request's id.
 * - It ends when its answer can't come any more: the answering side ended its direction, or the connection broke. One whose accept ack came
 *   stays open for the application ack, which may come on another connection (HL7 2.9.3).
 *
 * Which answer a sender waits for: the newest unanswered request, unless the sender is seen to send on without waiting. An answer that names an
 * earlier, given-up request joins that one, as late and with `wrong-control-id`; one that names no open request is an orphan, and the waiting request
 * carries `wrong-control-id` too. Ids of connection scope pair on their connection alone.
 */
export class Pairing {
  readonly #interfaceId: string
  readonly #options: PairingOptions
  readonly #nextId: () => string
  readonly #ids: RememberedIds
  readonly #deadlines = new Deadlines()
  readonly #keeping: Keeping
  readonly #bodies: KeptBodies
  readonly #dropped: (reason: string, count: number) => void

  constructor(setup: PairingSetup) {
    this.#interfaceId = setup.interfaceId
    this.#options = setup.options
    this.#nextId = setup.nextId
    this.#keeping = setup.keeping
    this.#dropped = setup.dropped
    this.#bodies = new KeptBodies(setup.options.connectionBytesMax, setup.dropped)
    this.#ids = new RememberedIds({ idsMax: setup.options.idsRememberedMax, windowMs: setup.options.duplicateWindowMs })
  }

  /** Bytes of bodies that open exchanges keep. */
  get heldBytes(): number {
    return this.#bodies.heldBytes
  }

  get openCount(): number {
    return this.#deadlines.size
  }

  /** Nothing is decided by time before this. */
  get nextDeadlineAt(): Instant {
    return this.#deadlines.nextAt
  }

  /** The connection never came about: an exchange without a request. */
  refused(connection: PairedConnection, how: RefusedHow, at: Instant): Exchange {
    return this.#handOut(this.#begin(connection, [{ kind: 'refused', how, at }]))
  }

  /** The bytes can't be read any more: what is open ends without its answers being seen, and the connection's own story says so. */
  unreadable(connection: PairedConnection, code: string): readonly Exchange[] {
    const fact: WireFact = { kind: 'unreadable', code }
    if (connection.open.length === 0) return [this.#handOut(this.#begin(connection, [fact]))]
    return [...connection.open].map((open) => {
      open.wire.push(fact)
      return this.#close(open)
    })
  }

  /** Takes a frame in. Returns what it ended. */
  frame(connection: PairedConnection, frame: Frame, idleMs: Millis | null): readonly Exchange[] {
    if (frame.head.role === 'abort') return this.#abort(connection, frame, idleMs)
    const asking = askingOf(connection, otherSide(frame.from)).newest
    const awaited = asking !== null && isUnanswered(asking) ? asking : null
    if (isBrokenAnswer(frame, awaited)) return this.#brokenAnswer(connection, frame, awaited)
    if (frame.head.role === 'request') return this.#request(connection, frame, idleMs)
    if (frame.head.role === 'unknown' && awaited === null) return this.#request(connection, frame, idleMs)
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
    return this.#deadlines.all().map((open) => this.#close(open))
  }

  #request(connection: PairedConnection, frame: Frame, idleMs: Millis | null): readonly Exchange[] {
    const { from, head } = frame
    const asking = askingOf(connection, from)
    const whole = passageOf(frame)
    const request = this.#bodies.request(connection, whole)
    const wire = wireFacts(frame)
    if (head.role === 'unknown') wire.push({ kind: 'unreadable', code: 'REQUEST_UNREADABLE' })
    asking.requestCount += 1
    const open = this.#begin(connection, wire, { frame, request, idleMs })
    if (!isScoped(head)) judgeSender(connection, asking, open, this.#options.giveUpMs)
    if (head.id !== null && !isScoped(head)) {
      const duplicate = this.#ids.remember(open, from, head.id, whole)
      if (duplicate !== null) {
        const { before, sameBody } = duplicate
        wire.push({ kind: 'duplicate', of: before.firstExchangeId, sameBody, copy: before.copies + 1 })
        if (before.open !== null) before.open.isGivenUp = true
      }
    }
    open.isCut = request !== whole
    asking.newest = open
    connection.open.push(open)
    const owed = open.expects.accept || open.expects.application
    if (owed) this.#deadlines.set(open, 'ack', request.endAt + this.#options.ackTimeoutMs)
    else this.#deadlines.set(open, 'settle', request.endAt + this.#options.settleMs)
    const [oldest] = connection.open
    if (oldest === undefined || connection.open.length <= this.#options.openExchangesMax) return []
    this.#dropped('open-overflow', 1)
    return [this.#close(oldest)]
  }

  #answer(connection: PairedConnection, frame: Frame, awaited: OpenExchange | null): readonly Exchange[] {
    const { head, from } = frame
    const asker = otherSide(from)
    const answer = answerOf(frame)
    if (head.id !== null && head.expects?.accept === true) this.#ids.rememberAnswer(from, head.id)
    const named = this.#findOpen(connection, asker, head, answer)
    if (named === null) return this.#unmatched(connection, frame, answer, awaited)
    tellOddities(named, frame)
    if (head.stage === 'interim') return this.#interim(named, answer)
    const isStray = awaited !== null && awaited !== named && awaited.controlId !== named.controlId
    if ((named.isGivenUp || hasLeft(named, this.#options.giveUpMs)) && isUnanswered(named)) {
      tell(named, { kind: 'late', at: answer.endAt, afterMs: answer.endAt - (named.request?.endAt ?? answer.endAt) })
      if (isStray) {
        awaited.wasFooled = true
        tell(named, { kind: 'wrong-control-id', distance: distance(awaited, named), at: answer.endAt })
      }
    }
    return this.#advance(named, this.#bodies.answer(named, answer))
  }

  /** More answers follow: the request waits anew, as long as before. */
  #interim(open: OpenExchange, answer: Answer): readonly Exchange[] {
    open.interimCount += 1
    if (open.interimCount <= interimKeptMax) this.#bodies.answer(open, answer)
    const isLate = open.waiting === 'late'
    this.#deadlines.set(
      open,
      isLate ? 'late' : 'ack',
      answer.endAt + (isLate ? this.#options.lateWindowMs : this.#options.ackTimeoutMs),
    )
    return []
  }

  #abort(connection: PairedConnection, frame: Frame, idleMs: Millis | null): readonly Exchange[] {
    const fact: WireFact = { kind: 'aborted', by: frame.from, at: frame.endAt, code: frame.head.code }
    if (connection.open.length === 0) {
      askingOf(connection, frame.from).requestCount += 1
      const asked = { frame, request: passageOf(frame), idleMs }
      return [this.#handOut(this.#begin(connection, [fact], asked))]
    }
    return [...connection.open].map((open) => {
      tell(open, fact)
      return this.#close(open)
    })
  }

  /** The open exchange that an answer names: on its own connection the oldest that lacks it, else one of another connection of the interface. */
  #findOpen(connection: PairedConnection, asker: Side, head: FrameHead, answer: Answer): OpenExchange | null {
    const id = head.answersId
    if (id === null) return null
    for (const open of connection.open) {
      if (open.from === asker && open.controlId === id && lacks(open, answer)) return open
    }
    if (isScoped(head)) return null
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
    if (head.stage === 'interim') return []
    const id = isScoped(head) ? null : head.answersId
    const wire = strayWire(connection, frame, awaited, { id, ids: this.#ids })
    const orphan = this.#begin(connection, wire)
    orphan.answers.push(answer)
    return [this.#handOut({ ...orphan, from: asker, controlId: id, type: head.type })]
  }

  /** An answer that broke off answers nothing; the request that it was for tells of it. */
  #brokenAnswer(connection: PairedConnection, frame: Frame, awaited: OpenExchange | null): readonly Exchange[] {
    const answer = answerOf(frame)
    const named = this.#findOpen(connection, otherSide(frame.from), frame.head, answer)
    const open = named ?? awaited
    if (open === null) return this.#unmatched(connection, frame, answer, null)
    tellOddities(open, frame)
    return []
  }

  #begin(connection: PairedConnection, wire: WireFact[], asked: Asked | null = null): OpenExchange {
    return beginExchange(this.#nextId(), connection, wire, asked)
  }

  #closeWhere(connection: PairedConnection, isOver: (open: OpenExchange) => boolean): readonly Exchange[] {
    const ended: Exchange[] = []
    for (const open of [...connection.open]) {
      if (!isOver(open) || open.waiting === 'application') continue
      if (open.waiting !== 'settle') tell(open, ...endFacts(connection, open))
      ended.push(this.#close(open))
    }
    return ended
  }

  #close(open: OpenExchange): Exchange {
    this.#deadlines.lift(open)
    const at = open.connection.open.indexOf(open)
    if (at >= 0) open.connection.open.splice(at, 1)
    this.#bodies.letGo(open)
    const asking = open.from === null ? null : askingOf(open.connection, open.from)
    if (asking?.newest === open) asking.newest = null
    if (open.remembered !== null) {
      // Its bodies are let go with it.
      open.remembered.open = null
      open.remembered.wasAnswered = open.answers.length > 0
    }
    return this.#handOut(open)
  }

  #handOut(open: OpenExchange): Exchange {
    return handOut(open, this.#interfaceId, this.#keeping)
  }
}

const interimKeptMax = 4
