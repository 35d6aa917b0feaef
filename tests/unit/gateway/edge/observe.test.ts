import { describe, expect, it } from 'vitest'
import { mllp } from '../../../../adapters/protocols/mllp/protocol.ts'
import { createObserver, defaultObserverLimits, type ObserverLimits } from '../../../../gateway/edge/observe.ts'
import type { Exchange } from '../../../../gateway/model/exchange.ts'
import { type EndHow, type Protocol, ProtocolError, type Side } from '../../../../gateway/model/frame.ts'
import type { Json } from '../../../../gateway/model/json.ts'
import type { WireEvent } from '../../../../gateway/model/wire.ts'
import { testInterface } from '../../../support/catalogue.ts'
import { ack, ackText, enhanced, order } from '../../../support/mllp.ts'
import { eventsOfCapture } from '../../../transcripts/capture.ts'

const times = { ackTimeoutMs: 30_000, lateWindowMs: 10_000, applicationTimeoutMs: 60_000, settleMs: 1_000, stuckMs: 30_000 }

/** One interface that is told what happens, and what it makes of it. */
function interfaceUnderTest(
  setup: { options?: { [key: string]: Json }; limits?: Partial<ObserverLimits>; protocol?: Protocol } = {},
) {
  let count = 0
  const dropped: Record<string, number> = {}
  const observer = createObserver({
    iface: testInterface('his-lis', null, { ...times, ...setup.options }),
    protocol: setup.protocol ?? mllp,
    limits: { ...defaultObserverLimits, ...setup.limits },
    nextId: () => `e${++count}`,
    dropped: (reason, many) => {
      dropped[reason] = (dropped[reason] ?? 0) + many
    },
  })
  const ended: Exchange[] = []
  const tell = (connectionId: string, event: WireEvent): void => void ended.push(...observer.see(connectionId, event))
  return {
    observer,
    dropped,
    ended,
    open: (id = 'c1', at = 0, initiator = '10.1.0.10:40000') => {
      tell(id, { kind: 'open', at, initiator, acceptor: '10.1.0.20:6661' })
      tell(id, { kind: 'connected', at: at + 2 })
    },
    says: (from: Side, bytes: Buffer, at: number, id = 'c1') => tell(id, { kind: 'bytes', at, from, bytes }),
    asks: (controlId: string, at: number, id = 'c1') =>
      tell(id, { kind: 'bytes', at, from: 'initiator', bytes: order(controlId) }),
    answers: (code: string, controlId: string, at: number, id = 'c1') =>
      tell(id, { kind: 'bytes', at, from: 'acceptor', bytes: ack(code, controlId) }),
    ends: (from: Side, how: EndHow, at: number, id = 'c1') => tell(id, { kind: 'end', at, from, how }),
    tell,
    tick: (at: number) => tell('', { kind: 'tick', at }),
    /** Outcome, control id and kinds of wire facts of what has ended. */
    brief: () => ended.map(({ outcome, controlId, wire }) => [outcome, controlId, ...wire.map(({ kind }) => kind)]),
  }
}

