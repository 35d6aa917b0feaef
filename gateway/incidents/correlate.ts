import type { Alert } from '../model/incident.ts'
import type { Interface } from '../model/interface.ts'
import type { Subject } from '../model/subject.ts'
import { subjectKey } from '../model/subject.ts'
import type { Instant, Millis } from '../model/time.ts'
import { failureMode, kindsOf } from './alert-kinds.ts'
import { factOf } from './cause.ts'
import type { Topology } from './topology.ts'
import { isOfTheWay, votedFor } from './ways.ts'

/** Onsets this close may be one fault; a slow detector gets three times its own delay. */
export const onsetGapMsMax: Millis = 120_000
/** Only one gap in a hundred and fifty is longer than five (e^-5). */
const messagesDue = 5

/** Where an alert points: what it may share with others. Strong ones join two alerts; weak ones only what runs dry. */
export interface Loci {
  readonly strong: readonly string[]
  /** Systems upstream of a silent one: they explain it if they are silent themselves. */
  readonly upstream: readonly string[]
}

/** Which subjects an alert may share with another one. */
export function lociOf(alert: Alert, topology: Topology): Loci {
  const own = subjectKey(alert.subject)
  if (alert.subject.kind !== 'interface') return { strong: [own], upstream: [] }
  const iface = topology.iface(alert.subject.id)
  if (iface === null) return { strong: [own], upstream: [] }
  const from = `system:${iface.from}`
  const to = `system:${iface.to}`
  switch (pointsAt(alert)) {
    case 'sender':
      return {
        strong: [own, from],
        upstream: runsDry(alert) ? topology.upstreamOf(iface.from).map((id) => `system:${id}`) : [],
      }
    case 'receiver':
      return { strong: [own, to], upstream: [] }
    case 'way':
      return { strong: [own, `way:${iface.from}`, `way:${iface.to}`], upstream: [] }
    case 'interface':
      return { strong: [own], upstream: [] }
  }
}

/** What stays away because nothing comes to who sends it. */
function runsDry({ signal }: Alert): boolean {
  return signal.startsWith('silence/') || isSlowToNotice(signal)
}

/** What stays away is noticed only when its time is over: until then it may have begun at any moment since the onset. */
function isSlowToNotice(signal: string): boolean {
  return signal === 'journeys/missing' || signal === 'journeys/callback'
}

/** Silence, content, framing and order are made by who sends; refusals, slowness and wrong answers by who receives. */
function pointsAt(alert: Alert): 'sender' | 'receiver' | 'way' | 'interface' {
  const { signal } = alert
  if (isOfTheWay(alert)) return 'way'
  if (signal === 'journeys/denied' || signal === 'journeys/callback') return 'receiver'
  if (signal === 'journeys/missing' || signal === 'journeys/orphan') return 'sender'
  if (signal.startsWith('types/') || signal.startsWith('throughput/') || signal.startsWith('neighbours/')) return 'receiver'
  if (['silence/', 'contract/', 'framing/', 'stamps/'].some((family) => signal.startsWith(family))) return 'sender'
  if (signal.startsWith('failures/') || signal.startsWith('latency/') || signal.startsWith('answers/')) return 'receiver'
  if (signal === 'dictionary/unmapped' || signal.startsWith('calling/') || signal.startsWith('waiting/')) return 'sender'
  if (['dictionary/', 'completeness/', 'in-flight/'].some((family) => signal.startsWith(family))) return 'receiver'
  return 'interface'
}

/** What an incident is made of, for deciding who belongs to it. */
export interface Group {
  readonly alerts: readonly Alert[]
}

/**
 * Whether a new alert has the same cause as a group: a shared locus, compatible kinds and close onsets, all three. Never time
 * alone.
 */
export function belongs(alert: Alert, group: Group, topology: Topology): boolean {
  return group.alerts.some((other) => haveOneCause(alert, other, group, topology))
}

function haveOneCause(alert: Alert, other: Alert, group: Group, topology: Topology): boolean {
  const kinds = kindsOf(other)
  if (!kindsOf(alert).some((kind) => kinds.includes(kind))) return false
  const isSameSubject = subjectKey(alert.subject) === subjectKey(other.subject)
  // What was noticed here since the fault began belongs to it, even if a stray before the fault makes it look older.
  if (isSameSubject)
    return alert.pendingAt >= Math.min(...group.alerts.map((a) => a.onsetAt)) - onsetGapMsMax || areClose(alert, other)
  if (!areClose(alert, other)) return false
  if (shareZoneInterface(alert, other, topology)) return true
  return pointTogether(alert, other, group, topology)
}

/** Cross-interface: content is joined only by one and the same question, reach and slowness by whom they point at. */
function pointTogether(alert: Alert, other: Alert, group: Group, topology: Topology): boolean {
  const mine = lociOf(alert, topology)
  const theirs = lociOf(other, topology)
  const common = mine.strong.filter((locus) => theirs.strong.includes(locus))
  const isContent = kindsOf(alert).includes('content') || kindsOf(other).includes('content')
  if (common.length > 0) return common.some((l) => l.startsWith('interface:')) || !isContent || isSameQuestion(alert, other)
  const centre = centreOf(group.alerts, topology)
  if (centre === null) return false
  const isGroupSilent = group.alerts.some((a) => a.signal.startsWith('silence/'))
  return isGroupSilent && mine.upstream.includes(centre)
}

