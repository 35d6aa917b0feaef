import type { Passage } from '../model/exchange.ts'
import type { Side } from '../model/frame.ts'
import type { Millis } from '../model/time.ts'
import type { OpenExchange, RememberedRequest } from './open.ts'

interface RememberedAnswer {
  readonly id: string
  readonly number: number
}

/** The ids of one interface's requests, across its connections: for duplicates and late answers after a reconnect. Bounded; the oldest is forgotten. */
export class RememberedIds {
  readonly #windowMs: Millis
  readonly #requests: Readonly<Record<Side, Buckets<RememberedRequest>>>
  /** Ids of answers that ask for an accept ack of their own. */
  readonly #answers: Readonly<Record<Side, Buckets<RememberedAnswer>>>
  #answerCount = 0
  readonly #counts = { initiator: 0, acceptor: 0 }

  constructor(limits: { readonly idsMax: number; readonly windowMs: Millis }) {
    // Either side may ask: they share the limit.
    const idsMax = limits.idsMax / 2
    this.#requests = { initiator: new Buckets(idsMax), acceptor: new Buckets(idsMax) }
    this.#answers = { initiator: new Buckets(idsMax), acceptor: new Buckets(idsMax) }
    this.#windowMs = limits.windowMs
  }

  find(from: Side, id: string): RememberedRequest | null {
    return this.#requests[from].get(id)
  }

  /** How many requests of that side this one lies back: 1 is the last but one. */
  requestsSince(from: Side, request: RememberedRequest): number {
    return this.#counts[from] - request.number
  }

  /**
   * Remembers a request; `before` is what was known under its id, when this one is a duplicate of it. Another body from another
   * sender under the same id is no duplicate: control ids are unique per sender only (HL7 2.14.9.10), and analysers count from 1. Nor is
   * what of which only a part passed, once or now: nobody knows the rest of its body.
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
    const sender = open.connection.hosts[from]
    const isWhole = !open.wire.some(({ kind }) => kind === 'partial')
    const isComparable = isWhole && known?.isWhole === true
    const before = isComparable && request.endAt - known.endAt <= this.#windowMs ? known : null
    const sameBody = before !== null && before.fingerprint === mark && before.bodyBytes === request.bodyBytes
    const isDuplicate = before !== null && (sameBody || before.sender === sender)
    open.remembered = {
      id,
      firstExchangeId: isDuplicate ? before.firstExchangeId : open.id,
      copies: isDuplicate ? before.copies + 1 : 0,
      connectionId: open.connection.id,
      index: open.index,
      number: this.#counts[from],
      endAt: request.endAt,
      fingerprint: mark,
      bodyBytes: request.bodyBytes,
      sender,
      isWhole,
      open,
      wasAnswered: false,
    }
    this.#requests[from].set(open.remembered)
    return isDuplicate ? { before, sameBody } : null
  }

  /** An answer was seen that asks for an accept ack of its own. */
  rememberAnswer(from: Side, id: string): void {
    this.#answerCount += 1
    this.#answers[from].set({ id, number: this.#answerCount })
  }

  isAnswer(from: Side, id: string): boolean {
    return this.#answers[from].get(id) !== null
  }
}

/** So many ids share a bucket; the oldest of them is forgotten when another comes. */
const bucketIds = 8

/**
 * Remembers by id in memory that is laid out once: buckets of eight, chosen by the id's hash. A Map would leave its outgrown
 * tables behind with what was in them, a thousand times a minute, for the collector to find. What a search compares first lies side by
 * side in memory: looking at eight remembered values one by one costs more than all the rest of an exchange.
 */
class Buckets<Value extends { readonly id: string; readonly number: number }> {
  readonly #buckets: number
  #slots: (Value | null)[] = []
  #hashes = new Int32Array(0)
  #numbers = new Float64Array(0)

  constructor(sizeMax: number) {
    this.#buckets = Math.max(1, Math.floor(sizeMax / bucketIds))
  }

  get(id: string): Value | null {
    return this.#slots.length === 0 ? null : (this.#slots[this.#find(id, hashOf(id))] ?? null)
  }

  set(value: Value): void {
    // Laid out at the first use: most interfaces ask from one side only.
    if (this.#slots.length === 0) this.#layOut()
    const hash = hashOf(value.id)
    const known = this.#find(value.id, hash)
    const place = known >= 0 ? known : this.#oldest(this.#first(hash))
    this.#slots[place] = value
    this.#hashes[place] = hash
    this.#numbers[place] = value.number
  }

  #layOut(): void {
    const size = this.#buckets * bucketIds
    this.#slots = new Array<Value | null>(size).fill(null)
    this.#hashes = new Int32Array(size)
    this.#numbers = new Float64Array(size).fill(-1)
  }

  /** Where the id stands, or -1. */
  #find(id: string, hash: number): number {
    const first = this.#first(hash)
    for (let at = first; at < first + bucketIds; at++) {
      if (this.#hashes[at] === hash && this.#slots[at]?.id === id) return at
    }
    return -1
  }

  #oldest(first: number): number {
    let place = first
    let oldest = Number.POSITIVE_INFINITY
    for (let at = first; at < first + bucketIds; at++) {
      const age = this.#numbers[at] ?? 0
      if (age >= oldest) continue
      oldest = age
      place = at
    }
    return place
  }

  #first(hash: number): number {
    return (((hash ^ (hash >>> 15)) >>> 0) % this.#buckets) * bucketIds
  }
}

/** FNV-1a */
function hashOf(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return hash | 0
}

/**
 * A number by which two bodies are told apart: two 32-bit hashes (murmur3's mixing), of every other word each, 53 bits of them. Of bodies of
 * some length the first 64 kB count; a longer one is told apart by its length too. Not against somebody who wants two bodies to look alike.
 */
function fingerprint(body: Uint8Array): number {
  const length = Math.min(body.byteLength, 65_536)
  const words = new DataView(body.buffer, body.byteOffset, length)
  let first = 0x9747b28c
  let second = 0x1b873593
  let at = 0
  for (; at + 8 <= length; at += 8) {
    first = mixed(first, words.getUint32(at, true))
    second = mixed(second, words.getUint32(at + 4, true))
  }
  for (; at < length; at++) {
    first = Math.imul(first ^ words.getUint8(at), 0x85ebca6b)
    second = Math.imul(second ^ words.getUint8(at), 0xc2b2ae35)
  }
  return (finished(first) >>> 0) * 0x200000 + (finished(second) >>> 11)
}

function mixed(hash: number, word: number): number {
  return (Math.imul(rotate(hash ^ Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593), 13), 5) + 0xe6546b64) | 0
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function finished(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return Math.imul(half ^ (half >>> 13), 0xc2b2ae35) ^ (half >>> 16)
}
