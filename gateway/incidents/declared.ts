import {
  type Declaration,
  hasWindow,
  includesInterface,
  type PlannedChange,
  type Silence,
  type Subjects,
  silenceEndOf,
  windowEndOf,
} from '../model/change.ts'
import type { Alert, Withheld } from '../model/incident.ts'
import type { Json } from '../model/json.ts'
import { parseDeclaration } from '../model/parse-change.ts'
import { listOf, plain } from '../model/saved.ts'
import type { Instant, Millis } from '../model/time.ts'
import { factOf } from './cause.ts'
import type { Topology } from './topology.ts'
import type { WindowView } from './window-view.ts'

/** Onsets are estimates, and people begin a little early and end a little late: so far outside the window still belongs to it. */
const windowMarginMs: Millis = 120_000
/** Windows and silences that are remembered, each: those that ended longest ago go first. */
const declaredMax = 500
/** A quiet interface may take so long at most to show that it is back. */
const quietMsMax: Millis = 12 * 3_600_000

/** The planned changes and silences that people declared. Pure: only what was declared and log time decide. Bounded. */
export class DeclaredBook {
  readonly #topology: Topology
  #changes = new Map<string, PlannedChange>()
  #silences = new Map<string, Silence>()
  /** The changes that have a window, the one that opens first first. */
  #windows: readonly PlannedChange[] = []

  constructor(topology: Topology) {
    this.#topology = topology
  }

