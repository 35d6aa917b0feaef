import type { Declaration } from '../model/change.ts'
import type { Entry, LoggedEntry } from '../model/entry.ts'
import type { Alert, Finding, Incident } from '../model/incident.ts'
import type { JourneyPlan } from '../model/journey.ts'
import type { Json } from '../model/json.ts'
import type { ObservedExchange } from '../model/observed.ts'
import type { ClockState, Inspected, Monitor, Reading, RunningMonitor } from '../model/reading.ts'
import type { Instant } from '../model/time.ts'
import type { AlertBook } from './alert-book.ts'
import {
  type Contents,
  type ContentsAt,
  createContentsReader,
  type InspectParts,
  inspected,
  readByInterface,
} from './inspect.ts'
import { createTimeline, movedBack, type SetBack, type Timeline } from './timeline.ts'

/** Joins alerts that share one cause, and says which. */
export interface Incidents {
  take(item: Inspected, readings: readonly Reading[], alerts: readonly Alert[]): readonly Incident[]
  declare(declarations: readonly Declaration[]): void
  /** The analysis clock was set back: what was declared may begin or end sooner than it seemed. */
  turnBack(): void
  findings(): readonly Finding[]
  save(): Json
}

export interface EngineParts extends InspectParts {
  readonly monitors: readonly Monitor[]
  readonly journeyPlans?: readonly JourneyPlan[]
  startAlertBook(saved: Json | null): AlertBook
  startIncidents(saved: Json | null): Incidents
}

/** What a batch of entries changed. Each alert, incident and clock stands as it is after the batch. */
export interface EngineChanges {
  readonly now: Instant
  readonly exchanges: readonly ObservedExchange[]
  readonly readings: readonly Reading[]
  readonly alerts: readonly Alert[]
  readonly incidents: readonly Incident[]
  readonly clocks: readonly ClockState[]
}

/**
 * Inspect, monitors, alert book, incidents: a deterministic function of the entries it is given, and of what was declared between which of them. It reads no clock and rolls no dice;
 * how entries are cut into batches changes nothing. `startEngine(parts, engine.save())` goes on as if nothing had happened.
 */
export interface Engine {
  /** What the bodies of an entry say. Null: it has none. Pure. */
  readonly read: (entry: Entry) => Contents | null
  /** `contents`: what `read` says of each entry, where it is known already; else they are read now. */
  take(entries: readonly LoggedEntry[], contents?: ContentsAt): EngineChanges
  /**
   * What people declared counts from the next entry on. Between which two entries it was said decides what follows, so whoever says it
   * writes that down.
   */
  declare(declarations: readonly Declaration[]): void
  findings(): readonly Finding[]
  clockStates(): readonly ClockState[]
  save(): Json
}

export function startEngine(parts: EngineParts, saved: Json | null): Engine {
  return new RunningEngine(parts, savedEngine(saved))
}

interface Saved {
  readonly timeline: Json | null
  readonly monitors: { readonly [name: string]: Json }
  readonly alertBook: Json | null
  readonly incidents: Json | null
}

const nothing: readonly Reading[] = []

/**
 * Entries that a stage takes before the next stage has them: thirty monitors in turn at each entry would push each other, and the reading of bodies, out of the
 * processor's caches, which costs a quarter of the whole. More than this, and the entries themselves fall out of them.
 */
const stretchMax = 400

class RunningEngine implements Engine {
  readonly #parts: EngineParts
  readonly read: (entry: Entry) => Contents | null
  readonly #timeline: Timeline
  #stages: Stages
  #clocksTold = new Map<string, string>()

  constructor(parts: EngineParts, saved: Saved) {
    this.#parts = parts
    this.read = createContentsReader(parts)
    this.#timeline = createTimeline(saved.timeline)
    this.#stages = startStages(parts, saved)
  }

