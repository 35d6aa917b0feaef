import { type Frame, otherSide } from '../model/frame.ts'
import type { WireFact } from '../model/wire.ts'
import { isScoped, strayFact } from './asking.ts'
import { orphanFacts, tell } from './facts.ts'
import type { RememberedIds } from './ids.ts'
import type { OpenExchange, PairedConnection } from './open.ts'

/** The wire's story of an answer that joins no request. The request that its sender waits for is told of it too. `id`: what it answers, where the interface remembers ids. */
export function strayWire(
  connection: PairedConnection,
  frame: Frame,
  awaited: OpenExchange | null,
  { id, ids }: { readonly id: string | null; readonly ids: RememberedIds },
): WireFact[] {
  const asker = otherSide(frame.from)
  const known = id === null ? null : ids.find(asker, id)
  const wire = orphanFacts(frame, known)
  if (awaited !== null && !isScoped(frame.head)) {
    const onInterface = known === null ? null : ids.requestsSince(asker, known)
    const fact = strayFact(frame, awaited, known, onInterface)
    if (frame.head.role === 'answer') wire.push(fact)
    tell(awaited, fact)
    awaited.wasFooled = true
  }
  // What it answers may have passed unseen.
  if (known === null && connection.gapBytes !== null) wire.push({ kind: 'gap', by: asker, bytes: connection.gapBytes })
  return wire
}
