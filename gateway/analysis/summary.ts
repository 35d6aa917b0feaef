import type { Finding, Incident } from '../model/incident.ts'
import type { Catalogue } from '../model/interface.ts'
import type { InterfaceSummary } from '../model/interface-summary.ts'
import type { ObservedExchange } from '../model/observed.ts'
import type { ClockState } from '../model/reading.ts'
import { createSketch, type Sketch } from '../model/sketch.ts'
import { type Instant, isoInZone } from '../model/time.ts'
import type { Engine, EngineChanges } from './engine.ts'

/** `auscult analyze --json`, but for exchanges and tickets, which have the API's own shapes. */
export interface Summary {
  readonly input: {
    readonly from: string | null
    readonly to: string | null
    readonly packets: number
    readonly bytesLost: number
    readonly unmatchedConversations: number
  }
  readonly interfaces: readonly InterfaceSummary[]
  readonly systems: readonly {
    readonly id: string
    readonly clock: Pick<ClockState, 'offsetS' | 'errorS' | 'driftPpm' | 'verdict'>
  }[]
  readonly findings: readonly FindingAnswer[]
}

export interface FindingAnswer extends Omit<Finding, 'firstAt' | 'text'> {
  readonly firstAt: string
  /** Chinese, then English. */
  readonly text: string
}

/** What the reading of an input tells besides its exchanges. */
export interface InputFacts {
  readonly from: Instant | null
  readonly to: Instant | null
  readonly packets: number
  readonly bytesLost: number
  readonly unmatchedConversations: number
}

/** Adds up what an engine says of one input. */
export interface Summing {
  add(changes: EngineChanges): void
  summary(engine: Engine, input: InputFacts): Summary
  /** As they stand after the last batch, in order of opening. */
  incidents(): readonly Incident[]
}

export function startSumming(catalogue: Catalogue): Summing {
  const tallies = new Map(catalogue.interfaces.map((iface) => [iface.id, new Tally()]))
  const incidents = new Map<string, Incident>()
  return {
    add(changes) {
      for (const observed of changes.exchanges) tallies.get(observed.exchange.interfaceId)?.add(observed)
      for (const incident of changes.incidents) incidents.set(incident.id, incident)
    },
    summary(engine, input) {
      const iso = (at: Instant | null) => (at === null ? null : isoInZone(at, catalogue.hospital.timezone))
      return {
        input: { ...input, from: iso(input.from), to: iso(input.to) },
        interfaces: [...tallies].filter(([, tally]) => tally.isSeen).map(([id, tally]) => tally.summary(id)),
        systems: engine.clockStates().map(({ systemId, offsetS, errorS, driftPpm, verdict }) => ({
          id: systemId,
          clock: { offsetS, errorS, driftPpm, verdict },
        })),
        findings: engine.findings().map((finding) => ({
          ...finding,
          firstAt: isoInZone(finding.firstAt, catalogue.hospital.timezone),
          text: `${finding.text.zh} / ${finding.text.en}`,
        })),
      }
    },
    incidents: () => [...incidents.values()].toSorted((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1)),
  }
}

class Tally {
  readonly #outcomes = { answered: 0, failed: 0, unanswered: 0, orphan: 0, 'one-way': 0 }
  readonly #latency: Sketch = createSketch()
  #violations = 0

  get isSeen(): boolean {
    return this.#total() > 0
  }

  add(observed: ObservedExchange): void {
    this.#outcomes[observed.exchange.outcome] += 1
    this.#violations += observed.violations.length
    if (observed.exchange.latencyMs !== null) this.#latency.record(observed.exchange.latencyMs)
  }

  summary(id: string): InterfaceSummary {
    const { answered, failed, unanswered, orphan, 'one-way': oneWay } = this.#outcomes
    const quantile = (q: number) => {
      const ms = this.#latency.quantile(q)
      return ms === null ? null : Math.round(ms * 1000) / 1000
    }
    return {
      id,
      exchanges: this.#total(),
      answered,
      failed,
      unanswered,
      orphans: orphan,
      oneWay,
      violations: this.#violations,
      latencyMs: { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) },
    }
  }

  #total(): number {
    return Object.values(this.#outcomes).reduce((sum, n) => sum + n, 0)
  }
}
