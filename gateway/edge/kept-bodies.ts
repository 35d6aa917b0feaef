import type { Answer, Passage } from '../model/exchange.ts'
import { bodyBytesOf, keptBytesOf, type OpenExchange, type PairedConnection, withoutBody } from './open.ts'

/** Which bodies the open exchanges of one interface keep: as many of a connection as its limit allows. */
export class KeptBodies {
  readonly #connectionBytesMax: number
  readonly #dropped: (reason: string, count: number) => void
  #heldBytes = 0

  constructor(connectionBytesMax: number, dropped: (reason: string, count: number) => void) {
    this.#connectionBytesMax = connectionBytesMax
    this.#dropped = dropped
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  /** A request as far as its connection may keep it; counted when its body is left out. */
  request(connection: PairedConnection, whole: Passage): Passage {
    const kept = this.#fits(connection, whole) ? whole : withoutBody(whole)
    this.#hold(connection, keptBytesOf(kept))
    return kept
  }

  /** Joins an answer to its exchange, as far as the request's connection may keep it. */
  answer(open: OpenExchange, answer: Answer): Answer {
    const kept = this.#fits(open.connection, answer) ? answer : withoutBody(answer)
    open.isCut ||= kept !== answer
    open.answers.push(kept)
    this.#hold(open.connection, keptBytesOf(kept))
    return kept
  }

  /** Its exchange is handed out: the bodies go with it. */
  letGo(open: OpenExchange): void {
    this.#hold(open.connection, -bodyBytesOf(open))
  }

  #hold(connection: PairedConnection, byteCount: number): void {
    connection.heldBytes += byteCount
    this.#heldBytes += byteCount
  }

  #fits(connection: PairedConnection, passage: Passage): boolean {
    if (connection.heldBytes + keptBytesOf(passage) <= this.#connectionBytesMax) return true
    this.#dropped('connection-bytes', 1)
    return false
  }
}