  /** The newest revision of each counts, in whatever order they come. */
  declare(declarations: readonly Declaration[]): void {
    for (const declaration of declarations) {
      if (declaration.kind === 'change') keepNewest(this.#changes, declaration.change, windowEndOf)
      else keepNewest(this.#silences, declaration.silence, silenceEndOf)
    }
    this.#windows = [...this.#changes.values()].filter(hasWindow).sort((a, b) => a.fromAt - b.fromAt || (a.id < b.id ? -1 : 1))
  }

  /** The window that the alert's trouble began in: of several the one that opened first. Null: none. */
  windowOf(alert: Alert): PlannedChange | null {
    return this.#windows.find((change) => beganIn(change, alert) && this.#isAbout(change, alert)) ?? null
  }

  /** The windows that an incident's alerts began in, the one with most of them first. */
  windowsOf(alerts: readonly Alert[], now: Instant): readonly WindowView[] {
    const found = new Map<string, { change: PlannedChange; last: PlannedChange; alerts: Alert[] }>()
    for (const alert of alerts) {
      const chain = this.#chainOf(alert)
      const [change] = chain
      const last = chain.at(-1)
      if (change === undefined || last === undefined) continue
      const entry = found.get(change.id) ?? { change, last, alerts: [] }
      found.set(change.id, entry)
      entry.alerts.push(alert)
      if (windowEndOf(last) > windowEndOf(entry.last)) entry.last = last
    }
    return [...found.values()]
      .map(({ change, last, alerts: covered }) => ({
        change,
        last,
        endAt: windowEndOf(last),
        coveredCount: covered.length,
        alertCount: alerts.length,
        hasOverrun: covered.some((a) => a.state === 'firing' && now >= overrunAt(last, a)),
      }))
      .sort((a, b) => b.coveredCount - a.coveredCount || (a.change.id < b.change.id ? -1 : 1))
  }

  /** What keeps an incident of these alerts from being a ticket: something that was declared for every one of them. */
  withholding(alerts: readonly Alert[], lead: string, now: Instant): Withheld | null {
    const calling = alerts.filter((a) => a.state === 'firing' && a.reading.severity === 'ticket')
    const holds = calling.map((alert) => this.#holdOf(alert, lead, now))
    const known = holds.filter((hold) => hold !== null)
    if (known.length === 0 || known.length < holds.length) return null
    const ids = [...new Set(known.flatMap((hold) => hold.ids))].sort()
    return { ids, untilAt: Math.min(...known.map(({ untilAt }) => untilAt)) }
  }

  /** The next instant after `now` at which a window, its grace or a silence ends or begins; infinity when none does. */
  nextTurnAfter(now: Instant): Instant {
    const changes = this.#windows.map((c) => windowEndOf(c) + c.graceMs)
    const silences = [...this.#silences.values()].flatMap((s) => [s.fromAt, silenceEndOf(s)])
    return Math.min(Number.POSITIVE_INFINITY, ...[...changes, ...silences].filter((at) => at > now))
  }

  save(): Json {
    const changes = [...this.#changes.values()].map((change): Declaration => ({ kind: 'change', change }))
    const silences = [...this.#silences.values()].map((silence): Declaration => ({ kind: 'silence', silence }))
    return [...changes, ...silences].map(plain)
  }

  load(saved: Json): void {
    this.declare(listOf(saved).map(parseDeclaration))
  }

  /** The window that it began in, and those that go on where one before them ends: that is how work is prolonged. */
  #chainOf(alert: Alert): readonly PlannedChange[] {
    const first = this.windowOf(alert)
    if (first === null) return []
    const chain = [first]
    let last = first
    for (const change of this.#windows) {
      const goesOn = change.fromAt <= windowEndOf(last) + last.graceMs && windowEndOf(change) > windowEndOf(last)
      if (!goesOn || !this.#isAbout(change, alert)) continue
      chain.push(change)
      last = change
    }
    return chain
  }

  #holdOf(alert: Alert, lead: string, now: Instant): Withheld | null {
    const chain = this.#chainOf(alert)
    const last = chain.at(-1)
    if (last !== undefined && now < overrunAt(last, alert))
      return { ids: chain.map(({ id }) => id), untilAt: overrunAt(last, alert) }
    let longest: Silence | null = null
    for (const silence of this.#silences.values()) {
      if (!this.#isSilencing(silence, alert, lead, now)) continue
      if (longest === null || silenceEndOf(silence) > silenceEndOf(longest)) longest = silence
    }
    return longest === null ? null : { ids: [longest.id], untilAt: silenceEndOf(longest) }
  }

  #isSilencing(silence: Silence, alert: Alert, lead: string, now: Instant): boolean {
    if (now < silence.fromAt || now >= silenceEndOf(silence)) return false
    if (silence.cause !== null && silence.cause !== lead) return false
    const isOfAll = silence.interfaceIds.length === 0 && silence.systemIds.length === 0
    return isOfAll || this.#isAbout(silence, alert)
  }

  #isAbout(subjects: Subjects, { subject }: Alert): boolean {
    if (subject.kind === 'gateway') return false
    if (subject.kind === 'system') return subjects.systemIds.includes(subject.id)
    const iface = this.#topology.iface(subject.id)
    return iface === null
      ? subjects.interfaceIds.includes(subject.id)
      : includesInterface(subjects, iface, this.#topology.resourcesOf)
  }
}

/**
 * Silence begins with the last message, which on a quiet interface lies long before the window: it counts from when it was noticed, too.
 */
function beganIn(change: PlannedChange, { signal, onsetAt, pendingAt }: Alert): boolean {
  const latestAt = signal.startsWith('silence/') ? pendingAt : onsetAt
  return latestAt >= change.fromAt - windowMarginMs && onsetAt <= windowEndOf(change) + windowMarginMs
}

/** When trouble that began in the window has overrun it. A quiet interface first needs the time in which it would speak at all. */
function overrunAt(change: PlannedChange, { signal, reading }: Alert): Instant {
  const gapS = signal.startsWith('silence/') ? (factOf(reading, 'expectedGapS') ?? 0) * (factOf(reading, 'lambdaStar') ?? 0) : 0
  return windowEndOf(change) + Math.max(change.graceMs, Math.min(gapS * 1000, quietMsMax))
}

function keepNewest<T extends { readonly id: string; readonly revision: number }>(
  kept: Map<string, T>,
  item: T,
  endOf: (item: T) => Instant,
): void {
  const before = kept.get(item.id)
  if (before !== undefined && before.revision >= item.revision) return
  kept.set(item.id, item)
  if (kept.size <= declaredMax) return
  const [oldest] = [...kept.values()].sort((a, b) => endOf(a) - endOf(b) || (a.id < b.id ? -1 : 1))
  if (oldest !== undefined) kept.delete(oldest.id)
}
