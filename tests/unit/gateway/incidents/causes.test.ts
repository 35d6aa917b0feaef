import { describe, expect, test } from 'vitest'
import { causeEntries } from '../../../../gateway/incidents/catalogue.ts'
import { causes } from '../../../../gateway/incidents/causes/index.ts'
import type { Reading } from '../../../../gateway/model/reading.ts'
import type { Worded } from '../../../../gateway/model/vocabulary.ts'
import type { WireFact } from '../../../../gateway/model/wire.ts'
import { aViolation, mondayMorning, ticked } from '../../monitors/stream.ts'
import {
  analyzer,
  errors,
  hospital,
  lab,
  leads,
  type Moment,
  onInterface,
  onSystem,
  passed,
  quiet,
  reading,
  saying,
  secondMs,
  tell,
  type Wish,
} from './scene.ts'

const faultAt = mondayMorning + 120 * secondMs
const at = faultAt + 60 * secondMs

/** What the wire does during a fault, as one exchange a second; and what the monitors say at its end. */
interface Case {
  readonly wins: string
  readonly name: string
  /** The `i`th exchange of the two minutes before; left out: sound. */
  readonly before?: (i: number) => Wish
  /** The `i`th exchange of the fault; several for several at once. */
  readonly during: (i: number) => Wish | readonly Wish[]
  readonly heard: readonly Reading[]
  /** Causes that this looks like, and that must not lead. */
  readonly not: readonly string[]
  readonly elsewhere?: 'quiet' | 'none'
}

const here = onInterface(lab.id)
const rate = (facts: Reading['facts']) => reading('failures/rate', here, at, { onsetAt: faultAt, facts })
const bad = (signal: string, facts: Reading['facts'] = {}) => reading(signal, here, at, { onsetAt: faultAt, facts })
const clock = (signal: string, facts: Reading['facts'], system = 'lis') =>
  reading(signal, onSystem(system), at, { onsetAt: faultAt, facts })
const refusedBy = (how: 'refused' | 'timeout' | 'tls' | 'dns'): Wish => ({
  outcome: 'unanswered',
  wire: [{ kind: 'refused', how, at: faultAt }],
  connection: { exchangesBefore: 0 },
})
const timeout: WireFact = { kind: 'timeout', at: faultAt, afterMs: 5000 }
const lost = (exchangesBefore: number): Wish => ({ outcome: 'unanswered', wire: [timeout], connection: { exchangesBefore } })
const late = (afterMs: number, extra: readonly WireFact[] = []): Wish => ({
  latencyMs: afterMs,
  wire: [{ kind: 'late', at: faultAt, afterMs }, ...extra],
})
const nak = (...codes: readonly string[]): Wish => ({ outcome: 'failed', code: 'AE', ack: errors(...codes) })
const refusedWith = (code: string): Wish => ({ outcome: 'failed', code, ack: null })
/** A refusal whose text names a cause (wording-digest.ts). */
const refusedInWords = (words: Worded): Wish => ({
  outcome: 'failed',
  code: 'AE',
  ack: { errors: [{ code: '207', location: null, textDigest: `${words}-0123456789ab` }] },
})
/** An accepted association whose only context got that result. */
const associated = (result: string): Wish => ({
  type: 'A-ASSOCIATE',
  code: 'AC',
  requestEnvelope: [['context', '1 1.2.840.10008.5.1.4.1.1.9.1.1 1.2.840.10008.1.2.1']],
  answerEnvelope: [['context', `1 ${result} 1.2.840.10008.1.2.1`]],
})
/** A change of version so long before the fault, and so many of 100 messages bad since. */
const changed = (beforeMs: number, badSince: number) =>
  reading('versions/changed', here, at, {
    onsetAt: faultAt - beforeMs,
    severity: 'warn',
    score: 1,
    facts: {
      side: 'sender',
      systemId: 'his',
      kind: 'message-version',
      from: '2.4',
      to: '2.5.1',
      seenSince: 100,
      badSince,
      badShareBefore: 0.001,
    },
  })
const copy: WireFact = { kind: 'duplicate', of: 'x', sameBody: true, copy: 2 }
const wrong: WireFact = { kind: 'wrong-control-id', distance: 1, at: faultAt }
const gbk = { declared: 'UNICODE UTF-8', detected: 'gb18030', verdict: 'contradicts', nonAsciiCount: 9 } as const

