import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import kafkajs, { type Admin, type Consumer, type EachBatchPayload, type Kafka, type KafkaConfig } from 'kafkajs'
import { failure } from '../../../gateway/model/failures.ts'
import type { KafkaSource, SaslOptions, TlsOptions } from '../../../gateway/model/interface.ts'
import { unlz4 } from './codecs/lz4.ts'
import { unsnappy } from './codecs/snappy.ts'

/** One partition of one topic, and a place in it. Offsets are whole numbers below 2^53: a partition that writes a million a second takes 285 years to get there. */
export interface PartitionOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** Where a partition begins and ends: the first offset kept, and the one that the next record will have. */
export interface PartitionEnds {
  readonly topic: string
  readonly partition: number
  readonly low: number
  readonly high: number
}

/** A consumer group as its coordinator describes it. A group of the new protocol (KIP-848) shows as `Dead` without members here. */
export interface GroupStanding {
  readonly group: string
  readonly state: string
  readonly members: readonly string[]
}

export interface TappedRecord {
  readonly offset: number
  /** What the record states, milliseconds since 1970. */
  readonly timestamp: number
  readonly timestampType: 'create-time' | 'log-append-time'
  readonly key: Uint8Array | null
  /** Null: a tombstone. */
  readonly value: Uint8Array | null
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** Records of one partition, in order, and the partition's end when they were fetched. */
export interface TappedBatch {
  readonly topic: string
  readonly partition: number
  readonly records: readonly TappedRecord[]
  readonly high: number
}

/** A cluster, as an observer needs it. Every promise rejects with the driver's error; `codeOf` makes a code of it. */
export interface Cluster extends AsyncDisposable {
  topics(): Promise<readonly string[]>
  ends(topic: string): Promise<readonly PartitionEnds[]>
  /** Committed offsets of a group; partitions without one are left out. */
  committed(group: string, topics: readonly string[]): Promise<readonly PartitionOffset[]>
  describe(groups: readonly string[]): Promise<readonly GroupStanding[]>
  /**
   * Reads the topics as a member of the group. `take` gets batch after batch; when it resolves, the batch's position is committed. Rejects when the
   * reading breaks off, resolves when `signal` ends it.
   */
  read(reading: GroupReading): Promise<void>
}

export interface GroupReading {
  readonly group: string
  readonly topics: readonly string[]
  /** Positions of partitions for which the group has committed none; committed as soon as it has joined. Without one it reads from the beginning. */
  readonly begin: readonly PartitionOffset[]
  take(batch: TappedBatch): Promise<void>
  readonly signal: AbortSignal
}

const connectTimeoutMs = 5_000
const requestTimeoutMs = 15_000
/** Of one answer to a fetch, and of one partition's part of it. A single record may be larger: it is then fetched alone. */
const fetchBytesMax = 4 * 1024 * 1024
const partitionBytesMax = 1024 * 1024
/** What one compressed batch may grow to. */
const unpackedBytesMax = 64 * 1024 * 1024

/** Connects to a cluster. Rejects within seconds when no broker answers, and with SOURCE_SECRET_UNREADABLE when its password can't be read. */
export async function connect(source: KafkaSource): Promise<Cluster> {
  const config: KafkaConfig = {
    clientId: 'auscult',
    brokers: source.brokers.map(({ host, port }) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)),
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries: 3 },
    // Whatever goes wrong is told by the errors; its log lines may name what they were about.
    logLevel: kafkajs.logLevel.NOTHING,
    ...(source.tls === null ? {} : { ssl: await tlsFrom(source.tls) }),
    ...(source.sasl === null ? {} : { sasl: await saslFrom(source.sasl) }),
  }
  const kafka = new kafkajs.Kafka(config)
  const admin = kafka.admin()
  try {
    await admin.connect()
  } catch (error) {
    await admin.disconnect().catch(() => {})
    throw error
  }
  return clusterOf(kafka, admin)
}

/** A code of an error of this driver: the socket's, the protocol's (`TOPIC_AUTHORIZATION_FAILED`), or the error's own name. Never its text. */
export function codeOf(error: unknown): string {
  let named = 'KAFKA_UNKNOWN'
  let cause = error
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    for (const key of ['code', 'type'] as const) {
      const value: unknown = Reflect.get(cause, key)
      if (typeof value === 'string' && /^[A-Z][A-Z0-9_]+$/.test(value)) return value
    }
    if (/^[A-Za-z]+$/.test(cause.name) && cause.name !== 'Error' && !wrappers.has(cause.name)) named = cause.name
    cause = cause.cause
  }
  return named
}

const wrappers: ReadonlySet<string> = new Set(['KafkaJSNumberOfRetriesExceeded', 'KafkaJSNonRetriableError', 'KafkaJSError'])

function clusterOf(kafka: Kafka, admin: Admin): Cluster {
  return {
    topics: () => admin.listTopics(),
    async ends(topic) {
      const partitions = await admin.fetchTopicOffsets(topic)
      return partitions.map(({ partition, low, high }) => ({ topic, partition, low: Number(low), high: Number(high) }))
    },
    async committed(group, topics) {
      const all = await admin.fetchOffsets({ groupId: group, topics: [...topics] })
      return all.flatMap(({ topic, partitions }) =>
        partitions.flatMap(({ partition, offset }) =>
          Number(offset) < 0 ? [] : [{ topic, partition, offset: Number(offset) }],
        ),
      )
    },
    async describe(groups) {
      if (groups.length === 0) return []
      const { groups: found } = await admin.describeGroups([...groups])
      return found.map((group) => ({
        group: group.groupId,
        state: group.state,
        members: group.members.map((member) => member.memberId),
      }))
    },
    async read(reading) {
      const consumer = kafka.consumer({
        groupId: reading.group,
        // After a kill the group waits so long for the member that is gone.
        sessionTimeout: 10_000,
        maxBytes: fetchBytesMax,
        maxBytesPerPartition: partitionBytesMax,
        maxWaitTimeInMs: 500,
        allowAutoTopicCreation: false,
        // A crash ends this reading; whoever reads decides when to begin again.
        retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries: 3, restartOnFailure: async () => false },
      })
      await readWith(consumer, reading)
    },
    async [Symbol.asyncDispose]() {
      await admin.disconnect().catch(() => {})
    },
  }
}

