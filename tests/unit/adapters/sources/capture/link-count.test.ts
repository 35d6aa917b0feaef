import { expect, test } from 'vitest'
import { LinkCounts } from '../../../../../adapters/sources/capture/link-count.ts'
import { defaultTcpLimits, type Segment, TcpConversation } from '../../../../../adapters/sources/capture/tcp.ts'
import type { Side } from '../../../../../gateway/model/frame.ts'

/** A conversation that is counted; segments with their time, number and length. */
function counted() {
  const links = new LinkCounts()
  const tcp = new TcpConversation({ initiator: 'a:1', acceptor: 'b:2' }, defaultTcpLimits, links.of('eda', '10.1.60.7'))
  const see = (at: number, from: Side, sequence: number, length: number, rest: Partial<Segment> = {}) =>
    tcp.see({
      at,
      from,
      sequence,
      ack: null,
      isSyn: false,
      isFin: false,
      isRst: false,
      bytes: Buffer.alloc(length, 'x'),
      missingBytes: 0,
      ...rest,
    })
  const facts = () => links.take(0)[0]?.facts ?? {}
  see(0, 'initiator', 0, 0, { isSyn: true })
  see(1, 'acceptor', 0, 0, { isSyn: true, ack: 1 })
  return { see, facts }
}

test('segments, and the round trip from data to its acknowledgment', () => {
  const { see, facts } = counted()
  see(10, 'initiator', 1, 100)
  see(14, 'acceptor', 1, 0, { ack: 101 })
  see(20, 'initiator', 101, 100)
  see(26, 'acceptor', 1, 50, { ack: 201 })
  expect(facts()).toMatchObject({ segments: 3, resent: 0, rttMs: 5, rttMsMin: 4, rttMsMax: 6, network: '10.1.60.0/24' })
  expect(facts()).toEqual({})
})

test('what the wire had carried before is a retransmission, and times nothing', () => {
  const { see, facts } = counted()
  see(10, 'initiator', 1, 100)
  see(310, 'initiator', 1, 100)
  see(312, 'acceptor', 1, 0, { ack: 101 })
  expect(facts()).toMatchObject({ segments: 2, resent: 1, rttMs: null, networkResent: 1 })
})

test('a hole that the sender fills later is one too; packets that overtake each other are none', () => {
  const filled = counted()
  filled.see(10, 'initiator', 1, 100)
  filled.see(11, 'initiator', 201, 100)
  filled.see(230, 'initiator', 101, 100)
  expect(filled.facts()).toMatchObject({ segments: 3, resent: 1 })
  const overtaken = counted()
  overtaken.see(10, 'initiator', 1, 100)
  overtaken.see(10.2, 'initiator', 201, 100)
  overtaken.see(10.4, 'initiator', 101, 100)
  expect(overtaken.facts()).toMatchObject({ segments: 3, resent: 0 })
})

test('a packet that the tap sees twice, and a probe that keeps the connection alive, are no loss', () => {
  const { see, facts } = counted()
  see(10, 'initiator', 1, 100)
  see(10.1, 'initiator', 1, 100)
  see(60_000, 'initiator', 100, 1)
  expect(facts()).toMatchObject({ segments: 1, resent: 0 })
})

test('an opening that is sent again counts', () => {
  const links = new LinkCounts()
  const tcp = new TcpConversation({ initiator: 'a:1', acceptor: 'b:2' }, defaultTcpLimits, links.of('eda', 'fd00:1:2:3::7'))
  const syn = { from: 'initiator', sequence: 0, ack: null, isSyn: true, isFin: false, isRst: false } as const
  tcp.see({ ...syn, at: 0, bytes: Buffer.alloc(0), missingBytes: 0 })
  tcp.see({ ...syn, at: 1000, bytes: Buffer.alloc(0), missingBytes: 0 })
  expect(links.take(0)[0]?.facts).toMatchObject({ segments: 0, resent: 1, network: 'fd00:1:2:3::/64' })
})
