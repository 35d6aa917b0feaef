import type { Interface } from '../../../gateway/model/interface.ts'
import type { Measurement } from '../../../gateway/model/measurement.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import type { WireEvent } from '../../../gateway/model/wire.ts'
import { normalIp } from './ip-address.ts'
import { LinkCounts } from './link-count.ts'
import type { RawSegment } from './segment.ts'
import { TcpConversation, type TcpLimits } from './tcp.ts'

/** What a capture shows of one connection of one interface. Of a `tick` the connection id is empty: time passes for all. */
export interface CapturedEvent {
  readonly interfaceId: string
  readonly connectionId: string
  readonly event: WireEvent
  /** Beside a `tick`: what TCP itself did on the interface's way in the seconds before. */
  readonly measurement?: Measurement
}

interface Known {
  readonly interfaceId: string
  readonly connectionId: string
  readonly initiatorKey: string
  readonly conversation: TcpConversation
}

type Ends = Pick<RawSegment, 'source' | 'target'>

/** Which conversation is which interface, and what happens on it. Conversations that are no interface's are counted and left. */
export class Conversations {
  readonly #matchers: readonly Matcher[]
  readonly #interfaceIds: readonly string[]
  readonly #limits: TcpLimits & { readonly conversationsMax: number }
  readonly #links = new LinkCounts()
  #measuredAt: Instant | null = null
  /** The one seen last goes last. */
  readonly #known = new Map<string, Known>()
  readonly #unmatched = new Set<string>()
  #unmatchedCount = 0
  #connections = 0

  constructor(interfaces: readonly Interface[], limits: TcpLimits & { readonly conversationsMax: number }) {
    this.#matchers = interfaces.flatMap(matcherOf)
    this.#interfaceIds = [...new Set(this.#matchers.map((matcher) => matcher.interfaceId))]
    this.#limits = limits
  }

  /** Conversations that no interface takes; the same ports used again within a capture may count once. */
  get unmatchedCount(): number {
    return this.#unmatchedCount
  }

