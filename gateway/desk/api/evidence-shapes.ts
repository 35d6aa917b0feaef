import { flag, instant, list, nullable, number, type Of, object, oneOf, text } from './schema.ts'

const testEndpoint = object({ name: text(), protocol: oneOf(['mllp', 'http']), address: text({ description: 'host:port' }) })

const resent = object({
  exchangeId: text(),
  endpoint: text(),
  /** `not-sent`: no connection came about. `code` says why there is no answer. */
  outcome: oneOf(['answered', 'unanswered', 'not-sent']),
  code: nullable(text()),
  sentAt: instant(),
  latencyMs: number(),
  /** Whether the message said that it is a resend: HTTP by a header, HL7 v2 by a last segment ZAU. */
  isMarked: flag(),
  answer: nullable(object({ text: text(), envelope: list(object({ name: text(), value: text() })) })),
})
export type ResentAnswer = Of<typeof resent>

export const evidenceShapes = {
  TestEndpointList: object({ items: list(testEndpoint) }),
  Resent: resent,
}
