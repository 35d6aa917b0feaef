import { lackingSyntaxes } from '../gateway/model/association.ts'
import { hit, miss, type RateRule, ratePart, shareOf } from './rate.ts'
import { type Held, record } from './state.ts'
import { rounded, say, voicePart } from './voice.ts'
import { watchInterfaces } from './watch.ts'

const questionPart = record({ rate: ratePart, voice: voicePart })
const memoryPart = record({ contexts: questionPart, abort: questionPart, rejected: questionPart })
type Memory = Held<typeof memoryPart>

/** Users cancel: three aborts of some ten associations are no chance. */
const abortRule: RateRule = { usualShare: 0.005, badShare: 0.3, threshold: 7, distinctMin: 3 }
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
  version: 2,
  memory: memoryPart,
  note(memory, { exchange, at }) {
    const aborted = exchange.wire.some((fact) => fact.kind === 'aborted')
    const isOpening = exchange.type === 'A-ASSOCIATE'
    if (!aborted && !isOpening && exchange.type !== 'A-RELEASE') return
    // Copies of one message are not the question here: each association counts, whatever its exchange's id.
    const what = { id: exchange.id, at, exchangeId: exchange.id }
    if (isOpening && exchange.code === 'AC') {
      if (lackingSyntaxes(exchange).length > 0) hit(memory.contexts.rate, settingRule, what)
      else miss(memory.contexts.rate, settingRule)
    }
    if (isOpening) {
      if (exchange.code?.startsWith('RJ-1-') === true) hit(memory.rejected.rate, settingRule, what)
      else miss(memory.rejected.rate, settingRule)
    }
    if (aborted) hit(memory.abort.rate, abortRule, what)
    else if (exchange.type === 'A-RELEASE') miss(memory.abort.rate, abortRule)
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

function isQuiet({ rate, voice }: Memory['abort']): boolean {
  return !rate.bad && !voice.bad
}