const cases: readonly Case[] = [
  {
    wins: 'conn-refused',
    name: 'every attempt gets a RST',
    during: () => refusedBy('refused'),
    heard: [bad('failures/refused', { refusedInRow: 3, how: 'refused' }), rate({ unanswered: 20, refused: 20 })],
    not: ['conn-timeout', 'conn-reset', 'silent'],
  },
  {
    wins: 'conn-timeout',
    name: 'no attempt gets an answer',
    during: () => refusedBy('timeout'),
    heard: [bad('failures/refused', { how: 'timeout' })],
    not: ['conn-refused', 'ack-timeout'],
  },
  {
    wins: 'conn-reset',
    name: 'the acceptor resets inside messages',
    during: () => ({
      outcome: 'unanswered',
      wire: [
        { kind: 'partial', by: 'initiator', bytes: 400, how: 'rst' },
        { kind: 'reset', by: 'acceptor', at: faultAt, idleMs: 3 },
      ],
    }),
    heard: [rate({ unanswered: 20, reset: 20 })],
    not: ['conn-refused', 'ack-timeout', 'payload-too-large'],
  },
  {
    wins: 'ack-timeout',
    name: 'delivered, never answered, on new connections too',
    during: (i) => lost(i % 3),
    heard: [rate({ unanswered: 20, timeout: 20 })],
    not: ['half-open', 'upstream-slow', 'ack-mismatch'],
  },
  {
    wins: 'ack-timeout',
    name: 'nothing is answered, and each message goes out three times, as its sender gives up after each',
    during: (i) => (i % 3 === 0 ? lost(60 + i) : { ...lost(60 + i), wire: [timeout, { ...copy, copy: i % 3 }] }),
    heard: [rate({ unanswered: 40, timeout: 40 }), bad('retries/storm', { attemptsPerMessage: 3, minutes: 3 })],
    not: [],
  },
  {
    wins: 'half-open',
    name: 'the old connection is deaf, a new one is answered at once, but for a stray',
    during: (i) => (i < 40 ? lost(i === 20 ? 0 : 60 + i) : { connection: { id: 'new', exchangesBefore: i - 40 } }),
    heard: [rate({ unanswered: 40, timeout: 40 })],
    not: ['upstream-slow'],
  },
  {
    wins: 'half-open',
    name: 'the old connection is deaf, a new one is answered at once',
    during: (i) => (i < 40 ? lost(60 + i) : { connection: { id: 'new', exchangesBefore: i - 40 } }),
    heard: [rate({ unanswered: 40, timeout: 40 })],
    not: ['ack-timeout', 'upstream-slow'],
  },
  {
    wins: 'ack-timeout',
    name: 'half of all go unanswered on a connection that answers the rest, and now and then a new one is made',
    during: (i) => (i % 2 === 0 ? lost(60 + i) : { connection: { exchangesBefore: i % 11 === 0 ? 0 : 60 + i } }),
    heard: [rate({ unanswered: 30, timeout: 30 })],
    not: ['half-open', 'upstream-slow'],
  },
  {
    wins: 'version-upgrade',
    name: 'the receiver says of itself that it is another version, and is slow since then',
    during: () => ({ latencyMs: 3000 }),
    heard: [
      bad('latency/shift', { p50Ms: 2900, p95Ms: 3100, ratio: 20, thinkMs: 2900, connectMs: 1 }),
      reading('versions/changed', here, at, {
        onsetAt: faultAt - 20_000,
        severity: 'warn',
        score: 1,
        facts: {
          side: 'receiver',
          systemId: 'lis',
          kind: 'software',
          from: 'nginx/1.24',
          to: 'nginx/1.27',
          seenSince: 50,
          badSince: 0,
        },
      }),
    ],
    not: [],
  },
  {
    wins: 'assoc-rj-congestion',
    name: 'every other association is rejected for a limit, and the questions in the others are slow',
    during: (i) => (i % 2 === 0 ? { type: 'A-ASSOCIATE', ...refusedWith('RJ-2-3-2') } : { type: 'C-FIND', latencyMs: 400 }),
    heard: [
      rate({ nak: 30 }),
      bad('latency/shift', { p50Ms: 390, p95Ms: 420, ratio: 4, thinkMs: 390, connectMs: 1 }),
      bad('types/slow', { type: 'C-FIND', ratio: 4, usualMs: 100, ms: 400, messages: 30, unanswered: 0, othersRatio: 1 }),
    ],
    not: [],
  },
  {
    wins: 'half-open',
    name: 'handhelds that roam are heard no more on connections that have answered once; with new ones all is well',
    during: (i) => {
      // The second message of one who stays is answered, of one who roams it is not.
      const connection = { id: `c${i - (i % 2)}`, exchangesBefore: i % 2 }
      return i % 4 === 1 ? { ...lost(1), connection } : { connection }
    },
    heard: [rate({ unanswered: 10, timeout: 10 })],
    not: ['ack-timeout', 'upstream-slow', 'silent'],
  },
  {
    wins: 'ack-timeout',
    name: 'a listener that acknowledges the first message of each connection, and none after it',
    during: (i) => {
      const connection = { id: `c${i - (i % 2)}`, exchangesBefore: i % 2, idleBeforeMs: i % 2 === 0 ? null : 20_000 }
      return i % 2 === 1 ? { ...lost(1), connection } : { connection }
    },
    heard: [rate({ unanswered: 20, timeout: 20 })],
    not: ['half-open', 'fw-idle', 'silent'],
  },
  {
    wins: 'ack-timeout',
    name: 'messages are accepted at once, and what became of half of them is never said',
    during: (i) => (i % 2 === 0 ? { ...lost(60 + i), isAccepted: true } : { isAccepted: true }),
    heard: [rate({ unanswered: 30, timeout: 30 })],
    not: ['half-open', 'seq-gap', 'upstream-slow'],
  },
  {
    wins: 'ack-timeout',
    name: 'associations are accepted, and half of the operations in them get no answer: their connections are as young as they',
    during: (i) =>
      i % 3 === 0
        ? { ...associated('0'), connection: { id: `c${i}`, exchangesBefore: 0 } }
        : i % 3 === 1
          ? { ...lost(1), type: 'C-FIND', connection: { id: `c${i - 1}`, exchangesBefore: 1 } }
          : { type: 'C-FIND', connection: { id: `c${i}`, exchangesBefore: 1 } },
    heard: [
      rate({ unanswered: 20, timeout: 20 }),
      bad('types/slow', {
        type: 'C-FIND',
        ratio: 8,
        usualMs: 70,
        ms: 560,
        messages: 40,
        unanswered: 20,
        othersRatio: 1,
        stepShare: 1,
      }),
    ],
    not: ['half-open', 'db-trigger-block', 'upstream-slow'],
  },
  {
    wins: 'ack-timeout',
    name: 'one operation is never answered, over old connections and new ones; all others are',
    during: (i) =>
      i % 4 === 0 ? { ...lost(60 + i), type: 'POST /tasks' } : { type: 'GET /tasks', connection: { exchangesBefore: i % 8 } },
    heard: [
      rate({ unanswered: 15, timeout: 15 }),
      bad('types/slow', {
        type: 'POST /tasks',
        ratio: 200,
        usualMs: 100,
        ms: 20_000,
        messages: 15,
        unanswered: 15,
        othersRatio: 1,
        stepShare: 1,
      }),
    ],
    not: ['half-open', 'db-trigger-block', 'upstream-slow'],
  },
  {
    wins: 'ack-mismatch',
    name: 'every answer names the message two before, and comes when that has timed out',
    during: (i) => (i % 3 === 0 ? lost(50) : late(20_000, [{ ...wrong, distance: 2 }, timeout])),
    heard: [
      bad('answers/mismatch', { distance: '2', distanceShare: 1 }),
      bad('answers/late'),
      rate({ unanswered: 20, timeout: 20 }),
      bad('types/slow', {
        type: 'ORM^O01',
        ratio: 50,
        usualMs: 80,
        ms: 4000,
        messages: 30,
        unanswered: 3,
        othersRatio: 1,
        stepShare: 1,
      }),
    ],
    not: ['late-response-after-timeout', 'ack-timeout', 'upstream-slow', 'db-trigger-block'],
  },
  {
    wins: 'ack-mismatch',
    name: 'answers are ever further behind: now one message, then two, then three',
    during: (i) =>
      i % 3 === 0 ? lost(50) : late(20_000 + 2_000 * i, [{ ...wrong, distance: 1 + Math.floor(i / 20) }, timeout]),
    heard: [
      bad('answers/mismatch', { distance: '2', distanceShare: 0.4 }),
      bad('answers/late'),
      rate({ unanswered: 20, timeout: 20 }),
    ],
    not: ['late-response-after-timeout', 'ack-timeout', 'upstream-slow'],
  },
  {
    wins: 'ack-mismatch',
    name: 'every answer names the message before',
    during: (i) => (i === 0 ? lost(50) : late(900, [wrong])),
    heard: [bad('answers/mismatch'), rate({ unanswered: 3 })],
    not: ['late-response-after-timeout', 'ack-timeout'],
  },
  {
    wins: 'ack-mismatch',
    name: 'every answer names the message before, and where little is sent it comes long after that timed out',
    during: (i) => (i % 4 === 0 ? lost(50) : late(20_000, [wrong, timeout])),
    heard: [
      bad('answers/mismatch'),
      bad('answers/late'),
      rate({ unanswered: 15, timeout: 15 }),
      bad('latency/shift', { p95Ms: 20_000, ratio: 150, connectMs: 0.7 }),
    ],
    not: ['late-response-after-timeout', 'ack-timeout', 'upstream-slow', 'half-open'],
  },
  {
    wins: 'late-response-after-timeout',
    name: 'answers come after the resend',
    during: () => [late(2500), { latencyMs: 1000, wire: [copy] }],
    heard: [bad('answers/late'), bad('latency/shift', { p95Ms: 2500, ratio: 100, connectMs: 0.3 })],
    not: ['upstream-slow', 'ack-timeout', 'duplicate'],
  },
  {
    wins: 'late-response-after-timeout',
    name: 'one kind of message is slow, and half of its answers come when nobody waits any more',
    during: () => [late(2500), { latencyMs: 1000 }],
    heard: [
      bad('answers/late'),
      bad('types/slow', { type: 'ORM^O01', ratio: 20, usualMs: 100, ms: 2100, othersRatio: 1, stepShare: 1 }),
    ],
    not: ['upstream-slow'],
  },
  {
    wins: 'late-response-after-timeout',
    name: 'a third of one operation in ten is answered when its caller has hung up; that operation alone is slow',
    during: (i) =>
      i % 15 === 0
        ? { ...late(12_000, [{ kind: 'closed', by: 'initiator', at: faultAt, idleMs: 10_000 }, timeout]), type: 'POST /settle' }
        : i % 5 === 0
          ? { type: 'POST /settle', latencyMs: 300 }
          : { type: 'GET /fees' },
    heard: [
      bad('answers/late'),
      bad('types/slow', {
        type: 'POST /settle',
        ratio: 3.2,
        usualMs: 340,
        ms: 1086,
        messages: 12,
        unanswered: 0,
        othersRatio: 1,
        stepShare: 1,
      }),
    ],
    not: ['db-trigger-block', 'upstream-slow'],
  },
  {
    wins: 'late-response-after-timeout',
    name: 'callers hang up, ask again under the same id and hang up again: what floods nobody is no storm',
    during: (i) => (i % 4 === 3 ? {} : late(6_000, [{ kind: 'closed', by: 'initiator', at: faultAt, idleMs: 5_000 }, timeout])),
    heard: [
      bad('answers/late'),
      bad('latency/shift', { p95Ms: 9_000, ratio: 50, connectMs: 0.6 }),
      bad('retries/duplicate', { count: 30, seen: 60 }),
      bad('retries/storm', { attemptsPerMessage: 2.3, minutes: 3 }),
    ],
    not: ['retry-storm', 'upstream-slow', 'duplicate'],
  },
  {
    wins: 'upstream-slow',
    name: 'answers take longer than the catalogue says that senders wait, and these wait all the same',
    during: (i) => (i % 2 === 0 ? late(5_600, [timeout]) : { latencyMs: 4_400 }),
    heard: [bad('answers/late'), bad('latency/shift', { p95Ms: 5_600, ratio: 60, connectMs: 0.3 })],
    not: ['late-response-after-timeout', 'ack-timeout'],
  },
  {
    wins: 'upstream-slow',
    name: 'everything is answered, eight times as slowly',
    during: () => ({ latencyMs: 400 }),
    heard: [bad('latency/shift', { p95Ms: 600, ratio: 8, connectMs: 0.3 })],
    not: ['ack-timeout', 'half-open', 'late-response-after-timeout'],
  },
  {
    wins: 'app-nak',
    name: 'half are refused, and the receiver says no more than that it failed',
    during: (i) => (i % 2 === 0 ? nak('207') : {}),
    heard: [rate({ nak: 30, topCode: 'AE' })],
    not: ['schema-missing-field', 'orphan-result', 'charset-mismatch'],
  },
  {
    wins: 'app-nak',
    name: 'results are refused for this and that, some of them for an unknown key',
    during: (i) => (i % 2 === 0 ? { ...nak(['204', '207', '206'][(i / 2) % 3] ?? '207'), type: 'ORU^R01' } : {}),
    heard: [rate({ nak: 30, topCode: 'AE' })],
    not: ['orphan-result'],
  },
  {
    wins: 'dict-drift',
    name: 'the same new codes are refused wherever they come, ten minutes after a publication',
    during: (i) => (i % 3 === 0 ? nak('103') : {}),
    heard: [
      bad('dictionary/refused', { codes: 2, path: 'OBR-4.1', shape: 'A9', refused: 20, novel: 2, publishedBeforeS: 600 }),
      rate({ nak: 20, topCode: 'AE' }),
    ],
    not: ['app-nak', 'schema-missing-field', 'schema-wrong-type', 'charset-mismatch'],
  },
  {
    wins: 'dict-drift',
    name: 'every message has the new code, so that none passes; the receiver says that its table has none such',
    during: () => nak('103'),
    heard: [rate({ nak: 60, topCode: 'AE' })],
    not: ['app-nak', 'schema-missing-field'],
  },
  {
    wins: 'storage-oor-a7xx',
    name: 'the archive is full, and by chance always the same codes are refused',
    during: (i) => ({ ...refusedWith('A700'), type: 'C-STORE', connection: { initiator: `10.1.0.${i % 3}:40000` } }),
    heard: [bad('dictionary/refused', { codes: 1, path: 'OBR-4.1', refused: 20 }), rate({ nak: 60, topCode: 'A700' })],
    not: ['dict-drift', 'app-nak'],
  },
  {
    wins: 'storage-oor-a7xx',
    name: 'the archive is full, and is slow to say so',
    during: (i) => ({
      ...refusedWith('A700'),
      type: 'C-STORE',
      latencyMs: 280,
      connection: { initiator: `10.1.0.${i % 3}:40000` },
    }),
    heard: [
      bad('types/slow', { type: 'C-STORE', ratio: 2.1, usualMs: 131, ms: 280, othersRatio: 1, othersSeen: 8, stepShare: 1 }),
      rate({ nak: 60, topCode: 'A700' }),
    ],
    not: ['db-trigger-block', 'app-nak'],
  },
  {
    wins: 'dict-drift',
    name: 'a table moved and nobody refuses',
    during: () => ({}),
    heard: [bad('dictionary/moved', { path: 'OBR-4.1', renamed: 9, codes: 9, publishedBeforeS: 300 })],
    not: ['app-nak', 'code-unmapped'],
  },
  {
    wins: 'schema-missing-field',
    name: 'a field is gone, with whatever codes it held: it is the shape that is refused',
    during: () => ({ ...nak('101'), violations: [aViolation()] }),
    heard: [
      bad('contract/required', { element: 'PID-3', affected: 60, seen: 60 }),
      bad('dictionary/novel', { codes: 3 }),
      rate({ nak: 60 }),
    ],
    not: ['dict-drift', 'app-nak'],
  },
  {
    wins: 'duplicate',
    name: 'every third goes out three times, and what waits behind the copies is late',
    during: (i) => (i % 5 < 3 ? { queuedMs: (i % 6) * 5000 } : { wire: [{ ...copy, copy: (i % 5) - 2 }] }),
    heard: [
      bad('retries/duplicate', { count: 24, seen: 60, share: 0.4 }),
      bad('waiting/queue', { waitS: 19, waitSMax: 27, usualS: 1, waited: 6, seen: 7 }),
    ],
    not: ['queue-delay'],
  },
  {
    wins: 'duplicate',
    name: 'every second call is one of a while ago: only the monitor knows, and what was made then is late',
    during: (i) => (i % 2 === 0 ? { queuedMs: 90_000 } : {}),
    heard: [
      bad('retries/duplicate', { count: 30, seen: 60, share: 0.5 }),
      bad('waiting/queue', { waitS: 89, waitSMax: 104, usualS: 1, waited: 30, seen: 60 }),
    ],
    not: ['queue-delay'],
  },
  {
    wins: 'queue-delay',
    name: 'records that waited in an outbox: in their topic they are in time, and what they tell of is a minute old',
    during: () => ({}),
    heard: [bad('waiting/queue', { waitS: 60, waitSMax: 70, usualS: 1, waited: 30, seen: 60 })],
    not: ['duplicate', 'consumer-lag'],
  },
  {
    wins: 'caller-slow',
    name: 'two seconds to send, forty milliseconds to answer',
    during: () => ({ latencyMs: 40 }),
    heard: [bad('calling/slow', { tookMs: 2000, usualMs: 2, thinkMs: 39, receiveMs: 1, slow: 40, seen: 60, share: 0.7 })],
    not: ['upstream-slow', 'queue-delay', 'half-open'],
  },
  {
    wins: 'upstream-slow',
    name: 'answers take longest, though sending takes longer too',
    during: () => ({ latencyMs: 4000 }),
    heard: [
      bad('latency/shift', { p95Ms: 6000, ratio: 80, connectMs: 0.3 }),
      bad('calling/slow', { tookMs: 700, usualMs: 2, thinkMs: 3990, receiveMs: 1, slow: 20, seen: 60, share: 0.3 }),
    ],
    not: ['caller-slow'],
  },
  {
    wins: 'pool-exhausted',
    name: 'who finds no thread is turned away after five seconds, without a word, and nobody knows how many there are',
    during: (i) =>
      i % 3 === 0
        ? { outcome: 'failed', code: '503', latencyMs: 5000 + (i % 7) * 30, ack: null }
        : { latencyMs: i % 3 === 1 ? 30 : 700 + i * 90 },
    heard: [bad('latency/shift', { p95Ms: 5000, ratio: 60, connectMs: 0.3 }), rate({ nak: 20, topCode: '503' })],
    not: ['upstream-slow', 'app-nak', 'rate-limit'],
  },
  {
    wins: 'pool-exhausted',
    name: 'of all kinds some are refused after five seconds in words that say nothing, and others are as fast as ever',
    during: (i) => {
      const type = i % 2 === 0 ? 'GET /record' : 'POST /record'
      if (i % 3 === 0) return { type, outcome: 'failed', code: '500', latencyMs: 5000 + (i % 7) * 30, ack: null }
      return { type, latencyMs: i % 3 === 1 ? 30 : 700 + i * 90 }
    },
    heard: [bad('latency/shift', { p95Ms: 5000, ratio: 60, connectMs: 0.3 }), rate({ nak: 20, topCode: '500' })],
    not: ['upstream-slow', 'app-nak'],
  },
  {
    wins: 'app-nak',
    name: 'one kind is refused after five seconds, whoever asks for another is served',
    during: (i) =>
      i % 2 === 0
        ? { type: 'POST /record', outcome: 'failed', code: '500', latencyMs: 5000, ack: null }
        : { type: 'GET /record', latencyMs: 30 },
    heard: [rate({ nak: 20, topCode: '500' })],
    not: ['pool-exhausted'],
  },
  {
    wins: 'storage-oor-a7xx',
    name: 'an archive is slow, and then has no room',
    during: (i) => (i < 10 ? { type: 'C-STORE', latencyMs: 900 } : { ...refusedWith('A700'), type: 'C-STORE', latencyMs: 900 }),
    heard: [bad('latency/shift', { p95Ms: 950, ratio: 6, connectMs: 0.3 }), rate({ nak: 30, topCode: 'A700' })],
    not: ['upstream-slow', 'app-nak'],
  },
  {
    wins: 'pool-exhausted',
    name: 'sixteen in flight and no more: some are answered at once, the others wait three seconds',
    during: (i) =>
      i % 3 === 0 ? { outcome: 'failed', code: '503', latencyMs: 3000, ack: null } : { latencyMs: i % 3 === 1 ? 30 : 3000 },
    heard: [
      bad('in-flight/plateau', {
        inFlight: 16,
        usualPeak: 5,
        atLimitShare: 0.96,
        perS: 8,
        meanMs: 2000,
        usualMs: 30,
        fastShare: 0.33,
        slowShare: 0.6,
        slowMs: 3000,
        slowSpread: 0.02,
      }),
      bad('latency/shift', { p95Ms: 3000, ratio: 60, connectMs: 0.3 }),
      rate({ nak: 20, topCode: '503' }),
    ],
    not: ['upstream-slow', 'app-nak', 'rate-limit', 'ack-timeout', 'caller-slow'],
  },
  {
    wins: 'upstream-slow',
    name: 'all callers wait for a receiver that is ten times as slow for each of them',
    during: () => ({ latencyMs: 400 }),
    heard: [
      bad('in-flight/plateau', {
        inFlight: 16,
        usualPeak: 5,
        atLimitShare: 0.5,
        perS: 40,
        meanMs: 400,
        usualMs: 40,
        fastShare: 0,
        slowShare: 0.9,
        slowMs: 400,
        slowSpread: 0.5,
      }),
      bad('latency/shift', { p95Ms: 600, ratio: 10, connectMs: 0.3 }),
    ],
    not: ['pool-exhausted'],
  },
  {
    wins: 'partial-data',
    name: 'every answer is well, and none has laboratory results any more',
    during: () => ({ type: 'operation Patient/$everything' }),
    heard: [
      bad('completeness/source', {
        part: 'Observation',
        asked: 'operation Patient/$everything',
        shareBefore: 0.99,
        answersSince: 40,
        outcomes: 0,
      }),
    ],
    not: ['app-nak', 'version-upgrade', 'schema-missing-field'],
  },
  {
    wins: 'partial-data',
    name: 'every answer waits for a source that is given up, and says so',
    during: () => ({ type: 'operation Patient/$everything', latencyMs: 1800 }),
    heard: [
      bad('latency/shift', { p95Ms: 1900, ratio: 8, connectMs: 0.3 }),
      bad('completeness/source', { part: null, outcomes: 50, outcomeShare: 0.9 }),
    ],
    not: ['upstream-slow'],
  },
  {
    wins: 'mask-leak',
    name: 'names in clear where the contract wants them masked',
    during: (i) =>
      i % 2 === 0
        ? {
            violations: [
              aViolation({ path: 'patientNameMasked', element: 'patientNameMasked', rule: 'masking', shape: '汉{3}' }),
            ],
          }
        : {},
    heard: [bad('contract/masking', { element: 'patientNameMasked', affected: 30, seen: 60 })],
    not: ['schema-wrong-type', 'schema-missing-field', 'charset-mismatch'],
  },
  {
    wins: 'mask-leak',
    name: 'a contract forbids what names a person',
    during: () => ({ violations: [aViolation({ path: 'PID-5', element: 'PID-5', rule: 'forbidden', shape: 'text(9)' })] }),
    heard: [bad('contract/forbidden', { element: 'PID-5', affected: 60, seen: 60 })],
    not: ['schema-wrong-type', 'schema-missing-field'],
  },
  {
    wins: 'error-trend',
    name: 'a third more errors than the week before, most of one instrument',
    during: (i) => (i % 20 === 0 ? nak('207') : {}),
    heard: [
      bad('trend/errors', {
        errors: 400,
        errorsBefore: 300,
        growthPct: 33.3,
        errorShare: 0.04,
        errorShareBefore: 0.03,
        daysAbove: 6,
        topSender: 'COBAS|7',
        topSenderShare: 0.96,
      }),
    ],
    not: ['app-nak', 'version-upgrade'],
  },
  {
    wins: 'version-upgrade',
    name: 'PID-3 vanished six minutes after the sender changed its version',
    during: () => ({ ...nak('101'), violations: [aViolation()] }),
    heard: [bad('contract/required', { element: 'PID-3', affected: 60, seen: 60 }), changed(360_000, 60), rate({ nak: 60 })],
    not: ['schema-missing-field', 'app-nak', 'dict-drift'],
  },
  {
    wins: 'version-upgrade',
    name: 'the answering side became another two minutes before it was slow, and refuses nothing',
    during: () => ({ latencyMs: 2600 }),
    heard: [
      { ...changed(120_000, 0), facts: { ...changed(0, 0).facts, side: 'receiver' } },
      bad('latency/shift', { p50Ms: 2600, baselineP50Ms: 160, p95Ms: 3400, ratio: 16, connectMs: 0.6 }),
    ],
    not: ['app-nak'],
  },
  {
    wins: 'version-upgrade',
    name: 'the sender goes by another name since it was upgraded, and strays before that have made the onset look older',
    during: (i) => ({ ...(i % 2 === 0 && i > 10 ? nak('207') : {}), sender: i < 10 ? 'HIS|SZPH' : 'HIS^V6|SZPH' }),
    heard: [
      {
        ...changed(-200_000, 50),
        facts: { ...changed(0, 50).facts, kind: 'application', from: 'HIS|SZPH', to: 'HIS^V6|SZPH' },
      },
      rate({ nak: 25 }),
    ],
    not: ['proto-incompat', 'app-nak'],
  },
  {
    wins: 'schema-missing-field',
    name: 'PID-3 vanished, and some version changed twenty hours before',
    during: () => ({ ...nak('101'), violations: [aViolation()] }),
    heard: [
      bad('contract/required', { element: 'PID-3', affected: 60, seen: 60 }),
      changed(20 * 3_600_000, 0.2),
      rate({ nak: 60 }),
    ],
    not: ['version-upgrade', 'app-nak'],
  },
  {
    wins: 'upstream-slow',
    name: 'the receiver is slow, and an upgrade of the sender harmed nothing',
    during: () => ({ latencyMs: 400 }),
    heard: [bad('latency/shift', { p95Ms: 600, ratio: 8, connectMs: 0.3 }), changed(360_000, 0)],
    not: ['version-upgrade'],
  },
  {
    wins: 'code-unmapped',
    name: 'codes without a coding system, and nobody minds',
    during: () => ({}),
    heard: [bad('dictionary/unmapped', { count: 40, seen: 60, codes: 7 })],
    not: ['dict-drift', 'schema-missing-field'],
  },
  {
    wins: 'schema-missing-field',
    name: 'PID-3 vanished, and is refused',
    during: () => ({ ...nak('101'), violations: [aViolation()] }),
    heard: [bad('contract/required', { element: 'PID-3', affected: 60, seen: 60 }), rate({ nak: 60 })],
    not: ['app-nak', 'schema-wrong-type', 'charset-mismatch'],
  },
  {
    wins: 'code-unmapped',
    name: 'a contract requires the names of coding systems, and they alone are missing',
    during: () => ({ violations: [aViolation({ element: 'Observation.code.coding.system', rule: 'required' })] }),
    heard: [bad('contract/required', { element: 'Observation.code.coding.system', affected: 60, seen: 60 })],
    not: ['schema-missing-field', 'schema-wrong-type'],
  },
  {
    wins: 'schema-wrong-type',
    name: 'a comparator in a numeric value',
    during: () => ({ violations: [aViolation({ path: 'OBX[1]-5', element: 'OBX-5', rule: 'type', shape: '<9.99' })] }),
    heard: [bad('contract/type', { element: 'OBX-5' })],
    not: ['schema-missing-field', 'charset-mismatch', 'app-nak'],
  },
  {
    wins: 'auth-expired',
    name: 'the insurance platform says no in words: the sign-in has lapsed',
    during: () => refusedInWords('auth'),
    heard: [rate({ nak: 60, topCode: '-1' })],
    not: ['app-nak', 'clock-skew'],
  },
  {
    wins: 'payload-too-large',
    name: 'the receiver says in words that it is too large, and by chance always refuses the same code',
    during: (i) => (i % 4 === 0 ? { ...refusedInWords('large'), requestBytes: 70_000 } : {}),
    heard: [bad('dictionary/refused', { codes: 1, path: 'OBX-3.1', refused: 15 }), rate({ nak: 15, topCode: 'AR' })],
    not: ['app-nak', 'dict-drift'],
  },
  {
    wins: 'payload-too-large',
    name: 'only large ones are refused, in no words, but for a stray',
    during: (i) => (i % 4 === 0 ? { ...nak('207'), requestBytes: 70_000 + i } : i === 21 ? nak('204') : {}),
    heard: [bad('dictionary/refused', { codes: 1, path: 'OBX-3.1', refused: 15 }), rate({ nak: 16, topCode: 'AE' })],
    not: ['app-nak', 'dict-drift'],
  },
  {
    wins: 'payload-too-large',
    name: 'large ones are cut off and sent again, and one line of a small one broke',
    during: (i) => ({
      outcome: i % 5 === 0 ? 'answered' : 'unanswered',
      requestBytes: i === 21 ? 400 : i % 5 === 0 ? 500 : 40_000,
      wire:
        i % 5 === 0
          ? []
          : [
              { kind: 'partial', by: 'initiator', bytes: 40_000, how: 'rst' },
              { kind: 'reset', by: 'acceptor', at: faultAt, idleMs: 3 },
            ],
    }),
    heard: [rate({ unanswered: 48, reset: 48 })],
    not: ['conn-reset'],
  },
  {
    wins: 'dict-drift',
    name: 'requests are taken, and answered by a code that says that theirs is unknown',
    during: () => ({}),
    heard: [bad('dictionary/unknown', { count: 30, seen: 30, share: 1 })],
    not: ['app-nak', 'schema-missing-field'],
  },
  {
    wins: 'dict-drift',
    name: 'every call has a code that the receiver says it has not',
    during: () => refusedInWords('code'),
    heard: [rate({ nak: 60, topCode: '-1' })],
    not: ['app-nak', 'schema-missing-field'],
  },
  {
    wins: 'clock-skew',
    name: 'tokens are of the future, as the receiver says',
    during: () => ({ ...refusedInWords('clock'), code: '401' }),
    heard: [rate({ nak: 60, topCode: '401' })],
    not: ['app-nak', 'auth-expired'],
  },
  ...(
    [
      ['tls-cert', 'certificate'],
      ['dns', 'name'],
      ['conn-refused', 'down'],
      ['version-upgrade', 'version'],
      ['charset-mismatch', 'charset'],
      ['schema-missing-field', 'missing'],
      ['schema-wrong-type', 'shape'],
      ['storage-oor-a7xx', 'disk'],
    ] as const
  ).map(
    ([wins, words]): Case => ({
      wins,
      name: `nothing else shows, and refusals say it: ${words}`,
      before: () => ({}),
      during: (i) => (i % 2 === 0 ? refusedInWords(words) : {}),
      heard: [rate({ nak: 30, topCode: 'AE' })],
      not: ['app-nak', 'dict-drift'],
    }),
  ),
  {
    wins: 'proto-incompat',
    name: 'one analyser of two writes numbers its own way: its results break the contract, and most are refused for a type',
    before: (i) => ({ sender: i % 2 === 0 ? 'XN1000|LAB' : 'COBAS|LAB' }),
    during: (i) =>
      i % 2 === 0
        ? {
            ...(i % 3 === 0 ? {} : nak('102')),
            sender: 'XN1000|LAB',
            violations: [aViolation({ path: 'OBX[1]-5', element: 'OBX-5', rule: 'type', shape: '9,9' })],
          }
        : { sender: 'COBAS|LAB' },
    heard: [bad('contract/type', { element: 'OBX-5' }), rate({ nak: 20 })],
    not: ['schema-wrong-type', 'schema-missing-field', 'app-nak'],
  },
  {
    wins: 'proto-incompat',
    name: 'one analyser of two sends its results in a block of their own, which begins with no MSH',
    during: (i) =>
      i % 2 === 0
        ? { ...nak('100'), sender: 'XN1000|LAB', violations: [aViolation({ element: 'OBR', rule: 'required' })] }
        : i % 4 === 1
          ? { outcome: 'unanswered', sender: null, defects: [{ code: 'HL7_NO_MSH', path: null, text: '' }] }
          : { sender: 'COBAS|LAB' },
    heard: [
      bad('contract/required', { element: 'OBR' }),
      bad('framing/odd', { share: 0.25, kind: 'HL7_NO_MSH' }),
      rate({ nak: 30 }),
    ],
    not: ['schema-missing-field', 'app-nak', 'ack-timeout'],
  },
  {
    wins: 'charset-mismatch',
    name: 'GB18030 under a UTF-8 label, refused',
    during: () => ({
      ...nak('207'),
      charset: gbk,
      violations: [aViolation({ path: 'MSH-18', element: 'MSH-18', rule: 'charset' })],
    }),
    heard: [bad('contract/charset'), rate({ nak: 60 })],
    not: ['app-nak', 'schema-missing-field', 'schema-wrong-type'],
  },
  {
    wins: 'charset-mismatch',
    name: 'answers in GB18030 under another label',
    during: () => ({ answerCharset: gbk }),
    heard: [bad('contract/charset')],
    not: ['app-nak', 'schema-missing-field', 'schema-wrong-type'],
  },
  {
    wins: 'delim-in-trail',
    name: 'only names with a delimiter in a trail byte are refused',
    during: (i) =>
      i % 4 === 0
        ? { ...nak('102'), charset: { detected: 'gb18030', declared: 'GB18030', delimiterInTrail: true } }
        : { charset: { detected: 'gb18030', declared: 'GB18030' } },
    heard: [rate({ nak: 15 })],
    not: ['app-nak', 'charset-mismatch'],
  },
  {
    wins: 'tz-mismatch',
    name: 'one element of each of two interfaces of a host is off by the same hours',
    during: () => ({}),
    heard: [
      bad('stamps/element', { element: 'occurredAt', offHours: 2, odd: 20, seen: 20 }),
      clock('clock/zone', { offsetS: -7200, residualS: 0.3, observations: 12, interfaceId: 'his-nhsa-settlement' }, 'his'),
    ],
    not: ['ts-format-bug', 'clock-skew'],
  },
  {
    wins: 'tz-mismatch',
    name: 'one element of an interface is off by the hours that two names of its host are off by',
    during: () => ({}),
    heard: [
      bad('stamps/element', { element: 'occurredAt', offHours: 2, odd: 20, seen: 20 }),
      clock('clock/zone', { offsetS: -7200, residualS: 0.3, observations: 12, interfaceId: lab.id, sendersAlike: 2 }, 'his'),
    ],
    not: ['ts-format-bug', 'clock-skew'],
  },
  {
    wins: 'tz-mismatch',
    name: 'two hours behind from one message to the next',
    during: () => ({ sentOffsetMs: -7_200_000 }),
    heard: [
      clock('clock/zone', { offsetS: -7200, residualS: 0.3, zoneGuess: 'Asia/Urumqi', observations: 40 }),
      clock('clock/step', { offsetS: -7200 }),
    ],
    not: ['clock-skew', 'ts-format-bug', 'queue-delay'],
  },
  {
    wins: 'clock-skew',
    name: '437 seconds behind',
    during: () => ({ sentOffsetMs: -437_000 }),
    heard: [clock('clock/offset', { offsetS: -437, residualS: 13 }), clock('clock/step', { offsetS: -437 })],
    not: ['tz-mismatch', 'ntp-unsynced', 'queue-delay'],
  },
  {
    wins: 'clock-skew',
    name: 'the date set wrong by a whole day',
    during: () => ({ sentOffsetMs: -86_400_000 }),
    heard: [clock('clock/offset', { offsetS: -86_400.3, residualS: -0.3 })],
    not: ['tz-mismatch', 'ts-format-bug', 'queue-delay'],
  },
  {
    wins: 'ntp-unsynced',
    name: 'a clock that runs away by 80 ppm',
    during: (i) => ({ sentOffsetMs: i * 5 }),
    heard: [clock('clock/drift', { driftPpm: 80, offsetS: 3 })],
    not: ['clock-skew', 'tz-mismatch', 'queue-delay'],
  },
  {
    wins: 'ts-format-bug',
    name: 'OBR-22 is half a day ahead while MSH-7 is right',
    during: (i) => ({
      requestStamps: [
        { path: 'MSH-7', kind: 'message', at: faultAt + i * secondMs, resolutionMs: 1000, hasZone: false },
        { path: 'OBR[1]-22', kind: 'event', at: faultAt + 43_200_000, resolutionMs: 1000, hasZone: false },
      ],
    }),
    heard: [bad('contract/format', { element: 'OBR-22' })],
    not: ['tz-mismatch', 'queue-delay', 'clock-skew'],
  },
  {
    wins: 'ts-format-bug',
    name: 'OBR-22 is eight hours behind what it was, MSH-7 is right',
    during: (i) => ({
      requestStamps: [
        { path: 'MSH-7', kind: 'message', at: faultAt + i * secondMs, resolutionMs: 1000, hasZone: false },
        { path: 'OBR[1]-22', kind: 'event', at: faultAt - 28_800_000, resolutionMs: 1000, hasZone: false },
      ],
    }),
    heard: [bad('stamps/element', { element: 'OBR-22', offHours: 8, odd: 60, seen: 60 })],
    not: ['tz-mismatch', 'queue-delay', 'clock-skew'],
  },
  {
    wins: 'queue-delay',
    name: 'messages arrive later and later after they were made',
    during: (i) => ({ queuedMs: i * 1500 }),
    heard: [bad('waiting/queue', { waitS: 85, waitSMax: 88, usualS: 0, waited: 40, seen: 60 })],
    not: ['tz-mismatch', 'clock-skew', 'ntp-unsynced', 'upstream-slow', 'duplicate'],
  },
  {
    wins: 'queue-delay',
    name: 'nothing comes for minutes, and then all of it at once, made in time',
    during: (i) => (i < 40 ? [] : { queuedMs: (60 - i) * 5000 }),
    heard: [
      bad('silence/gap', { gapS: 100, expectedGapS: 1, peersFlowing: 3, peersOfSource: 1, openConnections: 1 }),
      bad('waiting/queue', { waitS: 85, waitSMax: 100, usualS: 0, waited: 6, seen: 6 }),
    ],
    not: ['silent', 'clock-skew'],
  },
  {
    wins: 'duplicate',
    name: 'one in three comes twice',
    during: (i) => (i % 3 === 0 ? { wire: [copy] } : {}),
    heard: [bad('retries/duplicate')],
    not: ['retry-storm', 'late-response-after-timeout'],
  },
  {
    wins: 'duplicate',
    name: 'everything comes twice, and now and then once more',
    during: (i) => (i % 10 === 9 ? [{}, { wire: [copy] }, { wire: [copy] }] : [{}, { wire: [copy] }]),
    heard: [bad('retries/duplicate')],
    not: ['retry-storm'],
  },
  {
    wins: 'duplicate',
    name: 'everything goes out twice within milliseconds: nobody had given up, though the second copy is sent before the first is answered',
    during: () => [late(40), { latencyMs: 45, wire: [copy] }],
    heard: [bad('retries/duplicate')],
    not: ['late-response-after-timeout', 'retry-storm'],
  },
  {
    wins: 'duplicate',
    name: 'an archive says of half of what it is sent that it has it: the first copies came elsewhere or before',
    during: (i) => (i % 2 === 0 ? {} : { outcome: 'failed', code: '0111', ack: null }),
    heard: [rate({ nak: 30, topCode: '0111' })],
    not: ['app-nak'],
  },
  {
    wins: 'retry-storm',
    name: 'five copies of everything',
    during: () => [{}, ...Array.from({ length: 4 }, () => ({ wire: [copy] }))],
    heard: [bad('retries/storm', { attemptsPerMessage: 5 }), bad('retries/duplicate')],
    not: ['duplicate', 'ack-timeout'],
  },
  {
    wins: 'retry-storm',
    name: 'copies make the receiver three times as slow',
    during: () => [{}, ...Array.from({ length: 4 }, () => ({ wire: [copy], latencyMs: 150 }))],
    heard: [
      bad('latency/shift', { p50Ms: 150, p95Ms: 300, ratio: 3, connectMs: 0.4, thinkMs: 150 }),
      bad('retries/storm', { attemptsPerMessage: 3 }),
    ],
    not: ['upstream-slow', 'queue-delay', 'duplicate'],
  },
  {
    wins: 'retry-storm',
    name: 'copies fill the sender’s own queue: it only follows from them',
    during: (i) => [{ queuedMs: i * 1500 }, ...Array.from({ length: 4 }, () => ({ wire: [copy], queuedMs: i * 1500 }))],
    heard: [bad('retries/storm', { attemptsPerMessage: 5 }), bad('waiting/queue', { waited: 17, waitSMax: 47 })],
    not: [],
  },
  {
    wins: 'net-loss',
    name: 'no capture, but requests and answers stand still now and then',
    during: (i) => (i % 3 === 0 ? { sendMs: 900, latencyMs: 1000, thinkMs: 60 } : { latencyMs: 60, thinkMs: 59 }),
    heard: [bad('calling/slow', { tookMs: 900, usualMs: 1, thinkMs: 59, receiveMs: 60, slow: 20, seen: 60, share: 0.33 })],
    not: ['caller-slow', 'upstream-slow'],
  },
  {
    wins: 'net-loss',
    name: 'answers are of one segment, but handshakes are slow and requests stand still',
    before: (i) => (i % 40 === 0 ? { connection: { exchangesBefore: 0, connectMs: 0.4 } } : {}),
    during: (i) => ({
      ...(i % 3 === 0 ? { sendMs: 900, latencyMs: 920, thinkMs: 20 } : { latencyMs: 20 }),
      ...(i % 20 === 0 ? { connection: { exchangesBefore: 0, connectMs: 40 } } : {}),
    }),
    heard: [bad('calling/slow', { tookMs: 900, usualMs: 1, thinkMs: 20, receiveMs: 0, slow: 20, seen: 60, share: 0.33 })],
    not: ['caller-slow', 'upstream-slow'],
  },
  {
    wins: 'net-loss',
    name: 'only what comes back is lost: handshakes and answers stand still, requests go out at once',
    before: (i) => (i % 10 === 0 ? { connection: { exchangesBefore: 0, connectMs: 0.4 } } : {}),
    during: (i) => ({
      ...(i % 3 === 0 ? { latencyMs: 920, thinkMs: 20 } : { latencyMs: 21, thinkMs: 20 }),
      ...(i % 4 === 0 ? { connection: { exchangesBefore: 0, connectMs: i % 8 === 0 ? 900 : 6 } } : {}),
    }),
    heard: [bad('latency/objective', { p50Ms: 21, p95Ms: 920, connectMs: 6, thinkMs: 20 })],
    not: ['upstream-slow', 'caller-slow', 'storage-io-degraded'],
  },
  {
    wins: 'net-loss',
    name: 'carts between two access points: handshakes and objects stand still, and the worst of them stop in their midst',
    before: (i) => (i % 10 === 0 ? { connection: { exchangesBefore: 0, connectMs: 0.4 } } : {}),
    during: (i) => ({
      ...(i % 12 === 5
        ? {
            outcome: 'unanswered',
            wire: [
              { kind: 'partial', by: 'initiator', bytes: 200, how: 'stuck' },
              { kind: 'timeout', at: faultAt, afterMs: 5000 },
            ],
          }
        : i % 4 === 0
          ? { sendMs: 900, latencyMs: 920, thinkMs: 20 }
          : { latencyMs: 21, thinkMs: 20 }),
      connection: { exchangesBefore: 0, connectMs: i % 8 === 0 ? 1000 : 12 },
    }),
    heard: [bad('connections/stuck', { count: 5, seen: 60, share: 0.08 })],
    not: ['half-open'],
  },
  {
    wins: 'seq-gap',
    name: 'numbers are skipped',
    during: (i) => ({ sequence: i * 2 + 1 }),
    heard: [bad('sequence/gap', { missing: 60 })],
    not: ['duplicate', 'silent'],
  },
  {
    wins: 'proto-incompat',
    name: 'whatever one analyser sends is refused as unreadable, with all codes that only it has; the other one is well',
    during: (i) => (i % 2 === 0 ? { ...nak('207'), sender: 'XN1000|LAB' } : { sender: 'COBAS|LAB' }),
    heard: [rate({ nak: 30 }), bad('dictionary/refused', { codes: 11, path: 'OBR-4.1', refused: 30, othersAccepted: 30 })],
    not: ['app-nak', 'dict-drift', 'schema-missing-field'],
  },
  {
    wins: 'proto-incompat',
    name: 'one analyser sends another message than its driver knows; the other one is well',
    during: (i) => (i % 2 === 0 ? { ...nak('200'), sender: 'XN1000|LAB' } : { sender: 'COBAS|LAB' }),
    heard: [rate({ nak: 30 })],
    not: ['app-nak', 'version-upgrade'],
  },
  {
    wins: 'proto-incompat',
    name: 'monitors of one model, which all send by one name, end segments in CR LF, and most are refused for it',
    during: (i) =>
      i % 3 === 0
        ? { ...(i % 4 === 0 ? {} : nak('100')), defects: [{ code: 'HL7_CRLF_SEGMENT_ENDS', path: null, text: '' }] }
        : {},
    heard: [bad('framing/odd', { share: 0.3, kind: 'HL7_CRLF_SEGMENT_ENDS' }), rate({ nak: 15 })],
    not: ['app-nak', 'schema-missing-field', 'schema-wrong-type'],
  },
  {
    wins: 'proto-incompat',
    name: 'one analyser ends segments in LF, and is refused',
    during: (i) =>
      i % 2 === 0
        ? { ...nak('100'), sender: 'XN1000|LAB', defects: [{ code: 'HL7_LF_SEGMENT_ENDS', path: null, text: '' }] }
        : { sender: 'COBAS|LAB' },
    heard: [bad('framing/odd', { share: 0.5, kind: 'segment-ends' }), rate({ nak: 30 })],
    not: ['app-nak', 'ack-timeout', 'schema-missing-field'],
  },
  {
    wins: 'payload-too-large',
    name: 'only the two-megabyte messages break',
    during: (i) =>
      i % 3 === 0
        ? { outcome: 'unanswered', requestBytes: 2_000_000, wire: [{ kind: 'reset', by: 'acceptor', at: faultAt, idleMs: 2 }] }
        : { requestBytes: 1400 },
    heard: [rate({ unanswered: 20, reset: 20 })],
    not: ['conn-reset', 'ack-timeout'],
  },
  {
    wins: 'payload-too-large',
    name: 'the limit was lowered: one large message breaks again and again, and its queue lets no other past it',
    before: (i) => ({ requestBytes: i % 4 === 0 ? 90_000 : 1400 }),
    during: () => ({
      outcome: 'unanswered',
      requestBytes: 44_000,
      wire: [
        { kind: 'partial', by: 'initiator', bytes: 44_000, how: 'rst' },
        { kind: 'reset', by: 'acceptor', at: faultAt, idleMs: 2 },
      ],
    }),
    heard: [rate({ unanswered: 40, reset: 40 })],
    not: ['conn-reset', 'ack-timeout'],
  },
  {
    wins: 'payload-too-large',
    name: 'whatever is longer breaks at one byte, where most messages are large',
    before: (i) => ({ requestBytes: 30_000 + 900 * (i % 100) }),
    during: (i) =>
      i % 3 === 0
        ? {
            outcome: 'unanswered',
            requestBytes: 65_536 + (i % 7),
            wire: [
              { kind: 'partial', by: 'initiator', bytes: 65_536, how: 'rst' },
              { kind: 'reset', by: 'acceptor', at: faultAt, idleMs: 2 },
            ],
          }
        : { requestBytes: 20_000 + 900 * (i % 50) },
    heard: [rate({ unanswered: 20, reset: 20 })],
    not: ['conn-reset', 'ack-timeout'],
  },
  {
    wins: 'conn-reset',
    name: 'objects break at one byte, but nothing longer than questions passes: it is the objects, not their length',
    before: (i) => ({ requestBytes: i % 2 === 0 ? 300 : 90_000 }),
    during: (i) =>
      i % 2 === 0
        ? { requestBytes: 300 }
        : {
            outcome: 'unanswered',
            requestBytes: 9_000 + (i % 7),
            wire: [
              { kind: 'partial', by: 'initiator', bytes: 9_000, how: 'rst' },
              { kind: 'reset', by: 'acceptor', at: faultAt, idleMs: 2 },
            ],
          },
    heard: [rate({ unanswered: 30, reset: 30 })],
    not: ['payload-too-large'],
  },
  {
    wins: 'conn-reset',
    name: 'all messages are large here, and they break',
    before: () => ({ requestBytes: 90_000 }),
    during: () => ({
      outcome: 'unanswered',
      requestBytes: 44_000,
      wire: [
        { kind: 'partial', by: 'initiator', bytes: 44_000, how: 'rst' },
        { kind: 'reset', by: 'acceptor', at: faultAt, idleMs: 2 },
      ],
    }),
    heard: [rate({ unanswered: 40, reset: 40 })],
    not: ['payload-too-large'],
  },
  {
    wins: 'orphan-result',
    name: 'results refused because their order is unknown',
    during: (i) => (i % 2 === 0 ? { ...nak('204'), type: 'ORU^R01' } : { type: 'ORU^R01' }),
    heard: [rate({ nak: 30 })],
    not: ['app-nak', 'schema-missing-field'],
  },
  {
    wins: 'orphan-result',
    name: 'documents refused in words: their order is unknown',
    during: (i) => ({ type: 'DocumentRegister', ...(i % 2 === 0 ? refusedInWords('order') : {}) }),
    heard: [rate({ nak: 30 })],
    not: ['app-nak', 'code-unmapped'],
  },
  {
    wins: 'app-nak',
    name: 'cancellations of orders that the receiver does not know are no results',
    during: (i) => (i % 2 === 0 ? refusedInWords('order') : {}),
    heard: [rate({ nak: 30 })],
    not: ['orphan-result'],
  },
  {
    wins: 'auth-expired',
    name: 'every call gets 401',
    during: () => refusedWith('401'),
    heard: [rate({ nak: 40, topCode: '401' })],
    not: ['app-nak', 'rate-limit'],
  },
  {
    wins: 'rate-limit',
    name: 'half of the calls get 429, at once',
    during: (i) => (i % 2 === 0 ? refusedWith('429') : {}),
    heard: [rate({ nak: 30, topCode: '429' })],
    not: ['app-nak', 'upstream-slow', 'auth-expired'],
  },
  {
    wins: 'rate-limit',
    name: 'half of the calls get 503 and when to come again',
    during: (i) => (i % 2 === 0 ? { ...refusedWith('503'), answerEnvelope: [['retry-after', '5']] } : {}),
    heard: [rate({ nak: 30, topCode: '503' })],
    not: ['app-nak', 'upstream-slow'],
  },
  {
    wins: 'payload-too-large',
    name: 'a listener that throws away what its buffer does not hold, and what it threw away is sent again',
    before: (i) => (i % 5 === 0 ? { requestBytes: 60_000 } : {}),
    during: (i) =>
      i % 4 === 0
        ? { ...lost(i % 8 === 0 ? 0 : 5), requestBytes: 60_000, wire: i % 8 === 0 ? [timeout] : [timeout, copy] }
        : {},
    heard: [rate({ unanswered: 15, timeout: 15 }), bad('retries/duplicate', { count: 7, seen: 60, share: 0.12 })],
    not: ['ack-timeout', 'half-open', 'duplicate'],
  },
  {
    wins: 'payload-too-large',
    name: 'callbacks with an attachment are turned away by a word that says nothing, and so tasks go without',
    during: (i) => (i % 4 === 0 ? { ...refusedWith('404'), requestBytes: 60_000 } : {}),
    heard: [
      rate({ nak: 15, topCode: '404' }),
      bad('journeys/callback', { missing: 14, awaited: 30, share: 0.5, usualS: 1, limitS: 30, refusedSince: 14 }),
    ],
    not: ['callback-lost', 'app-nak'],
  },
  {
    wins: 'schema-wrong-type',
    name: 'two of three are refused for a type (102), in words that name nothing, and no contract asks for it',
    during: (i) => (i % 3 === 0 ? {} : nak('102')),
    heard: [rate({ nak: 40 })],
    not: ['app-nak'],
  },
  {
    wins: 'version-upgrade',
    name: 'a segment that the receiver does not know makes a wrong sequence of segments',
    during: (i) =>
      i % 3 === 0
        ? {}
        : {
            outcome: 'failed',
            code: 'AE',
            ack: { errors: [{ code: '100', location: 'ZPI^1', textDigest: 'version-0123456789ab' }] },
          },
    heard: [rate({ nak: 40 })],
    not: ['app-nak', 'schema-missing-field'],
  },
  {
    wins: 'rate-limit',
    name: 'a gateway forbids what is beyond the quota, and says so',
    during: (i) => (i % 2 === 0 ? { ...refusedInWords('rate'), code: '403' } : {}),
    heard: [rate({ nak: 30, topCode: '403' })],
    not: ['app-nak', 'auth-expired'],
  },
  {
    wins: 'auth-expired',
    name: 'a gateway forbids and says nothing else',
    during: (i) => (i % 2 === 0 ? refusedWith('403') : {}),
    heard: [rate({ nak: 30, topCode: '403' })],
    not: ['app-nak', 'rate-limit'],
  },
  {
    wins: 'version-upgrade',
    name: 'what was asked for is gone (410)',
    during: (i) => (i % 2 === 0 ? refusedWith('410') : {}),
    heard: [rate({ nak: 30, topCode: '410' })],
    not: ['app-nak'],
  },
  {
    wins: 'app-nak',
    name: 'half of the calls get 503 and no more',
    during: (i) => (i % 2 === 0 ? refusedWith('503') : {}),
    heard: [rate({ nak: 30, topCode: '503' })],
    not: ['rate-limit'],
  },
  {
    wins: 'payload-too-large',
    name: 'every tenth is refused with 413',
    during: (i) => (i % 5 === 0 ? refusedWith('413') : {}),
    heard: [rate({ nak: 12, topCode: '413' })],
    not: ['app-nak', 'conn-reset'],
  },
  {
    wins: 'assoc-rj-called-ae',
    name: 'associations are rejected with 1/1/7',
    during: () => ({ ...refusedWith('RJ-1-1-7'), type: 'A-ASSOCIATE' }),
    heard: [rate({ nak: 40, topCode: 'RJ-1-1-7' })],
    not: ['app-nak', 'assoc-rj-calling-ae', 'assoc-rj-congestion'],
  },
  {
    wins: 'assoc-rj-called-ae',
    name: 'the senders dial another title than before: no version changed',
    during: () => ({ ...refusedWith('RJ-1-1-7'), type: 'A-ASSOCIATE' }),
    heard: [changed(2000, 60), rate({ nak: 40, topCode: 'RJ-1-1-7' })],
    not: ['version-upgrade', 'app-nak'],
  },
  {
    wins: 'assoc-rj-calling-ae',
    name: 'one device of thirty is rejected, few among the operations of all',
    during: (i) => ({
      ...(i % 15 === 0 ? { ...refusedWith('RJ-1-1-3'), type: 'A-ASSOCIATE' } : { type: 'C-STORE' }),
      connection: { initiator: i % 15 === 0 ? '10.1.0.99:40000' : `10.1.0.${i % 15}:40000` },
    }),
    heard: [bad('associations/rejected', { count: 4, seen: 20 })],
    not: ['app-nak', 'assoc-rj-called-ae'],
  },
  {
    wins: 'assoc-rj-calling-ae',
    name: 'the associations of one device are rejected with 1/1/3',
    during: (i) => ({
      ...(i % 3 === 0 ? refusedWith('RJ-1-1-3') : {}),
      type: 'A-ASSOCIATE',
      connection: { initiator: `10.1.0.${i % 3}:40000` },
    }),
    heard: [rate({ nak: 20, topCode: 'RJ-1-1-3' })],
    not: ['app-nak', 'assoc-rj-called-ae'],
  },
  {
    wins: 'assoc-rj-congestion',
    name: 'some associations are rejected for the time being',
    during: (i) => ({ ...(i % 2 === 0 ? refusedWith('RJ-2-3-2') : {}), type: 'A-ASSOCIATE' }),
    heard: [rate({ nak: 30, topCode: 'RJ-2-3-2' })],
    not: ['app-nak', 'assoc-rj-called-ae', 'assoc-abort'],
  },
  {
    wins: 'storage-oor-a7xx',
    name: 'every device is refused with A700',
    during: (i) => ({ ...refusedWith('A700'), type: 'C-STORE', connection: { initiator: `10.1.0.${i % 3}:40000` } }),
    heard: [rate({ nak: 40, topCode: 'A700' })],
    not: ['app-nak', 'dicom-object-error'],
  },
  {
    wins: 'dicom-object-error',
    name: 'the objects of one device are refused with A900',
    during: (i) => ({
      ...(i % 3 === 0 ? refusedWith('A900') : {}),
      type: 'C-STORE',
      connection: { initiator: `10.1.0.${i % 3}:40000` },
    }),
    heard: [rate({ nak: 20, topCode: 'A900' })],
    not: ['app-nak', 'storage-oor-a7xx'],
  },
  {
    wins: 'dicom-object-error',
    name: 'studies that are sent over the web are refused with 409, and each instance with A900',
    during: (i) => (i % 3 === 0 ? { outcome: 'failed', code: '409', ack: errors('A900', 'A900') } : {}),
    heard: [rate({ nak: 20, topCode: '409' })],
    not: ['app-nak', 'storage-oor-a7xx'],
  },
  {
    wins: 'pc-rejected',
    name: 'an abstract syntax is never accepted',
    during: () => associated('3'),
    heard: [bad('associations/contexts', { share: 1 })],
    not: ['ts-rejected', 'assoc-abort'],
  },
  {
    wins: 'pc-rejected',
    name: 'one device of many asks for a class that is never accepted, and an object is refused now and then as on any day',
    before: (i) => (i % 2 === 0 ? associated('0') : {}),
    during: (i) => (i % 16 === 0 ? associated('3') : i % 2 === 0 ? associated('0') : i % 20 === 5 ? refusedWith('0110') : {}),
    heard: [bad('associations/contexts', { share: 0.12, count: 4 }), rate({ nak: 3 })],
    not: ['ts-rejected', 'app-nak'],
  },
  {
    wins: 'ts-rejected',
    name: 'no transfer syntax is accepted',
    during: () => associated('4'),
    heard: [bad('associations/contexts', { share: 1 })],
    not: ['pc-rejected', 'assoc-abort'],
  },
  {
    wins: 'assoc-abort',
    name: 'the acceptor aborts while it is sent to',
    during: (i) =>
      i % 2 === 0
        ? associated('0')
        : { type: 'C-STORE', outcome: 'unanswered', wire: [{ kind: 'aborted', by: 'acceptor', at: faultAt, code: '2-0' }] },
    heard: [bad('associations/abort', { share: 1 }), rate({ unanswered: 30 })],
    not: ['conn-reset', 'ack-timeout', 'pc-rejected'],
  },
  ...(['acceptor', 'initiator'] as const).map(
    (by): Case => ({
      wins: 'assoc-abort',
      name: `the ${by} closes the connection within an association, and nobody has asked for its release`,
      during: (i) =>
        i % 2 === 0
          ? associated('0')
          : { type: 'C-STORE', outcome: 'unanswered', wire: [{ kind: 'closed', by, at: faultAt, idleMs: 300 }] },
      heard: [rate({ unanswered: 30 })],
      not: ['conn-reset', 'ack-timeout', 'half-open'],
    }),
  ),
  {
    wins: 'assoc-rj-congestion',
    name: 'three associations in ten are rejected for want of places, and those that are not store slowly',
    during: (i) =>
      i % 10 < 3
        ? { ...refusedWith('RJ-2-3-2'), type: 'A-ASSOCIATE' }
        : [associated('0'), { type: 'C-STORE', latencyMs: 500 }, { type: 'C-STORE', latencyMs: 500 }],
    heard: [
      bad('types/slow', {
        type: 'C-STORE',
        ratio: 4,
        usualMs: 125,
        ms: 500,
        messages: 80,
        unanswered: 0,
        othersRatio: 1,
        stepShare: 1,
      }),
      rate({ nak: 18 }),
    ],
    not: ['db-trigger-block', 'app-nak'],
  },
  {
    wins: 'assoc-abort',
    name: 'the user cancels in the middle of each object, and objects are large',
    during: (i) =>
      i % 2 === 0
        ? { ...associated('0'), requestBytes: 220 }
        : {
            type: 'C-STORE',
            requestBytes: 144_000,
            outcome: 'unanswered',
            wire: [
              { kind: 'aborted', by: 'initiator', at: faultAt, code: '0-0' },
              { kind: 'partial', by: 'initiator', how: 'fin', bytes: 144_000 },
            ],
          },
    heard: [bad('associations/abort', { share: 1 }), rate({ unanswered: 30 })],
    not: ['payload-too-large', 'conn-reset'],
  },
  {
    wins: 'duplicate',
    name: 'a block of old messages comes once more after a restart, and nothing new meanwhile',
    during: (i) => (i % 5 === 0 ? {} : { wire: [{ kind: 'duplicate', of: `old-${i}`, sameBody: true, copy: 1 }] }),
    heard: [bad('retries/duplicate', { count: 16, share: 0.8 })],
    not: ['retry-storm'],
  },
  {
    wins: 'consumer-lag',
    name: 'a group stands still while its topic goes on',
    during: () => ({ outcome: 'one-way' }),
    heard: [bad('messaging/lag', { group: 'display', lagS: 120, lagMessages: 900, members: 0 })],
    not: ['silent', 'queue-delay', 'seq-gap'],
  },
  {
    wins: 'file-missing',
    name: 'the nightly file has not come',
    during: () => ({ outcome: 'one-way' }),
    heard: [bad('files/due', { code: 'FILE_MISSING', deadline: '02:30' })],
    not: ['silent', 'seq-gap'],
  },
  {
    wins: 'file-missing',
    name: 'the nightly file came in time, whole, and with a tenth of its rows',
    during: () => ({ outcome: 'one-way' }),
    heard: [bad('files/small', { has: 3, usual: 36, unit: 'rows' })],
    not: ['silent', 'seq-gap', 'desync'],
  },
  {
    wins: 'tls-cert',
    name: 'the probe finds a certificate that has ended, nothing has failed yet',
    during: () => ({}),
    heard: [bad('probes/certificate', { code: 'CERT_HAS_EXPIRED', daysLeft: -1 })],
    not: ['conn-refused', 'conn-reset'],
  },
  {
    wins: 'tls-cert',
    name: 'every handshake fails',
    during: () => refusedBy('tls'),
    heard: [bad('failures/refused', { how: 'tls' })],
    not: ['conn-refused', 'conn-timeout', 'dns'],
  },
  {
    wins: 'dns',
    name: 'the name is never resolved',
    during: () => refusedBy('dns'),
    heard: [bad('failures/refused', { how: 'dns' })],
    not: ['conn-refused', 'conn-timeout', 'tls-cert'],
  },
  {
    wins: 'dns',
    name: 'the name leads to an address where no connection was ever taken, and nobody answers there',
    before: (i) => ({ connection: { exchangesBefore: i } }),
    during: () => ({
      ...refusedBy('timeout'),
      connection: { exchangesBefore: 0, acceptor: '10.1.9.99:6661' },
    }),
    heard: [bad('failures/refused', { how: 'timeout' })],
    not: ['conn-timeout', 'conn-refused'],
  },
  {
    wins: 'dns',
    name: 'half of the look-ups give an address where nobody ever answered, and the other half are well',
    before: (i) => ({ connection: { exchangesBefore: i } }),
    during: (i) =>
      i % 2 === 0
        ? { ...refusedBy('timeout'), connection: { exchangesBefore: 0, acceptor: '10.1.9.99:6661' } }
        : { connection: { id: `n${i}`, exchangesBefore: 0 } },
    heard: [rate({ unanswered: 20, refused: 20 })],
    not: ['conn-timeout', 'conn-refused'],
  },
  {
    wins: 'conn-refused',
    name: 'one of two nodes that both have served refuses half of the time',
    before: (i) => ({ connection: { id: `b${i}`, exchangesBefore: 0, acceptor: `10.1.0.${20 + (i % 2)}:6661` } }),
    during: (i) =>
      i % 2 === 0
        ? { ...refusedBy('refused'), connection: { exchangesBefore: 0, acceptor: '10.1.0.20:6661' } }
        : { connection: { id: `n${i}`, exchangesBefore: 0, acceptor: '10.1.0.21:6661' } },
    heard: [rate({ unanswered: 20, refused: 20 })],
    not: ['dns', 'conn-timeout'],
  },
  {
    wins: 'missing-result',
    name: 'orders are taken, a third has no result, the rest come as ever',
    during: () => ({ type: 'ORU^R01' }),
    heard: [bad('journeys/missing', { missing: 14, awaited: 40, limitS: 3600, usualS: 1500, passedSince: 60, lateSince: 0 })],
    not: ['silent', 'orphan-result', 'queue-delay', 'desync', 'seq-gap'],
  },
  {
    wins: 'orphan-result',
    name: 'results under numbers that nobody ordered by are taken, one of them refused, and the orders stay without results',
    during: (i) => ({ type: 'ORU^R01', ...(i === 5 ? nak('207') : {}) }),
    heard: [
      bad('journeys/orphan', { unknown: 20, seen: 30, share: 0.667, usualShare: 0.01, shape: '9{10}', usualShape: 'A9{14}' }),
      bad('journeys/missing', { missing: 14, awaited: 40, limitS: 3600, usualS: 1500, passedSince: 60, lateSince: 0 }),
    ],
    not: ['missing-result', 'app-nak', 'desync'],
  },
  {
    wins: 'callback-lost',
    name: 'tasks are accepted, and nobody calls back',
    during: () => ({ type: 'POST /tasks', code: '202' }),
    heard: [bad('journeys/callback', { missing: 12, awaited: 12, limitS: 36, usualS: 1, passedSince: 0, lateSince: 0 })],
    not: ['missing-result', 'upstream-slow', 'ack-timeout', 'desync'],
  },
  {
    wins: 'callback-lost',
    name: 'tasks are accepted, and who calls back is refused',
    during: (i) => (i % 2 === 0 ? { type: 'POST /tasks', code: '202' } : { ...nak(), type: 'POST /done', code: '404' }),
    heard: [
      rate({ nak: 15 }),
      bad('journeys/callback', {
        missing: 12,
        awaited: 12,
        limitS: 36,
        usualS: 1,
        passedSince: 0,
        lateSince: 0,
        refusedSince: 12,
      }),
      bad('dictionary/refused', { codes: 1, path: 'result', refused: 15, othersAccepted: 14 }),
    ],
    not: ['app-nak', 'dict-drift', 'desync', 'missing-result'],
  },
  ...(['refused', 'timeout'] as const).map(
    (how): Case => ({
      wins: 'callback-lost',
      name: `tasks are accepted, and no call-back gets a connection: ${how}`,
      during: (i) => (i % 2 === 0 ? { type: 'POST /tasks', code: '202' } : refusedBy(how)),
      heard: [
        bad('failures/refused', { refusedInRow: 3, how }),
        rate({ unanswered: 30, refused: 30 }),
        bad('journeys/callback', { missing: 30, awaited: 30, limitS: 36, usualS: 1, passedSince: 0, lateSince: 0 }),
      ],
      not: ['conn-refused', 'conn-timeout', 'missing-result'],
    }),
  ),
  ...(['timeout', 'reset'] as const).map(
    (how): Case => ({
      wins: 'callback-lost',
      name: `tasks are accepted, and each call-back ends in a ${how}`,
      during: (i) =>
        i % 2 === 0
          ? { type: 'POST /tasks', code: '202', connection: { exchangesBefore: i % 8 } }
          : how === 'timeout'
            ? { ...lost(60 + i), type: 'POST /done', requestFrom: 'acceptor' }
            : { type: 'POST /done', outcome: 'unanswered', wire: [{ kind: 'reset', by: 'acceptor', at: faultAt, idleMs: 3 }] },
      heard: [
        rate({ unanswered: 30, timeout: how === 'timeout' ? 30 : 0, reset: how === 'reset' ? 30 : 0 }),
        bad('journeys/callback', {
          ...{ missing: 30, awaited: 30, limitS: 36, usualS: 1, passedSince: 30, lateSince: 0, refusedSince: 28 },
        }),
      ],
      not: ['half-open', 'conn-reset', 'ack-timeout'],
    }),
  ),
  {
    wins: 'callback-lost',
    name: 'half of the callbacks come minutes late, and the other half never though later ones do',
    during: (i) =>
      i % 2 === 0 ? { type: 'POST /tasks', code: '202' } : { type: 'POST /done', requestFrom: 'acceptor', queuedMs: i * 3000 },
    heard: [
      bad('waiting/queue', { waitS: 175, waitSMax: 215, usualS: 0, waited: 20, seen: 40 }),
      bad('journeys/callback', {
        missing: 30,
        awaited: 34,
        limitS: 36,
        usualS: 1,
        passedSince: 14,
        lateSince: 14,
        overtaken: 12,
      }),
    ],
    not: ['queue-delay'],
  },
  {
    wins: 'desync',
    name: 'a feed of changes says that there are more rows than came',
    during: () => ({}),
    heard: [bad('reconciliation/differs', { due: 67, lacking: 11 })],
    not: ['missing-result', 'app-nak', 'seq-gap'],
  },
  {
    wins: 'desync',
    name: 'what is silent now and then is counted by its sender all along',
    during: () => ({}),
    heard: [
      bad('silence/gap', { gapS: 55, expectedGapS: 3, openConnections: 1, peersFlowing: 2, peers: 2 }),
      bad('reconciliation/differs', { due: 134, lacking: 21, uncounted: 0 }),
    ],
    not: ['silent', 'queue-delay'],
  },
  {
    wins: 'desync',
    name: 'rows came that their sender does not count',
    during: () => ({}),
    heard: [bad('reconciliation/differs', { due: 106, lacking: 0, uncounted: 22 })],
    not: ['duplicate', 'seq-gap'],
  },
  {
    wins: 'desync',
    name: 'the result of a file tells of fewer rows than were sent',
    during: () => ({}),
    heard: [bad('files/differs', { due: 36, lacking: 9 })],
    not: ['file-missing', 'app-nak'],
  },
  {
    wins: 'desync',
    name: 'what was accepted is not there a moment later, by answers that refuse nothing',
    during: () => ({ type: 'GET /dicom-web/studies', code: '200' }),
    heard: [bad('journeys/denied', { denied: 14, refused: 15 })],
    not: ['partial-data', 'app-nak', 'orphan-result', 'missing-result'],
  },
  {
    wins: 'desync',
    name: 'results are refused as unknown for orders that the same system had accepted',
    during: (i) => (i % 2 === 0 ? { ...nak('204'), type: 'ORU^R01' } : { type: 'ORU^R01' }),
    heard: [rate({ nak: 30 }), bad('journeys/denied', { denied: 28, refused: 30 })],
    not: ['orphan-result', 'app-nak', 'schema-missing-field'],
  },
  {
    wins: 'fw-idle',
    name: 'the first message after half an hour of silence is reset, the next goes well on a new connection',
    during: (i) =>
      i % 2 === 0
        ? {
            outcome: 'unanswered',
            wire: [{ kind: 'reset', by: 'acceptor', at: faultAt, idleMs: 2 }],
            connection: { exchangesBefore: 4, idleBeforeMs: 2_000_000 },
          }
        : { connection: { exchangesBefore: 0, idleBeforeMs: null } },
    heard: [
      bad('connections/idle', { broken: 6, brokenFromS: 1830, wellUpToS: 1700, resets: 6, unanswered: 0 }),
      rate({ unanswered: 30, reset: 30 }),
    ],
    not: ['conn-reset', 'half-open', 'conn-timeout', 'payload-too-large'],
  },
  {
    wins: 'fw-idle',
    name: 'what was reset after half an hour of silence is sent again and goes well: such copies are no second order',
    during: (i) =>
      i % 2 === 0
        ? {
            outcome: 'unanswered',
            wire: [{ kind: 'reset', by: 'acceptor', at: faultAt, idleMs: 2 }],
            connection: { exchangesBefore: 4, idleBeforeMs: 2_000_000 },
          }
        : { wire: [copy], connection: { exchangesBefore: 0, idleBeforeMs: null } },
    heard: [
      bad('connections/idle', { broken: 6, brokenFromS: 310, wellUpToS: 296, resets: 6, unanswered: 0 }),
      bad('retries/duplicate', { count: 30, seen: 60, share: 0.5 }),
      rate({ unanswered: 30, reset: 30 }),
    ],
    not: ['duplicate', 'conn-reset', 'half-open'],
  },
  {
    wins: 'fw-idle',
    name: 'the first message after half an hour of silence is never answered, a new connection works',
    during: (i) => ({
      ...(i % 2 === 0 ? lost(4) : {}),
      connection: {
        id: `c${i - 1 + (i % 2)}`,
        ...(i % 2 === 0 ? { exchangesBefore: 4, idleBeforeMs: 2_000_000 } : { exchangesBefore: 0 }),
      },
    }),
    heard: [
      bad('connections/idle', { broken: 6, brokenFromS: 1830, wellUpToS: 1700, resets: 0, unanswered: 6 }),
      rate({ unanswered: 30, timeout: 30 }),
    ],
    not: ['half-open', 'ack-timeout', 'conn-reset'],
  },
  {
    wins: 'net-loss',
    name: 'one segment in twenty is sent again, and answers take longer',
    during: () => ({ latencyMs: 300, thinkMs: 20 }),
    heard: [
      bad('links/loss', {
        segments: 3000,
        resent: 150,
        rttMs: 42,
        usualRttMs: 2,
        network: '10.1.60.0/24',
        networkSegments: 1000,
        networkResent: 140,
      }),
      bad('latency/shift', { p50Ms: 300, p95Ms: 700, ratio: 8, connectMs: 40, thinkMs: 20 }),
    ],
    not: ['upstream-slow', 'conn-reset', 'ack-timeout'],
  },
  ...[4, 8.6].map(
    (smallMs): Case => ({
      wins: 'storage-io-degraded',
      name: `objects are stored at a sixth of the speed, echoes take ${smallMs} ms, usually 4: as fast as ever, or behind an object`,
      during: (i) =>
        i % 4 === 0
          ? { type: 'C-ECHO', code: '0000', latencyMs: 4 }
          : { type: 'C-STORE', code: '0000', latencyMs: 600, requestBytes: 2_000_000 },
      heard: [
        bad('throughput/fall', {
          mbPerS: 3,
          ratio: 6.7,
          usualMbPerS: 20,
          objects: 45,
          thinkShare: 0.9,
          smallMs,
          usualSmallMs: 4,
          burstRatio: 1.4,
        }),
        bad('latency/shift', { p50Ms: 600, p95Ms: 900, ratio: 6, connectMs: 0.3, thinkMs: 560 }),
        bad('types/slow', { type: 'C-STORE', ratio: 6, usualMs: 100, ms: 600, othersRatio: 1, othersSeen: 12, stepShare: 0.9 }),
      ],
      not: ['upstream-slow', 'db-trigger-block', 'storage-oor-a7xx', 'net-loss', 'lock-contention'],
    }),
  ),
  {
    wins: 'upstream-slow',
    name: 'associations are accepted as quickly as ever, and every question in them takes a second',
    during: (i) =>
      i % 3 === 0
        ? { ...associated('0'), latencyMs: 6 }
        : { type: i % 3 === 1 ? 'C-FIND' : 'A-RELEASE', latencyMs: i % 3 === 1 ? 1100 : 2 },
    heard: [
      bad('types/slow', {
        type: 'C-FIND',
        ratio: 15,
        usualMs: 75,
        ms: 1100,
        messages: 20,
        unanswered: 0,
        othersRatio: 1,
        othersSeen: 9,
        stepShare: 1,
      }),
    ],
    not: ['db-trigger-block', 'storage-io-degraded'],
  },
  {
    wins: 'caller-slow',
    name: 'requests drip in over a second and a half, and are answered in their usual half of a second',
    before: () => ({ latencyMs: 500 }),
    during: (i) => (i % 3 === 0 ? { sendMs: 1600, latencyMs: 520 } : { latencyMs: 500 }),
    heard: [bad('calling/slow', { tookMs: 1600, usualMs: 1, thinkMs: 520, receiveMs: 0, slow: 20, seen: 60, share: 0.33 })],
    not: ['upstream-slow', 'queue-delay', 'net-loss'],
  },
  {
    wins: 'ack-timeout',
    name: 'one station of many gets no answers, beside three refusals of everyday',
    during: (i) => ({
      ...(i % 15 === 0
        ? { ...lost(1), type: 'C-STORE' }
        : i % 20 === 7
          ? { ...nak('0110'), type: 'C-STORE' }
          : { type: 'C-STORE' }),
      connection: { id: `c${i}`, exchangesBefore: 1, initiator: `10.1.9.${i % 15}:40000` },
    }),
    heard: [rate({ nak: 3, unanswered: 18, timeout: 18 })],
    not: ['app-nak', 'half-open'],
  },
  {
    wins: 'conn-reset',
    name: 'the acceptor closes in the middle of messages, whose halves are odd framing',
    during: (i) =>
      i % 3 === 0
        ? {
            outcome: 'unanswered',
            wire: [
              { kind: 'partial', by: 'initiator', bytes: 300, how: 'fin' },
              { kind: 'closed', by: 'acceptor', at: faultAt, idleMs: 10 },
            ],
          }
        : { queuedMs: 200 * i },
    heard: [bad('framing/odd', { kind: 'partial', count: 4, seen: 10, share: 0.4, wasClean: 1 }), rate({ unanswered: 20 })],
    not: ['app-nak', 'queue-delay', 'proto-incompat', 'ack-timeout'],
  },
  {
    wins: 'storage-io-degraded',
    name: 'in bursts objects are stored thirty times as slowly, and most as fast as ever; associations are as fast as ever',
    before: (i) => (i % 3 === 0 ? { ...associated('0'), latencyMs: 10 } : { type: 'C-STORE', latencyMs: 100 }),
    during: (i) =>
      i % 3 === 0 ? { ...associated('0'), latencyMs: 10 } : { type: 'C-STORE', latencyMs: i % 20 < 8 ? 3000 : 110 },
    heard: [bad('latency/objective', { p50Ms: 100, p95Ms: 3000, connectMs: 0.5, thinkMs: 100 })],
    not: ['upstream-slow', 'db-trigger-block'],
  },
  {
    wins: 'net-loss',
    name: 'what comes back is lost, and storing a study is the longest wait of all',
    before: (i) => (i % 10 === 0 ? { connection: { exchangesBefore: 0, connectMs: 0.4 } } : {}),
    during: (i) => ({
      type: i % 2 === 0 ? 'POST /studies' : 'GET /studies',
      ...(i % 3 === 0 ? { latencyMs: 920, thinkMs: 20 } : { latencyMs: 21, thinkMs: 20 }),
      ...(i % 4 === 0 ? { connection: { exchangesBefore: 0, connectMs: i % 8 === 0 ? 900 : 6 } } : {}),
    }),
    heard: [
      bad('stalls/both-ways', { stalled: 20, seen: 60, share: 0.33, send: 0, receive: 20, connect: 8 }),
      bad('types/slow', {
        ...{
          type: 'POST /studies',
          ratio: 3,
          usualMs: 180,
          ms: 450,
          messages: 20,
          unanswered: 0,
          othersRatio: 1,
          stepShare: 1,
        },
      }),
    ],
    not: ['storage-io-degraded', 'db-trigger-block', 'upstream-slow'],
  },
  {
    wins: 'db-trigger-block',
    name: 'writes take a second more from one moment to the next, reads are as fast as ever',
    during: (i) => (i % 2 === 0 ? { type: 'POST /record', latencyMs: 1040 } : { type: 'GET /record', latencyMs: 40 }),
    heard: [
      bad('types/slow', {
        type: 'POST /record',
        ratio: 25,
        usualMs: 40,
        ms: 1040,
        othersRatio: 1.05,
        othersSeen: 12,
        stepShare: 1,
        unanswered: 0,
      }),
      bad('latency/shift', { p50Ms: 1040, p95Ms: 1050, ratio: 10, connectMs: 0.3, thinkMs: 1000 }),
    ],
    not: ['upstream-slow', 'lock-contention', 'app-nak', 'storage-io-degraded', 'ack-timeout'],
  },
  {
    wins: 'db-trigger-block',
    name: 'one kind of write takes eight times as long, and the others a little longer',
    during: (i) => (i % 2 === 0 ? { type: 'POST /record', latencyMs: 1040 } : { type: 'GET /record', latencyMs: 55 }),
    heard: [
      bad('types/slow', {
        type: 'POST /record',
        ratio: 8,
        usualMs: 130,
        ms: 1040,
        othersRatio: 1.4,
        othersSeen: 12,
        stepShare: 0.5,
      }),
      bad('latency/shift', { p50Ms: 1040, p95Ms: 1050, ratio: 10, connectMs: 0.3, thinkMs: 1000 }),
    ],
    not: ['upstream-slow'],
  },
  {
    wins: 'upstream-slow',
    name: 'what has become slow is a question, put to a rule engine: no trigger fires on it',
    during: (i) =>
      i % 2 === 0 ? { type: 'POST /api/{}/rx/check', latencyMs: 900 } : { type: 'GET /api/{}/drug', latencyMs: 40 },
    heard: [
      bad('types/slow', {
        ...{ type: 'POST /api/{}/rx/check', ratio: 10, usualMs: 90, ms: 900, othersRatio: 1.1, othersSeen: 12, stepShare: 1 },
      }),
      bad('latency/shift', { p50Ms: 900, p95Ms: 990, ratio: 10, connectMs: 0.3, thinkMs: 900 }),
    ],
    not: ['db-trigger-block'],
  },
  {
    wins: 'lock-contention',
    name: 'slow in stretches, each of them during a batch of a neighbour on the same database',
    during: (i) => ({ latencyMs: i % 20 < 10 ? 900 : 40 }),
    heard: [
      bad('neighbours/batch', {
        offender: 'cssd-his-trace',
        offenderZh: '消毒供应追溯',
        offenderEn: 'Sterile supply tracing',
        senderZh: '消毒供应追溯系统',
        senderEn: 'CSSD',
        resource: 'oracle-main',
        windows: 7,
        hits: 7,
        batches: 7,
        lagS: 4,
        chance: 1e-7,
        controlShare: 0,
      }),
      bad('latency/shift', { p50Ms: 700, p95Ms: 900, ratio: 12, connectMs: 0.3, thinkMs: 690 }),
    ],
    not: ['upstream-slow', 'db-trigger-block', 'storage-io-degraded', 'net-loss'],
  },
  {
    wins: 'db-trigger-block',
    name: 'all that writes takes two seconds, whichever operation, and what asks is answered as ever',
    during: (i) => (i % 2 === 0 ? { type: `POST /note/${i % 8}`, latencyMs: 2000 } : { type: 'GET /note', latencyMs: 60 }),
    heard: [
      bad('latency/shift', { p50Ms: 60, p95Ms: 2050, ratio: 17, connectMs: 0.3 }),
      bad('types/slow', {
        type: 'writes',
        ratio: 25,
        usualMs: 80,
        ms: 2000,
        messages: 8,
        othersRatio: 1,
        othersSeen: 6,
        stepShare: 0.95,
      }),
    ],
    not: ['upstream-slow', 'pool-exhausted'],
  },
  {
    wins: 'storage-io-degraded',
    name: 'objects of a few kilobytes, which tell no bytes a second, are stored slowly; echoes are as fast as ever',
    during: (i) =>
      i % 4 === 0 ? { type: 'C-ECHO', code: '0000', latencyMs: 4 } : { type: 'C-STORE', code: '0000', latencyMs: 900 },
    heard: [
      bad('latency/objective', { p50Ms: 900, p95Ms: 2900, connectMs: 0.4, thinkMs: 890 }),
      bad('types/slow', {
        type: 'C-STORE',
        ratio: 7,
        usualMs: 120,
        ms: 900,
        messages: 40,
        othersRatio: 1,
        othersSeen: 8,
        stepShare: 0.9,
      }),
    ],
    not: ['upstream-slow', 'db-trigger-block'],
  },
  {
    wins: 'retry-storm',
    name: 'what is busy is asked the same at once and ten times over: refusals and slowness are of that, and are noticed first',
    during: (i) => (i % 10 < 9 ? { outcome: 'failed', code: '503', latencyMs: 30, ack: null } : { latencyMs: 300 }),
    heard: [
      rate({ nak: 40, topCode: '503' }),
      bad('latency/shift', { p50Ms: 300, p95Ms: 320, ratio: 3, connectMs: 0.3 }),
      bad('types/slow', {
        type: 'POST /record',
        ratio: 2.7,
        usualMs: 110,
        ms: 300,
        messages: 9,
        othersRatio: 1,
        othersSeen: 9,
        stepShare: 0.9,
      }),
      bad('retries/storm', { attemptsPerMessage: 9, minutes: 1 }),
    ],
    not: ['app-nak', 'upstream-slow', 'db-trigger-block', 'rate-limit'],
  },
  {
    wins: 'rate-limit',
    name: 'who is sent away for calling too often calls again at once',
    during: (i) => (i % 10 < 7 ? { outcome: 'failed', code: '429', latencyMs: 5, ack: null } : {}),
    heard: [rate({ nak: 40, topCode: '429' }), bad('retries/storm', { attemptsPerMessage: 4, minutes: 1 })],
    not: ['app-nak'],
  },
  {
    wins: 'conn-reset',
    name: 'a receiver falls over some messages, and each is sent again at once, into the same end',
    during: (i) =>
      i % 5 === 0
        ? {}
        : {
            outcome: 'unanswered',
            wire: [
              { kind: 'reset', by: 'acceptor', at: faultAt, idleMs: 20 },
              ...(i % 5 === 1 ? [] : [{ kind: 'duplicate', of: 'e', sameBody: true, copy: (i % 5) - 1 } as const]),
            ],
          },
    heard: [rate({ unanswered: 40, reset: 40 }), bad('retries/storm', { attemptsPerMessage: 4, minutes: 1 })],
    not: [],
  },
  {
    wins: 'half-open',
    name: 'a device is gone in the middle of a message every few minutes, and is back with a new connection',
    during: (i) =>
      i % 10 === 5
        ? {
            outcome: 'unanswered',
            wire: [
              { kind: 'partial', by: 'initiator', bytes: 200, how: 'stuck' },
              { kind: 'timeout', at: faultAt, afterMs: 5000 },
            ],
          }
        : { connection: { exchangesBefore: i % 10 < 5 ? i % 10 : (i % 10) - 6 } },
    heard: [bad('connections/stuck', { count: 4, seen: 40, share: 0.1 })],
    not: ['ack-timeout', 'duplicate', 'proto-incompat'],
  },
  {
    wins: 'upstream-slow',
    name: 'all take seconds, and a proxy refuses a third of them when its patience is over: one incident',
    during: (i) =>
      i % 3 === 0 ? { outcome: 'failed', code: '504', latencyMs: 10_000 + i, ack: null } : { latencyMs: 3000 + i * 40 },
    heard: [
      bad('latency/shift', { p50Ms: 4500, p95Ms: 10_100, ratio: 25, connectMs: 0.4, thinkMs: 4400 }),
      rate({ nak: 20, topCode: '504' }),
    ],
    not: ['app-nak', 'pool-exhausted', 'db-trigger-block'],
  },
  ...(['pool', 'lock', 'trigger'] as const).map(
    (words): Case => ({
      wins: { pool: 'pool-exhausted', lock: 'lock-contention', trigger: 'db-trigger-block' }[words],
      name: 'half are refused after a wait, in words that name it: slow and refused are one incident, whatever else is slow',
      during: (i) => (i % 2 === 0 ? { latencyMs: 3000 } : { latencyMs: 3000, ...refusedInWords(words) }),
      heard: [
        bad('latency/shift', { p50Ms: 3000, p95Ms: 3100, ratio: 46, connectMs: 0.8, thinkMs: 3000 }),
        rate({ nak: 20, topCode: 'AE' }),
        bad('types/slow', { type: 'ORU^R01', ratio: 13, usualMs: 85, ms: 1140, messages: 14, othersRatio: 0.9, othersSeen: 7 }),
      ],
      not: ['upstream-slow', 'app-nak', ...(words === 'trigger' ? [] : ['db-trigger-block'])],
    }),
  ),
]

