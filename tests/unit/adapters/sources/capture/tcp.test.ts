import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultTcpLimits, type Segment, TcpConversation } from '../../../../../adapters/sources/capture/tcp.ts'
import type { Side } from '../../../../../gateway/model/frame.ts'
import type { WireEvent } from '../../../../../gateway/model/wire.ts'

const names = { initiator: 'a:1', acceptor: 'b:2' }
const start = { initiator: 1000, acceptor: 5000 }

type Written = Partial<Segment> & { readonly from: Side; readonly text?: string }

/** Segments in order, with relative numbers; 1 ms apart unless they say when. */
function conversation(limits = {}) {
  const tcp = new TcpConversation(names, { ...defaultTcpLimits, ...limits })
  let at = 0
  const base = { ...start }
  return {
    tcp,
    base,
    see: ({ text = '', sequence = 0, ack, ...rest }: Written): readonly string[] => {
      at = rest.at ?? at + 1
      const other = rest.from === 'initiator' ? base.acceptor : base.initiator
      const segment = {
        isSyn: false,
        isFin: false,
        isRst: false,
        bytes: Buffer.from(text),
        missingBytes: 0,
        ...rest,
        at,
        sequence: (base[rest.from] + sequence) >>> 0,
        ack: ack === null || ack === undefined ? null : (other + ack) >>> 0,
      }
      return told(tcp.see(segment))
    },
    wait: (ms: number): readonly string[] => {
      at += ms
      return told(tcp.passTime(at))
    },
    handshake() {
      return [
        ...this.see({ from: 'initiator', isSyn: true }),
        ...this.see({ from: 'acceptor', isSyn: true, ack: 1 }),
        ...this.see({ from: 'initiator', sequence: 1, ack: 1 }),
      ]
    },
  }
}

function told(events: readonly WireEvent[]): readonly string[] {
  return events.map((event) => {
    if (event.kind === 'bytes') return `${event.from} ${Buffer.from(event.bytes).toString()}`
    if (event.kind === 'gap') return `${event.from} gap ${event.byteCount}`
    if (event.kind === 'end') return `${event.from} ${event.how}`
    if (event.kind === 'refused') return `refused ${event.how}`
    if (event.kind === 'connected') return event.midStream === true ? 'connected midway' : 'connected'
    return event.kind
  })
}

