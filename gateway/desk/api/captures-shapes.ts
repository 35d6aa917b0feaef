/** What the API says of captures that people bring. A table: exempt from the file length. */
import { flag, instant, integer, list, nullable, number, object, oneOf, text } from './schema.ts'

const words = object({ zh: text(), en: text() })
const count = integer({ minimum: 0 })
const quantile = nullable(number())

const finding = object({
  cause: text(),
  title: words,
  interfaceId: text(),
  systemId: nullable(text()),
  count,
  firstAt: instant(),
  text: words,
  exchangeIds: list(text()),
})
const ticket = object({
  id: text(),
  severity: text(),
  title: words,
  interfaceIds: list(text()),
  systemIds: list(text()),
  openedAt: instant(),
  causes: list(
    object({
      id: text(),
      confidence: number({ minimum: 0, maximum: 1 }),
      evidence: list(object({ text: words, for: flag(), weight: number() })),
    }),
  ),
  advice: words,
  exchangeIds: list(text()),
})
const found = object({
  from: nullable(instant()),
  to: nullable(instant()),
  packets: count,
  bytesLost: count,
  unmatchedCount: count,
  unmatched: list(object({ acceptor: text(), conversations: count })),
  warnings: list(text()),
  interfaces: list(
    object({
      id: text(),
      name: words,
      exchanges: count,
      answered: count,
      failed: count,
      unanswered: count,
      orphans: count,
      oneWay: count,
      violations: count,
      latencyMs: object({ p50: quantile, p95: quantile, p99: quantile }),
    }),
  ),
  systems: list(
    object({
      id: text(),
      name: words,
      offsetS: nullable(number()),
      errorS: nullable(number()),
      verdict: oneOf(['in-step', 'unknown', 'offset', 'timezone', 'drift', 'step']),
    }),
  ),
  findings: list(finding),
  tickets: list(ticket),
})
const capture = object({
  id: text(),
  name: text(),
  isSample: flag(),
  bytes: count,
  by: text(),
  receivedAt: instant(),
  /** Then it is deleted by itself. */
  deletedAt: instant(),
  state: oneOf(['running', 'finished', 'failed']),
  /** Packets that were read so far. */
  packets: count,
  failure: nullable(object({ message: text(), advice: text() })),
  assign: list(object({ acceptor: text(), interfaceId: text() })),
  found: nullable(found),
})
const captureList = object({ bytesMax: count, items: list(capture) })

export const captureShapes = { Capture: capture, CaptureList: captureList } as const
