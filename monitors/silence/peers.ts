import type { Interface } from '../../gateway/model/interface.ts'
import type { Instant } from '../../gateway/model/time.ts'
import type { Expected } from '../shared/arrivals.ts'
import { keepLast } from '../shared/rate.ts'

/** An interface of which less was seen is not yet observed; it can't be silent. */
export const seenMin = 20
/** Of each peer the last few messages are looked at, so that no busy one speaks for all. */
const lastAtsMax = 8
/** From so many expected messages on it is known whether others speak; half of them will do. */
const peersExpectedMin = 3
const flowingShare = 0.5
/** What a source said within this part of the gap after this interface's last message is taken for its own last word. */
const lastWordPart = 1 / 8

/** What is remembered of one interface: how much it said, and when it last did. */
interface Speaker {
  seen: number
  lastAt: Instant
  /** When the last few messages came. */
  lastAts: Instant[]
}

interface All {
  readonly wires: ReadonlyMap<string, Speaker>
  readonly interfaces: ReadonlyMap<string, Interface>
  readonly now: Instant
  /** Of those that are listened to. */
  readonly expected: ReadonlyMap<string, Expected>
}

export function spoken(wire: Speaker, now: Instant): void {
  wire.seen += 1
  wire.lastAt = now
  keepLast(wire.lastAts, now, lastAtsMax)
}

export interface Peers {
  /** That spoke about as much as ever since this interface's last message. */
  readonly flowing: number
  /** Of the same sending system. */
  readonly sameSourceFlowing: number
  readonly others: number
  readonly isHospitalQuiet: boolean
}

/** What others said since this interface's last message, and what they should have said. */
interface Speech {
  count: number
  expected: number
}

/** Whether the others speak: the best evidence that silence is not the hour's or the holiday's. */
export function peersOf({ wires, interfaces, now, expected }: All, iface: Interface, { lastAt }: Speaker): Peers {
  const [same, rest]: [Speech, Speech] = [
    { count: 0, expected: 0 },
    { count: 0, expected: 0 },
  ]
  let flowing = 0
  let others = 0
  let mute = 0
  let sameSourceFlowing = 0
  for (const [id, wire] of wires) {
    const perHour = expected.get(id)?.perHour
    if (id === iface.id || wire.seen < seenMin || perHour === undefined) continue
    others += 1
    const speech = speechOf(wire, lastAt, now, perHour)
    if (speech.count === 0 && speech.expected >= lastAtsMax) {
      mute += 1
      continue
    }
    const isSame = interfaces.get(id)?.from === iface.from
    const sum = isSame ? same : rest
    const isLastWord = isSame && wire.lastAt - lastAt < lastWordPart * (now - lastAt)
    sum.count += isLastWord ? 0 : speech.count
    sum.expected += speech.expected
    if (speech.count === 0 || !flows(speech)) continue
    flowing += 1
    if (isSame) sameSourceFlowing += 1
  }
  const isHospitalQuiet = others > 0 && !doOthersSpeak(same, mute * 2 > others ? nobody : rest)
  return { flowing, others, sameSourceFlowing, isHospitalQuiet }
}

const nobody: Speech = { count: 0, expected: 0 }

/** A source that says something, and much less than ever, has little to say. Who says nothing at all is no witness, unless it is most of the hospital. */
function doOthersSpeak(same: Speech, rest: Speech): boolean {
  if (same.expected >= peersExpectedMin && same.count > 0) return flows(same)
  const all = { count: same.count + rest.count, expected: same.expected + rest.expected }
  return all.expected >= peersExpectedMin && flows(all)
}

function flows({ count, expected }: Speech): boolean {
  return count >= flowingShare * expected
}

function speechOf({ lastAts }: Speaker, since: Instant, now: Instant, perHour: number): Speech {
  const [oldest = 0] = lastAts
  const from = lastAts.length < lastAtsMax ? since : Math.max(since, oldest)
  const count = lastAts.reduce((n, at) => n + (at > from ? 1 : 0), 0)
  const expected = (perHour * (now - from)) / 3_600_000
  // Nor does one speak for all by having been silent the longest.
  const weight = Math.min(1, lastAtsMax / Math.max(expected, 1))
  return { count: count * weight, expected: expected * weight }
}
