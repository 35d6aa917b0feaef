import type { Catalogue, Interface } from './interface.ts'
import type { Instant, Millis } from './time.ts'

/** Which interfaces and systems something is about. A system stands for all interfaces that touch it or need it as a resource. */
export interface Subjects {
  readonly interfaceIds: readonly string[]
  readonly systemIds: readonly string[]
}

/**
 * Work on the hospital's systems that was announced and approved. Its window silences and explains: what goes wrong in it at its
 * subjects makes no ticket, unless it outlasts the window by its grace.
 */
export interface PlannedChange extends Subjects {
  readonly id: string
  /** 1 as it was made; one more with every change of it. */
  readonly revision: number
  readonly title: string
  readonly fromAt: Instant
  readonly toAt: Instant
  /** What outlasts the window by so long has overrun. */
  readonly graceMs: Millis
  /** Number of the form that approved it. Shown in tickets and notices, so it holds no free text. */
  readonly approval: string
  readonly by: string
  readonly comment: string
  readonly state: 'planned' | 'cancelled' | 'ended-early'
  /** When it was cancelled or ended early, and by whom. */
  readonly endedAt: Instant | null
  readonly endedBy: string | null
  readonly madeAt: Instant
  /** `configuration`: a new configuration was put to work; it has no window, silences nothing and tells only what differs. */
  readonly origin: 'person' | 'configuration'
  /** Digest of the configuration that was at work when it was made; null where none was kept. */
  readonly snapshot: string | null
  /** Of a new configuration: the digest of the one before. */
  readonly snapshotBefore: string | null
}

/** What somebody wants no tickets of for a while. It explains nothing, and ends by itself. */
export interface Silence extends Subjects {
  readonly id: string
  readonly revision: number
  /** Only incidents that this cause leads; null: of any cause. */
  readonly cause: string | null
  readonly reason: string
  readonly by: string
  readonly fromAt: Instant
  readonly untilAt: Instant
  /** When somebody ended it before its time, and who. */
  readonly endedAt: Instant | null
  readonly endedBy: string | null
}

/** Whether the interface is among them: by itself, by the system at either end, or by a resource that one of these needs. */
export function includesInterface(
  { interfaceIds, systemIds }: Subjects,
  { id, from, to }: Pick<Interface, 'id' | 'from' | 'to'>,
  resourcesOf: (systemId: string) => readonly string[],
): boolean {
  if (interfaceIds.includes(id)) return true
  return systemIds.length > 0 && [from, to].some((end) => [end, ...resourcesOf(end)].some((one) => systemIds.includes(one)))
}

/** What each system needs, for `includesInterface`. */
export function resourcesIn({ systems }: Pick<Catalogue, 'systems'>): (systemId: string) => readonly string[] {
  const depends = new Map(systems.map((system) => [system.id, system.depends]))
  return (systemId) => depends.get(systemId) ?? []
}

/** A silence lasts at most this long. */
export const silenceMsMax: Millis = 24 * 3_600_000
export const graceMsDefault: Millis = 600_000

/** What people declared to analysis: one revision of one planned change or silence. */
export type Declaration =
  | { readonly kind: 'change'; readonly change: PlannedChange }
  | { readonly kind: 'silence'; readonly silence: Silence }

/** The end of its window: as planned, or earlier. */
export function windowEndOf({ state, toAt, endedAt }: PlannedChange): Instant {
  return state === 'ended-early' && endedAt !== null ? Math.min(toAt, endedAt) : toAt
}

/** Whether it has a window at all: a cancelled one never had, and a new configuration has none. */
export function hasWindow({ state, origin }: PlannedChange): boolean {
  return state !== 'cancelled' && origin === 'person'
}

/** The end of a silence: its time, or when somebody ended it. */
export function silenceEndOf({ untilAt, endedAt }: Silence): Instant {
  return endedAt === null ? untilAt : Math.min(untilAt, endedAt)
}

export type ChangePhase = 'coming' | 'now' | 'past' | 'cancelled'

export function phaseOf(change: PlannedChange, now: Instant): ChangePhase {
  if (change.state === 'cancelled') return 'cancelled'
  if (now < change.fromAt) return 'coming'
  return hasWindow(change) && now < windowEndOf(change) ? 'now' : 'past'
}
