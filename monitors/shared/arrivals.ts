import { localTime } from '../../gateway/model/calendar.ts'
import type { Hospital, Interface } from '../../gateway/model/interface.ts'
import { type Instant, zoneOffsetMin } from '../../gateway/model/time.ts'
import { amount, type Held, list, record } from './state.ts'

const hourMs = 3_600_000

/** How many messages come when: three types of day by 24 hours, with the hours that were watched. */
export const volumePart = record({
  counts: list(amount(), 72),
  hours: list(amount(), 72),
  /** Messages and catalogue's expectation over all watched time: how much more or less comes than was expected. */
  total: amount(),
  expectedTotal: amount(),
  /** Messages an hour of late, as they stood before the last message: what only just came would make short gaps look long. */
  recentPerHour: amount(),
  /** The same with the last message, and the watched time since it and in all. */
  recentNext: amount(),
  gapMs: amount(),
  /** Of `expectedTotal`, what was expected since the last message. */
  gapExpected: amount(),
  watchedMs: amount(),
})
export type Volume = Held<typeof volumePart>

/** Hours that the prior weighs against what was counted. */
const priorHours = 2
/** Messages that it takes to believe that the catalogue's level is wrong. */
const levelMessages = 60
/** From so many on it is known, for Sundays and holidays too. */
const knownMessages = 100
const recentMs = 30 * 60_000
/** Before a minute was watched, nobody knows a rate. */
const watchedMsMin = 60_000
/** Long ago counts less: a bucket never weighs more than so many hours. */
const bucketHoursMax = 40

export interface Expected {
  readonly perHour: number
  /** The same where the day's rise comes an hour late: clinics open when they open. */
  readonly surePerHour: number
  /** Enough was seen of this hour on such days, or the catalogue says what to expect. */
  readonly isLearned: boolean
  readonly isCalendarKnown: boolean
}

/**
 * Gamma–Poisson shrinkage of what was counted towards the catalogue, or towards the last quarter of an hour (algorithms.md 2.4). As it stood at the last
 * message: a gap that is judged by this would make itself look short.
 */
export function expectedAt(volume: Volume, at: Instant, iface: Interface, hospital: Hospital): Expected {
  const local = localTime(at, hospital)
  const bucket = local.dayType * 24 + local.hour
  const intoHourMs = (at + zoneOffsetMin(at, hospital.timezone) * 60_000) % hourMs
  const hours = Math.max((volume.hours[bucket] ?? 0) - Math.min(volume.gapMs, intoHourMs) / hourMs, 0)
  const catalogued = cataloguedPerHour(iface, local.hour, local.dayType)
  const { level, isKnown } = levelOf(volume, iface, local.dayType)
  const prior = catalogued === null ? recentRate(volume) : catalogued * level
  const perHour = (priorHours * prior + (volume.counts[bucket] ?? 0)) / (priorHours + hours)
  const before = cataloguedPerHour(iface, (local.hour + 23) % 24, local.dayType)
  const isRising = catalogued !== null && before !== null && before < catalogued
  const surePerHour = isRising ? (perHour * before) / catalogued : perHour
  const isLearned = hours >= priorHours || (catalogued !== null && isKnown)
  return { perHour, surePerHour, isLearned, isCalendarKnown: local.isCalendarKnown }
}

/**
 * How much more or less comes on days of that type than the catalogue says: as on all days, until enough was seen of these. Of Sundays and holidays the
 * catalogue knows little: a week of National Day is no Sunday.
 */
function levelOf(volume: Volume, iface: Interface, dayType: number): { readonly level: number; readonly isKnown: boolean } {
  let count = 0
  let expected = 0
  for (let hour = 0; hour < 24; hour += 1) {
    const bucket = dayType * 24 + hour
    count += volume.counts[bucket] ?? 0
    expected += (volume.hours[bucket] ?? 0) * (cataloguedPerHour(iface, hour, dayType) ?? 0)
  }
  // Each message counts once: bursts of the first minutes would raise it twice.
  const [others, othersExpected] = [Math.max(volume.total - count, 0), Math.max(volume.expectedTotal - expected, 0)]
  const onOthers = (levelMessages + others) / (levelMessages + othersExpected)
  const level = (levelMessages * onOthers + count) / (levelMessages + Math.max(expected - volume.gapExpected, 0))
  return { level, isKnown: dayType !== 2 || expected >= knownMessages }
}

/** Takes a length of watched time that ended at `at`. What may be a fault is not learned from. */
export function watched(volume: Volume, at: Instant, lengthMs: number, iface: Interface, hospital: Hospital): void {
  volume.gapMs += lengthMs
  volume.watchedMs += lengthMs
  const local = localTime(at, hospital)
  const bucket = local.dayType * 24 + local.hour
  const hours = (volume.hours[bucket] ?? 0) + lengthMs / hourMs
  const keep = hours > bucketHoursMax ? 0.75 : 1
  volume.hours[bucket] = hours * keep
  volume.counts[bucket] = (volume.counts[bucket] ?? 0) * keep
  const expected = ((cataloguedPerHour(iface, local.hour, local.dayType) ?? 0) * lengthMs) / hourMs
  volume.expectedTotal += expected
  volume.gapExpected += expected
}

export function arrived(volume: Volume, at: Instant, hospital: Hospital): void {
  add(volume, { at, count: 1 }, hospital)
  volume.recentPerHour = volume.recentNext * Math.exp(-volume.gapMs / recentMs)
  volume.recentNext = volume.recentPerHour + hourMs / recentMs
  endGap(volume)
}

/** Takes a whole watched stretch at once: what came in it, not when. For who counts by windows and asks nothing of single gaps. */
export function counted(
  volume: Volume,
  { at, count, lengthMs }: { at: Instant; count: number; lengthMs: number },
  iface: Interface,
  hospital: Hospital,
): void {
  watched(volume, at, lengthMs, iface, hospital)
  add(volume, { at, count }, hospital)
  volume.recentPerHour = (count * hourMs) / lengthMs
  endGap(volume)
}

function endGap(volume: Volume): void {
  volume.gapMs = 0
  volume.gapExpected = 0
}

function add(volume: Volume, { at, count }: { at: Instant; count: number }, hospital: Hospital): void {
  const local = localTime(at, hospital)
  const bucket = local.dayType * 24 + local.hour
  volume.counts[bucket] = (volume.counts[bucket] ?? 0) + count
  volume.total += count
  if (volume.total < 100_000) return
  volume.total /= 2
  volume.expectedTotal /= 2
}

/** As of the last message for half an hour, then fading: hours that quieten by themselves do so slowly. */
function recentRate(volume: Volume): number {
  const fading = Math.exp(-Math.max(volume.gapMs - recentMs, 0) / recentMs)
  const filled = 1 - Math.exp(-Math.max(volume.watchedMs, watchedMsMin) / recentMs)
  return (volume.recentPerHour * fading) / filled
}

function cataloguedPerHour(iface: Interface, hour: number, dayType: number): number | null {
  const { expectedVolume } = iface
  if (expectedVolume === null) return null
  return (expectedVolume.perHour[hour] ?? 0) * (dayType === 0 ? 1 : expectedVolume.weekendFactor)
}
