import { matchesGlob } from '../../../gateway/model/glob.ts'
import type { KafkaSource } from '../../../gateway/model/interface.ts'
import type { Measurement } from '../../../gateway/model/measurement.ts'
import type { TapContext } from '../../../gateway/model/tap.ts'
import { type Millis, pause } from '../../../gateway/model/time.ts'
import { type Cluster, codeOf, connect, type PartitionEnds, type PartitionOffset, type TappedBatch } from './driver.ts'
import { GroupWatch } from './group-watch.ts'
import { OffsetTimes } from './offset-times.ts'
import { PartitionReading } from './partition-reading.ts'

const topicsMax = 200
/** New topics of a pattern are looked for so often. */
const topicsEveryMs: Millis = 300_000
/** The source says at least so often that it reads, or that it can't. */
const tellEveryMs: Millis = 60_000
const retryMsMin: Millis = 1_000
const retryMsMax: Millis = 15_000

/**
 * Reads an interface's topics as an observer in a group of its own, and watches the groups of the systems that read them. Every record is an exchange; lag,
 * stuck partitions, rebalances and the state of the reading itself are measurements. A position is committed when the Log has kept what came before it.
 * Reads until the context's signal; a cluster that is away is tried again, after 1 s, then after twice as long up to 15 s.
 */
export async function readKafka(source: KafkaSource, context: TapContext): Promise<void> {
  const { signal } = context
  const tap = new KafkaTap(source, context)
  let retryMs = retryMsMin
  while (!signal.aborted) {
    try {
      await tap.round(() => {
        retryMs = retryMsMin
      })
    } catch (error) {
      if (signal.aborted) return
      await tap.isAway(codeOf(error)).catch(() => {})
      await pause(context.clock, retryMs, signal)
      retryMs = Math.min(retryMs * 2, retryMsMax)
    }
  }
}

class KafkaTap {
  readonly #source: KafkaSource
  readonly #context: TapContext
  readonly #watches: readonly { readonly group: string; readonly watch: GroupWatch }[]
  readonly #times = new OffsetTimes()
  #toldAt = Number.NEGATIVE_INFINITY
  #verdict: Measurement['verdict'] = null
  #code: string | null = null

  constructor(source: KafkaSource, context: TapContext) {
    this.#source = source
    this.#context = context
    const subject = { kind: 'interface' as const, id: context.iface.id }
    this.#watches = source.groups.map((group) => ({ group, watch: new GroupWatch(group, subject) }))
  }

  /** One stay with the cluster: from connecting until it breaks off, topics come or go, or the signal says stop. */
  async round(connected: () => void): Promise<void> {
    const { clock, signal, iface, bodyBytesMax } = this.#context
    const source = this.#source
    await using cluster = await connect(source)
    const topics = await this.#topics(cluster)
    if (topics.length === 0) throw topicMissing()
    const [first] = source.brokers
    const reading = new PartitionReading({
      interfaceId: iface.id,
      broker: `${first?.host}:${first?.port}`,
      bodyBytesMax,
      joinedAt: clock.now(),
    })
    const begin = await this.#begin(cluster, topics, reading)
    connected()
    const stay = new AbortController()
    const staying = AbortSignal.any([signal, stay.signal])
    const parts = [
      cluster.read({
        group: source.observerGroup,
        topics,
        begin,
        take: (batch) => this.#take(batch, reading),
        signal: staying,
      }),
      this.#watch(cluster, topics, reading, staying),
    ]
    try {
      await Promise.race(parts)
    } finally {
      stay.abort()
      await Promise.allSettled(parts)
    }
  }

  async isAway(code: string): Promise<void> {
    await this.#tell('no', code, {})
  }

  async #topics(cluster: Cluster): Promise<readonly string[]> {
    const found = (await cluster.topics()).filter((name) => matchesGlob(this.#source.topics, name))
    return found.toSorted().slice(0, topicsMax)
  }

  /** Where topics begin that were never read: decided now, so that what is written from this moment on is not missed. */
  async #begin(cluster: Cluster, topics: readonly string[], reading: PartitionReading): Promise<readonly PartitionOffset[]> {
    const { observerGroup, from } = this.#source
    const known = await cluster.committed(observerGroup, topics)
    const ends = (await Promise.all(topics.map((topic) => cluster.ends(topic)))).flat()
    const at = this.#context.clock.now()
    const unread = ends.filter((end) => !known.some((place) => isOf(place, end)))
    // A topic that was read before may grow partitions: those are read from their beginning, by what the driver does without a position.
    const isNewTopic = (end: PartitionEnds) => !known.some(({ topic }) => topic === end.topic)
    const begun = unread
      .filter(isNewTopic)
      .map(({ topic, partition, low, high }) => ({ topic, partition, offset: from === 'latest' ? high : low }))
    for (const end of ends) {
      const offset = [...known, ...begun].find((place) => isOf(place, end))?.offset
      if (offset !== undefined && offset >= end.high) reading.beganAtEnd(end.topic, end.partition, at)
    }
    return begun
  }

