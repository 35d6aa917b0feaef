import type { Frame, FrameOddity, Side } from '../model/frame.ts'
import type { WireFact } from '../model/wire.ts'
import type { OpenExchange, PairedConnection, RememberedRequest } from './open.ts'

/** What the wire did, by the frame's oddities. */
export function wireFacts(frame: Frame): WireFact[] {
  return frame.oddities.length === 0 ? [] : frame.oddities.map((oddity) => wireFact(frame, oddity))
}

function wireFact(frame: Frame, oddity: FrameOddity): WireFact {
  const by = frame.from
  switch (oddity.kind) {
    case 'partial':
      return { kind: 'partial', by, bytes: frame.wireBytes, how: oddity.how === 'timeout' ? 'stuck' : oddity.how }
    case 'missing-final-cr':
    case 'unframed':
    case 'end-block-in-data':
      return { kind: oddity.kind, by }
    case 'bytes-before-start':
    case 'oversize':
    case 'gap':
      return { kind: oddity.kind, by, bytes: oddity.bytes }
    case 'irregular':
      return { kind: oddity.kind, by, code: oddity.code }
    default:
      return oddity satisfies never
  }
}

/** What an answer that joins no request tells: that it is unreadable, or how late it is. */
export function orphanFacts(frame: Frame, known: RememberedRequest | null): WireFact[] {
  const facts = wireFacts(frame)
  if (frame.head.role === 'unknown') facts.push({ kind: 'unreadable', code: 'ANSWER_UNREADABLE' })
  if (known !== null && !known.wasAnswered) facts.push({ kind: 'late', at: frame.endAt, afterMs: frame.endAt - known.endAt })
  return facts
}

/** Adds facts to an exchange, up to a limit: what goes on without end is told by its beginning. */
export function tell(open: OpenExchange, ...facts: readonly WireFact[]): void {
  open.wire.push(...facts.slice(0, Math.max(0, wireFactsMax - open.wire.length)))
}

/** Adds what the wire did while this frame of the exchange passed. */
export function tellOddities(open: OpenExchange, frame: Frame): void {
  if (frame.oddities.length > 0) tell(open, ...wireFacts(frame))
}

/** Lost bytes of one side are told as one sum. */
export function tellGap(open: OpenExchange, by: Side, bytes: number): void {
  const told = open.wire.findIndex((fact) => fact.kind === 'gap' && fact.by === by)
  const fact = open.wire[told]
  if (fact?.kind === 'gap') open.wire[told] = { ...fact, bytes: fact.bytes + bytes }
  else tell(open, { kind: 'gap', by, bytes })
}

/** How the connection ended while this exchange was open. */
export function endFacts(connection: PairedConnection, open: OpenExchange): WireFact[] {
  return connection.ends
    .filter((end) => end.at >= (open.request?.startAt ?? 0))
    .map(({ by, how, at, idleMs }) => ({ kind: how === 'rst' ? 'reset' : 'closed', by, at, idleMs }) as const)
}

/** Facts of one exchange. */
const wireFactsMax = 32
