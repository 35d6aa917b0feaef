import { describe, expect, it } from 'vitest'
import { MllpDecoder } from '../../../../../adapters/protocols/mllp/decoder.ts'
import type { Decoder, Frame, Side } from '../../../../../gateway/model/frame.ts'
import { ack, ackText, order, orderText } from '../../../../support/mllp.ts'

const decoder = (limits: { bodyBytesMax?: number; frameBytesMax?: number } = {}): Decoder =>
  new MllpDecoder({ ackMode: 'auto' }, { bodyBytesMax: 1_048_576, frameBytesMax: 1_048_576, ...limits })

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const brief = (frames: readonly Frame[]) =>
  frames.map(({ from, body, oddities }) => [
    from,
    Buffer.from(body).toString('latin1'),
    ...oddities.map((oddity) => oddity.kind),
  ])

describe('the MLLP decoder', () => {
  it('cuts several blocks of one chunk, with their times and sizes', () => {
    const frames = decoder().push('initiator', Buffer.concat([order('1'), order('2')]), 7)
    expect(brief(frames)).toEqual([
      ['initiator', orderText('1')],
      ['initiator', orderText('2')],
    ])
    const length = orderText('1').length
    expect(frames[0]).toMatchObject({ startAt: 7, endAt: 7, wireBytes: length + 3, bodyBytes: length, head: { id: '1' } })
  })

  it('a body that lies in one chunk is a view of it, one in pieces is kept as it comes', () => {
    const chunk = order('1')
    const [whole] = decoder().push('initiator', chunk, 1)
    expect(whole?.body.buffer).toBe(chunk.buffer)
    const pieces = decoder()
    const first = Buffer.from(chunk.subarray(0, 20))
    pieces.push('initiator', first, 1)
    first.fill(0)
    const [later] = pieces.push('initiator', chunk.subarray(20), 2)
    expect(brief(later === undefined ? [] : [later])).toEqual([['initiator', orderText('1')]])
    expect(later).toMatchObject({ startAt: 1, endAt: 2 })
  })

  it('counts and skips bytes before the start block', () => {
    const frames = decoder().push('initiator', Buffer.concat([bytes('\r\njunk'), order('1')]), 1)
    expect(frames[0]?.oddities).toEqual([{ kind: 'bytes-before-start', bytes: 6 }])
    expect(frames[0]?.wireBytes).toBe(orderText('1').length + 3)
  })

  it.each([
    ['0x1C 0x0D', '\x1c\r', []],
    ['0x1C 0x0A', '\x1c\n', ['missing-final-cr']],
    ['0x1C and the next start block', '\x1c\x0b', ['missing-final-cr']],
  ])('%s ends a block', (_name, end, oddities) => {
    expect(brief(decoder().push('initiator', bytes(`\x0bMSH|A${end}`), 1))).toEqual([['initiator', 'MSH|A', ...oddities]])
  })

  it('0x1C before any other byte is part of the message', () => {
    const frames = decoder().push('initiator', bytes('\x0bMSH|A\x1cB\x1c\x1c\r'), 1)
    expect(brief(frames)).toEqual([['initiator', 'MSH|A\x1cB\x1c', 'end-block-in-data']])
  })

  it('a block without its final CR comes out before the frame that answers it', () => {
    const cut = decoder()
    expect(cut.push('initiator', order('1').subarray(0, -1), 1)).toEqual([])
    expect(cut.pending('initiator')).toMatchObject({ sinceAt: 1, quietMs: 1_000 })
    const frames = cut.push('acceptor', ack('AA', '1'), 2)
    expect(brief(frames)).toEqual([
      ['initiator', orderText('1'), 'missing-final-cr'],
      ['acceptor', ackText('AA', '1')],
    ])
    expect(frames[0]).toMatchObject({ endAt: 1 })
    // The CR that comes after all belongs to it, and is no stray byte of the next block.
    expect(brief(cut.push('initiator', Buffer.concat([bytes('\r'), order('2')]), 3))).toEqual([['initiator', orderText('2')]])
  })

  it('a frame that was under way before the 0x1C came does not end the block', () => {
    const cut = decoder()
    const answer = ack('AA', '0')
    cut.push('acceptor', answer.subarray(0, 10), 1)
    cut.push('initiator', order('1').subarray(0, -1), 2)
    expect(brief(cut.push('acceptor', answer.subarray(10), 3))).toEqual([['acceptor', ackText('AA', '0')]])
    expect(brief(cut.push('initiator', bytes('\r'), 4))).toEqual([['initiator', orderText('1')]])
  })

  it.each([
    ['the end of the direction', (cut: Decoder) => cut.end('acceptor', 'fin', 5)],
    ['silence', (cut: Decoder) => cut.end('acceptor', 'timeout', 5)],
    ['the next start block', (cut: Decoder) => cut.push('acceptor', bytes('\x0b'), 5)],
    ['the next message of the other side', (cut: Decoder) => cut.push('initiator', order('2'), 5).slice(0, 1)],
  ])('an answer without a start block is ended by %s', (_name, finish) => {
    const cut = decoder()
    expect(cut.push('acceptor', bytes(`\r\n${ackText('AA', '1')}`), 1)).toEqual([])
    const frames = finish(cut)
    expect(brief(frames)).toEqual([['acceptor', ackText('AA', '1'), 'bytes-before-start', 'unframed']])
    expect(frames[0]).toMatchObject({ endAt: 1, head: { role: 'answer', answersId: '1' } })
  })

  it('keeps so much of a body, and counts the rest', () => {
    const [frame] = decoder({ bodyBytesMax: 30 }).push('initiator', order('1'), 1)
    expect(frame?.body.byteLength).toBe(30)
    expect(frame?.bodyBytes).toBe(orderText('1').length)
    expect(frame?.oddities).toEqual([])
  })

  it('skips a block beyond the limit, says how long it was, and reads on', () => {
    const large = bytes(`\x0bMSH|${'x'.repeat(20_000)}\x1c\r`)
    const cut = decoder({ frameBytesMax: 10_000 })
    const frames = [...cut.push('initiator', large.subarray(0, 9_000), 1), ...cut.push('initiator', large.subarray(9_000), 2)]
    expect(frames[0]?.oddities).toEqual([{ kind: 'oversize', bytes: large.length }])
    expect(frames[0]?.body.byteLength).toBe(4_096)
    expect(brief(cut.push('initiator', order('2'), 3))).toEqual([['initiator', orderText('2')]])
  })

  it.each(['fin', 'rst'] as const)('hands out the beginning of a block that a %s cuts off', (how) => {
    const cut = decoder()
    cut.push('initiator', order('1').subarray(0, 70), 1)
    const frames = cut.end('initiator', how, 9)
    expect(frames).toHaveLength(1)
    expect(frames[0]).toMatchObject({ endAt: 1, wireBytes: 70, oddities: [{ kind: 'partial', how }] })
    expect(cut.heldBytes).toBe(0)
  })

  it('what was given up as stuck is not taken for stray bytes when it goes on', () => {
    const cut = decoder()
    cut.push('initiator', order('1').subarray(0, 70), 1)
    expect(cut.end('initiator', 'timeout', 9)[0]?.oddities).toEqual([{ kind: 'partial', how: 'timeout' }])
    const rest = Buffer.concat([order('1').subarray(70), order('2')])
    expect(brief(cut.push('initiator', rest, 10))).toEqual([['initiator', orderText('2')]])
  })

  it('a gap ends what was begun and is told by the next frame; the torn rest is skipped', () => {
    const cut = decoder()
    cut.push('initiator', order('1').subarray(0, 70), 1)
    expect(cut.gap('initiator', 500, 2)[0]?.oddities).toEqual([
      { kind: 'gap', bytes: 500 },
      { kind: 'partial', how: 'gap' },
    ])
    expect(cut.gap('acceptor', 40, 2)).toEqual([])
    expect(brief(cut.push('acceptor', Buffer.concat([bytes('|1\r\x1c\r'), ack('AA', '3')]), 3))).toEqual([
      ['acceptor', ackText('AA', '3'), 'gap'],
    ])
  })

  it('bytes that never were MLLP come out as one unknown frame when the direction ends', () => {
    const cut = decoder()
    cut.push('initiator', bytes('GET / HTTP/1.1\r\n\r\n'), 1)
    const frames = cut.end('initiator', 'fin', 2)
    expect(frames[0]).toMatchObject({
      wireBytes: 18,
      bodyBytes: 0,
      head: { role: 'unknown' },
      oddities: [{ kind: 'bytes-before-start', bytes: 18 }],
    })
  })

  it('both directions are read apart', () => {
    const cut = decoder()
    const seen: [Side, number][] = []
    const asked = order('1')
    const answered = ack('AA', '0')
    for (let i = 0; i < asked.length; i += 5) {
      for (const [side, all] of [
        ['initiator', asked],
        ['acceptor', answered],
      ] as const) {
        for (const frame of cut.push(side, all.subarray(i, i + 5), i)) seen.push([frame.from, frame.bodyBytes])
      }
    }
    expect(seen).toEqual([
      ['acceptor', ackText('AA', '0').length],
      ['initiator', orderText('1').length],
    ])
  })
})