async function readWith(consumer: Consumer, reading: GroupReading): Promise<void> {
  const { topics, begin, signal } = reading
  const ended = Promise.withResolvers<void>()
  // Handled here as well: it may reject before anybody waits.
  ended.promise.catch(() => {})
  consumer.on(consumer.events.CRASH, ({ payload }) => ended.reject(payload.error))
  const stop = () => ended.resolve()
  signal.addEventListener('abort', stop)
  try {
    if (signal.aborted) return
    await consumer.connect()
    await consumer.subscribe({ topics: [...topics], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => passOn(consumer, payload, reading),
    })
    const places = begin.map(({ topic, partition, offset }) => ({ topic, partition, offset: String(offset) }))
    for (const place of places) consumer.seek(place)
    if (places.length > 0) await consumer.commitOffsets(places)
    await ended.promise
  } finally {
    signal.removeEventListener('abort', stop)
    await consumer.disconnect().catch(() => {})
  }
}

/** So many records are handed over, and their position committed, at once. */
const recordsAtOnce = 500

async function passOn(consumer: Consumer, payload: EachBatchPayload, { begin, take }: GroupReading): Promise<void> {
  const { batch, heartbeat, isRunning, isStale, resolveOffset } = payload
  const { topic, partition } = batch
  // The first fetch may be on its way before the position is set.
  const from = begin.find((place) => place.topic === topic && place.partition === partition)?.offset ?? 0
  const messages = batch.messages.filter(({ offset }) => Number(offset) >= from)
  for (let at = 0; at < messages.length && isRunning() && !isStale(); at += recordsAtOnce) {
    const part = messages.slice(at, at + recordsAtOnce)
    const last = part.at(-1)
    if (last === undefined) return
    await take({ topic, partition, high: Number(batch.highWatermark), records: part.map(recordOf) })
    resolveOffset(last.offset)
    await consumer.commitOffsets([{ topic, partition, offset: String(Number(last.offset) + 1) }])
    await heartbeat()
  }
}

function recordOf(message: EachBatchPayload['batch']['messages'][number]): TappedRecord {
  const context: unknown = Reflect.get(message, 'batchContext')
  const type: unknown = typeof context === 'object' && context !== null ? Reflect.get(context, 'timestampType') : 0
  return {
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    timestampType: type === 1 ? 'log-append-time' : 'create-time',
    key: message.key,
    value: message.value,
    headers: Object.entries(message.headers ?? {}).flatMap(([name, value]) =>
      [value ?? ''].flat().map((one) => [name, one.toString()] as const),
    ),
  }
}

async function tlsFrom(tls: TlsOptions): Promise<Exclude<KafkaConfig['ssl'], boolean | undefined>> {
  const [ca, cert, key] = await Promise.all([fileOrNull(tls.ca), fileOrNull(tls.cert), fileOrNull(tls.key)])
  return {
    rejectUnauthorized: tls.verifyPeer,
    ...(tls.serverName === null ? {} : { servername: tls.serverName }),
    ...(ca === null ? {} : { ca }),
    ...(cert === null || key === null ? {} : { cert, key }),
  }
}

async function fileOrNull(path: string | null): Promise<string | null> {
  try {
    return path === null ? null : await readFile(path, 'utf8')
  } catch (cause) {
    throw failure('TLS_MATERIAL_UNREADABLE', 'a key or certificate file of a Kafka source cannot be read', { cause })
  }
}

async function saslFrom(sasl: SaslOptions): Promise<NonNullable<KafkaConfig['sasl']>> {
  const { mechanism, username, passwordFile, passwordEnv } = sasl
  const found =
    passwordFile === null ? process.env[passwordEnv ?? ''] : await readFile(passwordFile, 'utf8').catch(() => undefined)
  if (found === undefined) throw failure('SOURCE_SECRET_UNREADABLE', `the password of a Kafka source cannot be read`)
  const password = found.trim()
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password }
    case 'scram-sha-256':
      return { mechanism, username, password }
    case 'scram-sha-512':
      return { mechanism, username, password }
    default:
      return mechanism satisfies never
  }
}

const unzstd = promisify(zstdDecompress)

// kafkajs reads gzip by itself and has a table for the others; it is the driver's own, and global to this thread.
const { CompressionTypes, CompressionCodecs } = kafkajs
const readOnly = (decompress: (bytes: Buffer) => Promise<Uint8Array>) => () => ({
  compress: () => Promise.reject(new Error('nothing is ever written to a tapped topic')),
  decompress: async (bytes: Buffer) => {
    const made = await decompress(bytes)
    return Buffer.from(made.buffer, made.byteOffset, made.byteLength)
  },
})
CompressionCodecs[CompressionTypes.Snappy] = readOnly(async (bytes) => unsnappy(bytes, unpackedBytesMax))
CompressionCodecs[CompressionTypes.LZ4] = readOnly(async (bytes) => unlz4(bytes, unpackedBytesMax))
CompressionCodecs[CompressionTypes.ZSTD] = readOnly((bytes) => unzstd(bytes, { maxOutputLength: unpackedBytesMax }))