describe('a conversation', () => {
  test('from handshake to both ends', () => {
    const c = conversation()
    expect(c.handshake()).toEqual(['open', 'connected'])
    expect(c.see({ from: 'initiator', sequence: 1, ack: 1, text: 'ask' })).toEqual(['initiator ask'])
    expect(c.see({ from: 'acceptor', sequence: 1, ack: 4, text: 'yes' })).toEqual(['acceptor yes'])
    expect(c.see({ from: 'initiator', sequence: 4, ack: 4, isFin: true, text: '!' })).toEqual(['initiator !', 'initiator fin'])
    expect(c.see({ from: 'acceptor', sequence: 4, ack: 6 })).toEqual([])
    expect(c.see({ from: 'acceptor', sequence: 4, ack: 6, isFin: true })).toEqual(['acceptor fin', 'closed'])
    expect(c.see({ from: 'initiator', sequence: 6, ack: 5 })).toEqual([])
  })

  test('bytes come once and in order, whatever the network did to them', () => {
    const c = conversation()
    c.handshake()
    expect(c.see({ from: 'initiator', sequence: 4, text: 'def' })).toEqual([])
    expect(c.see({ from: 'initiator', sequence: 1, text: 'abc' })).toEqual(['initiator abc', 'initiator def'])
    expect(c.see({ from: 'initiator', sequence: 1, text: 'abc' })).toEqual([])
    expect(c.see({ from: 'initiator', sequence: 5, text: 'efgh' })).toEqual(['initiator gh'])
    expect(c.see({ from: 'initiator', sequence: 11, text: 'kl' })).toEqual([])
    expect(c.see({ from: 'initiator', sequence: 9, text: 'ijkLm' })).toEqual(['initiator ijkLm'])
  })

  test('keep-alives, window probes and bare acknowledgments tell nothing', () => {
    const c = conversation()
    c.handshake()
    c.see({ from: 'initiator', sequence: 1, ack: 1, text: 'abc' })
    expect(c.see({ from: 'initiator', sequence: 3, ack: 1 })).toEqual([])
    expect(c.see({ from: 'initiator', sequence: 3, ack: 1, text: '\0' })).toEqual([])
    expect(c.see({ from: 'acceptor', sequence: 1, ack: 4 })).toEqual([])
    expect(c.see({ from: 'initiator', sequence: 4, ack: 1, text: 'd' })).toEqual(['initiator d'])
  })

  test('numbers wrap', () => {
    const c = conversation()
    c.base.initiator = 0xfffffffe
    c.handshake()
    expect(c.see({ from: 'initiator', sequence: 4, text: 'def' })).toEqual([])
    expect(c.see({ from: 'initiator', sequence: 1, text: 'abc' })).toEqual(['initiator abc', 'initiator def'])
    expect(c.see({ from: 'initiator', sequence: 7, isFin: true })).toEqual(['initiator fin'])
  })

  test('a hole that the receiver has acknowledged is a gap soon; any other waits for the sender to send again', () => {
    const c = conversation()
    c.handshake()
    c.see({ from: 'initiator', sequence: 6, text: 'fgh' })
    expect(c.wait(9_000)).toEqual([])
    expect(c.see({ from: 'initiator', sequence: 1, text: 'abcde' })).toEqual(['initiator abcde', 'initiator fgh'])
    c.see({ from: 'initiator', sequence: 14, text: 'nop' })
    expect(c.see({ from: 'acceptor', sequence: 1, ack: 17 })).toEqual([])
    expect(c.wait(51)).toEqual(['initiator gap 5', 'initiator nop'])
    c.see({ from: 'initiator', sequence: 20, text: 'x' })
    expect(c.wait(10_000)).toEqual(['initiator gap 3', 'initiator x'])
  })

  test('bytes that were acknowledged and never seen are a gap, also when nothing follows', () => {
    const c = conversation()
    c.handshake()
    expect(c.see({ from: 'acceptor', sequence: 1, ack: 101 })).toEqual([])
    expect(c.wait(60)).toEqual(['initiator gap 100'])
  })

  test('what waits behind a hole is bounded', () => {
    const c = conversation({ heldBytesMax: 10 })
    c.handshake()
    c.see({ from: 'initiator', sequence: 5, text: '0123456789' })
    expect(c.see({ from: 'initiator', sequence: 15, text: 'x' })).toEqual([
      'initiator gap 4',
      'initiator 0123456789',
      'initiator x',
    ])
  })

  test('a packet cut by the snap length is its bytes and a gap', () => {
    const c = conversation()
    c.handshake()
    expect(c.see({ from: 'initiator', sequence: 1, text: 'abc', missingBytes: 7 })).toEqual([
      'initiator abc',
      'initiator gap 7',
    ])
    expect(c.see({ from: 'initiator', sequence: 11, text: 'k' })).toEqual(['initiator k'])
  })

  test('refused, unanswered, unreachable', () => {
    const refused = conversation()
    refused.see({ from: 'initiator', isSyn: true })
    expect(refused.see({ from: 'acceptor', isRst: true, ack: 1 })).toEqual(['refused refused'])
    const silent = conversation()
    silent.see({ from: 'initiator', isSyn: true })
    expect(silent.see({ from: 'initiator', isSyn: true })).toEqual([])
    expect(silent.wait(76_000)).toEqual(['refused timeout'])
    expect(silent.wait(76_000)).toEqual([])
    const unreachable = conversation()
    unreachable.see({ from: 'initiator', isSyn: true })
    expect(told(unreachable.tcp.unreachable(5))).toEqual(['refused unreachable'])
  })

  test('a reset ends both sides; one that can not be of this conversation does not', () => {
    const c = conversation()
    c.handshake()
    c.see({ from: 'initiator', sequence: 5, text: 'late' })
    expect(c.see({ from: 'acceptor', sequence: 900_000_000, isRst: true })).toEqual([])
    expect(c.see({ from: 'acceptor', sequence: 1, isRst: true })).toEqual([
      'initiator gap 4',
      'initiator late',
      'acceptor rst',
      'closed',
    ])
  })

  test('one that was under way before the capture began', () => {
    const c = conversation()
    expect(c.see({ from: 'acceptor', sequence: 77, ack: 50 })).toEqual(['open', 'connected midway'])
    expect(c.see({ from: 'initiator', sequence: 49, ack: 77 })).toEqual([])
    expect(c.see({ from: 'initiator', sequence: 50, ack: 77, text: 'ask' })).toEqual(['initiator ask'])
    expect(c.see({ from: 'acceptor', sequence: 77, ack: 53, text: 'yes' })).toEqual(['acceptor yes'])
    const afterSynAck = conversation()
    expect(afterSynAck.see({ from: 'acceptor', isSyn: true, ack: 1 })).toEqual(['open', 'connected midway'])
    expect(afterSynAck.see({ from: 'initiator', sequence: 1, ack: 1, text: 'x' })).toEqual(['initiator x'])
    expect(conversation().see({ from: 'acceptor', isRst: true })).toEqual([])
  })

  test('ports that are used again are another conversation; a SYN sent again is not', () => {
    const c = conversation()
    const syn = (sequence: number): Segment => ({
      at: 1,
      from: 'initiator',
      sequence,
      ack: null,
      isSyn: true,
      isFin: false,
      isRst: false,
      bytes: Buffer.alloc(0),
      missingBytes: 0,
    })
    expect(c.tcp.isReusedBy(syn(1000))).toBe(false)
    c.handshake()
    expect(c.tcp.isReusedBy(syn(1000))).toBe(false)
    expect(c.tcp.isReusedBy(syn(999_999))).toBe(true)
    expect(told(c.tcp.abandon(9))).toEqual(['initiator timeout', 'acceptor timeout', 'closed'])
    expect(c.tcp.isReusedBy(syn(1000))).toBe(true)
  })

  test('one that falls silent is over: soon when one side has ended, after a day otherwise', () => {
    const half = conversation()
    half.handshake()
    half.see({ from: 'initiator', sequence: 1, isFin: true })
    expect(half.wait(599_000)).toEqual([])
    expect(half.wait(1_000)).toEqual(['acceptor timeout', 'closed'])
    const idle = conversation()
    idle.handshake()
    expect(idle.wait(86_399_000)).toEqual([])
    expect(idle.wait(1_000)).toEqual(['initiator timeout', 'acceptor timeout', 'closed'])
  })

  test('a stray segment from far away is passed over; a stream that goes on there is followed', () => {
    const c = conversation()
    c.handshake()
    expect(c.see({ from: 'initiator', sequence: 500_000_000, text: 'odd' })).toEqual([])
    expect(c.see({ from: 'initiator', sequence: 1, text: 'abc' })).toEqual(['initiator abc'])
    for (const [i, text] of ['x', 'y'].entries())
      expect(c.see({ from: 'initiator', sequence: 600_000_000 + i, text })).toEqual([])
    expect(c.see({ from: 'initiator', sequence: 600_000_002, text: 'z' })).toEqual([])
    expect(c.wait(10_000)).toEqual(['initiator gap 599999998', 'initiator z'])
  })
})

