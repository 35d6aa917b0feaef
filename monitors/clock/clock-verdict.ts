import type { ClockState, Reading } from '../../gateway/model/reading.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { rounded, say, type Telling } from '../shared/voice.ts'
import { bounds, changeCount, estimate, isSteady, type Span, type Track, tellCount, toleranceMs } from './bounds.ts'
import { driftingOf, driftTelling } from './clock-drift.ts'
import type { ClockNode, ClockSystem } from './clock-memory.ts'
import { type ZoneFit, zoneFit, zoneGuess } from './zones.ts'

/** What one track of evidence says of a clock. */
interface Verdict {
  readonly kind: 'unknown' | 'in-step' | 'zone' | 'offset' | 'step'
  readonly state: null | 'warn' | 'ticket'
  readonly track: Track
  readonly node: string
  readonly interfaceId: string
  readonly role: 'acks' | 'sends'
  readonly offsetMs: number
  readonly errorMs: number
  readonly fit: ZoneFit
  readonly count: number
  readonly onsetAt: Instant
  readonly exchangeIds: readonly string[]
}

const roles = ['acks', 'sends'] as const

/** When it was so from the beginning, it must hold this long to be a ticket. */
const beginningCount = 20
/** Of the messages of one type that take turns so many are right. */
const rivalRightMin = 3
/** A queue that drains passes whole quarters of an hour sooner. */
const sharedSpanMs = 2 * 60_000
/** One-sided lateness below this can't be told from a queue. */
const latenessMsMin = 30_000
const latenessSpanMs = 10 * 60_000
const driftMsMin = 1_000

/** Says what holds of one system's clock. False: there is nothing to say, nor will there be by the passing of time alone. */
export function saySystem(
  system: ClockSystem,
  at: { systemId: string; now: Instant; readAs: string },
  out: Reading[],
): boolean {
  const worst = worstOf(system)
  if (worst === null && isQuiet(system)) return false
  const context = { monitor: 'clock', subject: { kind: 'system', id: at.systemId }, now: at.now } as const
  const signals = [
    ['zone', 'zone', system.zoneVoice],
    ['offset', 'offset', system.offsetVoice],
    ['step', 'step', system.stepVoice],
  ] as const
  for (const [kind, signal, voice] of signals) {
    const isIt = worst !== null && worst.kind === kind
    if (!isIt && !voice.bad) continue
    say(out, voice, { ...context, signal }, isIt ? worst.state : null, () => telling(worst, system, at))
  }
  const drifting = driftingOf(system)
  if (drifting === null && !system.driftVoice.bad) return true
  const changeMs = drifting === null ? 0 : Math.abs(drifting.ppm * 1e-6 * drifting.spanMs)
  const state = drifting === null ? null : changeMs >= driftMsMin ? 'ticket' : 'warn'
  say(out, system.driftVoice, { ...context, signal: 'drift' }, state, () => driftTelling(drifting))
  return true
}

/** Nothing was said that would have to be taken back, and nothing drifts. */
function isQuiet(system: ClockSystem): boolean {
  const { zoneVoice, offsetVoice, stepVoice, driftVoice } = system
  const isAnyBad = zoneVoice.bad || offsetVoice.bad || stepVoice.bad || driftVoice.bad
  return !isAnyBad && driftingOf(system) === null
}

/** For the store and for `analyze`: one state per system, by its best-known sender, or by the worst where something is wrong. */
export function clockStateOf(systemId: string, system: ClockSystem): ClockState {
  const all = verdictsOf(system)
  const chosen = worstOf(system) ?? all.toSorted((a, b) => a.errorMs - b.errorMs || b.count - a.count)[0]
  const drifting = driftingOf(system)
  if (chosen === undefined) {
    return {
      systemId,
      offsetS: null,
      errorS: null,
      driftPpm: null,
      verdict: 'unknown',
      observations: 0,
      changedAt: null,
      offsetBeforeS: null,
    }
  }
  const { track } = chosen
  const isKnown = chosen.kind !== 'unknown'
  const kind = chosen.kind === 'zone' ? 'timezone' : chosen.kind
  return {
    systemId,
    offsetS: rounded(chosen.offsetMs / 1000),
    errorS: rounded(chosen.errorMs / 1000),
    driftPpm: drifting?.ppm ?? track.driftPpm,
    verdict: isKnown && kind !== 'in-step' ? kind : drifting !== null ? 'drift' : kind,
    observations: track.count + (track.challenger?.count ?? 0),
    changedAt: track.changedAt,
    offsetBeforeS: track.changedAt === null ? null : rounded(track.offsetBefore / 1000),
  }
}

