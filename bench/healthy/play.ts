import { createAlertBook } from '../../gateway/analysis/alert-book.ts'
import { causes } from '../../gateway/incidents/causes/index.ts'
import { createIncidents } from '../../gateway/incidents/incidents.ts'
import type { Incident } from '../../gateway/model/incident.ts'
import type { Inspected, InspectedExchange, Monitor, Reading } from '../../gateway/model/reading.ts'
import type { Millis } from '../../gateway/model/time.ts'
import { dayMs, ticked, weekMs } from '../../tests/unit/monitors/stream.ts'
import type { HealthyHospital } from './hospital.ts'

/** A ticket of a hospital in which nothing was wrong. */
export interface FalseTicket {
  readonly interfaceId: string
  /** Which week of it, from 0. */
  readonly week: number
  readonly day: number
  readonly cause: string
  readonly signals: readonly string[]
  /** What the monitors' words were. */
  readonly facts: readonly Reading['facts'][]
}

export interface Played {
  readonly exchangeCount: number
  /** By signal, how often it began to call for a ticket, before the alert book's hold-off. */
  readonly badReadings: ReadonlyMap<string, number>
  readonly tickets: readonly FalseTicket[]
}

/** Plays a hospital's weeks into monitors, alert book and incidents, with a tick every so often. */
export function playHealthy(hospital: HealthyHospital, monitors: readonly Monitor[], tickMs: Millis): Played {
  const { catalogue, from } = hospital
  const running = monitors.map((monitor) => monitor.start({ catalogue, journeyPlans: [] }, null))
  const book = createAlertBook({}, null)
  const incidents = createIncidents({ catalogue, causes }, null)
  const signals = new Map<string, { signal: string; facts: Reading['facts'] }>()
  const calling = new Set<string>()
  const badReadings = new Map<string, number>()
  const tickets = new Map<string, FalseTicket>()
  let exchangeCount = 0
  for (const item of logOf(hospital, tickMs)) {
    if (item.kind === 'exchange') exchangeCount += 1
    const readings = running.flatMap((monitor) => [...monitor.assess(item)])
    for (const { signal, subject, state, severity } of readings) {
      const key = `${signal} ${subject.kind} ${subject.id}`
      if (state !== 'bad' || severity !== 'ticket') calling.delete(key)
      else if (!calling.has(key)) {
        calling.add(key)
        badReadings.set(signal, (badReadings.get(signal) ?? 0) + 1)
      }
    }
    const alerts = book.take(readings, item.now)
    for (const { id, signal, reading } of alerts) signals.set(id, { signal, facts: reading.facts })
    for (const incident of incidents.take(item, readings, alerts))
      if (incident.ticketed && !tickets.has(incident.id)) tickets.set(incident.id, told(incident, item.now))
  }
  return { exchangeCount, badReadings, tickets: [...tickets.values()] }

  function told({ causes: ranked, alertIds, interfaceIds, systemIds }: Incident, now: number): FalseTicket {
    const heard = alertIds.flatMap((id) => signals.get(id) ?? [])
    return {
      interfaceId: interfaceIds[0] ?? systemIds[0] ?? '',
      week: Math.floor((now - from) / weekMs),
      day: (now - from) / dayMs,
      cause: ranked[0]?.id ?? 'unknown',
      signals: [...new Set(heard.map(({ signal }) => signal))],
      facts: heard.map(({ facts }) => facts),
    }
  }
}

/** All interfaces on one clock, with ticks of an edge that listens to all of them. */
function* logOf({ catalogue, from, to, lives }: HealthyHospital, tickMs: Millis): Generator<Inspected> {
  const listening = Object.fromEntries(catalogue.interfaces.map(({ id }) => [id, 1]))
  const heads = lives.map((life) => life[Symbol.iterator]()).map((life) => ({ life, next: life.next() }))
  let tickAt = from
  for (;;) {
    const first = heads.reduce<(typeof heads)[number] | null>(sooner, null)
    const item = first?.next.done === false ? first.next.value : null
    for (; tickAt <= Math.min(item?.entry.at ?? to, to); tickAt += tickMs) yield ticked(tickAt, { listening })
    if (first === null || item === null || item.entry.at >= to) return
    yield item
    first.next = first.life.next()
  }
}

interface Head {
  readonly life: Iterator<InspectedExchange>
  readonly next: IteratorResult<InspectedExchange>
}

/** The one whose next exchange ends first. */
function sooner<T extends Head>(best: T | null, head: T): T | null {
  if (head.next.done === true) return best
  return best === null || best.next.done === true || head.next.value.entry.at < best.next.value.entry.at ? head : best
}
