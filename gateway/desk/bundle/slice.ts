import { isIPv4, isIPv6 } from 'node:net'
import type { Address } from '../../model/address.ts'
import { decidingOf } from '../../model/exchange.ts'
import type { Instant } from '../../model/time.ts'
import type { StoredExchange } from '../../store/exchange-store.ts'
import type { Flag, Segment } from './pcapng.ts'

/** An exchange with its messages as the wire would carry them, masked; null: not kept, or nothing that can be written. */
export interface RewiredExchange {
  readonly exchange: StoredExchange
  readonly request: Uint8Array | null
  readonly answer: Uint8Array | null
  /** Of DIMSE: the association that it was sent on, for a conversation that begins with it. */
  readonly association: readonly [request: Uint8Array, answer: Uint8Array] | null
}

const segmentBytesMax = 1_400

/**
 * The conversations of these exchanges, rebuilt: one for each connection, with a handshake, the messages at their own times, and the end
 * that the wire was seen to come to. Sequence numbers are made up.
 */
export function rebuiltSegments(exchanges: readonly RewiredExchange[]): readonly Segment[] {
  const connections = Map.groupBy(exchanges, ({ exchange }) => exchange.connection.id)
  return [...connections.values()].flatMap(conversation).sort((a, b) => a.at - b.at)
}

function conversation(exchanges: readonly RewiredExchange[]): readonly Segment[] {
  const inOrder = exchanges.toSorted((a, b) => a.exchange.at - b.exchange.at)
  const [first] = inOrder
  if (first === undefined) return []
  const { connection } = first.exchange
  const ends = endsOf(connection.initiator, connection.acceptor)
  // A capture of an old connection that began with its first message would show hours of nothing.
  const beganAt = Math.min(...inOrder.flatMap(({ exchange }) => [exchange.at, exchange.request?.startAt ?? exchange.at]))
  const openedAt = Math.max(connection.openedAt, beganAt - 1)
  if (inOrder.every(({ exchange }) => exchange.wire.some(({ kind }) => kind === 'refused'))) return refused(inOrder, ends)
  const wire = new Wire(ends)
  wire.handshake(openedAt, connection.connectMs ?? 0)
  if (first.association !== null && first.exchange.type !== 'A-ASSOCIATE') {
    const [asked, taken] = first.association
    wire.send('initiator', asked, openedAt, openedAt, 'association')
    wire.send('acceptor', taken, openedAt, openedAt, 'association')
  }
  for (const { exchange, request, answer } of inOrder) {
    const asker = exchange.requestFrom ?? 'initiator'
    const answerer = asker === 'initiator' ? 'acceptor' : 'initiator'
    if (request !== null && exchange.request !== null)
      wire.send(asker, request, exchange.request.startAt, exchange.request.endAt, `${exchange.id} request`)
    const deciding = decidingOf(exchange.answers)
    if (answer !== null && deciding !== null)
      wire.send(answerer, answer, deciding.startAt, deciding.endAt, `${exchange.id} answer`)
    const cut = exchange.wire.find((fact) => fact.kind === 'reset')
    if (cut !== undefined) wire.reset(cut.by, cut.at)
  }
  return wire.segments
}

type Ends = { readonly initiator: Address; readonly acceptor: Address }
type Side = keyof Ends

/** A refused connection is two packets: the wish and the no; one that timed out is the wish alone. Without a name or a socket there was none. */
function refused(exchanges: readonly RewiredExchange[], { initiator, acceptor }: Ends): readonly Segment[] {
  return exchanges.flatMap(({ exchange }) => {
    const fact = exchange.wire.find(({ kind }) => kind === 'refused')
    if (fact?.kind !== 'refused' || fact.how === 'dns' || fact.how === 'gateway') return []
    const at = Math.min(exchange.connection.openedAt, fact.at)
    const comment = `${exchange.id} connection ${fact.how}`
    const head = { bytes: new Uint8Array(), comment }
    const syn: Segment = { ...head, at, source: initiator, target: acceptor, sequence: 1_000, ack: null, flags: ['syn'] }
    if (fact.how !== 'refused') return [syn]
    return [syn, { ...head, at: fact.at, source: acceptor, target: initiator, sequence: 0, ack: 1_001, flags: ['rst'] }]
  })
}

/** Both directions of one connection, with what each side has sent so far. */
class Wire {
  readonly segments: Segment[] = []
  readonly #ends: Ends
  readonly #next = { initiator: 1_000, acceptor: 5_000 }
  constructor(ends: Ends) {
    this.#ends = ends
  }
  handshake(at: Instant, connectMs: number): void {
    this.#push('initiator', at, ['syn'], new Uint8Array(), null, false)
    this.#next.initiator += 1
    this.#push('acceptor', at + connectMs / 2, ['syn'], new Uint8Array(), null)
    this.#next.acceptor += 1
    this.#push('initiator', at + connectMs, [], new Uint8Array(), null)
  }
  /** All but the last segment stand at the beginning, the last at the end: no more is known. The other side acknowledges it at once. */
  send(from: Side, bytes: Uint8Array, startAt: Instant, endAt: Instant, comment: string): void {
    for (let at = 0; at < bytes.length; at += segmentBytesMax) {
      const part = bytes.subarray(at, at + segmentBytesMax)
      const isLast = at + segmentBytesMax >= bytes.length
      this.#push(
        from,
        isLast ? endAt : startAt,
        isLast ? ['psh'] : [],
        part,
        at === 0 ? `${comment}, rebuilt and masked` : null,
      )
      this.#next[from] += part.length
    }
    this.#push(otherSide(from), endAt, [], new Uint8Array(), null)
  }
  reset(by: Side, at: Instant): void {
    this.#push(by, at, ['rst'], new Uint8Array(), null)
  }
  #push(from: Side, at: Instant, flags: readonly Flag[], bytes: Uint8Array, comment: string | null, acks = true): void {
    const to = otherSide(from)
    const { [from]: source, [to]: target } = this.#ends
    this.segments.push({
      at,
      source,
      target,
      sequence: this.#next[from],
      ack: acks ? this.#next[to] : null,
      flags,
      bytes,
      comment,
    })
  }
}

function otherSide(side: Side): Side {
  return side === 'initiator' ? 'acceptor' : 'initiator'
}

/** Both as IP addresses of one kind. What is none (a name) becomes one that RFC 5737 keeps for documents. */
function endsOf(initiator: string, acceptor: string): Ends {
  const [a, b] = [addressOf(initiator, '192.0.2.1'), addressOf(acceptor, '192.0.2.2')]
  if (isIPv4(a.host) === isIPv4(b.host)) return { initiator: a, acceptor: b }
  const mapped = ({ host, port }: Address) => ({ host: isIPv4(host) ? `::ffff:${host}` : host, port })
  return { initiator: mapped(a), acceptor: mapped(b) }
}

function addressOf(text: string, instead: string): Address {
  const [, bracketed, bare, digits = '0'] = /^(?:\[([^\]]+)\]|(.+)):(\d+)$/.exec(text) ?? []
  const host = bracketed ?? bare ?? ''
  const port = Math.min(Number(digits), 65_535)
  return { host: isIPv4(host) || isIPv6(host) ? host : instead, port }
}
