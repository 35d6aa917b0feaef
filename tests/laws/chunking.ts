import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Decoder, type Frame, ProtocolError, type Side } from '../../gateway/model/frame.ts'

/** Bytes of one side, as they would come in one piece. */
export interface Run {
  readonly from: Side
  readonly bytes: Buffer
}

/**
 * The law of chunking: any split of the same bytes gives the same frames. `conversation` makes runs of bytes of either side; a
 * run is cut anywhere, and nothing of the other side comes in between. Times are those of the runs, and so don't tell splits apart.
 */
export function chunkingLaw(name: string, decoder: () => Decoder, conversation: fc.Arbitrary<readonly Run[]>): void {
  describe(`chunking: ${name}`, () => {
    it('any split of the same bytes gives the same frames', () => {
      fc.assert(
        fc.property(conversation, fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (runs, sizes) => {
          expect(frames(decoder(), runs, () => sizes.next().value)).toEqual(
            frames(decoder(), runs, () => Number.POSITIVE_INFINITY),
          )
        }),
        { numRuns: 1_000 },
      )
    })

    it('byte by byte gives the same frames', () => {
      fc.assert(
        fc.property(conversation, (runs) => {
          expect(frames(decoder(), runs, () => 1)).toEqual(frames(decoder(), runs, () => Number.POSITIVE_INFINITY))
        }),
        { numRuns: 300 },
      )
    })
  })
}

/** For a protocol that says `copiesBodies`: what it was shown may be overwritten as soon as it returned. */
export function copiedBodiesLaw(name: string, decoder: () => Decoder, conversation: fc.Arbitrary<readonly Run[]>): void {
  describe(`copied bodies: ${name}`, () => {
    it('memory that is used again gives the same frames', () => {
      fc.assert(
        fc.property(conversation, fc.infiniteStream(fc.integer({ min: 1, max: 400 })), (runs, sizes) => {
          const inner = decoder()
          const memory = new Uint8Array(new SharedArrayBuffer(400))
          const reusing: Decoder = {
            push(from, bytes, at) {
              memory.set(bytes)
              const cut = inner.push(from, memory.subarray(0, bytes.length), at)
              memory.fill(0xee)
              return cut
            },
            gap: (from, byteCount, at) => inner.gap(from, byteCount, at),
            end: (from, how, at) => inner.end(from, how, at),
            pending: (from) => inner.pending(from),
            get heldBytes() {
              return inner.heldBytes
            },
          }
          expect(frames(reusing, runs, () => sizes.next().value)).toEqual(
            frames(decoder(), runs, () => Number.POSITIVE_INFINITY),
          )
        }),
        { numRuns: 500 },
      )
    })
  })
}

/**
 * Everything that the decoder cuts from the runs, each piece of them as long as `size` says, and from the end of both sides; up to the
 * ProtocolError with which it gives up, if it does.
 */
function frames(decoder: Decoder, runs: readonly Run[], size: () => number): readonly object[] {
  const cut: Frame[] = []
  try {
    runs.forEach(({ from, bytes }, at) => {
      for (let start = 0; start < bytes.length; ) {
        const end = Math.min(bytes.length, start + size())
        cut.push(...decoder.push(from, bytes.subarray(start, end), at + 1))
        start = end
      }
    })
    for (const side of ['initiator', 'acceptor'] as const) cut.push(...decoder.end(side, 'fin', runs.length + 1))
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return [...cut.map(comparable), { code: error.code }]
  }
  return cut.map(comparable)
}

function comparable(frame: Frame): object {
  return { ...frame, body: Buffer.from(frame.body).toString('latin1') }
}