describe('each cause wins its own case, and not its look-alikes', () => {
  for (const { name, wins, not, before, during, heard } of cases) {
    test(`${wins}: ${name}`, () => {
      const well = before === undefined ? quiet(hospital(lab), mondayMorning, 120) : earlier(before)
      const told = tell(hospital(lab), [...well, ...saying(moments(during), ...heard)])
      expect(told.incidents).toHaveLength(1)
      const ranked = told.incidents[0]?.causes ?? []
      expect(ranked.map((c) => `${c.id} ${c.confidence}`)[0]).toMatch(new RegExp(`^${wins} `))
      expect(ranked[0]?.confidence).toBeGreaterThanOrEqual(0.6)
      for (const other of not) {
        const confidence = ranked.find((c) => c.id === other)?.confidence ?? 0
        expect({ other, isClose: confidence >= 0.5 }).toEqual({ other, isClose: false })
      }
    })
  }

  test('dns: the system has moved, the others call it where it is now, and one caller where it was', () => {
    const taken = (interfaceId: string, host: string, id: string): Wish => ({
      interfaceId,
      connection: { id, exchangesBefore: 0, acceptor: `${host}:6661` },
    })
    const before = earlier((i) => [taken(lab.id, '10.1.0.50', `b${i}`), taken(analyzer.id, '10.1.0.50', `o${i}`)])
    const told = (where: string) => {
      const during = moments((i) => [
        { ...refusedBy('timeout'), connection: { exchangesBefore: 0, acceptor: '10.1.0.50:6661' } },
        taken(analyzer.id, where, `m${i}`),
      ])
      return leads(tell(hospital(), [...before, ...saying(during, bad('failures/refused', { how: 'timeout' }))]))
    }
    expect(told('10.1.0.150')).toEqual(['dns'])
    expect(told('10.1.0.50')).toEqual(['conn-timeout'])
  })

  test('silent: nothing comes while the neighbours flow and the connection stands', () => {
    const catalogue = hospital()
    const gap = bad('silence/gap', { gapS: 300, expectedGapS: 2, peersFlowing: 3, openConnections: 1 })
    const before = quiet(catalogue, mondayMorning, 60)
    const after = [{ item: ticked(at), readings: [gap] }]
    expect(leads(tell(catalogue, [...before, ...after]))).toEqual(['silent'])
  })

  test('queue-delay: a queue that stands so steadily that it looks like a clock, of a host that answers in step', () => {
    const waits = bad('waiting/queue', { waitS: 145, waitSMax: 150, usualS: 0, waited: 40, seen: 60 })
    const step = (acksInStep: number) => clock('clock/step', { offsetS: -150, residualS: -150, acksInStep }, 'his')
    const told = (acksInStep: number) => {
      const late = moments((i) => ({ queuedMs: 140_000 + (i % 7) * 1500 }))
      return leads(tell(hospital(lab), [...quiet(hospital(lab), mondayMorning, 120), ...saying(late, waits, step(acksInStep))]))
    }
    expect(told(1)).toContain('queue-delay')
    expect(told(0)).not.toContain('queue-delay')
  })

  test('lock-contention names the offender, what both share, and who is the victim', () => {
    const { name, heard, during } = cases.find((c) => c.wins === 'lock-contention') ??
      cases[0] ?? { name: '', heard: [], during: () => [] }
    expect(name).toContain('batch')
    const told = tell(hospital(lab), [...quiet(hospital(lab), mondayMorning, 120), ...saying(moments(during), ...heard)])
    const incident = told.incidents[0]
    expect(incident?.title.zh).toBe('消毒供应追溯 批量锁表,拖慢 his-lis-lab-order')
    expect(incident?.causes[0]?.locus).toEqual({ kind: 'system', id: 'oracle-main' })
    expect(incident?.advice.en).toContain('CSSD')
  })

  test('silent: nothing at all comes, and so no results either', () => {
    const catalogue = hospital()
    const gap = bad('silence/gap', { gapS: 900, expectedGapS: 2, peersFlowing: 3, openConnections: 1 })
    const missing = bad('journeys/missing', {
      missing: 40,
      awaited: 40,
      limitS: 600,
      usualS: 200,
      passedSince: 0,
      lateSince: 0,
    })
    const told = tell(catalogue, [...quiet(catalogue, mondayMorning, 60), { item: ticked(at), readings: [gap, missing] }])
    expect(leads(told)).toEqual(['silent'])
    expect(told.incidents[0]?.causes.find((c) => c.id === 'missing-result')?.confidence ?? 0).toBeLessThan(0.5)
  })

  test('silent is not named when its receiver is dead, nor when the whole hospital is quiet', () => {
    const gap = (peersFlowing: number) => bad('silence/gap', { gapS: 300, expectedGapS: 2, peersFlowing, openConnections: 0 })
    const dead = tell(hospital(lab), [
      ...quiet(hospital(lab), mondayMorning, 120),
      ...saying(
        moments(() => refusedBy('refused')),
        bad('failures/refused'),
        gap(3),
      ),
    ])
    expect(leads(dead)).toEqual(['conn-refused'])
    const calm = tell(hospital(lab), [...quiet(hospital(lab), mondayMorning, 120), { item: ticked(at), readings: [gap(0)] }])
    expect(calm.incidents[0]?.causes.find((c) => c.id === 'silent')?.confidence ?? 0).toBeLessThan(0.8)
  })

  test('gateway-self: the edge lags and sheds', () => {
    const self = reading('self/edge', { kind: 'gateway', id: 'edge-1' }, at, { facts: { loopLagMsMax: 4000, dropped: 900 } })
    const told = tell(hospital(), [
      ...quiet(hospital(), mondayMorning, 60),
      { item: ticked(at, { loopLagMsMax: 4000, dropped: { full: 900 } }), readings: [self] },
    ])
    expect(leads(told)).toEqual(['gateway-self'])
  })
  test.each([
    ['dial-failed', '未能向对端发起连接'],
    ['connection-limit', '未能接受连接'],
    ['ring-full', '丢弃观测'],
  ])('gateway-self: what it lost is told by its name, as %s', (droppedWhat, words) => {
    const facts = { dropped: 12, droppedWhat }
    const self = reading('self/edge', { kind: 'gateway', id: 'edge-1' }, at, { facts })
    const ill = { item: ticked(at, { dropped: { [droppedWhat]: 12 } }), readings: [self] }
    const told = tell(hospital(), [...quiet(hospital(), mondayMorning, 60), ill])
    expect(leads(told)).toEqual(['gateway-self'])
    expect(JSON.stringify(told.incidents[0]?.causes[0])).toContain(words)
  })
})