describe('one request and its answer', () => {
  it('end in one exchange, with the times and the story of the connection', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.asks('1', 10)
    wire.answers('AA', '1', 15)
    wire.asks('2', 1_000)
    wire.answers('AE', '2', 1_200)
    expect(wire.ended[0]).toMatchObject({
      id: 'e1',
      interfaceId: 'his-lis',
      requestFrom: 'initiator',
      outcome: 'answered',
      controlId: '1',
      type: 'OML^O21',
      code: 'AA',
      latencyMs: 5,
      wire: [],
      coverage: 'full',
      connection: {
        id: 'c1',
        initiator: '10.1.0.10:40000',
        acceptor: '10.1.0.20:6661',
        openedAt: 0,
        connectMs: 2,
        exchangesBefore: 0,
        idleBeforeMs: null,
      },
    })
    expect(wire.ended[1]).toMatchObject({
      outcome: 'failed',
      code: 'AE',
      latencyMs: 200,
      connection: { exchangesBefore: 1, idleBeforeMs: 985 },
    })
    expect(wire.observer.heldBytes).toBe(0)
  })

  it('are found by id, not by order', () => {
    const wire = interfaceUnderTest()
    wire.open()
    for (const [i, id] of ['1', '2', '3'].entries()) wire.asks(id, i)
    for (const [i, id] of ['3', '1', '2'].entries()) wire.answers('AA', id, 10 + i)
    expect(wire.brief()).toEqual([
      ['answered', '3'],
      ['answered', '1'],
      ['answered', '2'],
    ])
  })

  it('may be asked by the acceptor of the connection', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.says('acceptor', order('1'), 1)
    wire.says('initiator', ack('AA', '1'), 2)
    expect(wire.ended[0]).toMatchObject({ outcome: 'answered', requestFrom: 'acceptor' })
  })
})

describe('no answer', () => {
  it('times out, and ends when the late window is over', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.asks('1', 0)
    wire.tick(39_999)
    expect(wire.ended).toEqual([])
    wire.tick(40_000)
    expect(wire.ended[0]).toMatchObject({
      outcome: 'unanswered',
      latencyMs: null,
      wire: [{ kind: 'timeout', at: 30_000, afterMs: 30_000 }],
    })
  })

  it('times out after the clock was set back, though what was asked before is due later', () => {
    const wire = interfaceUnderTest()
    wire.open('c1', 3_600_000)
    wire.asks('1', 3_600_000)
    wire.open('c2', 1_000)
    wire.asks('2', 1_000, 'c2')
    wire.asks('3', 2_000, 'c2')
    wire.tick(42_000)
    expect(wire.brief()).toEqual([
      ['unanswered', '2', 'timeout'],
      ['unanswered', '3', 'timeout'],
    ])
    wire.tick(3_640_000)
    expect(wire.brief().at(-1)).toEqual(['unanswered', '1', 'timeout'])
  })

  it('within the late window joins, as late', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.asks('1', 0)
    wire.answers('AA', '1', 33_000)
    expect(wire.brief()).toEqual([['answered', '1', 'timeout', 'late']])
    expect(wire.ended[0]).toMatchObject({
      latencyMs: 33_000,
      wire: [{ kind: 'timeout' }, { kind: 'late', at: 33_000, afterMs: 33_000 }],
    })
  })

  it('after the late window is a late orphan with the request’s id, on another connection too', () => {
    const wire = interfaceUnderTest()
    wire.open('c1')
    wire.asks('1', 0)
    wire.open('c2', 50_000)
    wire.answers('AA', '1', 70_000, 'c2')
    expect(wire.brief()).toEqual([
      ['unanswered', '1', 'timeout'],
      ['orphan', '1', 'late'],
    ])
    expect(wire.ended[1]).toMatchObject({ request: null, requestFrom: 'initiator', wire: [{ kind: 'late', afterMs: 70_000 }] })
  })

  it.each(['fin', 'rst'] as const)('is known when the answering side ends its direction with %s', (how) => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.asks('1', 100)
    wire.ends('acceptor', how, 5_000)
    expect(wire.ended[0]).toMatchObject({
      outcome: 'unanswered',
      wire: [{ kind: how === 'rst' ? 'reset' : 'closed', by: 'acceptor', at: 5_000, idleMs: 4_900 }],
    })
  })

  it('is still awaited when the asking side half-closes', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.asks('1', 0)
    wire.ends('initiator', 'fin', 10)
    expect(wire.ended).toEqual([])
    wire.answers('AA', '1', 20)
    expect(wire.brief()).toEqual([['answered', '1']])
  })

  it.each([20, -10, -4])('that broke off half-way answers nothing (cut at %i)', (cut) => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.asks('1', 0)
    wire.says('acceptor', ack('AA', '1').subarray(0, cut), 5)
    wire.ends('acceptor', 'rst', 6)
    expect(wire.brief()).toEqual([['unanswered', '1', 'partial', 'reset']])
  })

  it('is none of a connection that was opened and closed without a byte, and all of one that was refused', () => {
    const wire = interfaceUnderTest()
    wire.open('c1')
    wire.ends('initiator', 'fin', 5)
    wire.tell('c1', { kind: 'closed', at: 6 })
    expect(wire.ended).toEqual([])
    wire.tell('c2', { kind: 'open', at: 7, initiator: 'a:1', acceptor: 'b:2' })
    wire.tell('c2', { kind: 'refused', at: 8, how: 'refused' })
    expect(wire.ended).toHaveLength(1)
    expect(wire.ended[0]).toMatchObject({
      outcome: 'unanswered',
      request: null,
      requestFrom: null,
      wire: [{ kind: 'refused', how: 'refused', at: 8 }],
    })
  })

  it('is owed to a one-way request: it ends by itself', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.says('initiator', order('1', enhanced('NE', 'NE')), 0)
    wire.tick(1_000)
    expect(wire.brief()).toEqual([['one-way', '1']])
  })
})

