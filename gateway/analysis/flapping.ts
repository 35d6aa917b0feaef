import type { Instant, Millis } from '../model/time.ts'

/** Nagios looks at the last 21 checks; ours are samples of log time, one every 10 s. */
const samplesMax = 21
const sampleEveryMs: Millis = 10_000
/** Flapping starts above the high and ends below the low share of changes, in per cent (Nagios' sample configuration). */
const highPercent = 20
const lowPercent = 5

/** The last states of one alert, oldest first. */
export interface FlapHistory {
  readonly samples: readonly boolean[]
  readonly sampledAt: Instant | null
  readonly isFlapping: boolean
}

export const noFlapHistory: FlapHistory = { samples: [], sampledAt: null, isFlapping: false }

/** Adds the samples that have come due by `now`, all with the state as it is. At most 21 are kept. */
export function sampled(history: FlapHistory, isBad: boolean, now: Instant): FlapHistory {
  if (history.sampledAt === null) return { samples: [isBad], sampledAt: now, isFlapping: false }
  const due = Math.floor((now - history.sampledAt) / sampleEveryMs)
  if (due < 1) return history
  const fresh = Array.from({ length: Math.min(due, samplesMax) }, () => isBad)
  const samples = [...history.samples, ...fresh].slice(-samplesMax)
  const percent = changePercent(samples)
  const isFlapping = percent >= highPercent || (history.isFlapping && percent > lowPercent)
  return { samples, sampledAt: history.sampledAt + due * sampleEveryMs, isFlapping }
}

/** Share of possible changes that happened, newer ones weighing more (0.8 to 1.2, as Nagios has it), in per cent. */
export function changePercent(samples: readonly boolean[]): number {
  const changesMax = samplesMax - 1
  const offset = samplesMax - samples.length
  let sum = 0
  for (let i = 1; i < samples.length; i += 1) {
    if (samples[i] !== samples[i - 1]) sum += 0.8 + (0.4 * (offset + i - 1)) / (changesMax - 1)
  }
  return (100 * sum) / changesMax
}
