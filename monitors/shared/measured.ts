import type { Interface } from '../../gateway/model/interface.ts'
import type { Measurement } from '../../gateway/model/measurement.ts'
import type { Inspected, Monitor, Reading } from '../../gateway/model/reading.ts'
import { type Subject, subjectKey } from '../../gateway/model/subject.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { heldAt, keyed, type Part, versioned } from './state.ts'

/** What a question about measurements is asked for: the subject, its interface where it is one, and the analysis clock. */
export interface MeasuredNow {
  readonly subject: Subject
  readonly iface: Interface | null
  readonly now: Instant
}

/** A monitor that asks the same question of everything that is measured: by subject, each with a memory of its own. */
export interface MeasuredQuestion<T> {
  readonly name: string
  readonly version: number
  readonly memory: Part<T>
  /** Whether this measurement concerns the question at all. */
  concerns(measurement: Measurement): boolean
  hear(memory: T, measurement: Measurement, at: MeasuredNow): void
  /** Something passed on the interface that the memory is about. */
  passed?(memory: T, at: MeasuredNow): void
  /** Says what holds now: after each measurement, and on ticks, as time alone may decide. */
  judge(memory: T, at: MeasuredNow, out: Reading[]): void
}

/** Subjects of measurements: interfaces and systems of the catalogue, so there is no more than that. */
const subjectsMax = 2_000
const nothing: readonly Reading[] = []

export function watchMeasurements<T>(question: MeasuredQuestion<T>): Monitor {
  const memoryOfAll = versioned(question.version, keyed(question.memory))
  return {
    name: question.name,
    start({ catalogue }, saved) {
      const all = memoryOfAll.start(saved)
      const interfaces = new Map(catalogue.interfaces.map((iface) => [iface.id, iface]))
      const nowOf = (key: string, now: Instant): MeasuredNow => {
        const subject = subjectOf(key)
        return { subject, iface: subject.kind === 'interface' ? (interfaces.get(subject.id) ?? null) : null, now }
      }
      return {
        assess(item: Inspected) {
          if (item.kind === 'exchange') {
            if (question.passed === undefined || all.size === 0) return nothing
            const key = `interface:${item.entry.exchange.interfaceId}`
            const memory = all.get(key)
            if (memory === undefined) return nothing
            const out: Reading[] = []
            question.passed(memory, nowOf(key, item.now))
            question.judge(memory, nowOf(key, item.now), out)
            return out
          }
          const out: Reading[] = []
          if (item.kind === 'measurement') {
            const { measurement } = item.entry
            if (!question.concerns(measurement)) return nothing
            const key = subjectKey(measurement.subject)
            const memory = heldAt(all, key, question.memory, subjectsMax)
            if (memory === null) return nothing
            const at = nowOf(key, item.now)
            question.hear(memory, measurement, at)
            question.judge(memory, at, out)
            return out
          }
          for (const [key, memory] of all) question.judge(memory, nowOf(key, item.now), out)
          return out
        },
        save: () => memoryOfAll.save(all),
      }
    },
  }
}

function subjectOf(key: string): Subject {
  const colon = key.indexOf(':')
  const kind = key.slice(0, colon)
  return { kind: kind === 'interface' || kind === 'system' ? kind : 'gateway', id: key.slice(colon + 1) }
}

/** A number among a measurement's facts, or null. */
export function amountOf(measurement: Measurement, name: string): number | null {
  const value = measurement.facts[name]
  return typeof value === 'number' ? value : null
}

/** A word among a measurement's facts, or null. */
export function wordAt(measurement: Measurement, name: string): string | null {
  const value = measurement.facts[name]
  return typeof value === 'string' ? value : null
}
