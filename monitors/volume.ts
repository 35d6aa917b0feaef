import { localTime } from '../gateway/model/calendar.ts'
import type { EdgeHealth } from '../gateway/model/entry.ts'
import type { Catalogue, Interface } from '../gateway/model/interface.ts'
import type { Json } from '../gateway/model/json.ts'
import type { Monitor, Reading } from '../gateway/model/reading.ts'
import type { Instant, Millis } from '../gateway/model/time.ts'
import { counted, type Expected, expectedAt, volumePart } from './shared/arrivals.ts'
import { amount, type Held, keyed, record, versioned } from './shared/state.ts'
import { rounded, say, voicePart } from './shared/voice.ts'
import { countTails } from './statistics/count-tail.ts'

const sidePart = record({ windows: amount(), sinceAt: amount(), badSinceAt: amount(), voice: voicePart })

const wirePart = record({
  arrivals: volumePart,
  /** Of the window that is being counted: messages, and how much of it was watched. */
  count: amount(),
  watchedMs: amount(),
  seenAt: amount(),
  firstAt: amount(),
  /** Pearson's chi square of good windows and their number: how much more counts vary than a Poisson's. */
  chi: amount(),
  windows: amount(),
  low: sidePart,
  high: sidePart,
  lastCount: amount(),
  lastExpected: amount(),
})
type Wire = Held<typeof wirePart>
type Side = 'low' | 'high'

const memoryOfAll = versioned(2, record({ window: amount(), factor: amount(1), wires: keyed(wirePart) }))
type Memory = ReturnType<typeof memoryOfAll.start>

const windowMs: Millis = 15 * 60_000
/** A window of which less was watched says nothing. */
const watchedShareMin = 0.9
/** algorithms.md 2.4: both tails, two windows in a row; not before two weeks where the catalogue doesn't say what to expect. */
const tailMax = 1e-4
const windowsMin = 2
const calmTail = 0.01
const learnedMs: Millis = 14 * 24 * 3_600_000
/** Counts vary at least so much more than a Poisson's as if so many windows had shown it. */
const priorDispersion = 1.5
const priorWindows = 20
const dispersionMax = 12
/** Expected messages in a window below which its low tail can't say anything. */
const expectedMin = 1
/** When so many interfaces, and half of them, come in another number than usual, it is the hospital: a holiday, a Monday, a closed clinic. */
const hospitalWiresMin = 4
const hospitalShift = { low: 0.7, high: 1.4 }
const seenMin = 20
const watchedMsMin: Millis = 90 * 60_000
/** What stayed so for a week is what is usual now. */
const adoptAfterMs: Millis = 7 * 24 * 3_600_000
const tickMsMax: Millis = 5_000

/**
 * Does as much come as usual? `volume/low` and `volume/high`: two quarters of an hour in a row beyond chance, by day type and hour with the Chinese
 * calendar, and by what the whole hospital does at that time. Always a warning: it proves nothing by itself, and causes weigh it. Only watched time counts.
 */
export const volume: Monitor = {
  name: 'volume',
  start({ catalogue }, saved) {
    const memory = memoryOfAll.start(saved)
    const interfaces = new Map(catalogue.interfaces.map((iface) => [iface.id, iface]))
    return {
      assess(item) {
        const out: Reading[] = []
        const window = Math.floor(item.now / windowMs)
        if (window !== memory.window) turnWindow({ catalogue, interfaces, memory, now: item.now }, window, out)
        if (item.kind === 'tick') watchWires(memory, interfaces, item.now, item.entry.health)
        if (item.kind === 'exchange') {
          const wire = memory.wires.get(item.entry.exchange.interfaceId)
          if (wire !== undefined) wire.count += 1
        }
        return out
      },
      save: () => memoryOfAll.save(memory),
    }
  },
}

/** What the monitor expects of one interface by what it remembers. */
export interface Expectation {
  readonly watchedFrom: Instant
  /** Enough came to say anything of it. */
  readonly isInUse: boolean
  /** From when on what was learned is believed; null where the catalogue says what to expect. */
  readonly learnedAt: Instant | null
  /** Messages an hour at that time; null where nothing is expected of it yet. */
  perHourAt(at: Instant): number | null
}

/** Reads the monitor's memory as it was saved with a checkpoint; of what was never watched there is nothing. */
export function expectationsIn(saved: Json | null, { interfaces, hospital }: Catalogue): ReadonlyMap<string, Expectation> {
  const { wires } = memoryOfAll.start(saved)
  return new Map(
    interfaces.flatMap((iface) => {
      const wire = wires.get(iface.id)
      if (wire === undefined) return []
      const expectation: Expectation = {
        watchedFrom: wire.firstAt,
        isInUse: isInUse(wire),
        learnedAt: iface.expectedVolume === null ? wire.firstAt + learnedMs : null,
        perHourAt: (at) => {
          const expected = expectedAt(wire.arrivals, at, iface, hospital)
          return isInUse(wire) && isExpected(wire, iface, expected, wire.seenAt) ? expected.perHour : null
        },
      }
      return [[iface.id, expectation]]
    }),
  )
}

interface Turn {
  readonly catalogue: Catalogue
  readonly interfaces: ReadonlyMap<string, Interface>
  readonly memory: Memory
  readonly now: Instant
}

function watchWires({ wires }: Memory, interfaces: ReadonlyMap<string, Interface>, now: Instant, health: EdgeHealth): void {
  for (const id in health.listening) {
    let wire = wires.get(id)
    if (wire === undefined) {
      if (!interfaces.has(id)) continue
      wire = wirePart.fresh()
      wire.firstAt = now
      wires.set(id, wire)
    }
    const passedMs = now - wire.seenAt
    if (wire.seenAt > 0 && passedMs > 0 && passedMs <= tickMsMax) wire.watchedMs += passedMs
    wire.seenAt = now
  }
}

