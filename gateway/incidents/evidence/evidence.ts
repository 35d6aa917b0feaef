import type { EdgeHealth } from '../../model/entry.ts'
import type { Interface } from '../../model/interface.ts'
import type { Json } from '../../model/json.ts'
import { once } from '../../model/once.ts'
import { parseReading } from '../../model/parse.ts'
import type { InspectedExchange, Reading } from '../../model/reading.ts'
import { listOf, numberOf, plain, recordOf, textOf } from '../../model/saved.ts'
import { type Subject, subjectKey } from '../../model/subject.ts'
import type { Instant, Millis } from '../../model/time.ts'
import type { Kind } from '../kind.ts'
import { type Place, placeOf } from '../place.ts'
import type { Topology } from '../topology.ts'
import type { WindowView } from '../window-view.ts'
import { type Split, TallyHistory } from './history.ts'
import { InterfaceMemory, type Memory } from './memory.ts'
import { tallyExchange } from './sight.ts'
import { sumOf, type Tally } from './tally.ts'

/**
 * Everything that a cause may weigh about one incident. Numbers were counted from the wire; readings are what monitors made
 * of it. What is missing here was not observed: a cause treats it as unknown, never as absent. Tallies are summed when they are first asked for: it is to be weighed at once.
 */
export interface Evidence {
  readonly now: Instant
  /** When the fault began, by the monitors' estimate: the earliest onset of the incident's alerts. */
  readonly onsetAt: Instant
  /** The interfaces that the incident is about, the one with most alerts first. */
  readonly interfaces: readonly Interface[]
  /** Names for texts, of the first interface (or of the system itself when no interface is known). */
  readonly place: Place
  /** Systems that an alert names, and the shared system of the interfaces where there is one. */
  readonly systemIds: readonly string[]
  /** Where the alerts point: a system that all of them share, or the interface. */
  readonly locus: Subject | null
  /** The incident's interfaces together, since the onset and before it. Keys: sight.ts. */
  readonly since: Tally
  readonly before: Tally
  /** Control groups since the onset: other interfaces into the same receiver, and from the same sender. */
  readonly sameReceiver: Tally
  readonly sameSender: Tally
  /** What came into the same receiver on other interfaces before the onset. */
  readonly sameReceiverBefore: Tally
  /** The worst bad reading of that signal that belongs to the incident, or null. `contract/` takes any of that family. */
  reading(signal: string): Reading | null
  /** All bad readings of that signal or family, worst first. */
  readings(signal: string): readonly Reading[]
  readonly edge: EdgeView
  /** What kinds of trouble the incident's alerts are. */
  readonly kinds: readonly Kind[]
  /** Planned changes in whose windows it began, the one with most of its alerts first. */
  readonly windows: readonly WindowView[]
}

/** The gateway's own health, from ticks. */
export interface EdgeView {
  /** Null before the first tick: a capture has none. */
  readonly lastTickAt: Instant | null
  readonly loopLagMsMax: Millis | null
  readonly droppedCount: number
  /** Open connections of the incident's interfaces; null when not reported. */
  readonly openConnections: number | null
}

/** What an incident is about, for gathering. */
export interface Focus {
  readonly now: Instant
  readonly onsetAt: Instant
  readonly interfaceIds: readonly string[]
  readonly systemIds: readonly string[]
  readonly locus: Subject | null
  /** The newest bad readings of the incident's alerts: they still tell when the monitor has said that all is well again. */
  readonly readings: readonly Reading[]
  readonly kinds: readonly Kind[]
  readonly windows: readonly WindowView[]
}

/** Readings kept: every signal of every subject of a large catalogue. */
const readingsMax = 2000

/** Counts what passes and hears what monitors say; gathers it for an incident. Bounded by the catalogue. */
export class EvidenceBook {
  readonly #topology: Topology
  #histories = new Map<string, TallyHistory>()
  #memories = new Map<string, InterfaceMemory>()
  /** Bad readings that stand, by signal and subject. */
  #readings = new Map<string, Reading>()
  #ticks = new Map<string, { readonly at: Instant; readonly health: EdgeHealth }>()

