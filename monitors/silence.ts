import type { EdgeHealth } from '../gateway/model/entry.ts'
import type { Catalogue, Interface } from '../gateway/model/interface.ts'
import type { Measurement } from '../gateway/model/measurement.ts'
import type { Monitor, Reading } from '../gateway/model/reading.ts'
import type { Instant, Millis } from '../gateway/model/time.ts'
import { arrived, type Expected, expectedAt, volumePart, watched } from './shared/arrivals.ts'
import { keepLast } from './shared/rate.ts'
import { amount, flag, type Held, keyed, list, record, versioned } from './shared/state.ts'
import { rounded, say, voicePart } from './shared/voice.ts'
import { gapLimit, longGap, shortGap } from './silence/gap-limit.ts'
import { type Peers, peersOf, seenMin, spoken } from './silence/peers.ts'

const wirePart = record({
  volume: volumePart,
  seen: amount(),
  lastAt: amount(),
  /** Messages expected since the last one, over watched time only. */
  lambda: amount(),
  quietMs: amount(),
  watchedAt: amount(),
  open: amount(),
  /** Clean gaps, in expected messages: count, sum, sum of squares, how many were short and long, and the longest of this and the last week. */
  gaps: amount(),
  gapSum: amount(),
  gapSquares: amount(),
  gapsShort: amount(),
  gapsLong: amount(),
  gapExcess: amount(),
  gapMax: amount(),
  gapMaxBefore: amount(),
  gapMaxSinceAt: amount(),
  /** The last few of them. */
  lastGaps: list(amount()),
  /** When the last few messages came. */
  lastAts: list(amount()),
  limit: amount(),
  limitGaps: amount(),
  isSilent: flag(),
  sinceAt: amount(),
  /** What is read and not overheard: when its source last said that it can be read; 0: it never said anything, -1: it can't be. */
  sourceAt: amount(),
  voice: voicePart,
})
type Wire = Held<typeof wirePart>

const memoryOfAll = versioned(5, keyed(wirePart))

/** The limit is looked at anew after so many gaps, and the sooner the fewer there were: the first fifty tell bursts from single messages. */
const limitGapsMin = 4
const limitGapsMax = 64
/** Between two ticks at most this passes; more is our own gap, in which nobody watched. */
const tickMsMax: Millis = 5_000
const gapsMax = 4_000
/** The longest clean gap is a floor, with this much room. */
const gapMaxRoom = 1.2
/** What follows so soon, in expected messages and by time, is of one burst: the images of a study, the calls of a page. Bursts are counted, not what is in them. */
const burstLambda = 0.1
const burstMs: Millis = 30_000
const lastGapsMax = 8
/** In an hour that neither the catalogue nor experience knows, traffic may be a fraction of the hour before. */
const unlearnedRoom = 3
const ackTimeoutMsDefault: Millis = 30_000
const reportMs: Millis = 15_000
/** A source that is read says so at least once a minute. */
const sourceMs: Millis = 90_000
const weekMs: Millis = 7 * 24 * 3_600_000
const hoursOfWeek = 168

/**
 * Is an interface silent that should speak? `silence/gap`: the gap, counted in messages that should have come in it, is longer than chance gives
 * (algorithms.md 2.5), while other interfaces speak. When all are quiet, the hospital is quiet. Only time in which an edge
 * listened counts: without ticks it is we who are deaf.
 */
export const silence: Monitor = {
  name: 'silence',
  start({ catalogue }, saved) {
    const wires = memoryOfAll.start(saved)
    const interfaces = new Map(catalogue.interfaces.map((iface) => [iface.id, iface]))
    return {
      assess(item) {
        const out: Reading[] = []
        if (item.kind === 'tick') {
          onTick({ catalogue, interfaces, wires, now: item.now, health: item.entry.health }, out)
          return out
        }
        if (item.kind === 'measurement') {
          noteSource(wires, item.entry.measurement, item.now)
          return out
        }
        const iface = interfaces.get(item.entry.exchange.interfaceId)
        if (iface === undefined) return out
        let wire = wires.get(iface.id)
        if (wire === undefined) {
          wire = wirePart.fresh()
          wires.set(iface.id, wire)
        }
        onMessage(wire, item.now, catalogue)
        sayWire(wire, iface, item.now, out, null)
        return out
      },
      save: () => memoryOfAll.save(wires),
    }
  },
}

