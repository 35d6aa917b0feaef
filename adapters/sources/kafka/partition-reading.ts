import type { Exchange } from '../../../gateway/model/exchange.ts'
import type { Instant, Millis } from '../../../gateway/model/time.ts'
import type { TappedBatch } from './driver.ts'
import { putAt, recordExchange } from './record-exchange.ts'

/** When handing over takes longer than this, what was fetched meanwhile waited for us: its arrival says nothing. */
const stalledAfterMs: Millis = 2_000

/** What was counted since it was last taken. */
export interface ReadingCounts {
  records: number
  bytes: number
  tombstones: number
  /** Longer than is kept of a body. */
  cutBodies: number
  /** Offsets between records that no record has: compaction, transactions, or retention that went faster than the reading. */
  skippedOffsets: number
  /** Arrival minus stated time, of records read at the tail: what the producers' clocks and the way here make together. */
  delayMsMin: Millis | null
  delayMsMax: Millis | null
  /** Records whose time the broker set. */
  brokerTimed: number
}

interface Partition {
  records: number
  previousAt: Instant | null
  /** When the partition was last read to its end: whatever comes later was put there later. */
  endSeenAt: Instant | null
  isAtEnd: boolean
  nextOffset: number | null
  isStalled: boolean
}

/** Makes exchanges of batches, in order. Knows of each partition how far it was read. */
export class PartitionReading {
  readonly #interfaceId: string
  readonly #broker: string
  readonly #bodyBytesMax: number
  readonly #joinedAt: Instant
  readonly #partitions = new Map<string, Partition>()
  #counts = zero()

  constructor(setup: { interfaceId: string; broker: string; bodyBytesMax: number; joinedAt: Instant }) {
    this.#interfaceId = setup.interfaceId
    this.#broker = setup.broker
    this.#bodyBytesMax = setup.bodyBytesMax
    this.#joinedAt = setup.joinedAt
  }

  /** A partition is read from its end on: what comes is new. */
  beganAtEnd(topic: string, partition: number, at: Instant): void {
    const known = this.#partition(topic, partition)
    known.endSeenAt = at
    known.isAtEnd = true
  }

  exchanges(batch: TappedBatch, arrivedAt: Instant): readonly Exchange[] {
    const known = this.#partition(batch.topic, batch.partition)
    const isTail = known.isAtEnd && !known.isStalled
    return batch.records.map((record) => {
      const at = putAt(record, { arrivedAt, isTail, notBefore: known.endSeenAt })
      const place = {
        interfaceId: this.#interfaceId,
        topic: batch.topic,
        partition: batch.partition,
        broker: this.#broker,
        joinedAt: this.#joinedAt,
        recordsBefore: known.records,
        previousAt: known.previousAt,
        at,
      }
      this.#count(record, known, isTail ? arrivedAt - record.timestamp : null)
      known.records += 1
      known.previousAt = at
      known.nextOffset = record.offset + 1
      return recordExchange(record, place, this.#bodyBytesMax)
    })
  }

  /** The batch was handed over; that took so long. */
  handedOver(batch: TappedBatch, arrivedAt: Instant, tookMs: Millis): void {
    const known = this.#partition(batch.topic, batch.partition)
    known.isStalled = tookMs > stalledAfterMs
    known.isAtEnd = (known.nextOffset ?? 0) >= batch.high
    if (known.isAtEnd) known.endSeenAt = arrivedAt
  }

  takeCounts(): ReadingCounts {
    const counts = this.#counts
    this.#counts = zero()
    return counts
  }

  #count(record: TappedBatch['records'][number], known: Partition, delayMs: Millis | null): void {
    const counts = this.#counts
    const bytes = record.value?.length ?? 0
    counts.records += 1
    counts.bytes += bytes
    if (record.value === null) counts.tombstones += 1
    if (bytes > this.#bodyBytesMax) counts.cutBodies += 1
    if (known.nextOffset !== null) counts.skippedOffsets += Math.max(0, record.offset - known.nextOffset)
    if (record.timestampType === 'log-append-time') counts.brokerTimed += 1
    if (delayMs === null) return
    counts.delayMsMin = Math.min(counts.delayMsMin ?? delayMs, delayMs)
    counts.delayMsMax = Math.max(counts.delayMsMax ?? delayMs, delayMs)
  }

  #partition(topic: string, partition: number): Partition {
    const key = `${topic}/${partition}`
    const known = this.#partitions.get(key)
    if (known !== undefined) return known
    const made: Partition = {
      records: 0,
      previousAt: null,
      endSeenAt: null,
      isAtEnd: false,
      nextOffset: null,
      isStalled: false,
    }
    this.#partitions.set(key, made)
    return made
  }
}

function zero(): ReadingCounts {
  return {
    records: 0,
    bytes: 0,
    tombstones: 0,
    cutBodies: 0,
    skippedOffsets: 0,
    delayMsMin: null,
    delayMsMax: null,
    brokerTimed: 0,
  }
}