  take(entries: readonly LoggedEntry[], contents?: ContentsAt): EngineChanges {
    const exchanges: ObservedExchange[] = []
    const readings: Reading[] = []
    const alerts = new Map<string, Alert>()
    const incidents = new Map<string, Incident>()
    const contentsAt = contents ?? readByInterface(entries, this.read)
    let stretch: Inspected[] = []
    const think = () => {
      for (const { item, read } of this.#assess(stretch)) {
        const changed = this.#stages.alertBook.take(read, item.now)
        for (const incident of this.#stages.incidents.take(item, read, changed)) incidents.set(incident.id, incident)
        for (const alert of changed) alerts.set(alert.id, alert)
        if (read.length > 0) readings.push(...read)
      }
      stretch = []
    }
    for (const [i, { position, entry }] of entries.entries()) {
      const setBack = this.#timeline.pass(entry)
      if (setBack !== null) {
        think()
        this.#moveBack(setBack)
      }
      const item = inspected(entry, this.#timeline.now, contentsAt(i), setBack)
      if (item.kind === 'exchange') {
        const { requestFacts, answerFacts, violations } = item
        exchanges.push({ position, exchange: item.entry.exchange, requestFacts, answerFacts, violations })
      }
      stretch.push(item)
      if (stretch.length === stretchMax) think()
    }
    think()
    return {
      now: this.#timeline.now,
      exchanges,
      readings,
      alerts: [...alerts.values()],
      incidents: [...incidents.values()],
      clocks: this.#changedClocks(),
    }
  }

  declare(declarations: readonly Declaration[]): void {
    this.#stages.incidents.declare(declarations)
  }

  findings(): readonly Finding[] {
    return this.#stages.incidents.findings()
  }

  clockStates(): readonly ClockState[] {
    return this.#stages.monitors.flatMap(({ running }) => running.clockStates?.() ?? [])
  }

  save(): Json {
    const { monitors, alertBook, incidents } = this.#stages
    return {
      timeline: this.#timeline.save(),
      monitors: Object.fromEntries(monitors.map(({ name, running }) => [name, running.save()])),
      alertBook: alertBook.save(),
      incidents: incidents.save(),
    }
  }

  /** As if all that is known had been noted by the clock as it is now. */
  #moveBack(setBack: SetBack): void {
    // People say by their own clocks when they work.
    this.#stages = startStages(this.#parts, savedEngine(movedBack(this.save(), setBack, ['declared'])))
    this.#stages.incidents.turnBack()
  }

  /** One monitor after the other sees all of them, and what each item made them say is in their order. */
  #assess(items: readonly Inspected[]): readonly { readonly item: Inspected; readonly read: readonly Reading[] }[] {
    const all = items.map((item) => ({ item, read: nothing }))
    for (const { running } of this.#stages.monitors) {
      for (const one of all) {
        const read = running.assess(one.item)
        // At nearly every entry no monitor has anything to say.
        if (read.length > 0) one.read = [...one.read, ...read]
      }
    }
    return all
  }

  #changedClocks(): readonly ClockState[] {
    return this.clockStates().filter((clock) => {
      const text = JSON.stringify(clock)
      if (this.#clocksTold.get(clock.systemId) === text) return false
      this.#clocksTold.set(clock.systemId, text)
      return true
    })
  }
}

/** All that remembers, in the order in which an entry goes through it. */
interface Stages {
  readonly monitors: readonly { readonly name: string; readonly running: RunningMonitor }[]
  readonly alertBook: AlertBook
  readonly incidents: Incidents
}

function startStages(parts: EngineParts, saved: Saved): Stages {
  const { catalogue, journeyPlans = [] } = parts
  return {
    monitors: parts.monitors.map((monitor) => ({
      name: monitor.name,
      running: monitor.start({ catalogue, journeyPlans }, saved.monitors[monitor.name] ?? null),
    })),
    alertBook: parts.startAlertBook(saved.alertBook),
    incidents: parts.startIncidents(saved.incidents),
  }
}

/** A saved state comes from our own store; anything else starts afresh. */
function savedEngine(saved: Json | null): Saved {
  const fresh: Saved = { timeline: null, monitors: {}, alertBook: null, incidents: null }
  if (!isRecord(saved)) return fresh
  const monitors = saved.monitors ?? null
  return {
    timeline: saved.timeline ?? null,
    monitors: isRecord(monitors) ? monitors : {},
    alertBook: saved.alertBook ?? null,
    incidents: saved.incidents ?? null,
  }
}

function isRecord(value: Json | null): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
