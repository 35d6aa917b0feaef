import type { Reading } from '../../gateway/model/reading.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { heldAt } from '../shared/state.ts'
import { rounded, say } from '../shared/voice.ts'
import { bounds, changeCount, estimate, type Observation, type Track, tellCount, toleranceMs } from './bounds.ts'
import { type ClockMemory, type ClockNode, type ClockSystem, doubtPart } from './clock-memory.ts'

/** Shifts this near to each other in time are the same. */
const togetherMs = 10 * 60_000
const systemsMin = 3
const shareMin = 0.8

interface Shift {
  readonly systemId: string
  readonly node: ClockNode
  readonly byMs: number
  readonly toMs: number
}

/**
 * When nearly all clocks of the hospital step by the same amount at once, it was ours that stepped. Their new offsets are then ours and
 * not told as theirs, until they change again.
 */
export function muteCommonShift(memory: ClockMemory, now: Instant): void {
  const { shifts, established } = shiftsOf(memory, now)
  if (established < systemsMin) return
  for (const shift of shifts) {
    const same = shifts.filter((other) => Math.abs(other.byMs - shift.byMs) <= toleranceMs)
    const systems = new Set(same.map((other) => other.systemId)).size
    if (systems < systemsMin || systems < shareMin * established) continue
    // Set right again: until that is believed, what was muted stays so.
    if (Math.abs(shift.toMs) > toleranceMs) for (const { node, toMs } of same) node.mutedMs = toMs
    return
  }
}

/** Three systems that were never right may stand on one host that is wrong. */
const neverRightMin = 4
const freshMs = 60 * 60_000

/**
 * When nearly all clocks of the hospital have been off by the same ever since they are known, ours was wrong from the beginning (or the zone that the catalogue
 * gives the hospital is). Their offsets are then not told as theirs.
 */
export function muteCommonOffset(memory: ClockMemory, now: Instant): void {
  const known = [...memory.systems.values()].flatMap((system) => {
    const offsets = offsetsOf(system, now)
    return offsets.length === 0 ? [] : [offsets]
  })
  if (known.length < neverRightMin) return
  for (const [first] of known) {
    if (first === undefined) continue
    const isSame = ({ toMs, hasChanged }: Offset) =>
      !hasChanged && Math.abs(toMs) > toleranceMs && Math.abs(toMs - first.toMs) <= toleranceMs
    const same = known.filter((offsets) => offsets.every(isSame))
    if (same.length < neverRightMin || same.length < shareMin * known.length) continue
    for (const { node, toMs } of same.flat()) node.mutedMs = toMs
    return
  }
}

interface Offset {
  readonly node: ClockNode
  readonly toMs: number
  readonly hasChanged: boolean
}

function offsetsOf(system: ClockSystem, now: Instant): readonly Offset[] {
  return [...system.nodes.values()].flatMap((node) =>
    [node.acks, node.sends]
      .filter((track) => track.count >= tellCount && now - track.lastAt <= freshMs)
      .map((track) => ({ node, toMs: offsetNow(track), hasChanged: track.changedAt !== null })),
  )
}

/** By the newest of its stamps, believed yet or not. */
function offsetNow(track: Track): number {
  const { challenger } = track
  return estimate(track, challenger !== null && challenger.count >= tellCount ? challenger : undefined).offsetMs
}

const doubtsMax = 200

/** While our clock is said to be out of step: how far is what a system stamps from what was known of its clock? */
export function doubt(memory: ClockMemory, systemId: string, track: Track, seen: Observation): void {
  if (track.count < changeCount) return
  const held = heldAt(memory.doubts, systemId, doubtPart, doubtsMax)
  if (held === null) return
  // Of one-sided evidence the near edge is what is known, of two-sided the middle.
  const shiftMs = track.isHard ? (seen.lo + seen.hi) / 2 - estimate(track).offsetMs : seen.lo - bounds(track).lo
  if (held.count === 0 || Math.abs(shiftMs - held.shiftMs) > toleranceMs)
    Object.assign(held, { shiftMs, count: 0, fromAt: seen.at })
  held.count += 1
  held.lastAt = seen.at
}

