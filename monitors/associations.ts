import { hostOf } from '../gateway/model/address.ts'
import { lackingSyntaxes } from '../gateway/model/association.ts'
import type { Instant, Millis } from '../gateway/model/time.ts'
import { hit, miss, type RateRule, ratePart, shareOf } from './shared/rate.ts'
import { type Held, record } from './shared/state.ts'
import { fixShare, learnShare, ruleFor, usualSharePart } from './shared/usual-share.ts'
import { rounded, say, voicePart } from './shared/voice.ts'
import { watchInterfaces } from './shared/watch.ts'

const questionPart = record({ rate: ratePart, usual: usualSharePart, voice: voicePart })
type Question = Held<typeof questionPart>

const memoryPart = record({ contexts: questionPart, abort: questionPart, rejected: questionPart })
type Memory = Held<typeof memoryPart>

/** Users cancel: where they seldom do, three aborts of some ten associations are no chance. */
const abortRule: RateRule = { usualShare: 0.005, badShare: 0.3, threshold: 9, distinctMin: 3 }
/** Who cancels or fails tries again: what one device aborts in that time is one. */
const againMs: Millis = 120_000
/** What is set wrong for good is nobody's everyday: three among a hundred associations of all are one device of many that never gets through. */
const settingRule: RateRule = { usualShare: 0.001, badShare: 0.05, threshold: 7, distinctMin: 3 }
const rules = { contexts: settingRule, abort: abortRule, rejected: settingRule } as const

/**
 * Do DICOM associations serve their purpose? `associations/contexts`: an abstract syntax was proposed and no presentation context of it accepted, though the
 * association itself was. `associations/abort`: associations end by A-ABORT. `associations/rejected`: associations are rejected for good (result 1, PS3.8 9.3.4); of one
 * device's they are few among the operations of all, which is where failures are counted. A rejection for now (result 2) is a failure like any other refusal.
 */
export const associations = watchInterfaces<Memory>({
  name: 'associations',
  version: 3,
  memory: memoryPart,
  note(memory, { exchange, at }) {
    const aborted = exchange.wire.some((fact) => fact.kind === 'aborted')
    const isOpening = exchange.type === 'A-ASSOCIATE'
    if (!aborted && !isOpening && exchange.type !== 'A-RELEASE') return
    // Copies of one message are not the question here: each association counts, whatever its exchange's id.
    const what = { id: exchange.id, at, exchangeId: exchange.id }
    if (isOpening && exchange.code === 'AC') note(memory.contexts, settingRule, lackingSyntaxes(exchange).length > 0, what)
    if (isOpening) note(memory.rejected, settingRule, exchange.code?.startsWith('RJ-1-') === true, what)
    if (aborted)
      note(memory.abort, abortRule, true, {
        ...what,
        id: `${hostOf(exchange.connection.initiator)} ${Math.floor(at / againMs)}`,
      })
    else if (exchange.type === 'A-RELEASE') note(memory.abort, abortRule, false, what)
  },
  judge(memory, at, out) {
    if (isQuiet(memory.contexts) && isQuiet(memory.abort) && isQuiet(memory.rejected)) return
    for (const signal of ['contexts', 'abort', 'rejected'] as const) {
      const { rate, voice } = memory[signal]
      const context = { monitor: 'associations', subject: { kind: 'interface', id: at.iface.id }, now: at.now } as const
      say(out, voice, { ...context, signal }, rate.bad ? 'ticket' : null, () => ({
        onsetAt: rate.onsetAt,
        score: rounded(Math.max(rate.sum / rules[signal].threshold, 1)),
        facts: { count: rate.hits, seen: rate.seen, share: rounded(shareOf(rate)) },
        exchangeIds: rate.exchangeIds,
      }))
    }
  },
})

function note(
  { rate, usual }: Question,
  base: RateRule,
  isOdd: boolean,
  what: { id: string; at: Instant; exchangeId: string },
): void {
  if (isOdd) fixShare(usual, rate, base)
  const rule = ruleFor(usual, base)
  if (!isOdd) miss(rate, rule)
  else if (!hit(rate, rule, what)) return
  if (!rate.bad) learnShare(usual, isOdd)
}

function isQuiet({ rate, voice }: Question): boolean {
  return !rate.bad && !voice.bad
}