describe('enhanced mode', () => {
  it('waits for the application ack that is owed, over the end of the connection', () => {
    const wire = interfaceUnderTest()
    wire.open('c1')
    wire.says('initiator', order('1', enhanced('AL', 'AL')), 0)
    wire.answers('CA', '1', 10)
    wire.ends('initiator', 'fin', 20)
    wire.ends('acceptor', 'fin', 21)
    wire.tell('c1', { kind: 'closed', at: 21 })
    expect(wire.ended).toEqual([])
    wire.open('c2', 1_000)
    wire.answers('AE', '1', 40_000, 'c2')
    expect(wire.ended).toHaveLength(1)
    expect(wire.ended[0]).toMatchObject({
      outcome: 'failed',
      code: 'AE',
      latencyMs: 40_000,
      answers: [{ stage: 'accept' }, { stage: 'application' }],
      wire: [],
    })
  })

  it('an application ack that is owed and never comes leaves the request unanswered', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.says('initiator', order('1', enhanced('AL', 'AL')), 0)
    wire.answers('CA', '1', 10)
    wire.tick(70_010)
    expect(wire.brief()).toEqual([['unanswered', '1', 'timeout']])
  })

  it('an accept ack alone answers when nothing more is owed, and CE says no at once', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.says('initiator', order('1', enhanced('AL', 'NE')), 0)
    wire.answers('CA', '1', 10)
    wire.tick(1_010)
    wire.says('initiator', order('2', enhanced('AL', 'AL')), 2_000)
    wire.answers('CE', '2', 2_010)
    expect(wire.brief()).toEqual([
      ['answered', '1'],
      ['failed', '2'],
    ])
  })

  it('the accept ack of an application ack is no orphan', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.says('initiator', order('1', enhanced('AL', 'AL')), 0)
    wire.answers('CA', '1', 10)
    const applicationAck = ackText('AA', '1').replace('|P|2.5.1', `|P|2.5.1${enhanced('AL', 'NE')}`)
    wire.says('acceptor', Buffer.from(`\x0b${applicationAck}\x1c\r`), 20)
    wire.says('initiator', ack('CA', 'A1'), 30)
    expect(wire.brief()).toEqual([['answered', '1']])
  })
})

