import { ProtocolError } from '../../../gateway/model/frame.ts'

/** What of a request an answer must know to be read. */
type Special = 'HEAD' | 'CONNECT'

/** Requests of one connection whose answers can't be read without knowing them are remembered up to this many. */
const specialsMax = 1_000

/**
 * Which answer answers which request: on a connection of HTTP/1.1 answers come in the order of their requests (RFC 9112 9.3.2), so that both are
 * numbered from 1. Holds nothing for a usual request.
 */
export class Order {
  #begun = 0
  #answered = 0
  /** Up to this request answers may have been lost. */
  #doubtfulUpTo = 0
  /** After CONNECT nothing that the initiator sends is a request, until the answer says whether it ever will be (RFC 9110 9.3.6). */
  isPaused = false
  /** The last request that is whole. */
  #whole = 0
  /** The request that turned out to be none that could be read; an answer makes it whole. */
  #astray: number | null = null
  readonly #specials = new Map<number, Special>()
  #failure: ProtocolError | null = null

  /** A request begins: its number. */
  begin(): number {
    // Who asks again has the answers to what was asked before the loss.
    if (this.#answered < this.#doubtfulUpTo) this.#answered = this.#doubtfulUpTo
    this.#begun += 1
    return this.#begun
  }

  remember(number: number, method: string): void {
    if (method !== 'HEAD' && method !== 'CONNECT') return
    if (method === 'CONNECT') this.isPaused = true
    const [oldest] = this.#specials.keys()
    if (this.#specials.size >= specialsMax && oldest !== undefined) this.#specials.delete(oldest)
    this.#specials.set(number, method)
  }

  /** The request that the next answer is for; null when there is none, or when it can't be told for bytes that were lost. */
  get awaited(): number | null {
    if (this.#begun === this.#answered) return null
    const isDoubtful = this.#answered < this.#doubtfulUpTo && this.#begun - this.#answered > 1
    return isDoubtful ? null : this.#answered + 1
  }

  special(number: number | null): Special | null {
    return number === null ? null : (this.#specials.get(number) ?? null)
  }

  /** A final answer came, to that request where it is known. */
  answered(number: number | null, status: number): void {
    const special = this.special(number)
    if (number !== null) {
      this.#answered = number
      this.#specials.delete(number)
    }
    if (special === 'CONNECT') this.isPaused = false
    if (status === 101) this.fail('HTTP_UPGRADED', 'Both sides went over to another protocol, which is passed on unread.')
    else if (special === 'CONNECT' && status < 300)
      this.fail('HTTP_TUNNELLED', 'A tunnel was opened (CONNECT); what passes it is passed on unread.')
  }

  /** A final answer waits for its request to be whole: nothing else that the acceptor sends is kept. */
  get isHolding(): boolean {
    return this.#answered > this.#whole && this.#answered !== this.#astray
  }

  /** The request is whole, or nothing more of it is awaited. */
  whole(number: number): void {
    this.#whole = number
    this.#astray = null
  }

  /** Whether what is being read as that request turned out to be none. */
  astray(number: number | null): void {
    this.#astray = number
  }

  /** Answers may have been lost. */
  doubt(): void {
    this.#doubtfulUpTo = this.#begun
    this.isPaused = false
  }

  /** Nothing that follows is HTTP/1.1: the reason why. */
  get failure(): ProtocolError | null {
    return this.#failure
  }

  fail(code: string, message: string): void {
    this.#failure ??= new ProtocolError(code, message)
  }
}
