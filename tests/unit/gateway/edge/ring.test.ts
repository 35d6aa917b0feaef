import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RingReader, RingWriter, ringMemory } from '../../../../gateway/edge/ring.ts'

const head = (connection: number) => ({
  kind: 3,
  side: 1,
  connection,
  at: 1_795_000_000_000.25 + connection,
  value: 2 ** 40 + connection,
})

const sizes = fc.constantFrom(4_096, 4_097, 5_000, 6_144)

describe('a ring', () => {
  it('gives back what was written, in order, however reading and writing take turns and wherever it wraps', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.record({ size: fc.nat(700), reads: fc.nat(3) }), { maxLength: 200 }),
        (ringBytes, steps) => {
          const memory = ringMemory(ringBytes)
          const [writer, reader] = [new RingWriter(memory, 0), new RingReader(memory)]
          const waiting: Buffer[] = []
          let written = 0
          let read = 0
          const take = (): void => {
            if (!reader.next()) {
              expect(waiting).toEqual([])
              return
            }
            const { kind, side, connection, at, value } = reader
            expect({ kind, side, connection, at, value }).toEqual(head(read))
            expect(reader.payload()).toEqual(waiting.shift())
            reader.release()
            read += 1
          }
          for (const { size, reads } of steps) {
            const payload = Buffer.alloc(size, written)
            if (writer.write(head(written), payload, false)) {
              waiting.push(payload)
              written += 1
            } else expect(writer.fill).toBeGreaterThan(0.5)
            for (let i = 0; i < reads; i++) take()
          }
          while (waiting.length > 0) take()
          expect(reader.next()).toBe(false)
          expect(writer.usedBytes).toBe(0)
        },
      ),
    )
  })

  it('refuses what does not fit, and keeps its reserve for what is urgent', () => {
    const writer = new RingWriter(ringMemory(4_096), 1_024)
    const sizes = [2_000, 1_100, 900, 100]
    const taken = sizes.map((size) => writer.write(head(1), new Uint8Array(size), false))
    expect(taken).toEqual([true, false, true, false])
    expect(writer.write(head(1), new Uint8Array(1_000), true)).toBe(true)
    expect(writer.write(head(1), new Uint8Array(1_000), true)).toBe(false)
  })

  it('wakes a reader that sleeps', async () => {
    const memory = ringMemory(4_096)
    const [writer, reader] = [new RingWriter(memory, 0), new RingReader(memory)]
    const woken = reader.wait(20_000)
    writer.write(head(1), new Uint8Array(1), false)
    await woken
    expect(reader.next()).toBe(true)
    await reader.wait(20_000)
  })
})