describe('duplicates', () => {
  it('are told with the first exchange, the number of the copy, and whether the body is the same', () => {
    const wire = interfaceUnderTest()
    wire.open()
    for (const at of [0, 100]) {
      wire.asks('1', at)
      wire.answers('AA', '1', at + 1)
    }
    wire.says('initiator', Buffer.from(order('1').toString().replace('P0001', 'P0002')), 200)
    wire.answers('AA', '1', 201)
    expect(wire.ended.map(({ wire: facts }) => facts)).toEqual([
      [],
      [{ kind: 'duplicate', of: 'e1', sameBody: true, copy: 1 }],
      [{ kind: 'duplicate', of: 'e1', sameBody: false, copy: 2 }],
    ])
  })

  it('are known after a reconnect, and forgotten after the window', () => {
    const wire = interfaceUnderTest({ options: { duplicateWindowMs: 1_000 } })
    wire.open('c1')
    wire.asks('1', 0)
    wire.ends('acceptor', 'rst', 10)
    wire.open('c2', 20, '10.1.0.10:40001')
    wire.asks('1', 30, 'c2')
    wire.answers('AA', '1', 40, 'c2')
    wire.asks('1', 5_000, 'c2')
    wire.answers('AA', '1', 5_001, 'c2')
    expect(wire.brief()).toEqual([
      ['unanswered', '1', 'reset'],
      ['answered', '1', 'duplicate'],
      ['answered', '1'],
    ])
  })

  it('another sender with the same id and another body is none: analysers count from 1', () => {
    const wire = interfaceUnderTest()
    wire.open('c1', 0, '10.1.0.31:1000')
    wire.open('c2', 0, '10.1.0.32:1000')
    wire.asks('1', 10, 'c1')
    wire.answers('AA', '1', 11, 'c1')
    wire.says('initiator', Buffer.from(order('1').toString().replace('P0001', 'P0002')), 20, 'c2')
    wire.answers('AA', '1', 21, 'c2')
    expect(wire.brief()).toEqual([
      ['answered', '1'],
      ['answered', '1'],
    ])
  })

  it('sent again before the answer: the first gets it, late', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.asks('1', 0)
    wire.asks('1', 5_000)
    wire.answers('AA', '1', 6_000)
    wire.answers('AA', '1', 6_001)
    expect(wire.brief()).toEqual([
      ['answered', '1', 'late'],
      ['answered', '1', 'duplicate'],
    ])
  })
})

describe('answers that name another message', () => {
  it('one that was never asked is an orphan, and the request that waits tells of it', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.asks('5', 0)
    wire.answers('AA', 'X', 10)
    wire.tick(60_000)
    expect(wire.brief()).toEqual([
      ['orphan', 'X', 'wrong-control-id'],
      ['unanswered', '5', 'wrong-control-id', 'timeout'],
    ])
    expect(wire.ended[0]?.wire).toEqual([{ kind: 'wrong-control-id', distance: null, at: 10 }])
  })

  it('one that was asked before and answered tells how far back', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.asks('1', 0)
    wire.answers('AA', '1', 1)
    wire.asks('2', 10)
    wire.answers('AA', '1', 11)
    expect(wire.brief()[1]).toEqual(['orphan', '1', 'wrong-control-id'])
    expect(wire.ended[1]?.wire).toEqual([{ kind: 'wrong-control-id', distance: 1, at: 11 }])
  })

  it('an off-by-one chain after a time-out is told at every link', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.asks('1', 0)
    // The sender gives up after 5 s, sends the next, and takes the answer to the first for its own, and so on.
    wire.asks('2', 5_000)
    for (let i = 1; i <= 4; i++) {
      wire.answers('AA', `${i}`, 5_000 + i * 100)
      wire.asks(`${i + 2}`, 5_001 + i * 100)
    }
    expect(wire.brief()).toEqual(['1', '2', '3', '4'].map((id) => ['answered', id, 'late', 'wrong-control-id']))
    expect(
      wire.ended.every(({ wire: facts }) => facts.some((fact) => fact.kind === 'wrong-control-id' && fact.distance === 1)),
    ).toBe(true)
  })

  it('a sender that does not wait for answers is never told to have taken the wrong one', () => {
    const wire = interfaceUnderTest()
    wire.open()
    for (let i = 1; i <= 4; i++) wire.asks(`${i}`, i)
    for (let i = 1; i <= 50; i++) {
      wire.answers('AA', `${i}`, 5_000 * i)
      wire.asks(`${i + 4}`, 5_000 * i + 1)
    }
    expect(wire.brief()).toEqual(Array.from({ length: 50 }, (_, i) => ['answered', `${i + 1}`]))
  })

  it('an unreadable answer is an orphan, and the request that waits tells of it', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.asks('1', 0)
    wire.says('acceptor', Buffer.from('\x0bOK\x1c\r'), 5)
    wire.tick(60_000)
    expect(wire.brief()).toEqual([
      ['orphan', null, 'unreadable'],
      ['unanswered', '1', 'unreadable', 'timeout'],
    ])
  })
})

