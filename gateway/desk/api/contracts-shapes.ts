/** What the API says of contracts. A table: exempt from the file length. */
import { flag, instant, integer, list, nullable, number, object, oneOf, text } from './schema.ts'

const words = object({ zh: text(), en: text() })
const count = integer({ minimum: 0 })
const severity = oneOf(['observe', 'warn', 'ticket'])
const perDay = list(count, { description: 'One number for each day of `days`.' })

const contractAnswer = object({
  id: text(),
  title: words,
  format: text(),
  version: text(),
  digest: text({ description: 'SHA-256 of the text in use.' }),
  interfaceIds: list(text()),
  /** Since when this text is in use. */
  since: instant(),
  versions: count,
  state: oneOf(['unseen', 'kept', 'violated', 'drifting'], {
    description:
      '`unseen`: no message in the week. `violated`: breaches that count in the last day. `drifting`: a breach that lasts.',
  }),
  days: list(text(), { description: 'The last seven days, oldest first, as `2026-11-23`.' }),
  exchanges: perDay,
  violations: perDay,
  drifts: count,
})
const contractList = object({ at: instant(), items: list(contractAnswer) })

const change = object({
  text: words,
  breaking: list(oneOf(['sender', 'receiver']), { description: 'Whose program may break by it.' }),
})
const versionAnswer = object({
  version: text(),
  digest: text(),
  firstUsedAt: instant(),
  interfaceIds: list(text()),
  inUse: flag(),
  text: text(),
  /** Against the text before it; empty for the first. */
  changes: list(change),
})
const versionList = object({ id: text(), items: list(versionAnswer) })

const driftItem = object({
  interfaceId: text(),
  element: text(),
  rule: text(),
  side: oneOf(['request', 'answer']),
  /** Message type; empty where the message has none. */
  type: text(),
  state: oneOf(['now', 'past']),
  severity: oneOf(['warn', 'ticket']),
  text: words,
  onsetAt: instant(),
  lastAt: instant(),
  affected: count,
  share: number({ minimum: 0, maximum: 1 }),
  usualShare: number({ minimum: 0, maximum: 1 }),
  /** The first ones that showed it, and newer ones. */
  exchangeIds: list(text()),
})
const drift = object({ id: text(), items: list(driftItem) })

const violationItem = object({
  interfaceId: text(),
  element: text(),
  rule: text(),
  severity,
  message: words,
  counts: perDay,
  total: count,
  lastAt: instant(),
  exchangeId: text(),
})
const violations = object({ id: text(), days: list(text()), items: list(violationItem) })

const accept = object({ element: text(), rule: text(), type: nullable(text()) })
const backtestRule = object({
  element: text(),
  rule: text(),
  severity,
  side: oneOf(['request', 'answer']),
  message: words,
  exchanges: count,
  firstAt: instant(),
  lastAt: instant(),
  exchangeIds: list(text()),
})
const backtest = object({
  interfaceId: text(),
  from: nullable(instant()),
  to: nullable(instant()),
  exchanges: count,
  unreadable: count,
  violating: count,
  days: list(object({ day: text(), exchanges: count, violating: count, tickets: count })),
  rules: list(backtestRule),
  tickets: list(
    object({
      title: words,
      severity: text(),
      openedAt: instant(),
      resolvedAt: nullable(instant()),
      causes: list(text()),
      exchangeIds: list(text()),
    }),
  ),
})
const job = object({
  id: text(),
  contractId: text(),
  kind: oneOf(['backtest', 'proposal']),
  state: oneOf(['running', 'finished', 'failed', 'stopped']),
  startedAt: instant(),
  /** Exchanges or messages that were read so far. */
  done: count,
  failure: nullable(object({ message: text(), advice: text() })),
  backtest: nullable(backtest),
  proposal: nullable(
    object({
      text: text(),
      version: text(),
      messages: count,
      changes: list(change),
      left: list(accept),
      /** The file it was written to, where the configuration names a folder for proposals. */
      savedAs: nullable(text()),
    }),
  ),
})

export const contractShapes = {
  ContractList: contractList,
  ContractVersionList: versionList,
  ContractDrift: drift,
  ContractViolations: violations,
  ContractJob: job,
} as const
