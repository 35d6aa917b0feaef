import process from 'node:process'

/** What was measured last: without it the engine may leave out what nobody looks at. */
export const seen: { last: unknown } = { last: null }

/** How often `run` goes through in a second of this process's processor time: the median of three spans of `seconds` each, after a warm-up of 0.3 s. */
export function perSecond(run: () => unknown, seconds: number): number {
  rateIn(run, 0.3)
  const rates = [rateIn(run, seconds), rateIn(run, seconds), rateIn(run, seconds)].sort((a, b) => a - b)
  return rates[1] ?? 0
}

function rateIn(run: () => unknown, seconds: number): number {
  const from = process.cpuUsage()
  let count = 0
  let usedUs = 0
  while (usedUs < seconds * 1e6) {
    for (let i = 0; i < batch; i += 1) seen.last = run()
    count += batch
    const { user, system } = process.cpuUsage(from)
    usedUs = user + system
  }
  return (count / usedUs) * 1e6
}

/** Runs between two looks at the clock. */
const batch = 20