function worstOf(system: ClockSystem): Verdict | null {
  let worst: Verdict | null = null
  for (const [name, node] of system.nodes) {
    for (const role of roles) {
      const fault = faultOf(name, node, role)
      if (fault !== null && (worst === null || rankOf(fault) > rankOf(worst))) worst = fault
    }
  }
  if (worst?.state === 'ticket' || system.nodes.size < 2) return worst
  const shared = sharedZoneOf(system, 'sends') ?? sharedZoneOf(system, 'acks')
  return worst === null || shared?.state === 'ticket' ? shared : worst
}

/**
 * Of a system that sends under several names, as instruments do, the zone is told as soon as of one with a single name: when all that passed since the first
 * of them is off by the same zone, whoever sent it. A warning until all together are as many as one name would need that was right before.
 */
function sharedZoneOf(system: ClockSystem, role: 'acks' | 'sends'): Verdict | null {
  const young: Verdict[] = []
  for (const [name, node] of system.nodes) {
    const zone = youngZoneOf(name, node, role)
    if (zone !== null) young.push(zone)
  }
  const [first] = young
  if (first === undefined) return null
  const count = young.reduce((sum, verdict) => sum + verdict.count, 0)
  const sinceAt = young.reduce((least, { onsetAt }) => Math.min(least, onsetAt), first.onsetAt)
  if (count < tellCount || young.some(({ fit }) => fit.quarters !== first.fit.quarters)) return null
  for (const node of system.nodes.values())
    if (node[role].count > 0 && node[role].lastAt >= sinceAt && !young.some(({ track }) => track === node[role])) return null
  const haveAllChanged = young.length > 1 && young.every(({ track }) => track.challenger !== null)
  const lastAt = young.reduce((most, { track }) => Math.max(most, track.lastAt), sinceAt)
  const isSure = haveAllChanged && count >= changeCount && lastAt - sinceAt >= sharedSpanMs
  return { ...first, kind: 'zone', state: isSure ? 'ticket' : 'warn', count, onsetAt: sinceAt }
}

/** What too few messages of one name say so far, where that is a zone. */
function youngZoneOf(name: string, node: ClockNode, role: 'acks' | 'sends'): Verdict | null {
  const track = node[role]
  const span = track.challenger ?? (track.count < tellCount ? bounds(track) : null)
  if (span === null || span.count === 0) return null
  const verdict = judgeSpan(name, node, role, span, span.count)
  const exchangeIds = span === track.challenger ? track.challengerIds : track.ids
  return verdict.fit.isZone && node.mutedMs === null ? { ...verdict, onsetAt: span.fromAt, exchangeIds } : null
}

function sendersAlike({ kind, fit }: Verdict, system: ClockSystem): number {
  const alike = verdictsOf(system).filter((one) => one.kind === kind && one.fit.quarters === fit.quarters)
  return new Set(alike.map(({ node }) => node)).size
}

function rankOf(verdict: Verdict): number {
  return (verdict.state === 'ticket' ? 1e9 : 0) + (verdict.track.isHard ? 1e8 : 0) + verdict.count
}

function verdictsOf(system: ClockSystem): readonly Verdict[] {
  const made: Verdict[] = []
  for (const [name, node] of system.nodes) {
    for (const role of roles) if (node[role].count > 0) made.push(verdictOf(name, node, role))
  }
  return made
}

/** Null: that track says of nothing that it is wrong. Of most, which agree with our clock and aren't contradicted, no verdict is made. */
function faultOf(name: string, node: ClockNode, role: Verdict['role']): Verdict | null {
  const track = node[role]
  if (track.count === 0) return null
  const isContradicted = track.challenger !== null || track.rival !== null
  if (!isContradicted && Math.abs(estimate(track).offsetMs) <= toleranceMs) return null
  const verdict = verdictOf(name, node, role)
  return verdict.state === null ? null : verdict
}

function verdictOf(name: string, node: ClockNode, role: 'acks' | 'sends'): Verdict {
  const track = node[role]
  const taking = turnTaking(name, node, role)
  if (taking !== null) return taking
  const challenger = track.challenger !== null && track.challenger.count >= tellCount ? track.challenger : null
  if (challenger !== null) {
    const early = judgeSpan(name, node, role, challenger, challenger.count)
    // Before it holds, only a zone is worth telling: nothing else puts stamps whole quarters of an hour off.
    if (early.kind === 'zone') {
      return { ...early, state: 'warn', onsetAt: challenger.fromAt, exchangeIds: track.challengerIds }
    }
  }
  // What wanders has to agree for as long again; two-sided evidence may follow a drift.
  const believed = bounds(track)
  return judgeSpan(name, node, role, believed, track.isHard ? track.count : believed.count)
}

/** One of several hosts under one name has another clock or zone: its offset comes again and again between stamps that are right, as no queue's does. */
function turnTaking(name: string, node: ClockNode, role: 'acks' | 'sends'): Verdict | null {
  const { rival, rivalIds, rivalType, rivalOfTypeRight, lastAt } = node[role]
  // All messages of one type: that is how they are written, and no host.
  if (rivalType !== '' && rivalOfTypeRight < rivalRightMin) return null
  if (rival === null || rival.count < changeCount || !isSteady(node[role], rival, lastAt)) return null
  const verdict = judgeSpan(name, node, role, rival, rival.count)
  const isSure = node[role].isHard || rival.lo > 0 || isNoRetry(verdict)
  return isSure && verdict.state !== null ? { ...verdict, state: 'ticket', onsetAt: rival.fromAt, exchangeIds: rivalIds } : null
}

