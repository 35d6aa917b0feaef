import type { Document, Format } from '../model/document.ts'
import type { Entry } from '../model/entry.ts'
import type { Catalogue } from '../model/interface.ts'
import type { CompiledContract } from '../model/violation.ts'
import { createInspector } from './inspect.ts'

/** A whole message of an exchange, read. */
export interface ReadMessage {
  readonly document: Document
  readonly side: 'request' | 'answer'
}

export interface ReadExchange {
  /** Answers, and requests that were not refused: what both sides take for their agreement. */
  readonly taken: readonly ReadMessage[]
  /** Requests that were refused. */
  readonly refusedCount: number
}

/**
 * The messages of one interface's exchanges, read exactly as the analysis reads them: what it holds to a contract is what is given here. Null for
 * entries of other interfaces.
 */
export function createMessageReader(parts: {
  readonly catalogue: Catalogue
  readonly formats: ReadonlyMap<string, Format>
  readonly interfaceId: string
}): (entry: Entry) => ReadExchange | null {
  let messages: ReadMessage[] = []
  const listening: CompiledContract = {
    id: parts.interfaceId,
    version: '0',
    check(document, side) {
      messages.push({ document, side })
      return []
    },
  }
  const inspect = createInspector({ ...parts, contracts: new Map([[parts.interfaceId, listening]]) })
  return (entry) => {
    if (entry.kind !== 'exchange' || entry.exchange.interfaceId !== parts.interfaceId) return null
    messages = []
    const item = inspect(entry, entry.at)
    if (item.kind !== 'exchange') return null
    // As the bodies have it: an answer may say no inside an HTTP 200.
    const isRefused = item.entry.exchange.outcome === 'failed'
    const taken = messages.filter(({ side }) => side === 'answer' || !isRefused)
    return { taken, refusedCount: messages.length - taken.length }
  }
}
