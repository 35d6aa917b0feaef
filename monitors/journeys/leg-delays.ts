import type { Instant, Millis } from '../../gateway/model/time.ts'
import { endEpisode } from '../shared/rate.ts'
import { sketchPart } from '../statistics/baseline.ts'
import type { Leg } from './followed.ts'
import { limitFactor } from './overtaking.ts'

/** So many delays tell how long it takes. */
const delaysMin = { callback: 30, journey: 50 } as const
/** After so many delays a new generation of them is begun. */
const delaysMax = 6_400
const limitMsMin: Millis = 10_000
/** A limit that moves by less than this stays, and with it what was counted by it. */
const limitRoom = 1.25

/** Takes how long one took that came. */
export function learnDelay({ kind, memory }: Leg, delayMs: Millis, at: Instant): void {
  memory.delays.record(Math.max(delayMs, 1))
  const { count } = memory.delays
  const enough = delaysMin[kind]
  if (count < enough || (count % 64 !== 0 && count !== enough)) return
  const limitMs = Math.max(limitMsMin, limitFactor * (memory.delays.quantile(0.99) ?? 0))
  memory.usualMs = memory.delays.quantile(0.5) ?? 0
  if (memory.limitMs === 0 || limitMs > memory.limitMs * limitRoom || limitMs < memory.limitMs / limitRoom) {
    // What came within the shorter time came within the longer one too: what was counted stands, on the safe side.
    if (memory.limitMs === 0 || limitMs < memory.limitMs) {
      // Of tasks nothing is let go before: those that came and those that wait for longer are all that there were.
      const isFirst = memory.limitMs === 0 && kind === 'callback'
      memory.limitAt = at
      memory.overdue = isFirst ? memory.awaited.filter((one) => at - one.at > limitMs).length : 0
      memory.due = isFirst ? count + memory.overdue : 0
      memory.isUnderWay ||= kind === 'callback'
    }
    // What was counted by the shorter limit is taken back when it comes.
    if (memory.limitMs === 0) endEpisode(memory.rate)
    memory.limitMs = limitMs
  }
  if (count >= delaysMax) memory.delays = sketchPart.fresh()
}
