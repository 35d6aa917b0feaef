import type { Scenario } from '../../fixtures/scenarios/scenario.ts'
import type { ObservedExchange } from '../../gateway/model/observed.ts'
import type { Instant } from '../../gateway/model/time.ts'
import type { Witness } from './play.ts'

/**
 * What one would do without reading protocols closely: metrics by interface and slot of time, and the one that stands out most names the cause that it is
 * best known for. All three are told when the fault began; the product isn't.
 */
export interface Baselines {
  readonly largestZ: string
  readonly robust: string
  readonly flat: string
}

/** A metric's slot values before and since the onset. */
interface Series {
  readonly name: string
  readonly before: readonly number[]
  readonly since: readonly number[]
}

const slots = 24

/** The cause that a metric is best known for: the first of these that its name begins with. */
const meaning: readonly (readonly [string, string])[] = [
  ['refused:refused', 'conn-refused'],
  ['refused:timeout', 'conn-timeout'],
  ['refused:unreachable', 'conn-timeout'],
  ['refused:dns', 'dns'],
  ['refused:tls', 'tls-cert'],
  ['reset', 'conn-reset'],
  ['late', 'late-response-after-timeout'],
  ['unanswered', 'ack-timeout'],
  ['code:401', 'auth-expired'],
  ['code:403', 'auth-expired'],
  ['code:413', 'payload-too-large'],
  ['code:429', 'rate-limit'],
  ['code:RJ-1-1-7', 'assoc-rj-called-ae'],
  ['code:RJ-1-1-3', 'assoc-rj-calling-ae'],
  ['code:RJ-2', 'assoc-rj-congestion'],
  ['code:A7', 'storage-oor-a7xx'],
  ['code:A9', 'dicom-object-error'],
  ['code:C0', 'dicom-object-error'],
  ['code:', 'app-nak'],
  ['aborted', 'assoc-abort'],
  ['mismatch', 'ack-mismatch'],
  ['copies', 'duplicate'],
  ['violation:required', 'schema-missing-field'],
  ['violation:type', 'schema-wrong-type'],
  ['violation:charset', 'charset-mismatch'],
  ['violation:table', 'dict-drift'],
  ['violation:', 'schema-wrong-type'],
  ['framing', 'proto-incompat'],
  ['latency', 'upstream-slow'],
  ['connect', 'net-loss'],
  ['age', 'tz-mismatch'],
  ['volume-', 'silent'],
  ['volume+', 'retry-storm'],
]

const flatThresholds: readonly { readonly begins: string; readonly over: number }[] = [
  { begins: 'refused:', over: 0.2 },
  { begins: 'reset', over: 0.1 },
  { begins: 'unanswered', over: 0.2 },
  { begins: 'code:', over: 0.1 },
  { begins: 'aborted', over: 0.1 },
  { begins: 'mismatch', over: 0.1 },
  { begins: 'copies', over: 0.2 },
  { begins: 'violation:', over: 0.1 },
  { begins: 'framing', over: 0.1 },
  { begins: 'latency', over: 2000 },
]

export class BaselineWitness implements Witness {
  readonly #scenario: Scenario
  readonly #faultAt: Instant
  /** By interface and slot: count, and sums by metric. */
  readonly #slots = new Map<string, Map<number, Map<string, number>>>()

  constructor(scenario: Scenario) {
    this.#scenario = scenario
    this.#faultAt = scenario.labels[0]?.from ?? scenario.startAt + scenario.lastsMs / 2
  }

