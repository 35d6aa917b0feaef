import { lastOf } from '../shared/last.ts'
import { ratePart } from '../shared/rate.ts'
import { amount, flag, type Held, keyed, list, record, word } from '../shared/state.ts'
import { voicePart } from '../shared/voice.ts'

/** One breach that keeps coming back: of one element, by one rule, in messages of one side and type. */
export const breachPart = record({
  rate: ratePart,
  severity: word(),
  /** Messages of its side and type when it was last looked at: what came between was clean. */
  seenBefore: amount(),
  /** What is usual: messages and breaches outside of bad times. */
  usualSeen: amount(),
  usualHits: amount(),
  /** Clean messages before the first breach; many = it was absent until then. */
  cleanBefore: amount(),
  /** Of all time; more than the episode's = it was here before. */
  totalHits: amount(),
  badSinceAt: amount(),
  /** It was bad for so long that it is the habit here: shown, not worked on. */
  isHabit: flag(),
  /** None had it before, and in this episode nearly all had it. */
  isChange: flag(),
  nonAscii: amount(),
  firstAt: amount(),
  senders: keyed(amount()),
})
export type Breach = Held<typeof breachPart>

const recentMax = 64

export const memoryPart = record({
  /** By `side type element rule`. */
  breaches: keyed(breachPart),
  /** Messages by `side type`. */
  seen: keyed(amount()),
  voices: keyed(voicePart),
  recent: lastOf(recentMax),
  leftOut: amount(),
  /** Keys of the breaches that are bad. */
  bad: list(word()),
})
export type Memory = Held<typeof memoryPart>