interface Beat {
  readonly catalogue: Catalogue
  readonly interfaces: ReadonlyMap<string, Interface>
  readonly wires: ReadonlyMap<string, Wire>
  readonly now: Instant
  readonly health: EdgeHealth
}

function onMessage(wire: Wire, now: Instant, { hospital }: Catalogue): void {
  // Before that the catalogue's level is all that is known: ten times too high, it would make any gap look long, and its floor would stay for a fortnight.
  const isKnown = wire.seen >= seenMin
  if (isKnown && wire.lambda < burstLambda && now - wire.lastAt < burstMs) wire.lastAt = now
  else {
    if (isKnown && !wire.isSilent && wire.watchedAt > 0) noteGap(wire, now)
    arrived(wire.volume, now, hospital)
    spoken(wire, now)
  }
  wire.lambda = 0
  wire.quietMs = 0
  wire.isSilent = false
}

/** A gap that ended by itself says how gaps are here: their spread sets the limit, the longest is its floor. */
function noteGap(wire: Wire, now: Instant): void {
  wire.gaps += 1
  wire.gapSum += wire.lambda
  wire.gapSquares += wire.lambda * wire.lambda
  if (wire.lambda < shortGap) wire.gapsShort += 1
  if (wire.lambda > longGap) {
    wire.gapsLong += 1
    wire.gapExcess += wire.lambda - longGap
  }
  keepLast(wire.lastGaps, rounded(wire.lambda), lastGapsMax)
  if (now - wire.gapMaxSinceAt > weekMs) {
    wire.gapMaxBefore = wire.gapMaxSinceAt === 0 ? 0 : wire.gapMax
    wire.gapMax = 0
    wire.gapMaxSinceAt = now
  }
  wire.gapMax = Math.max(wire.gapMax, wire.lambda)
  if (wire.gaps < gapsMax) return
  wire.gaps /= 2
  wire.gapSum /= 2
  wire.gapSquares /= 2
  wire.gapsShort /= 2
  wire.gapsLong /= 2
  wire.gapExcess /= 2
}

/** With the thread that reads them all sources are gone, until each says that it is read again. */
function noteSource(wires: ReadonlyMap<string, Wire>, { name, subject, verdict }: Measurement, now: Instant): void {
  const wire = name === 'source' ? wires.get(subject.id) : undefined
  if (wire !== undefined) wire.sourceAt = verdict === 'no' ? -1 : now
  if (name === 'taps' && verdict === 'no') for (const each of wires.values()) each.sourceAt = -1
}

function onTick(beat: Beat, out: Reading[]): void {
  const { catalogue, interfaces, wires, now, health } = beat
  const expected = new Map<string, Expected>()
  for (const [id, wire] of wires) {
    const iface = interfaces.get(id)
    const open = health.listening[id] ?? null
    if (iface === undefined || (open === null && !isRead(wire, iface, now))) continue
    expected.set(id, advance(wire, iface, now, catalogue))
    wire.open = open ?? -1
  }
  for (const [id, at] of expected) {
    const wire = wires.get(id)
    const iface = interfaces.get(id)
    if (wire === undefined || iface === undefined) continue
    const isLong = wire.lambda > limitOf(wire, at) && wire.quietMs > quietMsMin(iface)
    if (!isLong && !wire.voice.bad) continue
    const peers = peersOf({ wires, interfaces, now, expected }, iface, wire)
    if (wire.seen >= seenMin && isLong && !peers.isHospitalQuiet && !wire.isSilent) {
      wire.isSilent = true
      wire.sinceAt = wire.lastAt
    }
    sayWire(wire, iface, now, out, { expected: at, peers })
  }
}

