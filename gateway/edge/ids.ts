import type { Passage } from '../model/exchange.ts'
import type { Side } from '../model/frame.ts'
import type { Millis } from '../model/time.ts'
import type { OpenExchange, RememberedRequest } from './open.ts'

/** The ids of one interface's requests, across its connections: for duplicates and late answers after a reconnect. Bounded; the oldest is forgotten. */
export class RememberedIds {
  readonly #windowMs: Millis
  readonly #requests: Readonly<Record<Side, Generations<RememberedRequest>>>
  /** Ids of answers that ask for an accept ack of their own. */
  readonly #answers: Readonly<Record<Side, Generations<true>>>
  readonly #counts = { initiator: 0, acceptor: 0 }

  constructor(limits: { readonly idsMax: number; readonly windowMs: Millis }) {
    // Either side may ask: they share the limit.
    const idsMax = limits.idsMax / 2
    this.#requests = { initiator: new Generations(idsMax), acceptor: new Generations(idsMax) }
    this.#answers = { initiator: new Generations(idsMax), acceptor: new Generations(idsMax) }
    this.#windowMs = limits.windowMs
  }

  get size(): number {
    return this.#requests.initiator.size + this.#requests.acceptor.size
  }

  find(from: Side, id: string): RememberedRequest | null {
    return this.#requests[from].get(id) ?? null
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
    const known = this.#requests[from].get(id)
    const mark = fingerprint(request.body)
    const sender = senderOf(open, from)
    const before = known !== undefined && request.endAt - known.endAt <= this.#windowMs ? known : null
    const sameBody = before !== null && before.fingerprint === mark && before.bodyBytes === request.bodyBytes
    const isDuplicate = before !== null && (sameBody || before.sender === sender)
    open.remembered = {
      firstExchangeId: isDuplicate ? before.firstExchangeId : open.id,
      copies: isDuplicate ? before.copies + 1 : 0,
      exchange: { connectionId: open.connection.id, index: open.index },
      number: this.#counts[from],
      endAt: request.endAt,
      fingerprint: mark,
      bodyBytes: request.bodyBytes,
      sender,
      open,
      wasAnswered: false,
    }
    this.#requests[from].set(id, open.remembered)
    return isDuplicate ? { before, sameBody } : null
  }

  /** An answer was seen that asks for an accept ack of its own. */
  rememberAnswer(from: Side, id: string): void {
    this.#answers[from].set(id, true)
  }

  isAnswer(from: Side, id: string): boolean {
    return this.#answers[from].get(id) === true
  }
}

/** The asking host without its port, which changes with every connection. */
function senderOf(open: OpenExchange, from: Side): string {
  const address = from === 'initiator' ? open.connection.initiator : open.connection.acceptor
  const colon = address.lastIndexOf(':')
  return colon < 0 ? address : address.slice(0, colon)
}

/**
 * A map of at most `sizeMax` that forgets its older half at a time. A Map that gives up its first key again and again would
 * walk over all the keys given up before, each time.
 */
class Generations<Value> {
  readonly #halfMax: number
  #young = new Map<string, Value>()
  #old = new Map<string, Value>()

  constructor(sizeMax: number) {
    this.#halfMax = Math.max(1, Math.floor(sizeMax / 2))
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(name: string): Value | undefined {
    return this.#young.get(name) ?? this.#old.get(name)
  }

  set(name: string, value: Value): void {
    if (this.#young.size >= this.#halfMax && !this.#young.has(name)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(name, value)
  }
}

/**
 * A number by which two bodies are told apart: two 32-bit hashes (murmur3's mixing), 53 bits of them. Of bodies of some length
 * the first 64 kB count; a longer one is told apart by its length too. Not against somebody who wants two bodies to look alike.
 */
function fingerprint(body: Uint8Array): number {
  const length = Math.min(body.byteLength, 65_536)
  const words = new DataView(body.buffer, body.byteOffset, length)
  let first = 0x9747b28c
  let second = 0x1b873593
  let at = 0
  for (; at + 4 <= length; at += 4) {
    const word = words.getUint32(at, true)
    first = Math.imul(rotate(first ^ Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593), 13), 5) + 0xe6546b64
    second = Math.imul(second ^ word, 0x85ebca6b)
    second ^= second >>> 15
  }
  for (; at < length; at++) {
    first = Math.imul(first ^ words.getUint8(at), 0x85ebca6b)
    second = Math.imul(second ^ words.getUint8(at), 0xc2b2ae35)
  }
  return (finished(first) >>> 0) * 0x200000 + (finished(second) >>> 11)
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function finished(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) ^ (mixed >>> 16)
}
