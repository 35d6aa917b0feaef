import type { Exchange } from '../gateway/model/exchange.ts'
import type { Millis } from '../gateway/model/time.ts'
import { edgeOf, idleMsMin, idleTrialsPart, noteTrial } from './connections/idle-trials.ts'
import { hashOf, hit, isBeginning, keepLast, miss, type RateRule, ratePart, shareOf } from './shared/rate.ts'
import { amount, flag, type Held, list, record, word } from './shared/state.ts'
import { rounded, say, shownExchanges, voicePart } from './shared/voice.ts'
import { watchInterfaces } from './shared/watch.ts'

const memoryPart = record({
  trials: idleTrialsPart,
  /** The last message broke: the next one says whether a new connection works. */
  isAfterBreak: flag(),
  /** The connection that broke last, hashed: copies that follow into it say no more. */
  brokenOn: amount(),
  isIdleBad: flag(),
  idleSinceAt: amount(),
  /** Shortest silence that broke, and the longest that didn't, when it was last judged. */
  brokenMs: amount(),
  wellMs: amount(),
  brokenCount: amount(),
  wellBelow: amount(),
  /** First messages after a longer silence than that, which were answered all the same, in a row. */
  wellInRow: amount(),
  idleSides: list(amount(), 2),
  idleIds: list(word()),
  idleVoice: voicePart,
  breaks: ratePart,
  /** Of the breaks since their onset: inside a message, after a silence, while an answer was owed. */
  phases: list(amount(), 3),
  brokenBytes: list(amount()),
  wellBytesMax: amount(),
  breakVoice: voicePart,
  stuck: ratePart,
  stuckVoice: voicePart,
})
type Memory = Held<typeof memoryPart>

/** A connection that breaks under one message in a hundred is nobody's normal day. */
const breakRule: RateRule = { usualShare: 0.002, badShare: 0.05, threshold: 9, distinctMin: 3 }
/** Half a message, and then neither its rest nor an end of the connection, is nobody's normal day either, and rarer. */
const stuckRule: RateRule = { usualShare: 0.0005, badShare: 0.02, threshold: 9, distinctMin: 3 }
const bytesMax = 32
/** So many in a row after a longer silence show that the time-out is gone. */
const curedInRow = 3

/**
 * How do connections fail? `connections/idle`: whenever a connection was silent for longer than some time, its next message breaks or is never answered, and not
 * otherwise: something on the way forgets idle connections. `connections/breaks`: connections break under messages; in which phase, at which size. A warning,
 * as failures are counted elsewhere: its numbers tell causes apart; but what always breaks at one and the same byte is a limit, however few are that large. `connections/stuck`: messages begin and go no further, on connections that nobody ends.
 */
export const connections = watchInterfaces<Memory>({
  name: 'connections',
  version: 3,
  memory: memoryPart,
  note(memory, { exchange, at, id }) {
    const { request } = exchange
    if (isStuck(exchange)) hit(memory.stuck, stuckRule, { id: exchange.id, at, exchangeId: exchange.id })
    else miss(memory.stuck, stuckRule)
    if (request === null || (exchange.outcome === 'unanswered' && wasRefused(exchange))) return
    const isBroken = exchange.outcome === 'unanswered'
    noteIdle(memory, exchange, isBroken, at)
    if (!isBroken) {
      miss(memory.breaks, breakRule)
      memory.wellBytesMax = Math.max(memory.wellBytesMax, request.wireBytes)
      return
    }
    const how = phaseOf(exchange)
    if (how === null) return
    if (isBeginning(memory.breaks, breakRule)) {
      memory.phases = [0, 0, 0]
      memory.brokenBytes = []
    }
    hit(memory.breaks, breakRule, { id, at, exchangeId: exchange.id })
    memory.phases[how] = (memory.phases[how] ?? 0) + 1
    keepLast(memory.brokenBytes, request.wireBytes, bytesMax)
  },
  judge(memory, at, out) {
    if (isQuiet(memory)) return
    const subject = { kind: 'interface', id: at.iface.id } as const
    const context = { monitor: 'connections', subject, now: at.now } as const
    if (memory.isIdleBad || memory.idleVoice.bad)
      say(out, memory.idleVoice, { ...context, signal: 'idle' }, memory.isIdleBad ? 'ticket' : null, () => ({
        onsetAt: memory.idleSinceAt,
        score: rounded(Math.max(1, memory.brokenCount / 3)),
        facts: {
          broken: memory.brokenCount,
          brokenFromS: rounded(memory.brokenMs / 1000),
          wellUpToS: rounded(memory.wellMs / 1000),
          wellBelow: memory.wellBelow,
          resets: memory.idleSides[0] ?? 0,
          unanswered: memory.idleSides[1] ?? 0,
        },
        exchangeIds: memory.idleIds,
      }))
    if (memory.breaks.bad || memory.breakVoice.bad)
      say(out, memory.breakVoice, { ...context, signal: 'breaks' }, stateOfBreaks(memory), () => ({
        onsetAt: memory.breaks.onsetAt,
        score: rounded(Math.max(memory.breaks.sum / breakRule.threshold, 1)),
        facts: {
          share: rounded(shareOf(memory.breaks)),
          inside: memory.phases[inside] ?? 0,
          afterIdle: memory.phases[afterIdle] ?? 0,
          owed: memory.phases[owed] ?? 0,
          brokenBytesMin: memory.brokenBytes.length === 0 ? null : Math.min(...memory.brokenBytes),
          wellBytesMax: memory.wellBytesMax,
        },
        exchangeIds: memory.breaks.exchangeIds,
      }))
    if (memory.stuck.bad || memory.stuckVoice.bad)
      say(out, memory.stuckVoice, { ...context, signal: 'stuck' }, memory.stuck.bad ? 'ticket' : null, () => ({
        onsetAt: memory.stuck.onsetAt,
        score: rounded(Math.max(memory.stuck.sum / stuckRule.threshold, 1)),
        facts: { count: memory.stuck.hits, seen: memory.stuck.seen, share: rounded(shareOf(memory.stuck)) },
        exchangeIds: memory.stuck.exchangeIds,
      }))
  },
})

