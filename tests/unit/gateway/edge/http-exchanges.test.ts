import { describe, expect, it } from 'vitest'
import { http } from '../../../../adapters/protocols/http/protocol.ts'
import { createObserver, defaultObserverLimits } from '../../../../gateway/edge/observe.ts'
import type { Exchange } from '../../../../gateway/model/exchange.ts'
import type { WireEvent } from '../../../../gateway/model/wire.ts'
import { testInterface } from '../../../support/catalogue.ts'
import { answer, request } from '../../../support/http.ts'

/** One connection of HTTP from its opening on; each event is told at its time. */
function exchangesOf(events: readonly WireEvent[], midStream = false): readonly Exchange[] {
  let count = 0
  const observer = createObserver({
    iface: { ...testInterface('his-lis', null, { ackTimeoutMs: 1_000, lateWindowMs: 500, stuckMs: 3_000 }), protocol: 'http' },
    protocol: http,
    limits: defaultObserverLimits,
    nextId: () => `e${++count}`,
  })
  const opening: readonly WireEvent[] = [
    { kind: 'open', at: 0, initiator: '10.1.0.10:40000', acceptor: '10.1.0.20:80' },
    midStream ? { kind: 'connected', at: 1, midStream } : { kind: 'connected', at: 1 },
  ]
  const ended = [...opening, ...events].flatMap((event) => [...observer.see('c1', event)])
  return [...ended, ...observer.finish(100_000)]
}

const asks = (at: number, bytes = request('GET /x')): WireEvent => ({ kind: 'bytes', at, from: 'initiator', bytes })
const says = (at: number, bytes = answer('200 OK', [], 'ok')): WireEvent => ({ kind: 'bytes', at, from: 'acceptor', bytes })

function brief(exchanges: readonly Exchange[]) {
  return exchanges.map(({ outcome, type, code, wire }) => [
    outcome,
    type,
    code,
    ...wire.map((fact) => ('code' in fact ? `${fact.kind} ${fact.code}` : fact.kind)),
  ])
}

describe('exchanges of HTTP', () => {
  it('have no control id, and the envelope on both sides', () => {
    const [exchange] = exchangesOf([asks(10, request('POST /orders', ['X-Request-Id: r1'], '{}')), says(25)])
    expect(exchange).toMatchObject({ outcome: 'answered', controlId: null, type: 'POST /orders', code: '200', latencyMs: 15 })
    expect(exchange?.request?.envelope).toContainEqual([':request-id', 'r1'])
    expect(exchange?.answers[0]?.envelope).toContainEqual([':status', '200'])
  })
  it('wait anew after an interim answer, time out without, and take an answer that is late', () => {
    expect(brief(exchangesOf([asks(10), says(900, answer('102 Processing')), says(1_800)]))).toEqual([
      ['answered', 'GET /x', '200'],
    ])
    expect(brief(exchangesOf([asks(10), says(1_300)]))).toEqual([['answered', 'GET /x', '200', 'timeout', 'late']])
    expect(brief(exchangesOf([asks(10), says(5_000)]))).toEqual([
      ['unanswered', 'GET /x', null, 'timeout'],
      ['orphan', null, '200'],
    ])
  })
  it('that were given up have their late answer, not the next one', () => {
    const told = exchangesOf([asks(10), asks(5_000, request('GET /y')), says(5_001), says(5_002, answer('404 Not Found'))])
    expect(brief(told)).toEqual([
      ['unanswered', 'GET /x', null, 'timeout'],
      ['orphan', null, '200'],
      ['failed', 'GET /y', '404'],
    ])
  })
  it('of a body that stops are told as stuck, and so is an answer that stops', () => {
    const post = request('POST /x', ['Content-Length: 9'], 'abc')
    expect(brief(exchangesOf([asks(10, post), { kind: 'tick', at: 9_000 }]))).toEqual([
      ['unanswered', 'POST /x', null, 'partial', 'timeout'],
    ])
    const stops = answer('200 OK', ['Content-Length: 9'], 'abc')
    expect(brief(exchangesOf([asks(10), says(20, stops), { kind: 'tick', at: 9_000 }]))[0]).toContain('unanswered')
  })
  it('of what is passed on unread are one-way: whether anything was asked is not known', () => {
    const hello = Buffer.from([0x16, 3, 1, 0, 5, 1])
    const ends: readonly WireEvent[] = [
      { kind: 'end', at: 30, from: 'initiator', how: 'fin' },
      { kind: 'closed', at: 31 },
    ]
    expect(brief(exchangesOf([asks(10, hello), says(20, hello), ...ends]))).toEqual([
      ['one-way', null, null, 'unreadable TLS_PASSED_THROUGH'],
    ])
    const upgraded = [asks(10), says(20, answer('101 Switching Protocols')), says(21, hello), asks(22, hello), ...ends]
    expect(brief(exchangesOf(upgraded))).toEqual([
      ['answered', 'GET /x', '101'],
      ['one-way', null, null, 'unreadable HTTP_UPGRADED'],
    ])
  })
  it('after lost answers go on with the right ones', () => {
    const lost: WireEvent = { kind: 'gap', at: 20, from: 'acceptor', byteCount: 50 }
    expect(brief(exchangesOf([asks(10), lost, asks(30, request('GET /y')), says(40, answer('404 Not Found'))]))).toEqual([
      ['failed', 'GET /y', '404', 'gap'],
      ['unanswered', 'GET /x', null, 'gap', 'timeout'],
    ])
  })
  it('begin in the middle of a connection', () => {
    expect(brief(exchangesOf([says(5, Buffer.from('rest of a body')), asks(10), says(20)], true))).toEqual([
      ['answered', 'GET /x', '200', 'bytes-before-start'],
    ])
  })
})