test('a case exists for every cause, and every cause is in the list', () => {
  const covered = new Set([...cases.map((c) => c.wins), 'silent', 'gateway-self', 'planned-change'])
  expect(causes.map((c) => c.id).filter((id) => !covered.has(id))).toEqual([])
  expect(causes.filter((c) => !causeEntries.some((e) => e.id === c.id))).toEqual([])
  expect(new Set(causes.map((c) => c.id)).size).toBe(causes.length)
})

test('nothing that fits: unknown leads and says what was seen', () => {
  const told = tell(hospital(lab), [
    ...quiet(hospital(lab), mondayMorning, 60),
    ...saying(
      moments(() => ({})),
      bad('oddity/spike'),
    ),
  ])
  const first = told.incidents[0]?.causes[0]
  expect(first?.id).toBe('unknown')
  expect(first?.evidence[0]?.text.en).toMatch(/^5\d exchanges since the onset: 5\d answered, 0 refused/)
})

test('a zone fault and a drift stand side by side, each with its own evidence', () => {
  const zone = clock('clock/zone', { offsetS: -7200, residualS: 4, zoneGuess: 'Asia/Urumqi', observations: 40 })
  const drift = clock('clock/drift', { driftPpm: 60 })
  const told = tell(hospital(lab), [
    ...quiet(hospital(lab), mondayMorning, 60),
    ...saying(
      moments(() => ({ sentOffsetMs: -7_200_000 })),
      zone,
      drift,
    ),
  ])
  const ranked = told.incidents[0]?.causes ?? []
  expect(
    ranked
      .slice(0, 2)
      .map((c) => c.id)
      .sort(),
  ).toEqual(['ntp-unsynced', 'tz-mismatch'])
  expect(ranked[1]?.confidence).toBeGreaterThan(0.6)
})

function earlier(before: Case['during']): Moment[] {
  return eachSecond(before, { from: mondayMorning, seconds: 120 })
}

function moments(during: Case['during']): Moment[] {
  return eachSecond(during, { from: faultAt, seconds: 60 })
}

function eachSecond(wished: Case['during'], { from, seconds }: { from: number; seconds: number }): Moment[] {
  return Array.from({ length: seconds }, (_, i) => {
    const wish = wished(i)
    const wishes: readonly Wish[] = Array.isArray(wish) ? wish : [wish]
    return wishes.map((w, j) => ({ item: passed({ at: from + i * secondMs + j, interfaceId: lab.id, ...w }), readings: [] }))
  }).flat()
}
