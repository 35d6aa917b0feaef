import type { Stamp } from '../gateway/model/document.ts'
import type { Instant, Millis } from '../gateway/model/time.ts'
import { hit, keepLast, miss, type RateRule, ratePart, shareOf } from './rate.ts'
import { amount, type Held, keyed, list, record } from './state.ts'
import { rounded, say, type Telling, voicePart } from './voice.ts'
import { type InterfaceNow, watchInterfaces } from './watch.ts'

/** One element that states when something happened, as `OBR-22`. */
const elementPart = record({
  /** Message stamp minus this one, of the last messages in which it was right. */
  gaps: list(amount()),
  rate: ratePart,
  /** Of the episode's odd ones: how many by so many half hours more than usual, `far` and `unreadable`. */
  shifts: keyed(amount()),
})
type Element = Held<typeof elementPart>

const memoryPart = record({ elements: keyed(elementPart), voice: voicePart })
type Memory = Held<typeof memoryPart>

const elementsMax = 32
/** Stamps looked at per message: a result of thirty values has one answer, not thirty. */
const stampsMax = 8
const gapsMax = 32
const learnedMin = 20
const halfHourMs = 1_800_000
/** A message whose own stamp is further from its arrival than this has a clock or a queue to be looked at first. */
const clockMsMax = 600_000
/** What was usual varies by more than this: its times are when things happened, and tell nothing of how they are written. */
const spreadMsMax = 4 * 3_600_000
const farMs = 365 * 24 * 3_600_000
const shiftsMax = 16
/** Odd ones of one fault are off by the same: a zone, twelve hours, another unit. What waited in a queue is off by anything. */
const sameShareMin = 0.8
const rule: RateRule = { usualShare: 0.005, badShare: 0.3, threshold: 9, distinctMin: 4 }

/**
 * Does every element of a message state its times as it used to? `stamps/element`: the message's own stamp is right, and one element beside it is off by the
 * same half hours again and again, decades away or unreadable, where it wasn't before (domain: only one field, the other fields of the same host are right).
 */
export const stamps = watchInterfaces<Memory>({
  name: 'stamps',
  version: 1,
  memory: memoryPart,
  note(memory, { item, exchange, id, at }) {
    const all = item.requestFacts?.stamps
    const arrivedAt = exchange.request?.endAt
    if (all === undefined || all.length < 2 || arrivedAt === undefined) return
    const messageAt = all.find(({ kind }) => kind === 'message')?.at ?? null
    if (messageAt === null || Math.abs(messageAt - arrivedAt) > clockMsMax) return
    const seen = new Set<string>()
    for (let i = 0; i < all.length && i < stampsMax; i += 1) {
      const stamp = all[i]
      if (stamp === undefined || stamp.kind === 'message') continue
      const name = elementOf(stamp.path)
      if (seen.has(name)) continue
      seen.add(name)
      noteElement(memory, name, { stamp, messageAt, what: { id, at, exchangeId: exchange.id } })
    }
  },
  judge(memory, at, out) {
    const bad = [...memory.elements].filter(([, { rate }]) => rate.bad)
    if (bad.length === 0 && !memory.voice.bad) return
    const told = bad.filter(([, element]) => isOneFault(element))
    const saying = {
      monitor: 'stamps',
      signal: 'element',
      subject: { kind: 'interface', id: at.iface.id },
      now: at.now,
    } as const
    say(out, memory.voice, saying, told.length > 0 ? 'ticket' : null, () => telling(told, at))
  },
})

interface ElementSeen {
  readonly stamp: Stamp
  readonly messageAt: Instant
  readonly what: { readonly id: string; readonly at: Instant; readonly exchangeId: string }
}

function noteElement({ elements }: Memory, name: string, { stamp, messageAt, what }: ElementSeen): void {
  let element = elements.get(name)
  if (element === undefined) {
    if (elements.size >= elementsMax) return
    element = elementPart.fresh()
    elements.set(name, element)
  }
  const gapMs = stamp.at === null ? null : messageAt - stamp.at
  const shift = shiftOf(element, gapMs)
  if (shift === null) {
    miss(element.rate, rule)
    if (gapMs !== null) keepLast(element.gaps, gapMs, gapsMax)
    return
  }
  if (element.rate.sum === 0 && !element.rate.bad) element.shifts = new Map()
  if (!hit(element.rate, rule, what)) return
  const key = element.shifts.has(shift) || element.shifts.size < shiftsMax ? shift : 'others'
  element.shifts.set(key, (element.shifts.get(key) ?? 0) + 1)
}

/** By how much it is off, as a word; null: as usual, or nobody knows what is usual. */
function shiftOf({ gaps }: Element, gapMs: Millis | null): string | null {
  if (gaps.length < learnedMin) return null
  if (gapMs === null) return 'unreadable'
  const least = Math.min(...gaps)
  const most = Math.max(...gaps)
  const spreadMs = most - least
  if (spreadMs > spreadMsMax) return null
  const slackMs = Math.max(halfHourMs, spreadMs)
  if (gapMs >= least - slackMs && gapMs <= most + slackMs) return null
  const byMs = gapMs - (least + most) / 2
  return Math.abs(byMs) > farMs ? 'far' : String(Math.round(byMs / halfHourMs))
}

function isOneFault({ shifts }: Element): boolean {
  const [most, all] = countsOf(shifts)
  return most >= sameShareMin * all
}

function countsOf(shifts: ReadonlyMap<string, number>): readonly [most: number, all: number] {
  const counts = [...shifts.values()]
  return [Math.max(0, ...counts), counts.reduce((sum, count) => sum + count, 0)]
}

function telling(told: readonly (readonly [string, Element])[], at: InterfaceNow): Telling {
  const [worst] = told.toSorted((a, b) => b[1].rate.hits - a[1].rate.hits)
  if (worst === undefined) throw new Error('a good reading tells nothing')
  const [name, { rate, shifts }] = worst
  const [shift = ''] = [...shifts].toSorted((a, b) => b[1] - a[1])[0] ?? []
  const halfHours = Number(shift)
  return {
    onsetAt: Math.min(rate.onsetAt, at.now),
    score: rounded(Math.max(rate.sum / rule.threshold, 1)),
    facts: {
      element: name,
      /** Hours behind (positive) or ahead of what was usual; null: decades away, or unreadable. */
      offHours: Number.isFinite(halfHours) ? halfHours / 2 : null,
      how: Number.isFinite(halfHours) ? 'shifted' : shift,
      odd: rate.hits,
      seen: rate.seen,
      share: rounded(shareOf(rate)),
      elements: told.length,
    },
    exchangeIds: rate.exchangeIds,
  }
}

/** `OBX[3]-14` is `OBX-14`: one element, wherever it stands. */
function elementOf(path: string): string {
  const known = elementNames.get(path)
  if (known !== undefined) return known
  const name = path.replaceAll(/\[\d+\]/g, '')
  if (elementNames.size < elementNamesMax) elementNames.set(path, name)
  return name
}

/** A cache: follows from the paths alone. */
const elementNames = new Map<string, string>()
const elementNamesMax = 500
