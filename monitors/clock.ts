import type { Facts, Stamp } from '../gateway/model/document.ts'
import { decidingAnswer } from '../gateway/model/exchange.ts'
import type { Interface } from '../gateway/model/interface.ts'
import type { Json } from '../gateway/model/json.ts'
import type {
  ClockState,
  Inspected,
  InspectedExchange,
  Monitor,
  MonitorOptions,
  Reading,
  RunningMonitor,
} from '../gateway/model/reading.ts'
import type { Instant } from '../gateway/model/time.ts'
import { delayPriorMs, type Observation, observe, type Track, tellCount } from './clock/bounds.ts'
import { type ClockMemory, type ClockNode, type ClockSystem, clockMemory, nodePart, systemPart } from './clock/clock-memory.ts'
import { clockStateOf, saySystem } from './clock/clock-verdict.ts'
import { doubt, muteCommonOffset, muteCommonShift, sayGateway } from './clock/own-clock.ts'

/** The clock monitor also tells the state of each system's clock, for the store and for `analyze`. */
export interface RunningClock extends RunningMonitor {
  clockStates(): readonly ClockState[]
}

export interface ClockMonitor extends Monitor {
  start(options: MonitorOptions, saved: Json | null): RunningClock
}

const nothing: readonly Reading[] = []

/** Coarser stamps say nothing of a clock. */
const resolutionMsMax = 60_000
const nodesMax = 8
/** Two stamps of one message are further apart than its making takes. */
const apartMs = 1_800_000
/** Longer than any hold-off. */
const settledCount = 32
const edgesMax = 16
/** Beyond this the gateway's own clock is too uncertain to judge others by. */
const ownErrorMsMax = 250

/**
 * Whose clock is wrong, by how much, and is it a zone? Per system, not per interface (reference/algorithms.md 3). A request's stamp S
 * that passed us at g bounds the sender's clock from below: offset >= S - g. An acknowledgment's stamp R was made between the request's
 * passing g1 and its own passing g4: R - g4 <= offset < R + step - g1. Only stamps of kind `message` are such evidence.
 */
export const clock: ClockMonitor = {
  name: 'clock',
  start({ catalogue }, saved) {
    const memory = clockMemory.start(saved)
    const interfaces = new Map(catalogue.interfaces.map((iface) => [iface.id, iface]))
    const zones = new Map(catalogue.systems.map((s) => [s.id, s.timezone ?? catalogue.hospital.timezone]))
    const zoneOf = (systemId: string) => zones.get(systemId) ?? catalogue.hospital.timezone
    /** Of these there is nothing to say until more is learned of them: most clocks are right, and ticks are many. */
    const settled = new Set<string>()
    const judge = (systemId: string, system: ClockSystem, now: Instant, out: Reading[]) => {
      if (!saySystem(system, { systemId, now, readAs: zoneOf(systemId) }, out)) settled.add(systemId)
    }
    const onExchange = (item: InspectedExchange): readonly Reading[] => {
      const iface = interfaces.get(item.entry.exchange.interfaceId)
      if (iface === undefined) return nothing
      const isGood = isOwnClockGood(memory)
      const touched = noteExchange(memory, item, iface, isGood)
      if (touched.length === 0) return nothing
      const out: Reading[] = []
      for (const id of touched) settled.delete(id)
      if (!isGood) {
        settled.clear()
        sayGateway(memory, item.now, out)
        return out
      }
      if (memory.gatewayVoice.bad || touched.some((id) => isInQuestion(memory.systems.get(id)))) {
        // What is known of one clock is held against what is known of all.
        settled.clear()
        muteCommonShift(memory, item.now)
        muteCommonOffset(memory, item.now)
        sayGateway(memory, item.now, out)
      }
      for (const id of touched) {
        const system = memory.systems.get(id)
        if (system !== undefined && isDue(system)) judge(id, system, item.now, out)
      }
      return out
    }
    return {
      assess(item) {
        if (item.kind === 'exchange') return onExchange(item)
        if (item.kind === 'measurement') return nothing
        noteTick(memory, item)
        const out: Reading[] = []
        for (const [id, system] of memory.systems) if (!settled.has(id)) judge(id, system, item.now, out)
        return out
      },
      save: () => clockMemory.save(memory),
      clockStates: () => [...memory.systems].map(([id, system]) => clockStateOf(id, system)),
    }
  },
}

function noteTick(memory: ClockMemory, { entry }: Extract<Inspected, { kind: 'tick' }>): void {
  const { edgeId, clock: own } = entry.health
  memory.edgeId = edgeId
  if (!memory.edges.has(edgeId) && memory.edges.size >= edgesMax) return
  memory.edges.set(edgeId, own.synchronised !== false && (own.errorBoundMs === null || own.errorBoundMs <= ownErrorMsMax))
  if (memory.doubts.size > 0 && isOwnClockGood(memory)) memory.doubts.clear()
}

/** Looking at a clock that is known and isn't contradicted costs more than it tells: every eighth observation will do. */
function isDue(system: ClockSystem): boolean {
  if (system.zoneVoice.bad || system.offsetVoice.bad || system.stepVoice.bad || system.driftVoice.bad) return true
  for (const { acks, sends } of system.nodes.values()) if (isTrackDue(acks) || isTrackDue(sends)) return true
  return false
}

function isTrackDue(track: Track): boolean {
  return track.challenger !== null || (track.count > 0 && (track.count <= settledCount || track.count % 8 === 0))
}

