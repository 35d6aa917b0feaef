import { hash } from 'node:crypto'
import type { Passage } from '../model/exchange.ts'
import type { Side } from '../model/frame.ts'
import type { Instant, Millis } from '../model/time.ts'
import type { OpenExchange } from './open.ts'

/** A request that an interface has seen, for as long as its id is remembered. */
export interface RememberedRequest {
  /** Exchange id of the first request with this id. */
  readonly firstExchangeId: string
  /** How many requests with this id came after the first. */
  readonly copies: number
  readonly exchange: { readonly connectionId: string; readonly index: number }
  /** Running number among the interface's requests of that side. */
  readonly number: number
  readonly endAt: Instant
  readonly digest: string
  readonly bodyBytes: number
  readonly sender: string
  /** The exchange while it is open. */
  open: OpenExchange | null
  wasAnswered: boolean
}

/** What of a body the digest covers; a longer one is told apart by its length too. */
const digestedBytesMax = 65_536

/** The ids of one interface's requests, across its connections: for duplicates and late answers after a reconnect. Bounded; the oldest is forgotten. */
export class RememberedIds {
  readonly #idsMax: number
  readonly #windowMs: Millis
  readonly #requests = new Map<string, RememberedRequest>()
  /** Ids of answers that ask for an accept ack of their own. */
  readonly #answers = new Set<string>()
  readonly #counts = { initiator: 0, acceptor: 0 }

  constructor(limits: { readonly idsMax: number; readonly windowMs: Millis }) {
    this.#idsMax = limits.idsMax
    this.#windowMs = limits.windowMs
  }

  get size(): number {
    return this.#requests.size + this.#answers.size
  }

  find(from: Side, id: string): RememberedRequest | null {
    return this.#requests.get(key(from, id)) ?? null
  }

  /** How many requests of that side this one lies back: 1 is the last but one. */
  requestsSince(from: Side, request: RememberedRequest): number {
    return this.#counts[from] - request.number
  }

  /**
   * Remembers a request; `before` is what was known under its id, when this one is a duplicate of it. Another body from another
   * sender under the same id is no duplicate: control ids are unique per sender only (HL7 2.14.9.10), and analysers count from 1.
   */
  remember(
    open: OpenExchange,
    from: Side,
    id: string,
    request: Passage,
  ): { before: RememberedRequest; sameBody: boolean } | null {
    this.#counts[from] += 1
    const at = key(from, id)
    const known = this.#requests.get(at)
    const digest = hash('sha1', request.body.subarray(0, digestedBytesMax), 'base64')
    const sender = senderOf(open, from)
    const before = known !== undefined && request.endAt - known.endAt <= this.#windowMs ? known : null
    const sameBody = before !== null && before.digest === digest && before.bodyBytes === request.bodyBytes
    const isDuplicate = before !== null && (sameBody || before.sender === sender)
    this.#requests.delete(at)
    this.#requests.set(at, {
      firstExchangeId: isDuplicate ? before.firstExchangeId : open.id,
      copies: isDuplicate ? before.copies + 1 : 0,
      exchange: { connectionId: open.connection.id, index: open.index },
      number: this.#counts[from],
      endAt: request.endAt,
      digest,
      bodyBytes: request.bodyBytes,
      sender,
      open,
      wasAnswered: false,
    })
    forgetOldest(this.#requests, this.#idsMax)
    return isDuplicate ? { before, sameBody } : null
  }

  /** An answer was seen that asks for an accept ack of its own. */
  rememberAnswer(from: Side, id: string): void {
    this.#answers.add(key(from, id))
    if (this.#answers.size > this.#idsMax) for (const oldest of this.#answers.values().take(1)) this.#answers.delete(oldest)
  }

  isAnswer(from: Side, id: string): boolean {
    return this.#answers.has(key(from, id))
  }

  /** The exchange has ended: its bodies are let go. */
  release(open: OpenExchange): void {
    if (open.from === null || open.controlId === null) return
    const known = this.#requests.get(key(open.from, open.controlId))
    if (known?.open !== open) return
    known.open = null
    known.wasAnswered = open.answers.length > 0
  }
}

function key(from: Side, id: string): string {
  return from === 'initiator' ? `>${id}` : `<${id}`
}

/** The asking host without its port, which changes with every connection. */
function senderOf(open: OpenExchange, from: Side): string {
  const address = from === 'initiator' ? open.connection.initiator : open.connection.acceptor
  const colon = address.lastIndexOf(':')
  return colon < 0 ? address : address.slice(0, colon)
}

function forgetOldest<Value>(map: Map<string, Value>, sizeMax: number): void {
  if (map.size <= sizeMax) return
  for (const oldest of map.keys().take(1)) map.delete(oldest)
}