/** The shift that nearly all systems show while ours is in doubt; null: there is none, or ours isn't in doubt. */
function doubtedShift({ doubts }: ClockMemory, now: Instant): { byMs: number; systems: number; fromAt: Instant } | null {
  const known = [...doubts.values()].filter(({ count, lastAt }) => count >= tellCount && now - lastAt <= togetherMs)
  for (const { shiftMs } of known) {
    if (Math.abs(shiftMs) <= toleranceMs) continue
    const same = known.filter((other) => Math.abs(other.shiftMs - shiftMs) <= toleranceMs)
    if (same.length < systemsMin || same.length < shareMin * known.length) continue
    return { byMs: shiftMs, systems: same.length, fromAt: Math.min(...same.map(({ fromAt }) => fromAt)) }
  }
  return null
}

/** The gateway's own clock, as far as the others' agreement shows it. */
export function sayGateway(memory: ClockMemory, now: Instant, out: Reading[]): void {
  unmute(memory)
  const muted = mutedSystems(memory)
  const doubted = doubtedShift(memory, now)
  // Who rarely speaks is known by an old offset until he does: ours is right again when most others are.
  const isMuted = muted.length > 0 && muted.length >= rightSystems(memory, now)
  const byMs = doubted?.byMs ?? (isMuted ? (muted[0] ?? null) : null)
  const saying = { monitor: 'clock', signal: 'gateway', subject: { kind: 'gateway', id: memory.edgeId }, now } as const
  say(out, memory.gatewayVoice, saying, byMs === null ? null : 'ticket', () => ({
    onsetAt: doubted?.fromAt ?? now,
    score: rounded(Math.abs(byMs ?? 0) / toleranceMs),
    facts: { offsetS: rounded(-(byMs ?? 0) / 1000), systems: doubted?.systems ?? muted.length },
    exchangeIds: [],
  }))
}

/** Who is believed to be right is heard again. */
function unmute({ systems }: ClockMemory): void {
  for (const { nodes } of systems.values())
    for (const node of nodes.values()) {
      const tracks = [node.acks, node.sends].filter(({ count }) => count > 0)
      const isRight = tracks.every((track) => track.challenger === null && Math.abs(estimate(track).offsetMs) <= toleranceMs)
      if (isRight) node.mutedMs = null
    }
}

/** By how much each of them is off, by our clock's doing. */
function mutedSystems({ systems }: ClockMemory): readonly number[] {
  return [...systems.values()].flatMap(({ nodes }) => [...nodes.values()].find(isStillOff)?.mutedMs ?? [])
}

function isStillOff({ mutedMs, acks, sends }: ClockNode): boolean {
  return (
    mutedMs !== null && [acks, sends].some((track) => track.count > 0 && Math.abs(offsetNow(track) - mutedMs) <= toleranceMs)
  )
}

function rightSystems({ systems }: ClockMemory, now: Instant): number {
  return [...systems.values()].filter((system) => offsetsOf(system, now).some(({ toMs }) => Math.abs(toMs) <= toleranceMs))
    .length
}

/** Changes of the last minutes, one per track, and how many systems were known well enough to change at all. */
function shiftsOf(memory: ClockMemory, now: Instant): { shifts: readonly Shift[]; established: number } {
  const shifts: Shift[] = []
  let established = 0
  for (const [systemId, system] of memory.systems) {
    let isEstablished = false
    for (const node of system.nodes.values()) {
      for (const track of [node.acks, node.sends]) {
        if (track.count < changeCount || now - track.lastAt > togetherMs) continue
        isEstablished = true
        const { challenger } = track
        if (challenger !== null && challenger.count >= tellCount) {
          const toMs = offsetNow(track)
          shifts.push({ systemId, node, byMs: toMs - estimate(track).offsetMs, toMs })
        } else if (track.changedAt !== null && now - track.changedAt <= togetherMs) {
          const toMs = estimate(track).offsetMs
          shifts.push({ systemId, node, byMs: toMs - track.offsetBefore, toMs })
        }
      }
    }
    if (isEstablished) established += 1
  }
  return { shifts, established }
}
