import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readKafka } from '../../adapters/sources/kafka/read-kafka.ts'
import { systemClock } from '../../gateway/clock.ts'
import type { Entry } from '../../gateway/model/entry.ts'
import type { Exchange } from '../../gateway/model/exchange.ts'
import type { KafkaSource } from '../../gateway/model/interface.ts'
import type { Measurement } from '../../gateway/model/measurement.ts'
import type { Clock } from '../../gateway/model/time.ts'
import { testInterface } from '../support/catalogue.ts'
import { type Broker, missingKafka, startBroker } from './kafka-broker.ts'
import { withoutPeers } from './missing.ts'

const reason = missingKafka()
if (reason !== null) withoutPeers(reason)

const producerTool = 'org.apache.kafka.tools.ConsoleProducer'
const consumerTool = 'org.apache.kafka.tools.consumer.ConsoleConsumer'
const { Kafka, logLevel } = kafkajs

describe.skipIf(reason !== null)('Apache Kafka 4', { timeout: 180_000 }, () => {
  let broker: Broker
  let server = ''
  beforeAll(async () => {
    broker = await startBroker()
    server = `127.0.0.1:${broker.address.port}`
  }, 120_000)
  afterAll(() => broker?.[Symbol.asyncDispose]())

  const client = () => new Kafka({ brokers: [server], logLevel: logLevel.NOTHING, clientId: 'hospital' })

  async function makeTopic(topic: string, partitions = 1, config: Readonly<Record<string, string>> = {}): Promise<void> {
    const admin = client().admin()
    await admin.connect()
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }))
    await admin.createTopics({ topics: [{ topic, numPartitions: partitions, configEntries }], waitForLeaders: true })
    await admin.disconnect()
  }

  async function produce(
    topic: string,
    messages: Parameters<ReturnType<InstanceType<typeof Kafka>['producer']>['send']>[0]['messages'],
  ) {
    const producer = client().producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
    await producer.connect()
    await producer.send({ topic, messages })
    await producer.disconnect()
  }

  /** A tap on these topics; what it says, and its end. */
  function tap(more: Partial<KafkaSource>, clock: Clock = systemClock()) {
    const ending = new AbortController()
    const entries: Entry[] = []
    const source: KafkaSource = {
      brokers: [broker.address],
      topics: '',
      groups: [],
      from: 'earliest',
      observerGroup: `auscult-${more.topics}`,
      lagEveryMs: 1_000,
      tls: null,
      sasl: null,
      ...more,
    }
    const done = readKafka(source, {
      iface: testInterface('his-queue-call'),
      timezone: 'Asia/Shanghai',
      bodyBytesMax: 100_000,
      clock,
      signal: ending.signal,
      emit: async (some) => void entries.push(...some),
      memory: { load: async () => null, save: async () => {} },
    })
    const exchanges = (): readonly Exchange[] => entries.flatMap((e) => (e.kind === 'exchange' ? [e.exchange] : []))
    const told = (name: string): readonly Measurement[] =>
      entries.flatMap((e) => (e.kind === 'measurement' && e.measurement.name === name ? [e.measurement] : []))
    return {
      exchanges,
      told,
      bodies: () => exchanges().map((e) => Buffer.from(e.request?.body ?? []).toString()),
      async stop() {
        ending.abort()
        await done
      },
    }
  }

  /** Waits until it is so; the test's own time-out is the only limit. */
  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 50))
  }

  test.for(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('reads what the Java producer compresses: %s', async (codec) => {
    const topic = `codec.${codec}`
    await makeTopic(topic)
    const lines = Array.from({ length: 500 }, (_, i) => `{"n":${i},"name":"张三${i % 7}","room":"诊室三诊室三诊室三"}`)
    await broker.tool(
      producerTool,
      ['--bootstrap-server', server, '--topic', topic, '--compression-codec', codec],
      `${lines.join('\n')}\n`,
    )
    const reading = tap({ topics: topic })
    await until(() => reading.exchanges().length >= lines.length)
    await reading.stop()
    expect(reading.bodies()).toEqual(lines)
    expect(new Set(reading.exchanges().map((e) => e.id)).size).toBe(lines.length)
  })

  test('begins at the end, goes on where it was after a restart, and reads nothing twice', async () => {
    await makeTopic('his.registration.events', 3)
    await produce('his.registration.events', [{ key: 'v0', value: 'before' }])
    const source = { topics: 'his.registration.*', from: 'latest' } as const
    const first = tap(source)
    await until(() => first.told('source').length > 0)
    const some = (from: number) => Array.from({ length: 30 }, (_, i) => ({ key: `v${i}`, value: `${from + i}` }))
    await produce('his.registration.events', some(100))
    await until(() => first.exchanges().length >= 30)
    await first.stop()
    await produce('his.registration.events', some(200))
    const second = tap(source)
    await until(() => second.exchanges().length >= 30)
    await second.stop()
    const read = [first, second].map((reading) =>
      reading
        .bodies()
        .map(Number)
        .toSorted((a, b) => a - b),
    )
    expect(read).toEqual([some(100), some(200)].map((sent) => sent.map(({ value }) => Number(value))))
  })

  test('shows keys, headers, times and tombstones as they are', async () => {
    await makeTopic('mdm.dictionary.changed', 1, { 'cleanup.policy': 'compact', 'message.timestamp.type': 'LogAppendTime' })
    await produce('mdm.dictionary.changed', [
      { key: 'drug/1', value: '{"code":"1"}', headers: { schemaVersion: '3', traceId: 't1' } },
      { key: 'drug/2', value: null },
    ])
    const reading = tap({ topics: 'mdm.dictionary.changed' })
    await until(() => reading.exchanges().length >= 2)
    await reading.stop()
    const [changed, removed] = reading.exchanges()
    expect(Object.fromEntries(changed?.request?.envelope ?? [])).toMatchObject({
      topic: 'mdm.dictionary.changed',
      partition: '0',
      offset: '0',
      'timestamp-type': 'log-append-time',
      key: 'drug/1',
      'header.schemaversion': '3',
      'header.traceid': 't1',
    })
    expect(removed).toMatchObject({ type: 'tombstone', request: { bodyBytes: 0 } })
  })

  test('measures the lag of a Java consumer, of either group protocol, and its coming and going', async () => {
    await makeTopic('lag', 2)
    const words = Array.from({ length: 10 }, (_, i) => ({ partition: i % 2, value: `${i}` }))
    await produce('lag', words)
    for (const protocol of ['classic', 'consumer']) {
      const args = [
        '--bootstrap-server',
        server,
        '--topic',
        'lag',
        '--from-beginning',
        '--max-messages',
        '10',
        '--group',
        `screens-${protocol}`,
      ]
      await broker.tool(consumerTool, [...args, '--consumer-property', `group.protocol=${protocol}`])
    }
    const groups = ['screens-classic', 'screens-consumer', 'nobody']
    const reading = tap({ topics: 'lag', groups })
    const lag = (group: string) => reading.told('consumer-lag').findLast((m) => m.facts.group === group)?.facts
    await until(() => groups.every((group) => lag(group) !== undefined) && reading.exchanges().length >= 10)
    expect(lag('screens-classic')).toMatchObject({ lagMessages: 0, lagMs: 0, uncommittedPartitions: 0, members: 0 })
    expect(lag('screens-consumer')).toMatchObject({ lagMessages: 0, lagMs: 0, members: null })
    expect(lag('nobody')).toMatchObject({ lagMessages: null, uncommittedPartitions: 2, state: 'Dead' })

    await produce('lag', words)
    await until(() => lag('screens-classic')?.lagMessages === 10 && lag('screens-consumer')?.lagMessages === 10)
    await until(() => Number(lag('screens-classic')?.lagMs) > 0 || reading.exchanges().length < 20)

    const screens = client().consumer({ groupId: 'screens-classic', sessionTimeout: 6_000 })
    await screens.connect()
    await screens.subscribe({ topics: ['lag'] })
    await screens.run({ eachMessage: async () => {} })
    await until(() => lag('screens-classic')?.lagMessages === 0)
    await until(() => reading.told('rebalance').some((m) => m.facts.joined === 1 && m.facts.members === 1))
    await screens.disconnect()
    await until(() => reading.told('rebalance').some((m) => m.facts.left === 1 && m.facts.state === 'Empty'))
    await reading.stop()
  })

  test('tells a message that a consumer tries again and again', async () => {
    await makeTopic('poison', 2)
    const screens = client().consumer({
      groupId: 'poisoned',
      retry: { initialRetryTime: 50, maxRetryTime: 100, retries: 100_000 },
    })
    await screens.connect()
    await screens.subscribe({ topics: ['poison'], fromBeginning: true })
    await screens.run({
      partitionsConsumedConcurrently: 2,
      autoCommitThreshold: 1,
      eachMessage: async ({ message }) => {
        if (message.value?.toString() === 'poison') throw new Error('cannot be read')
      },
    })
    await produce(
      'poison',
      [0, 1].flatMap((partition) => [{ partition, value: 'a' }]),
    )
    // Thirty seconds pass in three.
    const reading = tap({ topics: 'poison', groups: ['poisoned'] }, faster(10))
    await until(() => reading.told('consumer-lag').at(-1)?.facts.lagMessages === 0)
    await produce('poison', [{ partition: 1, value: 'poison' }])
    const sending = setInterval(
      () =>
        void produce('poison', [
          { partition: 0, value: 'b' },
          { partition: 1, value: 'b' },
        ]),
      400,
    )
    await until(() => reading.told('consumer-stuck').length > 0)
    clearInterval(sending)
    expect(reading.told('consumer-stuck')[0]).toMatchObject({
      verdict: 'no',
      code: 'OFFSET_STUCK',
      facts: { group: 'poisoned', topic: 'poison', partition: 1, offset: 1 },
    })
    await reading.stop()
    await screens.disconnect()
  })

  test('reads over TLS with a password, and says why it can not', async () => {
    await makeTopic('secured')
    await produce('secured', [{ value: 'sealed' }])
    process.env.AUSCULT_TEST_KAFKA = 'for-tests'
    process.env.AUSCULT_TEST_WRONG = 'wrong'
    const ca = new URL('../../fixtures/tls/ca.crt', import.meta.url).pathname
    const tls = { cert: null, key: null, ca, verifyPeer: true, serverName: null }
    const sasl = { mechanism: 'plain' as const, username: 'auscult', passwordFile: null, passwordEnv: 'AUSCULT_TEST_KAFKA' }
    const secure = { topics: 'secured', brokers: [broker.secureAddress], tls, sasl }
    const reading = tap(secure)
    await until(() => reading.exchanges().length > 0)
    await reading.stop()
    expect(reading.bodies()).toEqual(['sealed'])

    const codeOf = async (more: Partial<KafkaSource>) => {
      const refused = tap({ ...secure, ...more })
      await until(() => refused.told('source').length > 0)
      await refused.stop()
      return refused.told('source')[0]?.code
    }
    expect(await codeOf({ sasl: { ...sasl, passwordEnv: 'AUSCULT_TEST_WRONG' } })).toBe('KafkaJSSASLAuthenticationError')
    expect(await codeOf({ sasl: { ...sasl, passwordEnv: 'AUSCULT_TEST_NOWHERE' } })).toBe('SOURCE_SECRET_UNREADABLE')
    expect(await codeOf({ tls: { ...tls, ca: null } })).toMatch(/^(UNABLE_TO|SELF_SIGNED|KafkaJSConnection)/)
    expect(await codeOf({ topics: 'nowhere' })).toBe('TOPIC_MISSING')
  })

  test('says that the broker is away, and loses nothing when it comes back', async () => {
    await makeTopic('power')
    const reading = tap({ topics: 'power', from: 'latest' })
    await until(() => reading.told('source').length > 0)
    await produce('power', [{ value: '1' }])
    await until(() => reading.exchanges().length === 1)
    await broker.kill()
    await until(() => reading.told('source').some((m) => m.verdict === 'no'))
    expect(reading.told('source').find((m) => m.verdict === 'no')?.code).toMatch(/^(ECONNREFUSED|ECONNRESET|KafkaJS[A-Za-z]+)$/)
    await broker.start()
    await produce('power', [{ value: '2' }, { value: '3' }])
    await until(() => new Set(reading.bodies()).size === 3)
    expect(reading.told('source').at(-1)?.verdict).toBe('yes')
    await reading.stop()
    expect(new Set(reading.exchanges().map((e) => e.id)).size).toBe(3)
  })
})

/** A clock on which time passes so much faster. */
function faster(factor: number): Clock {
  const real = systemClock()
  const beganAt = real.now()
  const beganMs = real.monotonic()
  return {
    now: () => beganAt + (real.now() - beganAt) * factor,
    monotonic: () => beganMs + (real.monotonic() - beganMs) * factor,
    after: (delayMs, run) => real.after(delayMs / factor, run),
  }
}
