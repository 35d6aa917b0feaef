import { flag, instant, integer, list, nullable, object, oneOf, text } from './schema.ts'

/** Shapes of the audit and of the state of its chain. */
const outcome = oneOf(['done', 'refused'])

const auditRow = object({
  number: integer({ minimum: 1, description: 'Its place in the chain.' }),
  at: instant(),
  by: text(),
  role: text(),
  action: text(),
  subject: text(),
  reason: nullable(text()),
  address: nullable(text({ description: 'Where the request came from.' })),
  outcome,
  hash: text({ description: 'Its seal: HMAC-SHA-256 over the record and the seal before it.' }),
})

const breach = object({
  number: integer({ description: 'The first record that is wrong.' }),
  why: oneOf(['altered', 'missing', 'cut-off', 'contradicted', 'unsigned']),
})

const auditState = object({
  records: integer({ minimum: 0 }),
  verification: nullable(
    object({ at: instant(), records: integer(), breach: nullable(breach), anchoredUpTo: integer(), signedUpTo: integer() }),
  ),
  isVerifying: flag(),
  lastSignature: nullable(object({ number: integer(), at: instant() })),
  anchors: list(object({ name: text(), upTo: nullable(integer()), failingSince: nullable(instant()) })),
})

export const auditShapes = {
  AuditList: object({
    items: list(auditRow),
    nextCursor: nullable(text({ description: 'Give it as `cursor` for the next page; null at the end.' })),
  }),
  AuditState: auditState,
} as const
