import type { Envelope } from '../../../gateway/model/envelope.ts'
import type { Exchange } from '../../../gateway/model/exchange.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import type { TappedRecord } from './driver.ts'

const keyCharsMax = 256
const headersMax = 32
const headerCharsMax = 256
const isCredential = /authorization|cookie|token|secret|password|passwd|credential|api-?key/i

/** Where a record came from, and what was known of its partition before it. */
export interface RecordPlace {
  readonly interfaceId: string
  readonly topic: string
  readonly partition: number
  /** `host:port` of the broker that was configured first. */
  readonly broker: string
  readonly joinedAt: Instant
  readonly recordsBefore: number
  readonly previousAt: Instant | null
  /** When it was put into the topic, as well as an observer can know. */
  readonly at: Instant
}

/**
 * A record as an exchange of outcome `one-way`: its value is the request's body, kept up to `bodyBytesMax`. The id is made of topic, partition, offset and
 * the record's own timestamp (a topic that was made anew begins at offset 0 again), so that a record read twice has one id. A tombstone (KIP-354: no value)
 * has type `tombstone`, an empty body, and no envelope: there is nothing in it that a format could read.
 */
export function recordExchange(record: TappedRecord, place: RecordPlace, bodyBytesMax: number): Exchange {
  const { interfaceId, topic, partition, at, previousAt } = place
  const { value, offset } = record
  const bodyBytes = value?.length ?? 0
  const passage = {
    startAt: at,
    endAt: at,
    wireBytes: bodyBytes + (record.key?.length ?? 0),
    // A copy: the driver's buffer holds the whole batch.
    body: new Uint8Array(value?.subarray(0, bodyBytesMax) ?? []),
    bodyBytes,
  }
  return {
    id: `${interfaceId}-${topic}-${partition}-${offset}-${record.timestamp.toString(36)}`,
    interfaceId,
    connection: {
      id: `${topic}/${partition}`,
      initiator: `${topic}/${partition}`,
      acceptor: place.broker,
      openedAt: place.joinedAt,
      connectMs: null,
      exchangesBefore: place.recordsBefore,
      idleBeforeMs: previousAt === null ? null : Math.max(0, at - previousAt),
    },
    requestFrom: 'initiator',
    outcome: 'one-way',
    controlId: `${partition}-${offset}`,
    type: value === null ? 'tombstone' : topic,
    request: value === null ? passage : { ...passage, envelope: envelopeOf(record, topic, partition) },
    answers: [],
    code: null,
    latencyMs: null,
    wire: [],
    coverage: 'full',
  }
}

/**
 * When a record was put into its topic. At the tail of a partition a fetch is answered as soon as there is something, so that our own arrival time is
 * the truth, whatever the producer's clock says. Of a backlog only the record's timestamp tells, between what is known for sure.
 */
export function putAt(
  record: TappedRecord,
  known: { arrivedAt: Instant; isTail: boolean; notBefore: Instant | null },
): Instant {
  if (known.isTail) return known.arrivedAt
  return Math.min(known.arrivedAt, Math.max(record.timestamp, known.notBefore ?? record.timestamp))
}

function envelopeOf(record: TappedRecord, topic: string, partition: number): Envelope {
  const headers = record.headers.slice(0, headersMax).map(([name, value]): readonly [string, string] => {
    const shown = isCredential.test(name) ? 'withheld' : value.slice(0, headerCharsMax)
    return [`header.${name.slice(0, headerCharsMax).toLowerCase()}`, shown]
  })
  return [
    ['topic', topic],
    ['partition', String(partition)],
    ['offset', String(record.offset)],
    ['timestamp', String(record.timestamp)],
    ['timestamp-type', record.timestampType],
    ...(record.key === null ? [] : [['key', keyText(record.key)] as const]),
    ...headers,
  ]
}

/** A key as text where it is UTF-8, as hexadecimal digits where it isn't (Avro, long integers). */
function keyText(key: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(key)
    if (!/[\x00-\x1f]/.test(text)) return text.slice(0, keyCharsMax)
  } catch {
    // Shown as bytes.
  }
  return `0x${Buffer.from(key.buffer, key.byteOffset, Math.min(key.length, keyCharsMax / 2)).toString('hex')}`
}
