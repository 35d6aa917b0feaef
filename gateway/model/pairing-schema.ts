/** JSON Schemas of the times that pairing holds to: options of an interface that every protocol which pairs by them offers alike. */
export const pairingProperties = {
  ackTimeoutMs: milliseconds(30_000, 'A request without its answer for so long has timed out.'),
  lateWindowMs: milliseconds(10_000, 'After the time-out an answer is waited for so long, and then joins its request as late.'),
  applicationTimeoutMs: milliseconds(60_000, 'After an accept ack the application ack is waited for so long.'),
  settleMs: milliseconds(1_000, 'A request that is owed nothing more is kept so long for what comes all the same.'),
  stuckMs: milliseconds(30_000, 'A message that was begun and gets no byte for so long is stuck.'),
  duplicateWindowMs: milliseconds(3_600_000, 'The same control id again within so long is a duplicate.'),
} as const

function milliseconds(standard: number, description: string): object {
  return { type: 'integer', minimum: 0, maximum: 86_400_000, default: standard, description }
}