/** What comes late by the same again and again may have been tried again by a timer. Few timers run for whole hours, hardly one for two, and none for odd seconds. */
function isNoRetry({ fit, count, offsetMs }: Verdict): boolean {
  if (fit.isZone) return fit.quarters % 4 === 0 && (Math.abs(fit.quarters) >= 8 || count >= 2 * changeCount)
  const rest = Math.abs(offsetMs) % 30_000
  return count >= 2 * changeCount && rest > 3_000 && rest < 27_000
}

function judgeSpan(name: string, node: ClockNode, role: 'acks' | 'sends', span: Span, count: number): Verdict {
  const track = node[role]
  const { offsetMs, errorMs } = estimate(track, span)
  const fit = zoneFit(offsetMs / 1000, errorMs / 1000)
  const isMuted = node.mutedMs !== null && Math.abs(node.mutedMs - offsetMs) <= toleranceMs
  const isQueue = role === 'sends' && offsetMs < 0 && !fit.isZone && areAcksInStep(node, span)
  const kind = isQueue ? 'unknown' : kindOf(track, { offsetMs, errorMs, fit, count })
  const isFault = kind !== 'unknown' && kind !== 'in-step' && !isMuted
  const isLong = count >= (track.changedAt === null ? beginningCount : changeCount) && isSteady(track, span, track.lastAt)
  return {
    kind,
    state: isFault ? (isLong ? 'ticket' : 'warn') : null,
    track,
    node: name,
    interfaceId: node.interfaceId,
    role,
    offsetMs,
    errorMs,
    fit,
    count,
    onsetAt: track.changedAt ?? track.sinceAt,
    exchangeIds: track.ids,
  }
}

/** What the same host acknowledged since is stamped right: its messages are late by waiting. */
function areAcksInStep({ acks }: ClockNode, { fromAt }: Span): boolean {
  if (acks.count < tellCount || acks.challenger !== null || acks.lastAt <= fromAt) return false
  return Math.abs(estimate(acks).offsetMs) <= toleranceMs
}

function kindOf(track: Track, at: { offsetMs: number; errorMs: number; fit: ZoneFit; count: number }): Verdict['kind'] {
  const { offsetMs, errorMs } = at
  if (at.count < tellCount) return 'unknown'
  if (at.fit.isZone) return 'zone'
  if (Math.abs(offsetMs) <= Math.max(toleranceMs, errorMs))
    return errorMs <= toleranceMs || !track.isHard ? 'in-step' : 'unknown'
  const isLateOneSided = !track.isHard && offsetMs < 0
  if (isLateOneSided) {
    const isSteady = track.hasJumped || (at.count >= beginningCount && track.lastAt - track.sinceAt >= latenessSpanMs)
    if (-offsetMs < latenessMsMin || !isSteady) return 'unknown'
  }
  if (Math.abs(offsetMs) <= errorMs + 1000) return 'unknown'
  return track.changedAt === null ? 'offset' : 'step'
}

function telling(verdict: Verdict | null, system: ClockSystem, at: { now: Instant; readAs: string }): Telling {
  if (verdict === null) throw new Error('a good reading tells nothing')
  const { track, offsetMs, errorMs, fit } = verdict
  const acks = system.nodes.get(verdict.node)?.acks
  // Of use beside what the messages' stamps say; acknowledgments that are accused themselves are none.
  const acksInStep =
    verdict.role === 'sends' &&
    acks !== undefined &&
    acks.count >= tellCount &&
    Math.abs(estimate(acks).offsetMs) <= toleranceMs
  return {
    onsetAt: verdict.onsetAt,
    score: rounded(Math.abs(offsetMs) / toleranceMs),
    facts: {
      offsetS: rounded(offsetMs / 1000),
      errorS: rounded(errorMs / 1000),
      residualS: rounded(fit.residualS),
      zoneGuess: verdict.kind === 'zone' ? zoneGuess(fit, at.readAs, at.now) : null,
      observations: verdict.count,
      evidence: verdict.role,
      sender: verdict.node,
      senders: system.nodes.size,
      /** Of them, those that are off alike. */
      sendersAlike: sendersAlike(verdict, system),
      interfaceId: verdict.interfaceId,
      acksInStep: acksInStep ? 1 : 0,
      changedAt: track.changedAt,
      offsetBeforeS: track.changedAt === null ? null : rounded(track.offsetBefore / 1000),
      driftPpm: track.driftPpm,
    },
    exchangeIds: verdict.exchangeIds,
  }
}
