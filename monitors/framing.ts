import { isFramingDefect } from '../gateway/model/document.ts'
import type { Seen } from '../gateway/model/reading.ts'
import { isPassedThrough, type WireFact } from '../gateway/model/wire.ts'
import { keep, lastOf } from './shared/last.ts'
import { hit, isBeginning, miss, type RateRule, ratePart, shareOf } from './shared/rate.ts'
import { amount, flag, type Held, heldAt, keyed, record } from './shared/state.ts'
import { rounded, say, voicePart } from './shared/voice.ts'
import { watchInterfaces } from './shared/watch.ts'

const senderPart = record({ odd: amount(), seen: amount() })

const lastMax = 200

const memoryPart = record({
  rate: ratePart,
  voice: voicePart,
  kinds: keyed(amount()),
  senders: keyed(senderPart),
  /** Of the last messages, 1 for an odd one: what changes is news, what was always so is a dialect. */
  last: lastOf(lastMax),
  wasClean: flag(),
})
type Memory = Held<typeof memoryPart>

const rule: RateRule = { usualShare: 0.01, badShare: 0.2, threshold: 9, distinctMin: 3 }
const sendersMax = 32
const cleanMin = 50
/** A few beforehand are chance, or the fault itself where one device of many shows it: the rate's memory begins anew between them. */
const cleanShare = 0.05
const oddKinds: ReadonlySet<WireFact['kind']> = new Set([
  'missing-final-cr',
  'bytes-before-start',
  'unframed',
  'end-block-in-data',
  'oversize',
  'partial',
  'unreadable',
  'irregular',
])
/**
 * Is the framing odd, and whose? `framing/odd`: blocks without their final CR, bytes between blocks, unframed or broken blocks, a
 * body that is put together otherwise. A ticket where it was clean before; a dialect that was there from the beginning is a warning.
 */
export const framing = watchInterfaces<Memory>({
  name: 'framing',
  version: 1,
  memory: memoryPart,
  note(memory, seen) {
    const odd = oddOf(seen)
    const { rate } = memory
    if (odd.size > 0 && isBeginning(rate, rule)) {
      memory.kinds = new Map()
      const { items } = memory.last
      const before = items.reduce((sum, one) => sum + one, 0)
      memory.wasClean = items.length >= cleanMin && before <= cleanShare * items.length
    }
    for (const kind of odd) memory.kinds.set(kind, (memory.kinds.get(kind) ?? 0) + 1)
    keep(memory.last, odd.size > 0 ? 1 : 0)
    const sender = seen.item.requestFacts?.sender ?? ''
    const counted = heldAt(memory.senders, sender, senderPart, sendersMax)
    if (counted !== null) counted.seen += 1
    if (odd.size > 0) {
      if (counted !== null) counted.odd += 1
      hit(rate, rule, { id: seen.id, at: seen.at, exchangeId: seen.exchange.id })
    } else miss(rate, rule)
  },
  judge(memory, at, out) {
    const { rate } = memory
    if (!rate.bad && !memory.voice.bad) return
    const saying = { monitor: 'framing', signal: 'odd', subject: { kind: 'interface', id: at.iface.id }, now: at.now } as const
    const state = rate.bad ? (memory.wasClean ? 'ticket' : 'warn') : null
    say(out, memory.voice, saying, state, () => {
      const [kind] = [...memory.kinds].toSorted((a, b) => b[1] - a[1])[0] ?? ['']
      const [sender, worst] = [...memory.senders].toSorted((a, b) => b[1].odd - a[1].odd)[0] ?? ['', senderPart.fresh()]
      const all = [...memory.senders.values()].reduce((sum, { odd }) => sum + odd, 0)
      return {
        onsetAt: rate.onsetAt,
        score: rounded(Math.max(rate.sum / rule.threshold, 1)),
        facts: {
          kind,
          count: rate.hits,
          seen: rate.seen,
          share: rounded(shareOf(rate)),
          sender,
          senderShare: rounded(worst.odd / Math.max(all, 1)),
          senderOddShare: rounded(worst.odd / Math.max(worst.seen, 1)),
          senders: memory.senders.size,
          wasClean: memory.wasClean ? 1 : 0,
        },
        exchangeIds: rate.exchangeIds,
      }
    })
  },
})

const none: ReadonlySet<string> = new Set()

function oddOf({ exchange, item }: Seen): ReadonlySet<string> {
  const inRequest = item.requestFacts?.defects ?? []
  const inAnswer = item.answerFacts?.defects ?? []
  if (exchange.wire.length + inRequest.length + inAnswer.length === 0) return none
  const odd = new Set<string>()
  for (const fact of exchange.wire) {
    // A message that a reset cut off was framed well as far as it came.
    if (fact.kind === 'partial' && fact.how === 'rst') continue
    if (oddKinds.has(fact.kind) && !isPassedThrough(fact)) odd.add(fact.kind)
  }
  for (const { code } of [...inRequest, ...inAnswer]) if (isFramingDefect(code)) odd.add(code)
  return odd
}
