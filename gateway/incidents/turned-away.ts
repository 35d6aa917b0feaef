import { type Line, present, say, unknown } from './cause.ts'
import type { Evidence } from './evidence.ts'
import { stepLn } from './turned-away-tally.ts'

const turnedAwayMin = 5

/**
 * Whether those who are refused as too busy all waited for the same time before: a queue for a place, whose patience ends. Who is refused at once met a quota, and
 * a slow server's refusals come as irregularly as its answers.
 */
export function isTurnedAway({ since }: Evidence): boolean {
  const count = since.count('turned-away')
  const [first, second] = since.top('turned-away-after')
  // The time may lie between two steps.
  const alike = (first?.count ?? 0) + (second?.count ?? 0)
  return count >= turnedAwayMin && count >= 0.6 * since.count('nak') && alike >= 0.8 * count
}

/** For and against causes by what `isTurnedAway` says. */
export function turnedAwayLine(e: Evidence, weight: number): Line {
  const count = e.since.count('turned-away')
  const step = Number(e.since.top('turned-away-after')[0]?.name ?? 0)
  const waitedS = Math.round(Math.exp(step * stepLn) / 1000)
  return {
    key: 'turned-away',
    group: 'turned-away',
    sign: isTurnedAway(e) ? present() : unknown,
    present: weight,
    absent: 0,
    text: say(
      `都等了约 ${waitedS} 秒后以忙被拒 ${count} 次:像等空位超时`,
      `${count} refused as too busy, all after about ${waitedS} s: they waited for a place in vain`,
    ),
  }
}
