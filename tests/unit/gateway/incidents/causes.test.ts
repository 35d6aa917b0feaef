import { describe, expect, test } from 'vitest'
import { causeEntries } from '../../../../gateway/incidents/catalogue.ts'
import { causes } from '../../../../gateway/incidents/causes/index.ts'
import type { Reading } from '../../../../gateway/model/reading.ts'
import type { WireFact } from '../../../../gateway/model/wire.ts'
import { aViolation, mondayMorning, ticked } from '../../monitors/stream.ts'
import {
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
/** An accepted association whose only context got that result. */
const associated = (result: string): Wish => ({
  type: 'A-ASSOCIATE',
  code: 'AC',
  requestEnvelope: [['context', '1 1.2.840.10008.5.1.4.1.1.9.1.1 1.2.840.10008.1.2.1']],
  answerEnvelope: [['context', `1 ${result} 1.2.840.10008.1.2.1`]],
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
    wins: 'half-open',
    name: 'the old connection is deaf, a new one is answered at once',
    during: (i) => (i < 40 ? lost(60 + i) : { connection: { exchangesBefore: i - 40 } }),
    heard: [rate({ unanswered: 40, timeout: 40 })],
    not: ['ack-timeout', 'upstream-slow'],
  },
  {
    wins: 'ack-mismatch',
    name: 'every answer names the message before',
    during: (i) => (i === 0 ? lost(50) : late(900, [wrong])),
    heard: [bad('answers/mismatch'), rate({ unanswered: 3 })],
    not: ['late-response-after-timeout', 'ack-timeout'],
  },
  {
    wins: 'late-response-after-timeout',
    name: 'answers come after the resend',
    during: () => [late(2500), { latencyMs: 1000, wire: [copy] }],
    heard: [bad('answers/late'), bad('latency/shift', { p95Ms: 2500, ratio: 100, connectMs: 0.3 })],
    not: ['upstream-slow', 'ack-timeout', 'duplicate'],
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
    name: 'refused for a code that the receiver does not know',
    during: (i) => (i % 2 === 0 ? nak('103') : {}),
    heard: [rate({ nak: 30, topCode: 'AE' })],
    not: ['schema-missing-field', 'orphan-result', 'charset-mismatch'],
  },
  {
    wins: 'schema-missing-field',
    name: 'PID-3 vanished, and is refused',
    during: () => ({ ...nak('101'), violations: [aViolation()] }),
    heard: [bad('contract/required', { element: 'PID-3', affected: 60, seen: 60 }), rate({ nak: 60 })],
    not: ['app-nak', 'schema-wrong-type', 'charset-mismatch'],
  },
  {
    wins: 'schema-wrong-type',
    name: 'a comparator in a numeric value',
    during: () => ({ violations: [aViolation({ path: 'OBX[1]-5', element: 'OBX-5', rule: 'type', shape: '<9.99' })] }),
    heard: [bad('contract/type', { element: 'OBX-5' })],
    not: ['schema-missing-field', 'charset-mismatch', 'app-nak'],
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
    wins: 'queue-delay',
    name: 'messages arrive later and later after they were made',
    during: (i) => ({ queuedMs: i * 1500 }),
    heard: [bad('latency/objective', { p95Ms: 25 })].map((r) => ({ ...r, signal: 'volume/backlog', monitor: 'volume' })),
    not: ['tz-mismatch', 'clock-skew', 'ntp-unsynced'],
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
    wins: 'retry-storm',
    name: 'five copies of everything',
    during: () => [{}, ...Array.from({ length: 4 }, () => ({ wire: [copy] }))],
    heard: [bad('retries/storm', { attemptsPerMessage: 5 }), bad('retries/duplicate')],
    not: ['duplicate', 'ack-timeout'],
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
    wins: 'orphan-result',
    name: 'results refused because their order is unknown',
    during: (i) => (i % 2 === 0 ? { ...nak('204'), type: 'ORU^R01' } : { type: 'ORU^R01' }),
    heard: [rate({ nak: 30 })],
    not: ['app-nak', 'schema-missing-field'],
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
    wins: 'pc-rejected',
    name: 'an abstract syntax is never accepted',
    during: () => associated('3'),
    heard: [bad('associations/contexts', { share: 1 })],
    not: ['ts-rejected', 'assoc-abort'],
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
]

describe('each cause wins its own case, and not its look-alikes', () => {
  for (const { name, wins, not, during, heard } of cases) {
    test(`${wins}: ${name}`, () => {
      const told = tell(hospital(lab), [...quiet(hospital(lab), mondayMorning, 120), ...saying(moments(during), ...heard)])
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

  test('silent: nothing comes while the neighbours flow and the connection stands', () => {
    const catalogue = hospital()
    const gap = bad('silence/gap', { gapS: 300, expectedGapS: 2, peersFlowing: 3, openConnections: 1 })
    const before = quiet(catalogue, mondayMorning, 60)
    const after = [{ item: ticked(at), readings: [gap] }]
    expect(leads(tell(catalogue, [...before, ...after]))).toEqual(['silent'])
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
})

test('a case exists for every cause, and every cause is in the list', () => {
  const covered = new Set([...cases.map((c) => c.wins), 'silent', 'gateway-self'])
  expect(causes.map((c) => c.id).filter((id) => !covered.has(id))).toEqual([])
  expect(causes.filter((c) => !causeEntries.some((e) => e.id === c.id))).toEqual([])
  expect(new Set(causes.map((c) => c.id)).size).toBe(causes.length)
})

test('nothing that fits: unknown leads and says what was seen', () => {
  const told = tell(hospital(lab), [
    ...quiet(hospital(lab), mondayMorning, 60),
    ...saying(
      moments(() => ({})),
      bad('volume/spike'),
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

function moments(during: Case['during']): Moment[] {
  return Array.from({ length: 60 }, (_, i) => {
    const wish = during(i)
    const wishes: readonly Wish[] = Array.isArray(wish) ? wish : [wish]
    return wishes.map((w, j) => ({ item: passed({ at: faultAt + i * secondMs + j, interfaceId: lab.id, ...w }), readings: [] }))
  }).flat()
}
