import type { Facts } from './document.ts'
import type { Entry } from './entry.ts'
import type { Exchange } from './exchange.ts'
import type { Catalogue, Hospital, Interface } from './interface.ts'
import type { JourneyPlan } from './journey.ts'
import type { Json } from './json.ts'
import type { Subject } from './subject.ts'
import type { Instant, Millis } from './time.ts'
import type { Violation } from './violation.ts'

/** An entry of the Log after `inspect`: the body was read, the contract was checked. Ticks pass through as they are. */
export type Inspected =
  | {
      readonly kind: 'exchange'
      /** The analysis clock: the running maximum of entry times, but for a gateway's clock that was set back. */
      readonly now: Instant
      /** Its outcome as the bodies have it: where an answer says no in its body alone, `failed` (FHIR, SOAP, NHSA over HTTP 200). */
      readonly entry: Extract<Entry, { kind: 'exchange' }>
      readonly requestFacts: Facts | null
      /** Of the deciding answer. */
      readonly answerFacts: Facts | null
      readonly violations: readonly Violation[]
      /** As the monitors see it: made by the first of them that looks, for all. */
      seen?: Seen | null
    }
  | {
      readonly kind: 'tick'
      readonly now: Instant
      readonly entry: Extract<Entry, { kind: 'tick' }>
      /** The gateway's own clock was set back by so much: the analysis clock follows, and every remembered instant with it. */
      readonly setBackMs?: Millis
    }
  | { readonly kind: 'measurement'; readonly now: Instant; readonly entry: Extract<Entry, { kind: 'measurement' }> }

export type InspectedExchange = Extract<Inspected, { readonly kind: 'exchange' }>

/** One exchange of an interface of the catalogue, as the monitors see it. */
export interface Seen {
  readonly item: InspectedExchange
  readonly exchange: Exchange
  readonly iface: Interface
  /** Its interface's place in that catalogue. */
  readonly place: number
  readonly catalogue: Catalogue
  readonly hospital: Hospital
  readonly now: Instant
  /** When its request passed: an exchange is logged when it ends, which after a time-out is long after the fault began. */
  readonly at: Instant
  /** What tells this message from others: its control id, or else the exchange's own id. */
  readonly id: string
}

/**
 * What one monitor says about one subject *now*. Emitted when the state changes, and again at most once a minute while it is bad,
 * so that numbers stay fresh. `signal` names the question within the monitor: `failures/rate`, `latency/shift`, `clock/zone`.
 */
export interface Reading {
  readonly monitor: string
  readonly signal: string
  readonly subject: Subject
  readonly at: Instant
  /** When what is read began, by the monitor's change-point estimate; at most `at`. */
  readonly onsetAt: Instant
  readonly state: 'bad' | 'good'
  /** 1 = exactly at the threshold; more is worse. */
  readonly score: number
  readonly severity: 'warn' | 'ticket'
  /** Numbers and words for evidence and display; free of patient data. Units last: `offsetS`, `failureRate`, `p95Ms`. */
  readonly facts: { readonly [name: string]: number | string | null }
  /** At most 10 exchanges that show it. */
  readonly exchangeIds: readonly string[]
}

/** State of one system's clock, as the clock monitor knows it. */
export interface ClockState {
  readonly systemId: string
  /** System minus gateway, seconds: middle of the interval that all observations allow. */
  readonly offsetS: number | null
  /** Half of that interval. */
  readonly errorS: number | null
  readonly driftPpm: number | null
  readonly verdict: 'in-step' | 'unknown' | 'offset' | 'timezone' | 'drift' | 'step'
  readonly observations: number
  /** Offset before the last change and when it changed, where one was seen. */
  readonly changedAt: Instant | null
  readonly offsetBeforeS: number | null
}

/** A running monitor. Deterministic: the same items give the same readings. Holds bounded state. */
export interface RunningMonitor {
  assess(item: Inspected): readonly Reading[]
  /** All of the state as JSON; `start(save())` goes on as if nothing had happened. */
  save(): Json
  /** The clock monitor's extra: what it knows of each system's clock, as of the last item. */
  clockStates?(): readonly ClockState[]
}

/** A monitor answers one question. One file each; listed in `monitors/index.ts`. */
export interface Monitor {
  readonly name: string
  start(options: MonitorOptions, saved: Json | null): RunningMonitor
}

export interface MonitorOptions {
  readonly catalogue: Catalogue
  /** The ways that orders take; left out: none are known. */
  readonly journeyPlans?: readonly JourneyPlan[]
}
