import { hashOf, keepLast } from './rate.ts'
import { amount, type Held, list } from './state.ts'
import type { Seen } from './watch.ts'

/** The last requests that name themselves: hash, and how often each came again. */
export const repeatsPart = list(list(amount()))
type Repeats = Held<typeof repeatsPart>

const requestsMax = 64
/** What changes nothing may be asked again (RFC 9110 9.2.1). */
const changes = /^(?:POST|PUT|PATCH|DELETE) /

/**
 * What a request over HTTP is known by, that a retry of it repeats: its own id (`X-Request-ID`, `requestId`, `MessageID`) with its type, size and business keys, as
 * an id may be handed on to several calls. Null: it has none, or changes nothing.
 */
export function requestMark({ exchange, item }: Seen): string | null {
  const facts = item.requestFacts
  if (facts === null || exchange.request === null || exchange.type === null || !changes.test(exchange.type)) return null
  const id = facts.controlId ?? facts.keys.find(({ kind }) => kind === 'request')?.value ?? null
  if (id === null) return null
  const keys = facts.keys.slice(0, 8).map(({ value }) => value)
  return `${exchange.type} ${id} ${exchange.request.bodyBytes} ${keys.join(' ')}`
}

/** Takes a request by its mark: the how manieth copy it is, 0 for the first. */
export function repeatOf(repeats: Repeats, mark: string): number {
  const hash = hashOf(mark)
  for (const known of repeats) {
    if (known[0] !== hash) continue
    known[1] = (known[1] ?? 0) + 1
    return known[1]
  }
  keepLast(repeats, [hash, 0], requestsMax)
  return 0
}