/** Nothing is bad, and nothing was said that would have to be taken back. */
function isQuiet({ isIdleBad, idleVoice, breaks, breakVoice, stuck, stuckVoice }: Memory): boolean {
  return !isIdleBad && !idleVoice.bad && !breaks.bad && !breakVoice.bad && !stuck.bad && !stuckVoice.bad
}

function stateOfBreaks({ breaks, brokenBytes, phases }: Memory): 'warn' | 'ticket' | null {
  if (!breaks.bad) return null
  const least = Math.min(...brokenBytes)
  const isInside = phases[inside] === brokenBytes.length && brokenBytes.length >= sameByteMin
  return isInside && least >= largeBytesMin && Math.max(...brokenBytes) - least <= sameByteSpread * least ? 'ticket' : 'warn'
}

const sameByteMin = 3
/** Below this much breaks near the same byte: most messages are not larger. */
const largeBytesMin = 8_192
const sameByteSpread = 0.01

const inside = 0
const afterIdle = 1
const owed = 2

function noteIdle(memory: Memory, exchange: Exchange, isBroken: boolean, at: number): void {
  const idleMs = exchange.connection.idleBeforeMs ?? 0
  if (isBroken) {
    const on = hashOf(exchange.connection.id)
    if (memory.isAfterBreak && on === memory.brokenOn) return
    memory.brokenOn = on
  }
  if (idleMs < idleMsMin / 2 && !memory.isAfterBreak) {
    memory.isAfterBreak = isBroken
    return
  }
  memory.isAfterBreak = isBroken
  noteTrial(memory.trials, { idleMs, isBroken, at })
  if (!isBroken) {
    noteCure(memory, idleMs)
    return
  }
  memory.wellInRow = 0
  if (idleMs < idleMsMin) return
  keepLast(memory.idleIds, exchange.id, shownExchanges)
  const side = exchange.wire.some(({ kind }) => kind === 'reset') ? 0 : 1
  memory.idleSides[side] = (memory.idleSides[side] ?? 0) + 1
  const edge = edgeOf(memory.trials)
  if (edge === null) return
  if (!memory.isIdleBad) memory.idleSinceAt = edge.beganAt
  memory.isIdleBad = true
  memory.brokenMs = edge.brokenMs
  memory.wellMs = edge.wellMs
  memory.brokenCount = edge.brokenCount
  memory.wellBelow = edge.wellBelow
}

function noteCure(memory: Memory, idleMs: Millis): void {
  if (!memory.isIdleBad || idleMs < memory.brokenMs) return
  memory.wellInRow += 1
  if (memory.wellInRow < curedInRow) return
  memory.isIdleBad = false
  memory.idleSides = [0, 0]
  memory.idleIds = []
}

function isStuck({ wire, requestFrom }: Exchange): boolean {
  return wire.some((fact) => fact.kind === 'partial' && fact.how === 'stuck' && fact.by === requestFrom)
}

/** No connection came about: how connections end is not the question then. */
function wasRefused({ wire }: Exchange): boolean {
  return wire.some(({ kind }) => kind === 'refused')
}

/** In which phase it broke; null where it didn't break, and merely nothing came. */
function phaseOf({ wire, connection, requestFrom }: Exchange): number | null {
  const isCut = wire.some((fact) => fact.kind === 'reset' || (fact.kind === 'closed' && fact.by !== requestFrom))
  if (!isCut) return null
  if (wire.some(({ kind }) => kind === 'partial')) return inside
  return (connection.idleBeforeMs ?? 0) >= idleMsMin ? afterIdle : owed
}