/** A topic or a folder is read by a tap and not by the edge that ticks, whose ticks tell of no connections there. */
function isRead({ sourceAt }: Wire, { protocol }: Interface, now: Instant): boolean {
  return protocol === 'record' && (sourceAt === 0 || (sourceAt > 0 && now - sourceAt < sourceMs))
}

/** Lets watched time pass. A time that may be a fault is not learned from. */
function advance(wire: Wire, iface: Interface, now: Instant, { hospital }: Catalogue): Expected {
  const expected = expectedAt(wire.volume, now, iface, hospital)
  const passedMs = now - wire.watchedAt
  wire.watchedAt = now
  if (passedMs <= 0 || passedMs > tickMsMax) return expected
  wire.lambda += (expected.surePerHour * passedMs) / 3_600_000
  wire.quietMs += passedMs
  if (!wire.isSilent) watched(wire.volume, now, passedMs, iface, hospital)
  return expected
}

/** How many expected messages may stay away before it is no chance: the gamma tail of what a week's gaps give. */
function limitOf(wire: Wire, expected: Expected): number {
  if (
    wire.limit === 0 ||
    wire.gaps >= wire.limitGaps + Math.min(limitGapsMin + wire.limitGaps / 8, limitGapsMax) ||
    wire.gaps < wire.limitGaps
  ) {
    wire.limit = gapLimit(
      {
        count: wire.gaps,
        sum: wire.gapSum,
        squares: wire.gapSquares,
        short: wire.gapsShort,
        long: wire.gapsLong,
        excess: wire.gapExcess,
      },
      expected.perHour * hoursOfWeek,
    )
    wire.limitGaps = wire.gaps
  }
  const limit = Math.max(wire.limit, gapMaxRoom * Math.max(wire.gapMax, wire.gapMaxBefore))
  return limit * slownessOf(wire) * (expected.isLearned ? 1 : unlearnedRoom)
}

/** How much slower than ever the last few came, beyond chance (two deviations): who has little to say today has longer gaps between. */
function slownessOf({ lastGaps, gaps, gapSum, gapSquares }: Wire): number {
  if (lastGaps.length < lastGapsMax) return 1
  const mean = gapSum / gaps
  const deviation = Math.sqrt(Math.max(gapSquares / gaps - mean * mean, 1))
  const most = lastGapsMax * Math.max(mean, 1) + 2 * Math.sqrt(lastGapsMax) * deviation
  return Math.max(1, lastGaps.reduce((sum, gap) => sum + gap, 0) / most)
}

/** An exchange is told when it ends: while a receiver may still answer, nothing is missing. */
function quietMsMin(iface: Interface): Millis {
  const timeout = iface.options.ackTimeoutMs
  return (typeof timeout === 'number' ? timeout : ackTimeoutMsDefault) + reportMs
}

function sayWire(
  wire: Wire,
  iface: Interface,
  now: Instant,
  out: Reading[],
  at: { expected: Expected; peers: Peers } | null,
): void {
  if (!wire.isSilent && !wire.voice.bad) return
  const saying = { monitor: 'silence', signal: 'gap', subject: { kind: 'interface', id: iface.id }, now } as const
  // Where neither the catalogue nor experience knows this hour, only the peers make it certain.
  const isSure = at === null || at.expected.isLearned || at.peers.flowing > 0
  say(out, wire.voice, saying, wire.isSilent ? (isSure ? 'ticket' : 'warn') : null, () => ({
    onsetAt: wire.sinceAt,
    score: rounded(Math.max(wire.lambda / Math.max(wire.limit, 1), 1)),
    facts: {
      gapS: Math.round((now - wire.lastAt) / 1000),
      expectedGapS: at === null || at.expected.perHour === 0 ? null : Math.round(3600 / at.expected.perHour),
      lambda: rounded(wire.lambda),
      lambdaStar: rounded(wire.limit),
      openConnections: wire.open < 0 ? null : wire.open,
      peersFlowing: at?.peers.flowing ?? null,
      peersOfSource: at?.peers.sameSourceFlowing ?? null,
      peers: at?.peers.others ?? null,
      calendarUnknown: at === null || at.expected.isCalendarKnown ? 0 : 1,
    },
    exchangeIds: [],
  }))
}
