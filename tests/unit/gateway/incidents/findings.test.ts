import { expect, test } from 'vitest'
import { aViolation, mondayMorning, ticked } from '../../monitors/stream.ts'
import {
  errors,
  hospital,
  lab,
  type Moment,
  onInterface,
  onSystem,
  passed,
  quiet,
  reading,
  secondMs,
  tell,
  type Wish,
} from './scene.ts'

const catalogue = hospital(lab)

function found(...wishes: readonly Wish[]): readonly string[] {
  const moments = wishes.map((w, i): Moment => ({ item: passed({ at: mondayMorning + i * secondMs, ...w }), readings: [] }))
  return tell(catalogue, moments)
    .findings.map((f) => f.cause)
    .sort()
}

const at = mondayMorning
const partial = { kind: 'partial', by: 'initiator', bytes: 300, how: 'rst' } as const

test.each<[string, readonly Wish[], readonly string[]]>([
  ['sound traffic shows nothing', [{}, {}, { outcome: 'one-way' }], []],
  ['401', [{ outcome: 'failed', code: '401', ack: null }], ['auth-expired']],
  ['429', [{ outcome: 'failed', code: '429', ack: null }], ['rate-limit']],
  ['an instance that the archive has', [{ outcome: 'failed', code: '0111', ack: null }], ['duplicate']],
  ['413', [{ outcome: 'failed', code: '413', ack: null }], ['payload-too-large']],
  ['a rejected association', [{ outcome: 'failed', code: 'RJ-1-1-7', ack: null }], ['assoc-rj-called-ae']],
  ['an archive without room', [{ outcome: 'failed', code: 'A701', ack: null }], ['storage-oor-a7xx']],
  ['an object that cannot be understood', [{ outcome: 'failed', code: 'C123', ack: null }], ['dicom-object-error']],
  ['a handshake that fails', [{ outcome: 'unanswered', wire: [{ kind: 'refused', how: 'tls', at }] }], ['tls-cert']],
  ['a name that is not resolved', [{ outcome: 'unanswered', wire: [{ kind: 'refused', how: 'dns', at }] }], ['dns']],
  [
    'an abort with nothing open',
    [{ outcome: 'one-way', wire: [{ kind: 'aborted', by: 'initiator', at, code: '0-0' }] }],
    ['assoc-abort'],
  ],
  [
    'a presentation context without its abstract syntax',
    [
      {
        type: 'A-ASSOCIATE',
        code: 'AC',
        requestEnvelope: [['context', '1 1.2.3 1.2.840.10008.1.2']],
        answerEnvelope: [['context', '1 3 ']],
      },
    ],
    ['pc-rejected'],
  ],
  [
    'a compression that is not taken, beside a syntax that is',
    [
      {
        type: 'A-ASSOCIATE',
        code: 'AC',
        requestEnvelope: [
          ['context', '1 1.2.3 1.2.840.10008.1.2.4.90'],
          ['context', '3 1.2.3 1.2.840.10008.1.2'],
        ],
        answerEnvelope: [
          ['context', '1 4 '],
          ['context', '3 0 1.2.840.10008.1.2'],
        ],
      },
    ],
    [],
  ],
  [
    'a name in clear that should be masked',
    [{ violations: [aViolation({ rule: 'masking', element: 'patientNameMasked' })] }],
    ['mask-leak'],
  ],
  [
    'a forbidden name, and a forbidden item of no person',
    [
      {
        violations: [
          aViolation({ rule: 'forbidden', element: 'order.patientName' }),
          aViolation({ rule: 'forbidden', element: 'order.room' }),
        ],
      },
    ],
    ['mask-leak'],
  ],
  ['a forbidden item of no person', [{ violations: [aViolation({ rule: 'forbidden', element: 'order.room' })] }], []],
  ['AE', [{ outcome: 'failed', code: 'AE', ack: errors('103') }], ['app-nak']],
  ['a missing required field, refused', [{ outcome: 'failed', ack: errors('101') }], ['app-nak', 'schema-missing-field']],
  ['a contract breach that tickets', [{ violations: [aViolation()] }], ['schema-missing-field']],
  ['a contract breach that only warns', [{ violations: [aViolation({ severity: 'warn' })] }], []],
  ['answers against their label', [{ answerCharset: { verdict: 'contradicts', detected: 'gb18030' } }], ['charset-mismatch']],
  ['rubbish in sound bytes', [{ charset: { verdict: 'garbled', detected: 'utf-8' } }], ['charset-mismatch']],
  ['bytes against the label', [{ charset: { verdict: 'contradicts', detected: 'gb18030' } }], ['charset-mismatch']],
  ['a second copy', [{ wire: [{ kind: 'duplicate', of: 'x', sameBody: true, copy: 2 }] }], ['duplicate']],
  [
    'an answer after the time-out',
    [
      {
        wire: [
          { kind: 'timeout', at, afterMs: 1500 },
          { kind: 'late', at, afterMs: 2500 },
        ],
      },
    ],
    ['late-response-after-timeout'],
  ],
  [
    'an answer at once to the message before',
    [
      {
        wire: [
          { kind: 'wrong-control-id', distance: 1, at },
          { kind: 'late', at, afterMs: 12 },
        ],
      },
    ],
    ['ack-mismatch'],
  ],
  [
    'a first copy that is answered after the resend, where the edge did not say so',
    [
      { at, controlId: 'A', latencyMs: 2500 },
      { at: at + 1500, controlId: 'A', latencyMs: 1000, wire: [{ kind: 'duplicate', of: 'x', sameBody: true, copy: 2 }] },
    ],
    ['duplicate', 'late-response-after-timeout'],
  ],
  [
    'sent twice in one breath, and each copy answered at once',
    [
      { at, controlId: 'A', latencyMs: 40, wire: [{ kind: 'late', at, afterMs: 40 }] },
      { at: at + 12, controlId: 'A', latencyMs: 45, wire: [{ kind: 'duplicate', of: 'x', sameBody: true, copy: 2 }] },
    ],
    ['duplicate'],
  ],
  [
    'no answer, the client closes',
    [{ outcome: 'unanswered', wire: [{ kind: 'closed', by: 'initiator', at, idleMs: 3000 }] }],
    ['ack-timeout'],
  ],
  [
    'no answer, the client gives up with a reset',
    [{ outcome: 'unanswered', wire: [{ kind: 'reset', by: 'initiator', at, idleMs: 3000 }] }],
    ['ack-timeout'],
  ],
  [
    'no answer, the receiver closes',
    [{ outcome: 'unanswered', wire: [{ kind: 'closed', by: 'acceptor', at, idleMs: 3 }] }],
    ['conn-reset'],
  ],
  [
    'a reset inside the message',
    [{ outcome: 'unanswered', wire: [partial, { kind: 'reset', by: 'initiator', at, idleMs: 100 }] }],
    ['conn-reset'],
  ],
  ['a refused connection', [{ outcome: 'unanswered', wire: [{ kind: 'refused', how: 'refused', at }] }], ['conn-refused']],
  [
    'a connection that nobody answers',
    [{ outcome: 'unanswered', wire: [{ kind: 'refused', how: 'timeout', at }] }],
    ['conn-timeout'],
  ],
  ['a block without its final CR', [{ wire: [{ kind: 'missing-final-cr', by: 'initiator' }] }], ['proto-incompat']],
  ['bytes before the start block', [{ wire: [{ kind: 'bytes-before-start', by: 'initiator', bytes: 7 }] }], ['proto-incompat']],
  ['a line that HTTP forbids', [{ wire: [{ kind: 'irregular', by: 'initiator', code: 'HTTP_BARE_LF' }] }], ['proto-incompat']],
  ['segments that end in LF', [{ defects: [{ code: 'HL7_LF_SEGMENT_ENDS', path: null, text: '' }] }], ['proto-incompat']],
  ['skipped numbers', [{ sequence: 1 }, { sequence: 2 }, { sequence: 6 }], ['seq-gap']],
  ['skipped numbers that come after all', [{ sequence: 1 }, { sequence: 3 }, { sequence: 2 }], []],
  ['a counter that begins again', [{ sequence: 7 }, { sequence: 8 }, { sequence: 1 }], []],
  ['a result without its order', [{ outcome: 'failed', type: 'ORU^R01', ack: errors('204') }], ['app-nak', 'orphan-result']],
  [
    'an oversize block',
    [{ outcome: 'unanswered', wire: [{ kind: 'oversize', by: 'initiator', bytes: 9e7 }] }],
    ['payload-too-large'],
  ],
  ['messages that arrive ever later, in order', Array.from({ length: 20 }, (_, i) => ({ queuedMs: i * 900 })), ['queue-delay']],
  [
    'stamps that fall back faster than time passes: a queue, or rather a clock',
    Array.from({ length: 20 }, (_, i) => ({ queuedMs: i * 3000 })),
    ['ntp-unsynced', 'queue-delay'],
  ],
  ['stamps that run ahead', Array.from({ length: 20 }, (_, i) => ({ sentOffsetMs: i * 3000 })), ['ntp-unsynced']],
  ['a step of two hours is no ramp', Array.from({ length: 20 }, (_, i) => ({ sentOffsetMs: i < 10 ? 0 : -7_200_000 })), []],
  ['messages of one age', Array.from({ length: 20 }, () => ({ queuedMs: 30_000 })), []],
])('%s', (_, wishes, causes) => {
  expect(found(...wishes)).toEqual(causes)
})