/** It is off, or seems to change. */
function isInQuestion(system: ClockSystem | undefined): boolean {
  if (system === undefined) return false
  if (system.zoneVoice.bad || system.offsetVoice.bad) return true
  for (const { acks, sends } of system.nodes.values()) {
    if ((acks.challenger?.count ?? 0) >= tellCount || (sends.challenger?.count ?? 0) >= tellCount) return true
  }
  return false
}

/** An edge that says nothing of its clock is believed: verdicts still stand, and the edge's own reading says the rest. */
function isOwnClockGood(memory: ClockMemory): boolean {
  for (const isGood of memory.edges.values()) if (!isGood) return false
  return true
}

/** The systems that something was learned of. While our own clock isn't good, nothing is learned of theirs: they tell of ours. */
function noteExchange(memory: ClockMemory, item: InspectedExchange, iface: Interface, isGood: boolean): readonly string[] {
  const { exchange } = item.entry
  const { request } = exchange
  if (request === null || exchange.requestFrom === null) return none
  const sent = stampOf(item.requestFacts, request.startAt)
  const answer = decidingAnswer(exchange)
  const made = stampOf(item.answerFacts, answer?.startAt ?? request.endAt)
  if (sent === null && made === null) return none
  if (exchange.wire.some((fact) => fact.kind === 'duplicate' || fact.kind === 'wrong-control-id')) return none
  const learn = (systemId: string, track: Track, seen: Observation) => {
    if (isGood) observe(track, seen)
    else doubt(memory, systemId, track, seen)
  }
  const isUsual = exchange.requestFrom === 'initiator'
  const [sender, answerer] = isUsual ? [iface.from, iface.to] : [iface.to, iface.from]
  const about = { id: exchange.controlId ?? exchange.id, exchangeId: exchange.id, at: item.now, type: exchange.type ?? '' }
  const touched: string[] = []
  if (sent !== null) {
    const node = nodeOf(memory, sender, item.requestFacts, iface.id)
    if (node !== null && !standsStill(node, sent, request.startAt)) {
      const lo = sent.at - request.startAt
      learn(sender, tracked(node.sends, sent), { ...about, madeAt: sent.at, lo, hi: lo + sent.resolutionMs + delayPriorMs })
      touched.push(sender)
    }
  }
  if (made === null || answer === null || answer.startAt < request.endAt) return touched
  const node = nodeOf(memory, answerer, item.answerFacts, iface.id)
  if (node === null || isEcho(node, sent, made, request.endAt)) return touched
  node.acks.isHard = true
  const lo = made.at - answer.startAt
  learn(answerer, tracked(node.acks, made), { ...about, madeAt: made.at, lo, hi: made.at + made.resolutionMs - request.endAt })
  if (answerer !== sender || touched.length === 0) touched.push(answerer)
  return touched
}

const none: readonly string[] = []

type ClockStamp = Stamp & { readonly at: Instant }

function stampOf(facts: Facts | null, passedAt: Instant): ClockStamp | null {
  const stamp = facts === null ? undefined : likelier(facts.stamps, passedAt)
  return stamp !== undefined && isFine(stamp) ? stamp : null
}

function isFine(stamp: Stamp): stamp is ClockStamp {
  return stamp.at !== null && stamp.resolutionMs <= resolutionMsMax
}

/** The message's own stamp. Where it states its time twice and they differ by hours, one is written wrongly and says nothing of the clock: the other counts. */
function likelier(all: readonly Stamp[], passedAt: Instant): Stamp | undefined {
  let best: Stamp | undefined
  for (const stamp of all) {
    if (stamp.kind !== 'message') continue
    if (best === undefined) best = stamp
    // What names its zone is right whatever zone is set.
    else if (stamp.path.startsWith('@') || stamp.at === null || best.at === null || stamp.hasZone !== best.hasZone) continue
    else if (Math.abs(stamp.at - best.at) > apartMs && Math.abs(stamp.at - passedAt) < Math.abs(best.at - passedAt))
      best = stamp
  }
  return best
}

function tracked(track: Track, stamp: ClockStamp): Track {
  track.resolutionMs = stamp.resolutionMs
  return track
}

/** Null: a system with too many names; what can't be told apart is left out. */
function nodeOf(memory: ClockMemory, systemId: string, facts: Facts | null, interfaceId: string): ClockNode | null {
  let system = memory.systems.get(systemId)
  if (system === undefined) {
    system = systemPart.fresh()
    memory.systems.set(systemId, system)
  }
  const name = facts?.sender ?? ''
  let node = system.nodes.get(name)
  if (node === undefined) {
    if (system.nodes.size >= nodesMax) return null
    node = nodePart.fresh()
    node.interfaceId = interfaceId
    system.nodes.set(name, node)
  }
  return node
}

/** Stored messages that are sent again carry one stamp for ever; a second that isn't over yet is another matter. */
function standsStill(node: ClockNode, stamp: ClockStamp, seenAt: Instant): boolean {
  const isStill = stamp.at === node.lastStampAt && seenAt - node.lastSeenAt > 2 * stamp.resolutionMs + 1000
  if (stamp.at === node.lastStampAt) return isStill
  node.lastStampAt = stamp.at
  node.lastSeenAt = seenAt
  return false
}

/**
 * Some receivers copy the request's stamp into their answer. Equal stamps say so only where chance would have made them differ: with
 * steps below a second, or when the request's stamp isn't of now.
 */
function isEcho(node: ClockNode, sent: ClockStamp | null, made: ClockStamp, passedAt: Instant): boolean {
  if (sent === null) return false
  if (made.resolutionMs < 1000 || Math.abs(passedAt - sent.at) > made.resolutionMs + 1000) {
    node.echoChances += 1
    if (sent.at === made.at) node.echoes += 1
  }
  return node.echoes >= 3 && node.echoes > 0.95 * node.echoChances
}