  see(exchanges: readonly ObservedExchange[]): void {
    for (const { exchange, violations } of exchanges) {
      const metrics = this.#metricsAt(
        exchange.interfaceId,
        exchange.request?.startAt ?? exchange.answers[0]?.startAt ?? exchange.connection.openedAt,
      )
      const add = (name: string, value = 1) => metrics.set(name, (metrics.get(name) ?? 0) + value)
      add('count')
      for (const fact of exchange.wire) {
        if (fact.kind === 'refused') add(`refused:${fact.how}`)
        if (fact.kind === 'reset') add('reset')
        if (fact.kind === 'late') add('late')
        if (fact.kind === 'aborted') add('aborted')
        if (fact.kind === 'wrong-control-id') add('mismatch')
        if (fact.kind === 'duplicate') add('copies')
        if (fact.kind === 'missing-final-cr' || fact.kind === 'unframed' || fact.kind === 'irregular') add('framing')
      }
      if (exchange.outcome === 'unanswered') add('unanswered')
      if (exchange.outcome === 'failed') add(`code:${exchange.code ?? ''}`)
      for (const rule of new Set(violations.filter(({ severity }) => severity !== 'observe').map((v) => v.rule)))
        add(`violation:${rule}`)
      if (exchange.latencyMs !== null) {
        add('latency', exchange.latencyMs)
        add('answered')
      }
      if (exchange.connection.connectMs !== null && exchange.connection.exchangesBefore === 0) {
        add('connect', exchange.connection.connectMs)
        add('connected')
      }
    }
  }

  say(): Baselines {
    const all = this.#series()
    const largestZ = best(all, ({ before, since }) => {
      const mean = meanOf(before)
      const deviation = Math.sqrt(meanOf(before.map((value) => (value - mean) ** 2)))
      return Math.abs(meanOf(since) - mean) / Math.max(deviation, 1e-3 + Math.abs(mean) * 0.01)
    })
    const robust = best(all, ({ before, since }) => {
      const sorted = [...before].sort((a, b) => a - b)
      const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0
      return Math.max(
        ...since.map((value) => Math.abs(value - at(0.5)) / Math.max(at(0.75) - at(0.25), 1e-3 + Math.abs(at(0.5)) * 0.01)),
        0,
      )
    })
    return { largestZ, robust, flat: this.#flat(all) }
  }

  #flat(all: readonly Series[]): string {
    for (const { begins, over } of flatThresholds) {
      const broken = all.filter(({ name, since }) => name.startsWith(begins) && meanOf(since) > over)
      const [worst] = broken.sort((a, b) => meanOf(b.since) - meanOf(a.since))
      if (worst) return causeOf(worst)
    }
    const quiet = all.find(
      ({ name, before, since }) => name === 'volume' && meanOf(before) > 0 && meanOf(since) < 0.1 * meanOf(before),
    )
    return quiet ? causeOf(quiet) : 'nothing'
  }

  #metricsAt(interfaceId: string, at: Instant): Map<string, number> {
    const { startAt, lastsMs } = this.#scenario
    const untilMs = this.#faultAt - startAt
    const isBefore = at < this.#faultAt
    const slot = isBefore
      ? Math.floor(((at - startAt) / Math.max(1, untilMs)) * slots)
      : slots + Math.floor(((at - this.#faultAt) / Math.max(1, lastsMs - untilMs)) * (slots / 2))
    const own = this.#slots.get(interfaceId) ?? new Map<number, Map<string, number>>()
    this.#slots.set(interfaceId, own)
    const metrics = own.get(slot) ?? new Map<string, number>()
    own.set(slot, metrics)
    return metrics
  }

  #series(): readonly Series[] {
    const { startAt, lastsMs } = this.#scenario
    const ratio = (lastsMs - (this.#faultAt - startAt)) / Math.max(1, this.#faultAt - startAt)
    const made: Series[] = []
    for (const own of this.#slots.values()) {
      const names = new Set([...own.values()].flatMap((metrics) => [...metrics.keys()]))
      for (const name of ['volume', ...names]) {
        if (name === 'answered' || name === 'connected') continue
        const per = name === 'latency' ? 'answered' : name === 'connect' ? 'connected' : 'count'
        const valueAt = (slot: number, scale: number) => {
          const metrics = own.get(slot)
          const count = metrics?.get('count') ?? 0
          if (name === 'volume' || name === 'count') return count / scale
          return (metrics?.get(name) ?? 0) / Math.max(1, metrics?.get(per) ?? 0)
        }
        if (name === 'count') continue
        const before = Array.from({ length: slots }, (_, slot) => valueAt(slot, 1))
        const since = Array.from({ length: slots / 2 }, (_, slot) => valueAt(slots + slot, 2 * ratio))
        made.push({ name, before, since })
      }
    }
    return made
  }
}

function best(all: readonly Series[], scoreOf: (series: Series) => number): string {
  let most = 3
  let said = 'nothing'
  for (const series of all) {
    const score = scoreOf(series)
    if (score <= most) continue
    most = score
    said = causeOf(series)
  }
  return said
}

function causeOf({ name, before, since }: Series): string {
  const full = name === 'volume' ? (meanOf(since) < meanOf(before) ? 'volume-' : 'volume+') : name
  return meaning.find(([begins]) => full.startsWith(begins))?.[1] ?? 'nothing'
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length
}
