import { expect, it } from 'vitest'
import { outlineOf, type Reading, takeEntries } from '../../../../gateway/log/reading.ts'
import { type Entry, quietHealth } from '../../../../gateway/model/entry.ts'
import { bytesOf } from '../../../support/outlined.ts'
import { exchanged } from '../../monitors/stream.ts'

const tick: Entry = { kind: 'tick', at: 1, health: { ...quietHealth, edgeId: 'e' } }
const { entry: exchange } = exchanged({ at: 2, interfaceId: 'his-lis-lab-order' })

/** A block's payload of those bytes. */
function payloadOf(...all: readonly Buffer[]): Buffer {
  return Buffer.concat(
    all.flatMap((bytes) => {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(bytes.length)
      return [length, bytes]
    }),
  )
}

const header = { codecVersion: 2, logId: 7, base: 0, previousEnd: 0, createdAt: 0, keyId: null, salt: Buffer.alloc(12) }

function outlined(payload: Buffer) {
  const limit = { entries: 100, bytes: 1e6 }
  const reading: Reading = { limit, entries: [], lost: [], bytes: 0, next: null, blockAt: 64, index: 0 }
  takeEntries({ header }, payload, 64 + payload.length, reading)
  return outlineOf(reading, 0)
}

it('tells bytes that no entry has as lost, and makes the others', () => {
  const broken = bytesOf(exchange).subarray(0, -3)
  const unknown = Buffer.from([99, ...bytesOf(tick).subarray(1)])
  const outline = outlined(payloadOf(bytesOf(tick), broken, bytesOf(exchange), unknown))
  expect(outline.entries.map(({ interfaceId }) => interfaceId)).toEqual([null, 'his-lis-lab-order', 'his-lis-lab-order', null])
  const { entries, lost, next } = outline.batch()
  expect(entries.map(({ entry }) => entry.kind)).toEqual(['tick', 'exchange'])
  expect(lost).toEqual([
    { reason: 'corrupt', bytes: broken.length },
    { reason: 'corrupt', bytes: unknown.length },
  ])
  // What can't be made is passed over once.
  expect(next).toBe(outline.entries.at(-1)?.position)
})