function turnWindow(turn: Turn, window: number, out: Reading[]): void {
  const { catalogue, interfaces, memory, now } = turn
  // What it was counted for lies in the middle of the window that has passed.
  const at = (memory.window + 0.5) * windowMs
  const whole = [...memory.wires].flatMap(([id, wire]) => {
    const iface = interfaces.get(id)
    const isWhole = memory.window === window - 1 && wire.watchedMs >= watchedShareMin * windowMs
    if (iface === undefined || !isWhole) return []
    const expected = expectedAt(wire.arrivals, at, iface, catalogue.hospital)
    const isKnown = isInUse(wire) && isExpected(wire, iface, expected, now)
    return [{ iface, wire, isKnown, mean: (expected.perHour * wire.watchedMs) / 3_600_000 }]
  })
  memory.factor = hospitalFactor(whole.filter(({ isKnown }) => isKnown))
  for (const { iface, wire, isKnown, mean } of whole) {
    const expected = mean * memory.factor
    const isOdd = isKnown && judge(wire, { mean, expected }, at)
    wire.lastCount = wire.count
    wire.lastExpected = expected
    if (!isOdd || isOld(wire, now)) learnFrom(wire, { at, mean, expected }, iface, catalogue)
    sayWire(turn, iface, wire, out)
  }
  for (const wire of memory.wires.values()) {
    wire.count = 0
    wire.watchedMs = 0
  }
  memory.window = window
}

/** What never spoke isn't in use yet, and the catalogue's level is a guess until some windows have put it right. */
function isInUse({ arrivals, count }: Wire): boolean {
  return arrivals.total + count >= seenMin && arrivals.watchedMs >= watchedMsMin
}

function isExpected({ firstAt }: Wire, { expectedVolume }: Interface, { isLearned }: Expected, now: Instant): boolean {
  return expectedVolume !== null || (isLearned && now - firstAt >= learnedMs)
}

/** What all do alike: the median of count over expectation, where it is far enough from 1 to be the hospital's. */
function hospitalFactor(wires: readonly { readonly wire: Wire; readonly mean: number }[]): number {
  const ratios = wires.filter(({ mean }) => mean >= 2).map(({ wire, mean }) => wire.count / mean)
  if (ratios.length < hospitalWiresMin) return 1
  const median = ratios.toSorted((a, b) => a - b)[Math.floor((ratios.length - 1) / 2)] ?? 1
  return median < hospitalShift.low || median > hospitalShift.high ? Math.max(median, 0.05) : 1
}

/** Whether the window is beyond chance on either side, by itself and beside what the hospital does: what the hospital explains isn't odd. */
function judge(wire: Wire, { mean, expected }: { mean: number; expected: number }, at: Instant): boolean {
  const dispersion = dispersionOf(wire)
  const own = countTails(wire.count, mean, dispersion)
  const beside = mean === expected ? own : countTails(wire.count, expected, dispersion)
  const [low, high] = [Math.max(own.low, beside.low), Math.max(own.high, beside.high)]
  const isLow = Math.min(mean, expected) >= expectedMin && low < tailMax
  const isHigh = high < tailMax
  step(wire.low, isLow, low > calmTail, at)
  step(wire.high, isHigh, high > calmTail, at)
  return isLow || isHigh
}

function step(side: Wire[Side], isOdd: boolean, isCalm: boolean, at: Instant): void {
  if (isOdd) {
    if (side.windows === 0) side.sinceAt = at - windowMs / 2
    side.windows += 1
    if (side.windows === windowsMin) side.badSinceAt = at
  } else if (side.windows < windowsMin || isCalm) side.windows = 0
}

function isOld({ low, high }: Wire, now: Instant): boolean {
  return [low, high].some((side) => side.windows >= windowsMin && now - side.badSinceAt > adoptAfterMs)
}

function learnFrom(
  wire: Wire,
  { at, mean, expected }: { at: Instant; mean: number; expected: number },
  iface: Interface,
  { hospital }: Catalogue,
): void {
  counted(wire.arrivals, { at, count: wire.count, lengthMs: wire.watchedMs }, iface, hospital)
  if (mean < expectedMin) return
  wire.chi += (wire.count - expected) ** 2 / expected
  wire.windows += 1
  if (wire.windows < 2_000) return
  wire.chi /= 2
  wire.windows /= 2
}

function dispersionOf({ chi, windows }: Wire): number {
  const dispersion = (chi + priorWindows * priorDispersion) / (windows + priorWindows)
  return Math.min(Math.max(dispersion, 1), dispersionMax)
}

function sayWire({ catalogue, memory, now }: Turn, iface: Interface, wire: Wire, out: Reading[]): void {
  for (const signal of ['low', 'high'] as const) {
    const side = wire[signal]
    const isBad = side.windows >= windowsMin
    if (!isBad && !side.voice.bad) continue
    const saying = { monitor: 'volume', signal, subject: { kind: 'interface', id: iface.id }, now } as const
    const local = localTime(now, catalogue.hospital)
    say(out, side.voice, saying, isBad ? 'warn' : null, () => ({
      onsetAt: side.sinceAt,
      score: rounded(1 + side.windows / 10),
      facts: {
        count: wire.lastCount,
        expected: rounded(wire.lastExpected),
        ratio: rounded(wire.lastCount / Math.max(wire.lastExpected, 0.01)),
        windows: side.windows,
        windowMin: windowMs / 60_000,
        hospitalFactor: rounded(memory.factor),
        dayType: (['workday', 'saturday', 'holiday'] as const)[local.dayType],
        calendarUnknown: local.isCalendarKnown ? 0 : 1,
      },
      exchangeIds: [],
    }))
  }
}
