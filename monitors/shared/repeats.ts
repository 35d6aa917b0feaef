import type { Facts, Key } from '../../gateway/model/document.ts'
import { linkingKinds } from '../../gateway/model/journey.ts'
import type { Seen } from '../../gateway/model/reading.ts'
import { accept, acceptedPart, hasAccepted } from './accepted.ts'
import { hashOf } from './rate.ts'
import { amount, type Held, heldAt, keyed, list, type Part } from './state.ts'

const pairsPart = list(list(amount()))

/** The last requests that name themselves: how often each came again, by the hash of its mark. */
export const repeatsPart: Part<Map<number, number>> = {
  fresh: () => new Map(),
  write: (value) => pairsPart.write([...value]),
  read: (saved) => new Map(pairsPart.read(saved).map(([hash = 0, copies = 0]) => [hash, copies])),
}
type Repeats = Held<typeof repeatsPart>

/** Objects that were stored, by the one word `stored`: a study has hundreds, and all of them come again before the first does so twice. */
export const storedPart = keyed(acceptedPart)
type Stored = Held<typeof storedPart>

const requestsMax = 64
/** What changes nothing may be asked again (RFC 9110 9.2.1). */
const changes = /^(?:POST|PUT|PATCH|DELETE) /

/** Of a request's business keys so many are part of its mark. */
const markKeysMax = 8

/**
 * What a request over HTTP, or a record, is known by, that a retry of it repeats, as a hash: its own id (`X-Request-ID`, `requestId`, `MessageID`) with its type, size and business
 * keys, as an id may be handed on to several calls. Without an id of its own all that was read of it, where that names an order, a batch or the like. Null: neither, or
 * it changes nothing.
 */
export function requestMark({ exchange, item }: Seen): number | null {
  const facts = item.requestFacts
  if (facts === null || exchange.request === null || exchange.type === null) return null
  if (exchange.outcome !== 'one-way' && !changes.test(exchange.type)) return null
  const id = facts.controlId ?? facts.keys.find(isRequestId)?.value ?? contentOf(facts)
  if (id === null) return null
  const { keys } = facts
  let hash = hashOf(` ${exchange.request.bodyBytes}`, hashOf(id, hashOf(' ', hashOf(exchange.type))))
  if (keys.length === 0) return hashOf(' ', hash)
  for (let i = 0; i < keys.length && i < markKeysMax; i += 1) hash = hashOf(keys[i]?.value ?? '', hashOf(' ', hash))
  return hash
}

/** The message, however often it is sent, as a hash: without an id of its own it is known by what it says or asks for. */
export function messageOf(seen: Seen): number {
  const content = seen.exchange.controlId === null ? (requestMark(seen) ?? questionMark(seen)) : null
  return content ?? hashOf(seen.id)
}

/** The question and whom or what it is about. Null: it names nothing. */
function questionMark({ exchange, item }: Seen): number | null {
  const keys = item.requestFacts?.keys ?? []
  return keys.length === 0 ? null : keys.reduce((hash, { value }) => hashOf(value, hash), hashOf(exchange.type ?? ''))
}

function isRequestId({ kind }: Key): boolean {
  return kind === 'request'
}

/** What was read of a body. A header's time is of this sending. */
function contentOf({ keys, stamps, codes, sequence }: Facts): string | null {
  if (!keys.some(isOfContent)) return null
  let hash = hashOf(String(sequence))
  for (const { kind, value } of keys) hash = hashOf(value, hashOf(kind, hash))
  for (const { path, at } of stamps) if (!path.startsWith('@')) hash = hashOf(` ${at}`, hashOf(path, hash))
  for (const { path, value } of codes) hash = hashOf(value, hashOf(path, hash))
  return `content ${hash}`
}

function isOfContent({ kind }: Key): boolean {
  return kind === 'batch' || linkingKinds.has(kind)
}

/** Takes a C-STORE (PS3.7 9.1.1) in that was carried out: whether its object was stored before. A Bloom filter takes one in sixty for known. */
export function isStoredAgain(stored: Stored, { exchange, item }: Seen): boolean {
  const instance = item.requestFacts?.controlId ?? null
  const known = instance === null ? null : heldAt(stored, 'stored', acceptedPart, 1)
  if (instance === null || known === null) return false
  const hash = hashOf(` ${exchange.request?.bodyBytes}`, hashOf(instance))
  const isAgain = hasAccepted(known, hash)
  accept(known, hash)
  return isAgain
}

/** Takes a request by its mark: the how manieth copy it is, 0 for the first. */
export function repeatOf(repeats: Repeats, mark: number): number {
  const copies = (repeats.get(mark) ?? -1) + 1
  repeats.set(mark, copies)
  if (repeats.size > requestsMax) {
    for (const oldest of repeats.keys()) {
      repeats.delete(oldest)
      break
    }
  }
  return copies
}
