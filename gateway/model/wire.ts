import type { EndHow, Side } from './frame.ts'
import type { Instant, Millis } from './time.ts'

/** Why there is no connection. `gateway`: the proxy itself had no file, memory or port left to make one with. */
export type RefusedHow = 'refused' | 'timeout' | 'unreachable' | 'dns' | 'tls' | 'gateway'

/** What happens on one connection, told in order by the proxy, a capture or a tap. The observer can't tell which. */
export type WireEvent =
  /** The initiator wants to connect (SYN, or accept at the proxy). */
  | { readonly kind: 'open'; readonly at: Instant; readonly initiator: string; readonly acceptor: string }
  /** The acceptor took the connection. `midStream`: a tap that saw no handshake. */
  | { readonly kind: 'connected'; readonly at: Instant; readonly midStream?: boolean }
  | { readonly kind: 'refused'; readonly at: Instant; readonly how: RefusedHow }
  | { readonly kind: 'bytes'; readonly at: Instant; readonly from: Side; readonly bytes: Uint8Array }
  | { readonly kind: 'gap'; readonly at: Instant; readonly from: Side; readonly byteCount: number }
  | { readonly kind: 'end'; readonly at: Instant; readonly from: Side; readonly how: EndHow }
  /** Both directions are over; nothing more will be told. */
  | { readonly kind: 'closed'; readonly at: Instant }
  /** Time passes: late answers and time-outs are decided by this, never by a timer inside. */
  | { readonly kind: 'tick'; readonly at: Instant }

/** One thing that the wire did around an exchange. Stands in the exchange, for people and for causes. */
export type WireFact =
  | { readonly kind: 'refused'; readonly how: RefusedHow; readonly at: Instant }
  /** The connection broke while this exchange was open. `age`: how long it had been idle before. */
  | { readonly kind: 'reset'; readonly by: Side; readonly at: Instant; readonly idleMs: Millis }
  | { readonly kind: 'closed'; readonly by: Side; readonly at: Instant; readonly idleMs: Millis }
  /** No answer within the interface's time-out. */
  | { readonly kind: 'timeout'; readonly at: Instant; readonly afterMs: Millis }
  /** The answer came, after the time-out had passed (or after the sender had given up or sent again). */
  | { readonly kind: 'late'; readonly at: Instant; readonly afterMs: Millis }
  /** Same control id as an earlier request of this connection's interface. */
  | { readonly kind: 'duplicate'; readonly of: string; readonly sameBody: boolean; readonly copy: number }
  /** The answer names another message than the one that is waiting. `distance`: how many requests back, null = never seen. */
  | { readonly kind: 'wrong-control-id'; readonly distance: number | null; readonly at: Instant }
  | { readonly kind: 'bytes-before-start'; readonly by: Side; readonly bytes: number }
  | { readonly kind: 'missing-final-cr'; readonly by: Side }
  | { readonly kind: 'unframed'; readonly by: Side }
  | { readonly kind: 'end-block-in-data'; readonly by: Side }
  | { readonly kind: 'oversize'; readonly by: Side; readonly bytes: number }
  | { readonly kind: 'partial'; readonly by: Side; readonly bytes: number; readonly how: EndHow | 'gap' | 'stuck' | 'broken' }
  | { readonly kind: 'gap'; readonly by: Side; readonly bytes: number }
  /** Read all the same, though the protocol's standard forbids it; the code says what. */
  | { readonly kind: 'irregular'; readonly by: Side; readonly code: string }
  | { readonly kind: 'unreadable'; readonly code: string }
  /** The protocol's own breaking off: A-ABORT. `code` says by whom and why, as the protocol has it. */
  | { readonly kind: 'aborted'; readonly by: Side; readonly at: Instant; readonly code: string | null }

/** Codes of `unreadable` that are nobody's fault: the bytes are for others to read, and the gateway passes them on unread. */
const passedThrough: ReadonlySet<string> = new Set(['HTTP_UPGRADED', 'HTTP_TUNNELLED', 'HTTP2_UNREAD', 'TLS_PASSED_THROUGH'])

export function isPassedThrough(fact: WireFact): boolean {
  return fact.kind === 'unreadable' && passedThrough.has(fact.code)
}
