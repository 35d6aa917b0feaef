import { amount, flag, type Held, keyed, maybe, record, versioned, word } from '../shared/state.ts'
import { voicePart } from '../shared/voice.ts'
import { trackPart } from './bounds.ts'

/** One sender's name within a system: its messages and its acknowledgments may be stamped by different programs. */
export const nodePart = record({
  sends: trackPart,
  acks: trackPart,
  interfaceId: word(),
  /** Newest request stamp and when it passed: a stamp that stands still is no clock. */
  lastStampAt: amount(),
  lastSeenAt: amount(),
  /** Acknowledgments that could have been told from an echo of the request's stamp, and those that were equal. */
  echoChances: amount(),
  echoes: amount(),
  /** The offset that all systems took at once: our own clock's doing. */
  mutedMs: maybe(amount()),
})
export type ClockNode = Held<typeof nodePart>

export const systemPart = record({
  nodes: keyed(nodePart),
  zoneVoice: voicePart,
  offsetVoice: voicePart,
  stepVoice: voicePart,
  driftVoice: voicePart,
})
export type ClockSystem = Held<typeof systemPart>

/** How far a system's stamps are from what was believed of its clock, while ours is in doubt, and how many in a row say so. */
export const doubtPart = record({ shiftMs: amount(), count: amount(), fromAt: amount(), lastAt: amount() })

const memoryPart = record({
  systems: keyed(systemPart),
  edges: keyed(flag()),
  gatewayVoice: voicePart,
  edgeId: word('edge'),
  /** By system; empty while our clock is good. */
  doubts: keyed(doubtPart),
})
export type ClockMemory = Held<typeof memoryPart>
/** Saved under a version: another version's memory is not read. */
export const clockMemory = versioned(5, memoryPart)
