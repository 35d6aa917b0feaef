import type { Reading } from '../gateway/model/reading.ts'
import type { Instant } from '../gateway/model/time.ts'
import { changeCount, estimate, tellCount, toleranceMs } from './bounds.ts'
import type { ClockMemory, ClockNode } from './clock-memory.ts'
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

/** The gateway's own clock, as far as the others' agreement shows it. */
export function sayGateway(memory: ClockMemory, now: Instant, out: Reading[]): void {
  const muted = [...memory.systems].flatMap(([id, system]) =>
    [...system.nodes.values()].flatMap((node) => (node.mutedMs === null ? [] : [{ id, mutedMs: node.mutedMs }])),
  )
  const first = muted[0]
  const saying = { monitor: 'clock', signal: 'gateway', subject: { kind: 'gateway', id: memory.edgeId }, now } as const
  say(out, memory.gatewayVoice, saying, first === undefined ? null : 'ticket', () => ({
    onsetAt: now,
    score: rounded(Math.abs(first?.mutedMs ?? 0) / toleranceMs),
    facts: { offsetS: rounded(-(first?.mutedMs ?? 0) / 1000), systems: new Set(muted.map(({ id }) => id)).size },
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