  see(raw: RawSegment, at: Instant): readonly CapturedEvent[] {
    const sourceKey = `${raw.source.host} ${raw.source.port}`
    const key = keyOf(sourceKey, raw.target)
    if (this.#unmatched.has(key)) return []
    const found = this.#known.get(key)
    const segment = (known: Known) => ({
      ...raw,
      at,
      from: sourceKey === known.initiatorKey ? ('initiator' as const) : ('acceptor' as const),
    })
    if (found !== undefined && !found.conversation.isReusedBy(segment(found))) {
      this.#known.delete(key)
      this.#known.set(key, found)
      return named(found, found.conversation.see(segment(found)))
    }
    const abandoned = found === undefined ? [] : named(found, found.conversation.abandon(at))
    const begun = this.#begin(raw)
    if (begun === null) {
      this.#leaveOut(key)
      return abandoned
    }
    this.#known.delete(key)
    this.#known.set(key, begun)
    return [...abandoned, ...named(begun, begun.conversation.see(segment(begun))), ...this.#bound(at)]
  }

  /** An acceptor can't be reached, says the network. */
  unreachable({ source, target }: Ends, at: Instant): readonly CapturedEvent[] {
    const initiatorKey = `${source.host} ${source.port}`
    const found = this.#known.get(keyOf(initiatorKey, target))
    return found?.initiatorKey === initiatorKey ? named(found, found.conversation.unreachable(at)) : []
  }

  /** What time alone decides, and a tick for each interface. */
  passTime(at: Instant): readonly CapturedEvent[] {
    const events: CapturedEvent[] = []
    for (const [key, known] of this.#known) {
      events.push(...named(known, known.conversation.passTime(at)))
      if (known.conversation.isClosed && at - known.conversation.lastAt > afterCloseMs) this.#known.delete(key)
    }
    this.#measuredAt ??= at
    const isDue = at - this.#measuredAt >= measureEveryMs
    if (isDue) this.#measuredAt = at
    return [...events, ...this.#ticks(at, isDue ? this.#links.take(at) : [])]
  }

  /** The capture ends at `at`; `lastTickAt` is when every time-out has passed. */
  finish(at: Instant, lastTickAt: Instant): readonly CapturedEvent[] {
    const flushed = [...this.#known.values()].flatMap((known) => named(known, known.conversation.flush(at)))
    return [...flushed, ...this.#ticks(lastTickAt, this.#links.take(at))]
  }

  #ticks(at: Instant, measured: readonly Measurement[] = []): readonly CapturedEvent[] {
    return this.#interfaceIds.map((interfaceId) => {
      const measurement = measured.find(({ subject }) => subject.id === interfaceId)
      return {
        interfaceId,
        connectionId: '',
        event: { kind: 'tick', at },
        ...(measurement === undefined ? {} : { measurement }),
      }
    })
  }

  #begin(raw: RawSegment): Known | null {
    const isAnswer = raw.isSyn && raw.ack !== null
    const asSeen = { initiator: raw.source, acceptor: raw.target }
    const turned = { initiator: raw.target, acceptor: raw.source }
    // A SYN says who asks. In the middle of a conversation the lower port is the likelier acceptor, where both fit.
    const isLikelyTurned = isAnswer || (!raw.isSyn && raw.source.port < raw.target.port)
    const orders = raw.isSyn ? [isAnswer ? turned : asSeen] : isLikelyTurned ? [turned, asSeen] : [asSeen, turned]
    for (const { initiator, acceptor } of orders) {
      const matcher = this.#matchers.find((candidate) => candidate.takes(initiator, acceptor))
      if (matcher === undefined) continue
      this.#connections += 1
      return {
        interfaceId: matcher.interfaceId,
        connectionId: `c${this.#connections}`,
        initiatorKey: `${initiator.host} ${initiator.port}`,
        conversation: new TcpConversation(
          { initiator: text(initiator), acceptor: text(acceptor) },
          this.#limits,
          this.#links.of(matcher.interfaceId, initiator.host),
        ),
      }
    }
    return null
  }

  #leaveOut(key: string): void {
    this.#unmatchedCount += 1
    this.#unmatched.add(key)
    const oldest = this.#unmatched.keys().next()
    if (this.#unmatched.size > unmatchedKeysMax && !oldest.done) this.#unmatched.delete(oldest.value)
  }

  /** Gives up the conversation that has been silent for longest when there are too many. */
  #bound(at: Instant): readonly CapturedEvent[] {
    const oldest = this.#known.entries().next()
    if (this.#known.size <= this.#limits.conversationsMax || oldest.done) return []
    const [key, known] = oldest.value
    this.#known.delete(key)
    return named(known, known.conversation.abandon(at))
  }
}

/** A closed conversation is remembered for so long, for the last acknowledgments that are still under way. */
const afterCloseMs = 60_000
const measureEveryMs = 10_000
const unmatchedKeysMax = 65_536

interface Matcher {
  readonly interfaceId: string
  takes(initiator: Ends['source'], acceptor: Ends['target']): boolean
}

function matcherOf(iface: Interface): readonly Matcher[] {
  const source = iface.sources.capture
  if (source === null) return []
  const isAcceptor = hostTest(source.acceptor.host)
  const isInitiator = source.initiatorHost === null ? () => true : hostTest(source.initiatorHost)
  const { port } = source.acceptor
  return [
    {
      interfaceId: iface.id,
      takes: (initiator, acceptor) =>
        (port === 0 || acceptor.port === port) && isAcceptor(acceptor.host) && isInitiator(initiator.host),
    },
  ]
}

/** `*`, `0.0.0.0` and `::` take every host; `localhost` both of its addresses. */
function hostTest(configured: string): (host: string) => boolean {
  const host = normalIp(configured)
  if (host === '*' || host === '0.0.0.0' || host === '::') return () => true
  if (host === 'localhost') return (seen) => seen === '::1' || seen.startsWith('127.')
  return (seen) => seen === host || seen === `::ffff:${host}`
}

function named(known: Known, events: readonly WireEvent[]): readonly CapturedEvent[] {
  return events.map((event) => ({ interfaceId: known.interfaceId, connectionId: known.connectionId, event }))
}

function keyOf(sourceKey: string, target: Ends['target']): string {
  const targetKey = `${target.host} ${target.port}`
  return sourceKey < targetKey ? `${sourceKey} ${targetKey}` : `${targetKey} ${sourceKey}`
}

/** As the proxy writes its peers: IPv6 in brackets. */
function text({ host, port }: Ends['source']): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
