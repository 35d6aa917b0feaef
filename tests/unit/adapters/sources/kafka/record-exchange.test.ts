import { expect, it } from 'vitest'
import type { TappedBatch, TappedRecord } from '../../../../../adapters/sources/kafka/driver.ts'
import { OffsetTimes } from '../../../../../adapters/sources/kafka/offset-times.ts'
import { PartitionReading } from '../../../../../adapters/sources/kafka/partition-reading.ts'

const hour = 3_600_000
const record = (offset: number, more: Partial<TappedRecord> = {}): TappedRecord => ({
  offset,
  timestamp: 1_000_000 + offset,
  timestampType: 'create-time',
  key: Buffer.from('visit-1'),
  value: Buffer.from('{"a":1}'),
  headers: [],
  ...more,
})
const batch = (high: number, ...records: readonly TappedRecord[]): TappedBatch => ({
  topic: 'his.events',
  partition: 1,
  high,
  records,
})
const reading = () => new PartitionReading({ interfaceId: 'q', broker: 'b:9092', bodyBytesMax: 10, joinedAt: 900_000 })

it('makes a one-way exchange of a record, with what is said around it', () => {
  const headers = [
    ['Trace-Id', 't1'],
    ['Authorization', 'Bearer secret'],
  ] as const
  const [exchange] = reading().exchanges(batch(8, record(7, { headers })), 2_000_000)
  expect(exchange).toMatchObject({
    id: `q-his.events-1-7-${(1_000_007).toString(36)}`,
    interfaceId: 'q',
    outcome: 'one-way',
    requestFrom: 'initiator',
    controlId: '1-7',
    type: 'his.events',
    connection: { id: 'his.events/1', initiator: 'his.events/1', acceptor: 'b:9092', exchangesBefore: 0, idleBeforeMs: null },
  })
  expect(exchange?.request?.envelope).toEqual([
    ['topic', 'his.events'],
    ['partition', '1'],
    ['offset', '7'],
    ['timestamp', '1000007'],
    ['timestamp-type', 'create-time'],
    ['key', 'visit-1'],
    ['header.trace-id', 't1'],
    ['header.authorization', 'withheld'],
  ])
})

it('gives a record that is read again the same id, and a record of a topic made anew another', () => {
  const id = (one: TappedRecord) => reading().exchanges(batch(1, one), 2_000_000)[0]?.id
  expect(id(record(0))).toBe(id(record(0)))
  expect(id(record(0, { timestamp: 5 }))).not.toBe(id(record(0)))
})

it('keeps as much of a body as is allowed, and says how long it was', () => {
  const part = reading()
  const [exchange] = part.exchanges(batch(1, record(0, { value: Buffer.from('0123456789abcdef') })), 2_000_000)
  expect(exchange?.request?.body).toEqual(new Uint8Array(Buffer.from('0123456789')))
  expect(exchange?.request?.bodyBytes).toBe(16)
  expect(part.takeCounts().cutBodies).toBe(1)
})

it('shows a tombstone as what it is: no body, and nothing for a format to read', () => {
  const part = reading()
  const [exchange] = part.exchanges(batch(1, record(0, { value: null })), 2_000_000)
  expect(exchange?.type).toBe('tombstone')
  expect(exchange?.request).toMatchObject({ bodyBytes: 0 })
  expect(exchange?.request).not.toHaveProperty('envelope')
  expect(part.takeCounts().tombstones).toBe(1)
})

it('shows a key that is no text as bytes', () => {
  const [exchange] = reading().exchanges(batch(1, record(0, { key: Buffer.from([0, 0, 1, 0xff]) })), 2_000_000)
  expect(exchange?.request?.envelope).toContainEqual(['key', '0x000001ff'])
})

it('times a record at the tail by its arrival, whatever clock the producer has', () => {
  const part = reading()
  part.beganAtEnd('his.events', 1, 900_000)
  const behind = batch(1, record(0, { timestamp: 10_000_000 - 2 * hour }))
  expect(part.exchanges(behind, 10_000_000)[0]?.request?.endAt).toBe(10_000_000)
  expect(part.takeCounts()).toMatchObject({ delayMsMin: 2 * hour, delayMsMax: 2 * hour })
})

it('times a backlog by its own stamps, never later than now, never earlier than the end was seen', () => {
  const part = reading()
  const old = batch(9, record(3, { timestamp: 500_000 }), record(4, { timestamp: 99_000_000 }))
  expect(part.exchanges(old, 10_000_000).map((e) => e.request?.endAt)).toEqual([500_000, 10_000_000])
  expect(part.takeCounts().delayMsMin).toBeNull()

  // Read to the end; then the handing over stalled: what comes next lay waiting, but not since before the end was seen.
  part.handedOver(old, 10_000_000, 0)
  part.exchanges(batch(9, record(8)), 11_000_000)
  part.handedOver(batch(9), 11_000_000, 5_000)
  const waited = batch(11, record(9, { timestamp: 10_500_000 }), record(10, { timestamp: 12_000_000 }))
  expect(part.exchanges(waited, 16_000_000).map((e) => e.request?.endAt)).toEqual([11_000_000, 12_000_000])
})

it('counts offsets that no record has', () => {
  const part = reading()
  part.exchanges(batch(20, record(3), record(4), record(9)), 2_000_000)
  expect(part.takeCounts()).toMatchObject({ records: 3, skippedOffsets: 4 })
})

it('knows how old an offset is at least, in bounded memory', () => {
  const times = new OffsetTimes()
  for (let offset = 0; offset < 100_000; offset += 1) times.see('t', 0, offset, offset * 100)
  expect(times.at('t', 0, 200_000)).toBeNull()
  expect(times.at('u', 0, 0)).toBeNull()
  for (const offset of [0, 777, 50_000, 99_000]) {
    const at = times.at('t', 0, offset) ?? 0
    expect(at).toBeGreaterThanOrEqual(offset * 100)
    expect(at - offset * 100).toBeLessThan(100_000 * 100 * 0.02)
  }
})