/** One signal, and of failures one kind of them. */
export function isSameQuestion(a: Alert, b: Alert): boolean {
  if (a.signal !== b.signal) return false
  if (a.signal !== 'failures/rate') return true
  return failureMode(a.reading) === failureMode(b.reading)
}

/** Two clocks told apart on one and the same wire at one and the same time are one piece of work (capture mllp-19). */
function shareZoneInterface(a: Alert, b: Alert, topology: Topology): boolean {
  if (a.signal !== b.signal || a.signal !== 'clock/zone') return false
  if (a.subject.kind !== 'system' || b.subject.kind !== 'system') return false
  return topology.interfacesOf(a.subject.id).some((i) => i.from === b.subject.id || i.to === b.subject.id)
}

/** Whether both may have begun at one time. */
export function areClose(a: Alert, b: Alert): boolean {
  const delays = [a, b].map((x) => Math.max(0, (x.firingAt ?? x.pendingAt) - x.onsetAt))
  if (mayHaveBegun(a, b.onsetAt) || mayHaveBegun(b, a.onsetAt)) return true
  return Math.abs(a.onsetAt - b.onsetAt) <= Math.max(onsetGapMsMax, 3 * Math.min(...delays))
}

function mayHaveBegun(alert: Alert, at: Instant): boolean {
  return at >= alert.onsetAt - onsetGapMsMax && at <= latestOnset(alert)
}

/** What is silent was so from its last message on, or from some moment before the next few were due. */
function latestOnset({ signal, reading, onsetAt, pendingAt }: Alert): Instant {
  if (isSlowToNotice(signal)) return pendingAt
  if (!signal.startsWith('silence/')) return Number.NEGATIVE_INFINITY
  return Math.min(onsetAt + messagesDue * (factOf(reading, 'expectedGapS') ?? 0) * 1000, pendingAt)
}

/** The locus that most of the alerts share: a system when several interfaces point at it, else the one subject. */
export function centreOf(alerts: readonly Alert[], topology: Topology): string | null {
  const first = alerts[0]
  if (first === undefined) return null
  const subjects = new Set(alerts.map((a) => subjectKey(a.subject)))
  const votes = new Map<string, Set<string>>()
  for (const alert of alerts) {
    for (const strong of lociOf(alert, topology).strong) {
      const locus = votedFor(strong, alert)
      if (locus === null) continue
      const voters = votes.get(locus) ?? new Set()
      votes.set(locus, voters.add(subjectKey(alert.subject)))
    }
  }
  const ranked = [...votes].sort((a, b) => b[1].size - a[1].size || order(a[0]) - order(b[0]) || (a[0] < b[0] ? -1 : 1))
  const [best] = ranked
  if (best === undefined) return null
  // One interface alone doesn't prove its whole system ill.
  if (subjects.size === 1) return subjectKey(first.subject)
  return resourceOf(alerts, best[1].size, topology) ?? best[0]
}

/**
 * A resource that more of the interfaces need than point at any one system, and at least three, or two where not every other one needs it: at the receiving end, or else
 * on the way; of two that as many need, the one that fewer others do.
 */
function resourceOf(alerts: readonly Alert[], systemVotes: number, topology: Topology): string | null {
  const interfaces = alerts.flatMap(({ subject }) => (subject.kind === 'interface' ? (topology.iface(subject.id) ?? []) : []))
  const most = (needsOf: (iface: Interface) => readonly string[]) => {
    const users = new Map<string, Set<string>>()
    for (const iface of interfaces) {
      for (const resource of needsOf(iface)) users.set(resource, (users.get(resource) ?? new Set()).add(iface.id))
    }
    const sharedAs = (resource: string) => topology.shared.find((one) => one.resource === resource)
    const usersOf = (resource: string) => sharedAs(resource)?.interfaceIds.length ?? 0
    const [best] = [...users].sort((a, b) => b[1].size - a[1].size || usersOf(a[0]) - usersOf(b[0]) || (a[0] < b[0] ? -1 : 1))
    if (best === undefined || best[1].size <= systemVotes) return null
    const least = sharedAs(best[0])?.isCommon === false ? 2 : 3
    return best[1].size >= least ? `system:${best[0]}` : null
  }
  return (
    most(({ to }) => topology.resourcesOf(to)) ??
    most((iface) => topology.wayOf(iface).filter((resource) => !topology.isCommon(resource)))
  )
}

function order(locus: string): number {
  return locus.startsWith('system:') ? 0 : 1
}

export function subjectOf(key: string): Subject {
  const colon = key.indexOf(':')
  const kind = key.slice(0, colon)
  return { kind: kind === 'interface' || kind === 'system' ? kind : 'gateway', id: key.slice(colon + 1) }
}

/**
 * Chance that at least `hits` of `drawn` interfaces need a resource when `tagged` of all `total` do (hypergeometric tail).
 * Small: the resource is what they have in common.
 */
export function enrichment(numbers: { total: number; tagged: number; drawn: number; hits: number }): number {
  const { total, tagged, drawn, hits } = numbers
  let tail = 0
  for (let k = hits; k <= Math.min(tagged, drawn); k += 1) {
    tail += Math.exp(logChoose(tagged, k) + logChoose(total - tagged, drawn - k) - logChoose(total, drawn))
  }
  return Math.min(1, tail)
}

function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY
  let sum = 0
  for (let i = 1; i <= k; i += 1) sum += Math.log((n - k + i) / i)
  return sum
}