  async #take(batch: TappedBatch, reading: PartitionReading): Promise<void> {
    const { clock, emit } = this.#context
    const arrivedAt = clock.now()
    const exchanges = reading.exchanges(batch, arrivedAt)
    for (const [i, record] of batch.records.entries())
      this.#times.see(batch.topic, batch.partition, record.offset, exchanges[i]?.request?.endAt ?? arrivedAt)
    const begunMs = clock.monotonic()
    await emit(exchanges.map((exchange) => ({ kind: 'exchange', at: arrivedAt, exchange })))
    reading.handedOver(batch, arrivedAt, clock.monotonic() - begunMs)
  }

  /** Asks about the groups every few seconds; ends when the topics of a pattern have changed. */
  async #watch(cluster: Cluster, topics: readonly string[], reading: PartitionReading, signal: AbortSignal): Promise<void> {
    const { clock } = this.#context
    let topicsAtMs = clock.monotonic()
    while (!signal.aborted) {
      await this.#look(cluster, topics)
      await this.#tellReading(topics, reading)
      await pause(clock, this.#source.lagEveryMs, signal)
      if (clock.monotonic() - topicsAtMs < topicsEveryMs) continue
      topicsAtMs = clock.monotonic()
      if ((await this.#topics(cluster)).join() !== topics.join()) return
    }
  }

  async #look(cluster: Cluster, topics: readonly string[]): Promise<void> {
    if (this.#watches.length === 0) return
    const { clock, emit } = this.#context
    const standings = await cluster.describe(this.#watches.map(({ group }) => group))
    const committed = new Map<string, readonly PartitionOffset[]>()
    for (const { group } of this.#watches) committed.set(group, await cluster.committed(group, topics))
    // The ends are asked last: a lag is never made of an end that is older than its commit.
    const ends = (await Promise.all(topics.map((topic) => cluster.ends(topic)))).flat()
    const at = clock.now()
    const found = this.#watches.flatMap(({ group, watch }) =>
      watch.see({
        at,
        ends,
        committed: committed.get(group) ?? [],
        standing: standings.find((standing) => standing.group === group) ?? null,
        putAt: (topic, partition, offset) => this.#times.at(topic, partition, offset),
      }),
    )
    await emit(found.map((measurement) => ({ kind: 'measurement', at, measurement })))
  }

  /** That it reads, and what it counted since it last said so. */
  async #tellReading(topics: readonly string[], reading: PartitionReading): Promise<void> {
    const { clock, emit, iface } = this.#context
    if (!this.#isDue('yes', null)) return
    const { delayMsMin, delayMsMax, brokerTimed, ...counts } = reading.takeCounts()
    await this.#tell('yes', null, { topics: topics.length, ...counts })
    if (delayMsMin === null) return
    const at = clock.now()
    const measurement: Measurement = {
      name: 'record-clock',
      by: 'kafka',
      subject: { kind: 'interface', id: iface.id },
      at,
      verdict: null,
      code: null,
      tookMs: null,
      facts: { delayMsMin, delayMsMax, records: counts.records, brokerTimedRecords: brokerTimed },
    }
    await emit([{ kind: 'measurement', at, measurement }])
  }

  #isDue(verdict: Measurement['verdict'], code: string | null): boolean {
    return verdict !== this.#verdict || code !== this.#code || this.#context.clock.monotonic() - this.#toldAt >= tellEveryMs
  }

  async #tell(verdict: 'yes' | 'no', code: string | null, facts: Measurement['facts']): Promise<void> {
    const { clock, emit, iface } = this.#context
    if (!this.#isDue(verdict, code)) return
    this.#verdict = verdict
    this.#code = code
    this.#toldAt = clock.monotonic()
    const at = clock.now()
    const subject = { kind: 'interface' as const, id: iface.id }
    const measurement: Measurement = { name: 'source', by: 'kafka', subject, at, verdict, code, tookMs: null, facts }
    await emit([{ kind: 'measurement', at, measurement }])
  }
}

function isOf(place: PartitionOffset, end: PartitionEnds): boolean {
  return place.topic === end.topic && place.partition === end.partition
}

function topicMissing(): Error {
  return Object.assign(new Error('no topic of that name'), { code: 'TOPIC_MISSING' })
}
