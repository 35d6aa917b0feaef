import type { Finding } from '../model/incident.ts'
import type { Interface } from '../model/interface.ts'
import type { Json } from '../model/json.ts'
import { parseFinding } from '../model/parse.ts'
import type { InspectedExchange, Reading } from '../model/reading.ts'
import { listOf, plain } from '../model/saved.ts'
import type { Instant } from '../model/time.ts'
import type { Cause, Sight } from './cause.ts'
import type { Memory } from './evidence/memory.ts'
import { type Place, placeOf } from './place.ts'
import type { Topology } from './topology.ts'

const exchangeIdsMax = 100
/** Causes × interfaces of a large catalogue. */
const findingsMax = 2000

/** What the wire shows even once, per cause and interface. Bounded: 100 exchange ids each, the count goes on. */
export class FindingBook {
  readonly #causes: readonly Cause[]
  readonly #alwaysSpotting: readonly Cause[]
  readonly #hearing: ReadonlyMap<string, readonly Cause[]>
  readonly #topology: Topology
  #findings = new Map<string, Finding>()
  /** Names are made once for each interface, not for each exchange. */
  readonly #places = new Map<string, Place>()

  constructor(causes: readonly Cause[], topology: Topology) {
    this.#causes = causes.filter((c) => c.spot !== undefined)
    this.#alwaysSpotting = this.#causes.filter((c) => c.spotsSound === true)
    this.#hearing = bySignal(causes)
    this.#topology = topology
  }

  /** `isSound`: as `sight.ts` has it. */
  see(item: InspectedExchange, memory: Memory, isSound: boolean): void {
    const causes = isSound ? this.#alwaysSpotting : this.#causes
    const { exchange } = item.entry
    const iface = this.#topology.iface(exchange.interfaceId)
    if (iface === null) return
    const sighting = { item, memory, place: this.#placeOf(iface) }
    for (const cause of causes) {
      const sight = cause.spot?.(sighting)
      if (sight === null || sight === undefined) continue
      if (sight.withdraw === true) this.#withdraw(cause.id, iface.id)
      else this.#add(cause.id, iface, sight, [exchange.id], 1, item.now)
    }
  }

  hear(readings: readonly Reading[], interfaceId: string | null): void {
    for (const reading of readings) {
      if (reading.state !== 'bad') continue
      for (const cause of this.#hearing.get(reading.signal) ?? []) {
        const iface = this.#interfaceFor(reading, interfaceId)
        if (iface === null || cause.hears === undefined) continue
        const place = this.#placeOf(iface)
        const systemId = reading.subject.kind === 'system' ? { systemId: reading.subject.id } : {}
        const sight = { text: cause.hears.text(reading, place), ...systemId }
        this.#add(cause.id, iface, sight, reading.exchangeIds, 0, reading.onsetAt)
      }
    }
  }

  list(): readonly Finding[] {
    return [...this.#findings.values()]
  }

  save(): Json {
    return this.list().map(plain)
  }

  load(saved: Json | undefined): void {
    for (const finding of listOf(saved).map(parseFinding)) {
      this.#findings.set(`${finding.cause} ${finding.interfaceId}`, finding)
    }
  }

  #placeOf(iface: Interface): Place {
    const known = this.#places.get(iface.id)
    if (known !== undefined) return known
    const place = placeOf(iface, { systemIds: [] }, this.#topology)
    this.#places.set(iface.id, place)
    return place
  }

  /** The interface of the exchange that made the monitor speak, when the reading is about one of its ends; else the first. */
  #interfaceFor(reading: Reading, interfaceId: string | null): Interface | null {
    const about = this.#topology.interfacesFor(reading.subject)
    return about.find((i) => i.id === interfaceId) ?? about[0] ?? null
  }

  #add(cause: string, iface: Interface, sight: Sight, ids: readonly string[], by: number, at: Instant): void {
    const key = `${cause} ${iface.id}`
    const known = this.#findings.get(key)
    if (known === undefined && this.#findings.size >= findingsMax) return
    const before = known?.exchangeIds ?? []
    const fresh = ids.filter((id) => !before.includes(id))
    // A reading shows several exchanges at once, and may name some of them again.
    const count = (known?.count ?? 0) + (by > 0 ? by : Math.max(fresh.length, known === undefined ? 1 : 0))
    this.#findings.set(key, {
      cause,
      interfaceId: iface.id,
      systemId: sight.systemId ?? known?.systemId ?? null,
      exchangeIds: before.length >= exchangeIdsMax ? before : [...before, ...fresh].slice(0, exchangeIdsMax),
      count,
      firstAt: Math.min(at, known?.firstAt ?? at),
      text: sight.text,
    })
  }

  #withdraw(cause: string, interfaceId: string): void {
    const key = `${cause} ${interfaceId}`
    const known = this.#findings.get(key)
    if (known === undefined) return
    if (known.count <= 1) this.#findings.delete(key)
    else this.#findings.set(key, { ...known, count: known.count - 1 })
  }
}

function bySignal(causes: readonly Cause[]): ReadonlyMap<string, readonly Cause[]> {
  const map = new Map<string, Cause[]>()
  for (const cause of causes) {
    for (const signal of cause.hears?.signals ?? []) map.set(signal, [...(map.get(signal) ?? []), cause])
  }
  return map
}
