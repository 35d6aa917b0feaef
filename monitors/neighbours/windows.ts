import type { Instant, Millis } from '../../gateway/model/time.ts'
import { amount, type Held, list, record } from '../shared/state.ts'

const windowPart = record({ from: amount(), to: amount() })
/** A stretch of time in which something held. */
export type Window = Held<typeof windowPart>
const windowsPart = list(windowPart)

/** Of one interface's traffic in slots of ten seconds: stretches in which it was slow, and in which much of it came. */
export const stretchesPart = record({
  slot: amount(-1),
  count: amount(),
  bytes: amount(),
  timed: amount(),
  lnSum: amount(),
  fromAt: amount(),
  /** Slots since the beginning, and what they hold on the average; the latency's usual logarithm and its spread. */
  slots: amount(),
  usualCount: amount(),
  usualBytes: amount(),
  learned: amount(),
  centre: amount(),
  spread: amount(),
  slow: windowsPart,
  busy: windowsPart,
})
export type Stretches = Held<typeof stretchesPart>

export const slotMs: Millis = 10_000
/** Stretches closer than this are one. */
const joinMs: Millis = 30_000
/** Older ones are forgotten. */
export const windowsMax = 12
const slotsMemory = 2_000
const slotsMin = 30
const learnedMin = 50
/** From so many on one odd message doesn't move what is usual by more than it may. */
const knownMin = 10
const learnedMemory = 1_000
/** A slot is slow when its messages take twice as long, and chance would hardly make so few so slow: three deviations. */
const slowRatioLn = Math.log(2)
const deviations = 3
const spreadMin = 0.2
const differenceMsMin: Millis = 20
/** A slot is busy when it holds four times as much as usual: several messages, or a large one. What is busy by chance coincides with nothing. */
const busyFactor = 4
const busyCountMin = 3
const busyBytesMin = 20_000

export interface Passed {
  readonly now: Instant
  /** When its request began: a long call is one batch from there. */
  readonly fromAt: Instant
  readonly bytes: number
  /** How long it was waited for; null where nothing was. */
  readonly ms: Millis | null
}

/** Takes a message in. */
export function notePassed(stretches: Stretches, passed: Passed): void {
  turnSlot(stretches, passed.now)
  if (stretches.count === 0 || passed.fromAt < stretches.fromAt) stretches.fromAt = passed.fromAt
  stretches.count += 1
  stretches.bytes += passed.bytes
  if (passed.ms === null) return
  stretches.timed += 1
  stretches.lnSum += Math.log(Math.max(passed.ms, 0.01))
}

/** Ends the slot when its time is over. */
export function turnSlot(stretches: Stretches, now: Instant): void {
  const slot = Math.floor(now / slotMs)
  if (stretches.slot === slot) return
  if (stretches.slot >= 0) {
    if (stretches.count > 0) endSlot(stretches)
    learnSlots(stretches, Math.max(1, slot - stretches.slot))
  }
  stretches.slot = slot
  stretches.count = 0
  stretches.bytes = 0
  stretches.timed = 0
  stretches.lnSum = 0
}

function endSlot(stretches: Stretches): void {
  const at = stretches.slot * slotMs
  if (isSlowSlot(stretches)) extend(stretches.slow, at, at + slotMs)
  else learnLatency(stretches)
  if (isBusySlot(stretches)) extend(stretches.busy, Math.min(at, stretches.fromAt), at + slotMs)
}

function isSlowSlot({ learned, timed, lnSum, centre, spread }: Stretches): boolean {
  if (learned < learnedMin || timed === 0) return false
  const rise = lnSum / timed - centre
  const differenceMs = Math.exp(lnSum / timed) - Math.exp(centre)
  return (
    rise >= slowRatioLn &&
    differenceMs >= differenceMsMin &&
    rise >= (deviations * 1.25 * Math.max(spread, spreadMin)) / Math.sqrt(timed)
  )
}

function isBusySlot({ slots, count, bytes, usualCount, usualBytes }: Stretches): boolean {
  if (slots < slotsMin) return false
  const isEnough = count >= busyCountMin || bytes >= busyBytesMin
  return isEnough && (count >= busyFactor * usualCount || bytes >= busyFactor * usualBytes)
}

function learnLatency(stretches: Stretches): void {
  if (stretches.timed === 0) return
  stretches.learned += stretches.timed
  const weight = Math.min(1, stretches.timed / Math.min(stretches.learned, learnedMemory))
  const far = stretches.lnSum / stretches.timed - stretches.centre
  // What is known isn't thrown off by slow messages that were too few to make a slow slot.
  const farMax = (deviations * Math.max(stretches.spread, spreadMin)) / Math.sqrt(stretches.timed)
  const distance = stretches.learned > knownMin ? Math.min(Math.max(far, -farMax), farMax) : far
  stretches.centre += weight * distance
  // The mean of n messages scatters by the n-th root less.
  stretches.spread += weight * (Math.abs(distance) * Math.sqrt(stretches.timed) - stretches.spread)
}

function learnSlots(stretches: Stretches, passed: number): void {
  stretches.slots = Math.min(stretches.slots + passed, slotsMemory)
  const keep = (1 - 1 / Math.max(stretches.slots, 1)) ** passed
  const isFirst = stretches.slots <= passed
  // Batches that come again and again must not become what is usual.
  const count = Math.min(stretches.count, Math.max(busyFactor * stretches.usualCount, busyCountMin))
  const bytes = Math.min(stretches.bytes, Math.max(busyFactor * stretches.usualBytes, busyBytesMin))
  stretches.usualCount = isFirst ? stretches.count / passed : stretches.usualCount * keep + count / stretches.slots
  stretches.usualBytes = isFirst ? stretches.bytes / passed : stretches.usualBytes * keep + bytes / stretches.slots
}

function extend(windows: Window[], from: Instant, to: Instant): void {
  const last = windows.at(-1)
  if (last !== undefined && from - last.to <= joinMs) {
    last.from = Math.min(last.from, from)
    last.to = Math.max(last.to, to)
    return
  }
  windows.push({ from, to })
  if (windows.length > windowsMax) windows.shift()
}
