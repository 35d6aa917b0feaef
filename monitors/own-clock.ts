import type { Reading } from '../gateway/model/reading.ts'
import type { Instant } from '../gateway/model/time.ts'
import { bounds, changeCount, estimate, type Observation, type Track, tellCount, toleranceMs } from './bounds.ts'
import { type ClockMemory, type ClockNode, doubtPart } from './clock-memory.ts'
import { heldAt } from './state.ts'
import { rounded, say } from './voice.ts'

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
    for (const { node, toMs } of same) node.mutedMs = Math.abs(toMs) <= toleranceMs ? null : toMs
    return
  }
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
  const muted = [...memory.systems].flatMap(([id, system]) =>
    [...system.nodes.values()].flatMap((node) => (node.mutedMs === null ? [] : [{ id, mutedMs: node.mutedMs }])),
  )
  const doubted = doubtedShift(memory, now)
  const byMs = doubted?.byMs ?? muted[0]?.mutedMs ?? null
  const saying = { monitor: 'clock', signal: 'gateway', subject: { kind: 'gateway', id: memory.edgeId }, now } as const
  say(out, memory.gatewayVoice, saying, byMs === null ? null : 'ticket', () => ({
    onsetAt: doubted?.fromAt ?? now,
    score: rounded(Math.abs(byMs ?? 0) / toleranceMs),
    facts: { offsetS: rounded(-(byMs ?? 0) / 1000), systems: doubted?.systems ?? new Set(muted.map(({ id }) => id)).size },
    exchangeIds: [],
  }))
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
          const toMs = estimate(track, challenger).offsetMs
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
