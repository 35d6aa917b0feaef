import type { Millis } from '../../model/time.ts'
import { type Line, present, say, unknown, weights } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Tally } from '../evidence/tally.ts'
import { stepLn } from '../evidence/turned-away-tally.ts'

const turnedAwayMin = 5
const quickShare = 0.25

/**
 * Whether those who are refused as too busy all waited for the same time before: a queue for a place, whose patience ends. Who is refused at once met a quota, and
 * a slow server's refusals come as irregularly as its answers. Refusals that don't say why tell it too where, of all kinds of messages, many are as fast as ever beside them.
 */
export function isTurnedAway(e: Evidence): boolean {
  return turnedAwayOf(e) !== null
}

type Key = 'turned-away' | 'turned-away-mute'

function turnedAwayOf(e: Evidence): Key | null {
  if (isSameWait(e, 'turned-away')) return 'turned-away'
  return isSameWait(e, 'turned-away-mute') && isOthersQuick(e) && isOfAllTypes(e) ? 'turned-away-mute' : null
}

function isSameWait({ since }: Evidence, key: Key): boolean {
  const count = since.count(key)
  const [first, second] = since.top(`${key}-after`)
  // The time may lie between two steps.
  const alike = (first?.count ?? 0) + (second?.count ?? 0)
  return count >= turnedAwayMin && count >= 0.6 * since.count('nak') && alike >= 0.8 * count
}

/** A slow receiver makes everybody wait; where a place is free nobody does. */
function isOthersQuick({ since, before }: Evidence): boolean {
  const usualMs = before.quantileMs(0.5)
  const quickMs = since.quantileMs(quickShare)
  if (quickMs === null || quickMs > waitedMsOf(since, 'turned-away-mute') / 10) return false
  return usualMs === null || quickMs <= 2 * usualMs + 20
}

function waitedMsOf(since: Tally, key: Key): Millis {
  return Math.exp(Number(since.top(`${key}-after`)[0]?.name ?? 0) * stepLn)
}

/** What alone is refused after waiting waits for something of its own: a trigger, or a system behind. */
function isOfAllTypes({ since }: Evidence): boolean {
  const [worst] = since.top('type-bad')
  const bad = since.top('type-bad').reduce((sum, { count }) => sum + count, 0)
  const types = since.top('type')
  const all = types.reduce((sum, { count }) => sum + count, 0)
  const ofWorst = types.find(({ name }) => name === worst?.name)?.count ?? 0
  return worst === undefined || worst.count < 0.8 * bad || ofWorst >= 0.7 * all
}

/** For a pool: beside those who waited in vain many found a place at once. */
export function quickBesideLine(e: Evidence): Line {
  return {
    key: 'quick-beside',
    group: 'shape',
    sign: turnedAwayOf(e) === 'turned-away-mute' ? present() : unknown,
    present: weights.strong,
    absent: 0,
    text: say(
      `其余请求四分之一在 ${Math.round(e.since.quantileMs(quickShare) ?? 0)} ms 内应答`,
      `a quarter of all was answered within ${Math.round(e.since.quantileMs(quickShare) ?? 0)} ms`,
    ),
  }
}

/** For and against causes by what `isTurnedAway` says. */
export function turnedAwayLine(e: Evidence, weight: number): Line {
  const key = turnedAwayOf(e)
  const count = key === null ? 0 : e.since.count(key)
  const waitedS = key === null ? 0 : Math.round(waitedMsOf(e.since, key) / 1000)
  return {
    key: 'turned-away',
    group: 'turned-away',
    sign: key === null ? unknown : present(),
    present: weight,
    absent: 0,
    text:
      key === 'turned-away-mute'
        ? say(
            `都等了约 ${waitedS} 秒后被拒 ${count} 次,其余照常:像等空位超时`,
            `${count} refused, all after about ${waitedS} s, while others are as fast as ever: they waited for a place in vain`,
          )
        : say(
            `都等了约 ${waitedS} 秒后以忙被拒 ${count} 次:像等空位超时`,
            `${count} refused as too busy, all after about ${waitedS} s: they waited for a place in vain`,
          ),
  }
}
