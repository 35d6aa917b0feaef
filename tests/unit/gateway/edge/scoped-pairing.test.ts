import { describe, expect, it } from 'vitest'
import { createObserver, defaultObserverLimits } from '../../../../gateway/edge/observe.ts'
import type { Exchange } from '../../../../gateway/model/exchange.ts'
import type { Frame, FrameHead, Protocol, Side } from '../../../../gateway/model/frame.ts'
import { testInterface } from '../../../support/catalogue.ts'

/** A protocol of two-letter words, for pairing by ids of connection scope: `Q1` asks, `I1` and `A1` answer, `N1` says no, `X0` aborts. */
const words: Protocol = {
  name: 'words',
  optionsSchema: {},
  decoder: () => ({
    push: (from, bytes, at) => (Buffer.from(bytes).toString().match(/../g) ?? []).map((word) => frameOf(word, from, at)),
    gap: () => [],
    end: () => [],
    pending: () => null,
    heldBytes: 0,
  }),
}

function frameOf(word: string, from: Side, at: number): Frame {
  const [kind = '', id = ''] = word
  const asks = kind === 'Q'
  const head: FrameHead = {
    role: asks ? 'request' : kind === 'X' ? 'abort' : 'answer',
    id: asks ? id : null,
    answersId: asks || kind === 'X' ? null : id,
    idScope: 'connection',
    stage: kind === 'I' ? 'interim' : null,
    verdict: kind === 'A' ? 'yes' : kind === 'N' ? 'no' : null,
    code: kind,
    type: asks ? 'ASK' : null,
    expects: asks ? { accept: false, application: true } : kind === 'X' ? { accept: false, application: false } : null,
  }
  const body = Buffer.from(word)
  return { from, startAt: at, endAt: at, wireBytes: 2, body, bodyBytes: 2, envelope: [['word', word]], head, oddities: [] }
}

function wireUnderTest(limits = {}) {
  let count = 0
  const observer = createObserver({
    iface: testInterface('his-lis', null, { ackTimeoutMs: 1_000, lateWindowMs: 500 }),
    protocol: words,
    limits: { ...defaultObserverLimits, ...limits },
    nextId: () => `e${++count}`,
  })
  const ended: Exchange[] = []
  return {
    ended,
    observer,
    open: (id: string) => {
      ended.push(...observer.see(id, { kind: 'open', at: 0, initiator: '10.1.0.10:40000', acceptor: '10.1.0.20:80' }))
      ended.push(...observer.see(id, { kind: 'connected', at: 1 }))
    },
    says: (text: string, from: Side, at: number, id = 'c1') =>
      void ended.push(...observer.see(id, { kind: 'bytes', at, from, bytes: Buffer.from(text) })),
    tick: (at: number) => void ended.push(...observer.see('', { kind: 'tick', at })),
    brief: () =>
      ended.map(({ outcome, code, request, wire }) => [
        outcome,
        request === null ? null : Buffer.from(request.body).toString(),
        code,
        ...wire.map(({ kind }) => kind),
      ]),
  }
}

describe('ids of connection scope', () => {
  it('pair on their own connection, and are no control ids', () => {
    const wire = wireUnderTest()
    wire.open('c1')
    wire.open('c2')
    wire.says('Q1', 'initiator', 10, 'c1')
    wire.says('Q1', 'initiator', 11, 'c2')
    wire.says('N1', 'acceptor', 20, 'c2')
    wire.says('A1', 'acceptor', 30, 'c1')
    expect(wire.brief()).toEqual([
      ['failed', 'Q1', 'N'],
      ['answered', 'Q1', 'A'],
    ])
    expect(wire.ended.map(({ controlId }) => controlId)).toEqual([null, null])
    expect(wire.ended[0]?.request?.envelope).toEqual([['word', 'Q1']])
    expect(wire.ended[0]?.answers[0]?.envelope).toEqual([['word', 'N1']])
  })
  it('are reused without being duplicates, and sending on gives nothing up', () => {
    const wire = wireUnderTest({})
    wire.open('c1')
    wire.says('Q1', 'initiator', 0)
    wire.says('A1', 'acceptor', 1)
    wire.says('Q1', 'initiator', 2)
    wire.says('Q2', 'initiator', 900)
    wire.says('A1', 'acceptor', 950)
    wire.says('A2', 'acceptor', 960)
    expect(wire.brief()).toEqual([
      ['answered', 'Q1', 'A'],
      ['answered', 'Q1', 'A'],
      ['answered', 'Q2', 'A'],
    ])
  })
  it('are asked by both sides at once', () => {
    const wire = wireUnderTest()
    wire.open('c1')
    wire.says('Q1', 'initiator', 0)
    wire.says('Q1', 'acceptor', 1)
    wire.says('A1', 'initiator', 2)
    wire.says('A1', 'acceptor', 3)
    expect(wire.ended.map(({ requestFrom, outcome }) => [requestFrom, outcome])).toEqual([
      ['acceptor', 'answered'],
      ['initiator', 'answered'],
    ])
  })
  it('that nobody asked for make an orphan, and tell the one that waits nothing', () => {
    const wire = wireUnderTest()
    wire.open('c1')
    wire.says('Q1', 'initiator', 0)
    wire.says('A7', 'acceptor', 1)
    wire.says('A1', 'acceptor', 2)
    expect(wire.brief()).toEqual([
      ['orphan', null, 'A'],
      ['answered', 'Q1', 'A'],
    ])
  })
})

describe('interim answers', () => {
  it('have the request wait anew, are counted, and the first few are kept', () => {
    const wire = wireUnderTest()
    wire.open('c1')
    wire.says('Q1', 'initiator', 0)
    for (let i = 1; i <= 10; i += 1) wire.says('I1', 'acceptor', i * 800)
    wire.says('A1', 'acceptor', 8_100)
    expect(wire.brief()).toEqual([['answered', 'Q1', 'A']])
    expect(wire.ended[0]?.interimCount).toBe(10)
    expect(wire.ended[0]?.answers.map(({ stage }) => stage)).toEqual(['interim', 'interim', 'interim', 'interim', null])
    expect(wire.ended[0]?.latencyMs).toBe(8_100)
  })
  it('alone are no answer', () => {
    const wire = wireUnderTest()
    wire.open('c1')
    wire.says('Q1', 'initiator', 0)
    wire.says('I1', 'acceptor', 500)
    wire.tick(5_000)
    expect(wire.brief()).toEqual([['unanswered', 'Q1', null, 'timeout']])
    expect(wire.ended[0]?.interimCount).toBe(1)
  })
  it('to nothing are passed over', () => {
    const wire = wireUnderTest()
    wire.open('c1')
    wire.says('I1', 'acceptor', 500)
    expect(wire.ended).toEqual([])
  })
})

describe('an abort', () => {
  it('ends everything that is open on its connection', () => {
    const wire = wireUnderTest()
    wire.open('c1')
    wire.open('c2')
    wire.says('Q1Q2', 'initiator', 0)
    wire.says('Q1', 'initiator', 0, 'c2')
    wire.says('X0', 'acceptor', 5)
    expect(wire.brief()).toEqual([
      ['unanswered', 'Q1', null, 'aborted'],
      ['unanswered', 'Q2', null, 'aborted'],
    ])
  })
  it('is an exchange of its own where nothing was open', () => {
    const wire = wireUnderTest()
    wire.open('c1')
    wire.says('X0', 'initiator', 5)
    expect(wire.brief()).toEqual([['one-way', 'X0', null, 'aborted']])
  })
})