describe('frames that stop half-way', () => {
  it('are stuck after a silence, and the answer that comes all the same joins', () => {
    const wire = interfaceUnderTest({ options: { stuckMs: 5_000 } })
    wire.open()
    wire.says('initiator', order('1').subarray(0, 70), 0)
    wire.tick(5_000)
    expect(wire.observer.openCount).toBe(1)
    wire.answers('AE', '1', 6_000)
    expect(wire.ended[0]).toMatchObject({
      outcome: 'failed',
      wire: [{ kind: 'partial', by: 'initiator', bytes: 70, how: 'stuck' }],
    })
  })

  it('an answer without a start block joins after a short silence', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.asks('1', 0)
    wire.says('acceptor', Buffer.from(ackText('AA', '1')), 10)
    wire.tick(1_010)
    expect(wire.ended[0]).toMatchObject({ outcome: 'answered', latencyMs: 10, wire: [{ kind: 'unframed', by: 'acceptor' }] })
  })

  it('when time is told makes no difference, only when it is known', () => {
    const story = (ticks: readonly number[]) => {
      const wire = interfaceUnderTest()
      wire.open()
      wire.asks('1', 0)
      for (const at of ticks) wire.tick(at)
      wire.answers('AA', '1', 45_000)
      wire.tick(100_000)
      return wire.ended
    }
    expect(story([])).toEqual(story(Array.from({ length: 44 }, (_, i) => i * 1_000)))
  })
})

