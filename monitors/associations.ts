import { lackingSyntaxes } from '../gateway/model/association.ts'
import { hit, miss, type RateRule, ratePart, shareOf } from './rate.ts'
import { type Held, record } from './state.ts'
import { rounded, say, voicePart } from './voice.ts'
import { watchInterfaces } from './watch.ts'

const questionPart = record({ rate: ratePart, voice: voicePart })
const memoryPart = record({ contexts: questionPart, abort: questionPart, rejected: questionPart })
type Memory = Held<typeof memoryPart>

/** A node that can't do what it came for says so at every association: three of some ten are no chance. */
const rule: RateRule = { usualShare: 0.005, badShare: 0.3, threshold: 7, distinctMin: 3 }
/** One device of many: four among some forty associations of all. */
const rejectedRule: RateRule = { usualShare: 0.005, badShare: 0.05, threshold: 7, distinctMin: 3 }

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
      if (lackingSyntaxes(exchange).length > 0) hit(memory.contexts.rate, rule, what)
      else miss(memory.contexts.rate, rule)
    }
    if (isOpening) {
      if (exchange.code?.startsWith('RJ-1-') === true) hit(memory.rejected.rate, rejectedRule, what)
      else miss(memory.rejected.rate, rejectedRule)
    }
    if (aborted) hit(memory.abort.rate, rule, what)
    else if (exchange.type === 'A-RELEASE') miss(memory.abort.rate, rule)
  },
  judge(memory, at, out) {
    for (const signal of ['contexts', 'abort', 'rejected'] as const) {
      const { rate, voice } = memory[signal]
      if (!rate.bad && !voice.bad) continue
      const context = { monitor: 'associations', subject: { kind: 'interface', id: at.iface.id }, now: at.now } as const
      say(out, voice, { ...context, signal }, rate.bad ? 'ticket' : null, () => ({
        onsetAt: rate.onsetAt,
        score: rounded(Math.max(rate.sum / rule.threshold, 1)),
        facts: { count: rate.hits, seen: rate.seen, share: rounded(shareOf(rate)) },
        exchangeIds: rate.exchangeIds,
      }))
    }
  },
})
