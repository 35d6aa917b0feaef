import { expect, it } from 'vitest'
import { EntriesReader, encodedEntries } from '../../../../gateway/log/entries-codec.ts'
import { type Entry, quietHealth } from '../../../../gateway/model/entry.ts'
import { bytesOf } from '../../../support/outlined.ts'
import { exchanged } from '../../monitors/stream.ts'

const tick: Entry = { kind: 'tick', at: 1, health: { ...quietHealth, edgeId: 'e' } }
const { entry: exchange } = exchanged({ at: 2, interfaceId: 'his-lis-lab-order' })

it('makes the same entries on the other side of a thread, and none of bytes that no entry has', () => {
  const broken = bytesOf(exchange).subarray(0, -3)
  const encoded = encodedEntries([bytesOf(tick), broken, bytesOf(exchange)])
  const crossed = structuredClone(encoded, { transfer: [encoded.bytes.buffer, encoded.starts.buffer] })
  const reader = new EntriesReader(crossed)
  expect(reader.count).toBe(3)
  expect([0, 1, 2, 3].map((nth) => structuredClone(reader.read(nth)))).toEqual([tick, null, structuredClone(exchange), null])
})
