import type { Instant } from '../../../gateway/model/time.ts'

/** Samples of one partition that are kept; when they are as many, every second one goes, and they stand twice as far apart. */
const samplesMax = 256

interface Samples {
  readonly offsets: number[]
  readonly times: Instant[]
  stepMs: number
}

/** When the records of each partition were put there, roughly: for the age of the oldest record that a group hasn't read. */
export class OffsetTimes {
  readonly #partitions = new Map<string, Samples>()

  see(topic: string, partition: number, offset: number, at: Instant): void {
    const key = `${topic}/${partition}`
    const samples = this.#partitions.get(key) ?? { offsets: [], times: [], stepMs: 100 }
    this.#partitions.set(key, samples)
    const last = samples.times.at(-1)
    if (last !== undefined && (at - last < samples.stepMs || offset <= (samples.offsets.at(-1) ?? 0))) return
    samples.offsets.push(offset)
    samples.times.push(at)
    if (samples.offsets.length < samplesMax) return
    for (let i = 0; i < samplesMax / 2; i += 1) {
      samples.offsets[i] = samples.offsets[i * 2] ?? 0
      samples.times[i] = samples.times[i * 2] ?? 0
    }
    samples.offsets.length = samplesMax / 2
    samples.times.length = samplesMax / 2
    samples.stepMs *= 2
  }

  /** When the first known record at or after that offset was put there; null when none is known. The record of the offset itself is at least as old. */
  at(topic: string, partition: number, offset: number): Instant | null {
    const samples = this.#partitions.get(`${topic}/${partition}`)
    const i = samples?.offsets.findIndex((known) => known >= offset) ?? -1
    return i < 0 ? null : (samples?.times[i] ?? null)
  }
}