  constructor(topology: Topology) {
    this.#topology = topology
  }

  /** `isSound`: as `sight.ts` has it. */
  see(item: InspectedExchange, isSound: boolean): Memory {
    const id = item.entry.exchange.interfaceId
    let history = this.#histories.get(id)
    let memory = this.#memories.get(id)
    if (history === undefined || memory === undefined) {
      history = new TallyHistory()
      memory = new InterfaceMemory()
      this.#histories.set(id, history)
      this.#memories.set(id, memory)
    }
    const { id: connectionId, acceptor } = item.entry.exchange.connection
    const known = {
      isProven: memory.hasAnsweredOn(connectionId),
      wasDeaf: memory.wasDeafOn(connectionId),
      isNewHost: memory.isNewHost(acceptor),
    }
    tallyExchange(history.at(item.now, isSound), item, !isSound, known)
    return memory.recollect(item)
  }

  tick(at: Instant, health: EdgeHealth): void {
    this.#ticks.set(health.edgeId, { at, health })
  }

  hear(readings: readonly Reading[]): void {
    for (const reading of readings) {
      const key = readingKey(reading)
      this.#readings.delete(key)
      if (reading.state === 'bad' && this.#readings.size < readingsMax) this.#readings.set(key, reading)
    }
  }

  /** Whether the newest word of that reading's monitor about its subject is bad. */
  stands(reading: Reading): boolean {
    return this.#readings.has(readingKey(reading))
  }

  gather(focus: Focus): Evidence {
    const { topology, now } = { topology: this.#topology, now: focus.now }
    const interfaces = focus.interfaceIds.flatMap((id) => topology.iface(id) ?? [])
    const inside = new Set(focus.interfaceIds)
    const receivers = new Set(interfaces.map((i) => i.to))
    const senders = new Set(interfaces.map((i) => i.from))
    const sides = { in: ids(), receiver: ids(), sender: ids() }
    for (const id of this.#histories.keys()) {
      const iface = topology.iface(id)
      if (inside.has(id)) sides.in.push(id)
      else if (iface !== null && receivers.has(iface.to)) sides.receiver.push(id)
      else if (iface !== null && senders.has(iface.from)) sides.sender.push(id)
    }
    const split = (of: readonly string[]) => once(() => of.flatMap((id) => this.#histories.get(id)?.split(focus.onsetAt) ?? []))
    // Of most incidents no cause asks for more than what happened on their own interfaces.
    const sum = (of: () => readonly Split[], side: keyof Split) => once(() => sumOf(of().map((one) => sumOf(one[side]))))
    const own = split(sides.in)
    const receiver = split(sides.receiver)
    const since = sum(own, 'since')
    const before = sum(own, 'before')
    const sameReceiver = sum(receiver, 'since')
    const sameReceiverBefore = sum(receiver, 'before')
    const sameSender = sum(split(sides.sender), 'since')
    const readings = this.#readingsOf(focus)
    const matching = (signal: string) =>
      readings.filter((r) => (signal === '' || signal.endsWith('/') ? r.signal.startsWith(signal) : r.signal === signal))
    return {
      now,
      onsetAt: focus.onsetAt,
      interfaces,
      place: placeOf(interfaces[0] ?? null, focus, topology),
      systemIds: focus.systemIds,
      locus: focus.locus,
      get since() {
        return since()
      },
      get before() {
        return before()
      },
      get sameReceiver() {
        return sameReceiver()
      },
      get sameReceiverBefore() {
        return sameReceiverBefore()
      },
      get sameSender() {
        return sameSender()
      },
      reading: (signal) => matching(signal)[0] ?? null,
      readings: matching,
      edge: this.#edge(focus.interfaceIds),
      kinds: focus.kinds,
      windows: focus.windows,
    }
  }

  /** Whether anything was answered on that interface since then: it was well after that. */
  answeredSince(interfaceId: string, at: Instant): boolean {
    const since = this.#histories.get(interfaceId)?.split(at).since ?? []
    return since.some((tally) => tally.count('answered') + tally.count('failed') > 0)
  }

  /** Of all interfaces or systems with traffic: the ids seen so far. */
  seenInterfaceIds(): readonly string[] {
    return [...this.#histories.keys()]
  }

  save(): Json {
    return {
      histories: [...this.#histories].map(([id, h]) => [id, h.save()]),
      memories: [...this.#memories].map(([id, m]) => [id, m.save()]),
      readings: [...this.#readings.values()].map(plain),
      ticks: [...this.#ticks].map(([, t]) => [t.at, plain(t.health)]),
    }
  }

  load(saved: Json): void {
    const state = recordOf(saved)
    for (const entry of listOf(state.histories)) {
      const [id, history] = listOf(entry)
      const fresh = new TallyHistory()
      fresh.load(history)
      this.#histories.set(textOf(id), fresh)
    }
    for (const entry of listOf(state.memories)) {
      const [id, memory] = listOf(entry)
      const fresh = new InterfaceMemory()
      fresh.load(memory)
      this.#memories.set(textOf(id), fresh)
    }
    this.hear(listOf(state.readings).map(parseReading))
    for (const entry of listOf(state.ticks)) {
      const [at, health] = listOf(entry)
      const parsed = parseHealth(health)
      this.#ticks.set(parsed.edgeId, { at: numberOf(at), health: parsed })
    }
  }

  #readingsOf(focus: Focus): readonly Reading[] {
    const subjects = new Set([
      ...focus.interfaceIds.map((id) => `interface:${id}`),
      ...focus.systemIds.map((id) => `system:${id}`),
      // A clock belongs to a system: both ends of the interfaces may tell why content or order is odd.
      ...focus.interfaceIds.flatMap((id) => {
        const iface = this.#topology.iface(id)
        return iface === null ? [] : [`system:${iface.from}`, `system:${iface.to}`]
      }),
    ])
    const all = new Map([...focus.readings.map((r) => [readingKey(r), r] as const), ...this.#readings])
    return [...all.values()]
      .filter((r) => r.subject.kind === 'gateway' || subjects.has(subjectKey(r.subject)))
      .sort((a, b) => b.score - a.score || (subjectKey(a.subject) < subjectKey(b.subject) ? -1 : 1))
  }

  #edge(interfaceIds: readonly string[]): EdgeView {
    const ticks = [...this.#ticks.values()]
    const lags = ticks.map((t) => t.health.loopLagMsMax)
    const open = interfaceIds.flatMap((id) => ticks.flatMap((t) => t.health.listening[id] ?? []))
    return {
      lastTickAt: ticks.length === 0 ? null : Math.max(...ticks.map((t) => t.at)),
      loopLagMsMax: lags.length === 0 ? null : Math.max(...lags),
      droppedCount: ticks.reduce((sum, t) => sum + Object.values(t.health.dropped).reduce((a, b) => a + b, 0), 0),
      openConnections: open.length === 0 ? null : open.reduce((a, b) => a + b, 0),
    }
  }
}

function readingKey(reading: Reading): string {
  return `${reading.signal} ${subjectKey(reading.subject)}`
}

function ids(): string[] {
  return []
}

function parseHealth(saved: Json | undefined): EdgeHealth {
  const state = recordOf(saved)
  const clock = recordOf(state.clock)
  return {
    edgeId: textOf(state.edgeId),
    loopLagMsMax: numberOf(state.loopLagMsMax),
    connections: numberOf(state.connections),
    heldBytes: numberOf(state.heldBytes),
    dropped: numbersOf(state.dropped),
    exchanges: numberOf(state.exchanges),
    forwardedBytes: numberOf(state.forwardedBytes),
    clock: {
      synchronised: typeof clock.synchronised === 'boolean' ? clock.synchronised : null,
      errorBoundMs: typeof clock.errorBoundMs === 'number' ? clock.errorBoundMs : null,
    },
    listening: numbersOf(state.listening),
  }
}

function numbersOf(saved: Json | undefined): { readonly [name: string]: number } {
  return Object.fromEntries(Object.entries(recordOf(saved)).map(([name, value]) => [name, numberOf(value)]))
}
