import { describe, expect, it } from 'vitest'
import { Line } from '../../../../gateway/edge/line.ts'
import { RingReader } from '../../../../gateway/edge/ring.ts'
import { RingPen } from '../../../../gateway/edge/ring-pen.ts'
import { toldOf } from '../../../../gateway/edge/wire-record.ts'

const opening = { kind: 'open', at: 1, initiator: '10.1.0.10:50000', acceptor: '10.1.0.20:6661' } as const

/** What the reader takes from the ring now. */
function taken(reader: RingReader): unknown[] {
  const events: unknown[] = []
  while (reader.next()) {
    const told = toldOf(reader, false)
    if (told.kind === 'line') events.push(told.event.kind === 'bytes' ? told.event.bytes.byteLength : told.event)
    if (told.kind === 'opening') events.push(told.opening)
    reader.release()
  }
  return events
}

function line(ringBytes: number) {
  const over: Line[] = []
  const pen = new RingPen(ringBytes, (done) => over.push(done))
  return { pen, over, reader: new RingReader(pen.memory), told: new Line(7, 1, opening, pen) }
}

describe('a line', () => {
  it('tells its story in order', () => {
    const { told, reader, over } = line(65_536)
    told.tell({ kind: 'connected', at: 2 })
    told.bytes('initiator', new Uint8Array(10), 3)
    told.bytes('acceptor', new Uint8Array(20), 4)
    told.tell({ kind: 'end', at: 5, from: 'acceptor', how: 'rst' })
    told.tell({ kind: 'closed', at: 6 })
    expect(taken(reader)).toEqual([
      opening,
      { kind: 'connected', at: 2 },
      10,
      20,
      { kind: 'end', at: 5, from: 'acceptor', how: 'rst' },
      { kind: 'closed', at: 6 },
    ])
    expect(over).toEqual([told])
  })

  it('tells what a full ring did not take as one gap a side, before what comes after it', () => {
    const { told, reader, pen, over } = line(8_192)
    taken(reader)
    for (let n = 0; n < 5; n++) told.bytes('initiator', new Uint8Array(2_000), n)
    told.bytes('acceptor', new Uint8Array(300), 5)
    told.bytes('initiator', new Uint8Array(2_000), 6)
    expect(pen.dropped.take()).toEqual({ 'ring-full': 4 })
    // Half of it must be free before bytes are taken again, however few.
    told.bytes('acceptor', new Uint8Array(40), 7)
    expect(taken(reader)).toEqual([2_000, 2_000, 2_000])
    told.bytes('acceptor', new Uint8Array(50), 8)
    told.tell({ kind: 'closed', at: 9 })
    expect(taken(reader)).toEqual([
      { kind: 'gap', at: 3, from: 'initiator', byteCount: 6_000 },
      { kind: 'gap', at: 5, from: 'acceptor', byteCount: 340 },
      50,
      { kind: 'closed', at: 9 },
    ])
    expect(over).toEqual([told])
  })

  it('that is over when the ring is full is told when there is room', () => {
    const { told, reader, pen, over } = line(4_096)
    const other = new Line(8, 1, opening, pen)
    while (pen.control({ head: { kind: 99, side: 0, connection: 0, at: 0, value: 0 }, payload: new Uint8Array(200) }));
    told.bytes('initiator', new Uint8Array(2_000), 1)
    told.tell({ kind: 'closed', at: 2 })
    pen.settle()
    expect(over).toEqual([])
    taken(reader)
    pen.settle()
    expect(taken(reader)).toEqual([
      { kind: 'gap', at: 1, from: 'initiator', byteCount: 2_000 },
      { kind: 'closed', at: 2 },
    ])
    expect(over).toEqual([told])
    expect(other.isSettled).toBe(false)
  })

  it('a message without end leaves half of the ring to the others', () => {
    const { told, reader, pen } = line(4 * 1_048_576)
    const other = new Line(8, 1, opening, pen)
    taken(reader)
    const chunk = new Uint8Array(65_536)
    for (let n = 0; n < 100; n++) told.bytes('initiator', chunk, n)
    expect(pen.writer.fill).toBeLessThan(0.55)
    other.bytes('initiator', chunk, 100)
    const events = taken(reader)
    expect(events.length).toBeLessThan(40)
    expect(events.at(-1)).toBe(chunk.length)
    expect(pen.dropped.take()['ring-full']).toBe(101 - events.length)
  })

  it('is told anew to an observer that knows nothing: in the middle, with all that was lost', () => {
    const { told, reader, pen } = line(8_192)
    told.tell({ kind: 'connected', at: 2 })
    for (let n = 0; n < 5; n++) told.bytes('initiator', new Uint8Array(2_000), 3)
    told.tell({ kind: 'end', at: 4, from: 'acceptor', how: 'fin' })
    expect(taken(reader).length).toBeGreaterThan(0)
    pen.renew()
    expect(told.tellAnew({ initiator: 100, acceptor: 7 }, 9)).toBe(true)
    const events = taken(new RingReader(pen.memory))
    expect(events).toEqual([
      opening,
      { kind: 'connected', at: 9, midStream: true },
      { kind: 'gap', at: 9, from: 'initiator', byteCount: expect.any(Number) },
      { kind: 'gap', at: 9, from: 'acceptor', byteCount: 7 },
      { kind: 'end', at: 4, from: 'acceptor', how: 'fin' },
    ])
    told.tell({ kind: 'closed', at: 10 })
    expect(told.tellAnew({ initiator: 0, acceptor: 0 }, 11)).toBe(false)
  })
})
