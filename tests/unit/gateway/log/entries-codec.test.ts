import { expect, it } from 'vitest'
import { BytesError } from '../../../../gateway/log/bytes.ts'
import { packEntries, readEntries } from '../../../../gateway/log/entries-codec.ts'
import { type Entry, quietHealth } from '../../../../gateway/model/entry.ts'
import { bytesOf } from '../../../support/outlined.ts'
import { exchanged } from '../../monitors/stream.ts'

const tick: Entry = { kind: 'tick', at: 1, health: { ...quietHealth, edgeId: 'e' } }
const { entry: exchange } = exchanged({ at: 2, interfaceId: 'his-lis-lab-order' })

it('makes the same entries on the other side of a thread, and none of bytes that no entry has', () => {
  const broken = bytesOf(exchange).subarray(0, -3)
  const packed = packEntries([bytesOf(tick), broken, bytesOf(exchange)])
  const crossed = structuredClone(packed, { transfer: [packed.bytes.buffer, packed.starts.buffer] })
  const reader = readEntries(crossed)
  expect(reader.count).toBe(3)
  expect([0, 1, 2].map((nth) => structuredClone(reader.read(nth)))).toEqual([tick, null, structuredClone(exchange)])
  expect(() => reader.read(3)).toThrow(BytesError)
})
