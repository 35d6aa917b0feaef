import { describe, expect, it } from 'vitest'
import { dimse } from '../../../../adapters/protocols/dimse/protocol.ts'
import { abort, commandSet, message } from '../../../../fixtures/hospital/systems/dimse/bytes.ts'
import { createObserver, defaultObserverLimits } from '../../../../gateway/edge/observe.ts'
import type { Exchange } from '../../../../gateway/model/exchange.ts'
import type { EndHow, Side } from '../../../../gateway/model/frame.ts'
import { testInterface } from '../../../support/catalogue.ts'
import { answer, associateAccept, associateRequest, echo, header, pixels, store } from '../../../support/dimse.ts'

const object = Buffer.concat([header, pixels(9_000)])
const get = message(
  3,
  commandSet([
    [0x0100, 0x0010],
    [0x0110, 9],
    [0x0800, 1],
  ]),
  header,
)
const find = message(
  3,
  commandSet([
    [0x0100, 0x0020],
    [0x0110, 7],
    [0x0800, 1],
  ]),
  header,
)
const pending = message(
  3,
  commandSet([
    [0x0100, 0x8020],
    [0x0120, 7],
    [0x0800, 1],
    [0x0900, 0xff00],
  ]),
  header,
)
const cancel = message(
  3,
  commandSet([
    [0x0100, 0x0fff],
    [0x0120, 7],
    [0x0800, 0x0101],
  ]),
)

/** One association between two systems; what its exchanges are, in the order in which they end. */
function association() {
  let count = 0
  const observer = createObserver({
    iface: { ...testInterface('modality-pacs'), protocol: 'dimse', options: { ackTimeoutMs: 1_000, lateWindowMs: 500 } },
    protocol: dimse,
    limits: defaultObserverLimits,
    nextId: () => `e${++count}`,
  })
  const ended: Exchange[] = []
  const says = (from: Side, at: number, bytes: Buffer) =>
    void ended.push(...observer.see('c1', { kind: 'bytes', at, from, bytes }))
  ended.push(...observer.see('c1', { kind: 'open', at: 0, initiator: '10.1.41.10:40000', acceptor: '10.1.0.41:104' }))
  ended.push(...observer.see('c1', { kind: 'connected', at: 1 }))
  says('initiator', 2, associateRequest())
  says('acceptor', 3, associateAccept())
  return {
    says,
    ends: (from: Side, at: number, how: EndHow) => void ended.push(...observer.see('c1', { kind: 'end', at, from, how })),
    tick: (at: number) => void ended.push(...observer.see('', { kind: 'tick', at })),
    brief: () =>
      ended
        .slice(1)
        .map(({ requestFrom, type, outcome, code, wire }) => [
          requestFrom,
          type,
          outcome,
          code,
          ...wire.map(({ kind }) => kind),
        ]),
    ended,
  }
}

describe('an association', () => {
  it('pairs what either side asks, in any order', () => {
    const wire = association()
    wire.says('initiator', 10, Buffer.concat([message(1, echo(1)), message(1, echo(2)), get]))
    wire.says('acceptor', 11, message(3, store(1), object))
    wire.says('acceptor', 12, message(1, answer(0x0030, 2, 0)))
    wire.says('initiator', 13, message(3, answer(0x0001, 1, 0xb000)))
    wire.says('acceptor', 14, message(3, answer(0x0010, 9, 0)))
    wire.says('acceptor', 15, message(1, answer(0x0030, 1, 0x0122)))
    expect(wire.brief()).toEqual([
      ['initiator', 'C-ECHO', 'answered', '0000'],
      ['acceptor', 'C-STORE', 'answered', 'B000'],
      ['initiator', 'C-GET', 'answered', '0000'],
      ['initiator', 'C-ECHO', 'failed', '0122'],
    ])
  })

  it('has a worklist waited for anew after each of its pending answers', () => {
    const wire = association()
    wire.says('initiator', 10, find)
    for (let i = 1; i <= 6; i++) wire.says('acceptor', 900 * i, pending)
    wire.says('initiator', 5_500, cancel)
    wire.says('acceptor', 6_000, message(3, answer(0x0020, 7, 0xfe00)))
    wire.tick(9_000)
    expect(wire.brief()).toEqual([
      ['initiator', 'C-FIND', 'answered', 'FE00'],
      ['initiator', 'C-CANCEL', 'one-way', null],
    ])
    expect(wire.ended[1]).toMatchObject({ interimCount: 6, controlId: null, latencyMs: 5_990 })
  })

  it('that is aborted in the middle of an object leaves it unanswered, and tells why', () => {
    const wire = association()
    wire.says('initiator', 10, message(3, store(1), object).subarray(0, 4_000))
    wire.says('acceptor', 20, abort(2, 6))
    expect(wire.brief()).toEqual([['initiator', 'C-STORE', 'unanswered', null, 'partial', 'aborted']])
    expect(wire.ended[1]?.wire.at(-1)).toEqual({ kind: 'aborted', by: 'acceptor', at: 20, code: '2-6' })
  })

  it('that is reset in the middle of a sub-operation leaves both without an answer', () => {
    const wire = association()
    wire.says('initiator', 10, get)
    wire.says('acceptor', 11, message(3, store(1), object).subarray(0, 4_000))
    wire.ends('acceptor', 12, 'rst')
    expect(wire.brief()).toEqual([
      ['initiator', 'C-GET', 'unanswered', null, 'reset'],
      ['acceptor', 'C-STORE', 'unanswered', null, 'partial', 'reset'],
    ])
  })

  it('whose object is answered too late is told so', () => {
    const wire = association()
    wire.says('initiator', 10, message(3, store(1), object))
    wire.tick(1_200)
    wire.says('acceptor', 1_300, message(3, answer(0x0001, 1, 0)))
    expect(wire.brief()).toEqual([['initiator', 'C-STORE', 'answered', '0000', 'timeout', 'late']])
  })
})