describe('lost sight', () => {
  it('lost bytes stand in what was open, and in an orphan whose request may have passed unseen', () => {
    const wire = interfaceUnderTest()
    wire.open()
    wire.asks('1', 0)
    wire.tell('c1', { kind: 'gap', at: 1, from: 'acceptor', byteCount: 100 })
    wire.ends('acceptor', 'fin', 2)
    wire.answers('AA', '9', 3)
    expect(wire.brief()).toEqual([['unanswered', '1', 'gap', 'closed']])
    const middle = interfaceUnderTest()
    middle.tell('c1', { kind: 'open', at: 0, initiator: 'a:1', acceptor: 'b:2' })
    middle.tell('c1', { kind: 'connected', at: 0, midStream: true })
    middle.answers('AA', '9', 3)
    expect(middle.brief()).toEqual([['orphan', '9', 'gap']])
  })

  it.each([
    ['a ProtocolError', new ProtocolError('NOT_ITS_PROTOCOL', 'no'), 'NOT_ITS_PROTOCOL'],
    ['a bug', new TypeError('a bug'), 'OBSERVER_BUG'],
  ])('%s in the decoder costs one connection, once', (_name, error, code) => {
    const failing: Protocol = {
      ...mllp,
      decoder: (options, limits) =>
        Object.assign(mllp.decoder(options, limits), {
          push: () => {
            throw error
          },
        }),
    }
    const wire = interfaceUnderTest({ protocol: failing })
    wire.open()
    for (const at of [1, 2, 3]) wire.asks('1', at)
    wire.tell('c1', { kind: 'closed', at: 4 })
    expect(wire.ended.map(({ wire: facts }) => facts)).toEqual([[{ kind: 'unreadable', code }]])
    expect(wire.dropped).toEqual({ unreadable: 1 })
  })

  it('too many open exchanges end the oldest, counted', () => {
    const wire = interfaceUnderTest({ limits: { openExchangesMax: 3 } })
    wire.open()
    for (let i = 1; i <= 5; i++) wire.asks(`${i}`, i)
    expect(wire.brief()).toEqual([
      ['unanswered', '1'],
      ['unanswered', '2'],
    ])
    expect(wire.dropped).toEqual({ 'open-overflow': 2 })
  })

  it('sheds bodies, then all, and sees again as after a gap', () => {
    const wire = interfaceUnderTest({ limits: { sampleEvery: 2 } })
    wire.open()
    const pass = (id: string, code: string, at: number) => {
      wire.asks(id, at)
      wire.answers(code, id, at + 1)
      return wire.ended.at(-1)?.request?.body.byteLength
    }
    wire.observer.cover('sampled')
    expect([pass('1', 'AA', 1), pass('2', 'AA', 3)].filter((bytes) => bytes === 0)).toHaveLength(1)
    expect(pass('3', 'AE', 5)).toBeGreaterThan(0)
    expect(pass('4', 'AE', 7)).toBeGreaterThan(0)
    wire.observer.cover('headers')
    expect(pass('5', 'AE', 9)).toBe(0)
    expect(wire.ended.at(-1)).toMatchObject({
      coverage: 'headers',
      controlId: '5',
      request: { bodyBytes: order('5').length - 3 },
    })
    wire.asks('6', 20)
    wire.observer.cover('none')
    const before = wire.ended.length
    wire.answers('AA', '6', 21)
    wire.asks('7', 22)
    wire.observer.cover('full')
    wire.answers('AA', '7', 23)
    expect(wire.ended.slice(before).map(({ outcome, wire: facts }) => [outcome, ...facts.map(({ kind }) => kind)])).toEqual([
      ['orphan', 'gap', 'gap'],
    ])
    expect(wire.dropped).toMatchObject({ 'shed-open': 1, 'shed-bodies': 2 })
  })
})

describe('the captures', () => {
  it.each([
    ['mllp-01-adt-orders-results-AA', Array(4).fill(['answered', 'AA'])],
    ['mllp-02-AE-unknown-drug-code', [['failed', 'AE']]],
    ['mllp-03-AR-version', [['failed', 'AR']]],
    ['mllp-05-enhanced-CA-then-AA', [['answered', 'AA']]],
    [
      'mllp-07-duplicate-resend-same-msh10',
      [
        ['answered', 'AA'],
        ['answered', 'AA', 'duplicate'],
        ['answered', 'AA', 'duplicate'],
      ],
    ],
    [
      'mllp-08-late-ack-after-client-timeout-and-retry',
      [
        ['answered', 'AA', 'late'],
        ['answered', 'AA', 'duplicate'],
      ],
    ],
    ['mllp-09-no-ack-client-closes', [['unanswered', null, 'closed', 'closed']]],
    ['mllp-10-rst-mid-message', [['unanswered', null, 'partial', 'reset']]],
    ['mllp-12-dribbled-small-segments', [['answered', 'AA']]],
    ['mllp-14-missing-final-cr-after-fs', [['answered', 'AA', 'missing-final-cr']]],
    ['mllp-15-lf-segment-terminators', [['answered', 'AA']]],
    ['mllp-17-large-528KB-embedded-pdf', [['answered', 'AA']]],
    ['mllp-18-connection-refused', [['unanswered', null, 'refused']]],
    ['mllp-19-two-hour-step-after-msg-40-of-80', Array(80).fill(['answered', 'AA'])],
  ])('%s', (name, exchanges) => {
    const wire = interfaceUnderTest()
    for (const { connectionId, event } of eventsOfCapture(name)) wire.tell(connectionId, event)
    expect(wire.ended.map(({ outcome, code, wire: facts }) => [outcome, code, ...facts.map(({ kind }) => kind)])).toEqual(
      exchanges,
    )
  })
})
