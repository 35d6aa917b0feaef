import type { Instant } from '../../gateway/model/time.ts'
import { rounded, type Telling } from '../shared/voice.ts'
import { estimate, isRunaway, type Track, toleranceMs } from './bounds.ts'
import type { ClockSystem } from './clock-memory.ts'

const driftPpmMin = 5
const driftSpanMsMin = 6 * 3_600_000
/** One-sided evidence drifts with the queues of a day; over a whole day it doesn't. */
const driftSpanMsMinOneSided = 24 * 3_600_000

interface Drifting {
  readonly track: Track
  readonly node: string
  readonly ppm: number
  readonly deviation: number
  readonly spanMs: number
  readonly sinceAt: Instant
}

/** What runs away of one system's clock, by the sender that shows it; null: nothing does. */
export function driftingOf(system: ClockSystem): Drifting | null {
  for (const [node, { acks, sends }] of system.nodes) {
    // Two-sided evidence, once there is enough of it, decides: a growing queue looks like a slow clock from one side.
    const isDecided = acks.driftPpm !== null && acks.driftSpanMs >= driftSpanMsMin
    const found = isDecided || sends.count === 0 ? slowDriftOf(acks) : (slowDriftOf(sends) ?? runawayOf(sends))
    if (found !== null) return { ...found, node }
  }
  return null
}

function slowDriftOf(track: Track): Omit<Drifting, 'node'> | null {
  const ppm = track.driftPpm ?? 0
  // Nothing that waits is stamped ahead of its passing.
  const isCertain = track.isHard || (ppm > 0 && estimate(track).offsetMs > toleranceMs)
  const line = { ppm, ppmDeviation: track.driftDeviation, spanMs: track.driftSpanMs }
  const isLong =
    track.driftSpanMs >= (isCertain ? driftSpanMsMin : driftSpanMsMinOneSided) || isRunaway(line, track.points.length, track)
  if (Math.abs(ppm) < driftPpmMin || Math.abs(ppm) < 4 * track.driftDeviation || !isLong) return null
  return { track, ppm, deviation: track.driftDeviation, spanMs: track.driftSpanMs, sinceAt: track.sinceAt }
}

function runawayOf(track: Track): Omit<Drifting, 'node'> | null {
  const { runawayPpm: ppm, runawaySpanMs: spanMs } = track
  if (ppm === null) return null
  return { track, ppm, deviation: 0, spanMs, sinceAt: (track.looks.at(-1)?.[0] ?? 0) - spanMs }
}

export function driftTelling(drifting: Drifting | null): Telling {
  if (drifting === null) throw new Error('a good reading tells nothing')
  const { track, node, ppm, deviation, spanMs, sinceAt } = drifting
  const { offsetMs, errorMs } = estimate(track)
  return {
    onsetAt: sinceAt,
    score: rounded(Math.abs(ppm) / driftPpmMin),
    facts: {
      driftPpm: ppm,
      driftPpmDeviation: deviation,
      spanS: Math.round(spanMs / 1000),
      offsetS: rounded(offsetMs / 1000),
      errorS: rounded(errorMs / 1000),
      observations: track.count,
      sender: node,
    },
    exchangeIds: track.ids,
  }
}