test('any segmentation, repetition and order of a stream gives its bytes', () => {
  const cut = fc.record({ from: fc.nat(99), length: fc.integer({ min: 1, max: 40 }) })
  fc.assert(
    fc.property(fc.array(cut, { maxLength: 60 }), fc.boolean(), (cuts, isNearWrap) => {
      const bytes = Buffer.from(Array.from({ length: 100 }, (_, i) => i))
      const c = new TcpConversation(names, defaultTcpLimits)
      const base = isNearWrap ? 0xffffffe0 : 77
      const segment = (from: number, to: number, rest: Partial<Segment> = {}): Segment => ({
        at: 1,
        from: 'initiator',
        sequence: (base + 1 + from) >>> 0,
        ack: null,
        isSyn: false,
        isFin: false,
        isRst: false,
        bytes: bytes.subarray(from, to),
        missingBytes: 0,
        ...rest,
      })
      const events = [
        ...c.see(segment(-1, -1, { isSyn: true, bytes: Buffer.alloc(0) })),
        ...cuts.flatMap(({ from, length }) => c.see(segment(from, Math.min(100, from + length)))),
        ...c.see(segment(60, 100)),
        ...c.see(segment(0, 60)),
        ...c.see(segment(100, 100, { isFin: true })),
      ]
      const read = events.flatMap((event) => (event.kind === 'bytes' ? [...event.bytes] : []))
      expect(read).toEqual([...bytes])
      expect(events.some((event) => event.kind === 'gap')).toBe(false)
      expect(events.at(-1)).toMatchObject({ kind: 'end', how: 'fin' })
    }),
    { numRuns: 500 },
  )
})