test('stamps that stand still are test messages, not a queue', () => {
  const stamp = { path: 'MSH-7', kind: 'message', at: mondayMorning - 5000, resolutionMs: 1000, hasZone: false } as const
  expect(found(...Array.from({ length: 60 }, () => ({ requestStamps: [stamp] })))).toEqual([])
})

test('a finding counts all and names at most 100 exchanges', () => {
  const moments = Array.from(
    { length: 150 },
    (_, i): Moment => ({ item: passed({ at: mondayMorning + i, id: `e${i}`, outcome: 'failed' }), readings: [] }),
  )
  const [finding] = tell(catalogue, moments).findings
  expect(finding).toMatchObject({ cause: 'app-nak', interfaceId: lab.id, count: 150, systemId: 'lis' })
  expect(finding?.exchangeIds).toHaveLength(100)
})

test('readings are sightings too: a zone once, silence on a tick, and each counted once', () => {
  const zone = reading('clock/zone', onSystem('lis'), mondayMorning, {
    severity: 'warn',
    facts: { offsetS: -7200 },
    exchangeIds: ['a', 'b'],
  })
  const gap = reading('silence/gap', onInterface(lab.id), mondayMorning, { facts: { gapS: 300 } })
  const moments = [
    ...quiet(catalogue, mondayMorning, 3),
    { item: passed({ at: mondayMorning + 4000 }), readings: [zone] },
    { item: ticked(mondayMorning + 5000), readings: [gap, zone] },
  ]
  const findings = tell(catalogue, moments).findings
  expect(findings.map((f) => [f.cause, f.count, f.systemId])).toEqual([
    ['tz-mismatch', 2, 'lis'],
    ['silent', 1, null],
  ])
})

test('whoever wrote the bytes is told of its label: the receiver, where the answers are wrong', () => {
  const wrong = { verdict: 'contradicts', detected: 'gb18030' } as const
  const systemsOf = (wish: Wish) => tell(catalogue, [{ item: passed(wish), readings: [] }]).findings.map((f) => f.systemId)
  expect(systemsOf({ charset: wrong, answerCharset: { verdict: 'agrees' } })).toEqual(['his'])
  expect(systemsOf({ answerCharset: wrong })).toEqual(['lis'])
})
