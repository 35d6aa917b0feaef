import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createObserver, defaultObserverLimits } from '../../gateway/edge/observe.ts'
import { type DecoderLimits, type Protocol, ProtocolError } from '../../gateway/model/frame.ts'
import type { WireEvent } from '../../gateway/model/wire.ts'
import { testInterface } from '../support/catalogue.ts'

/** Something that happens on a connection, for a decoder and for an observer alike. */
export type Happening = Exclude<WireEvent, { kind: 'open' | 'connected' | 'refused' | 'closed' | 'tick' }>

/**
 * The law of bounds: whatever comes, a decoder holds no more than its limits allow, and nothing but a ProtocolError leaves it;
 * an observer holds no more than its own, hands out every exchange once, and throws nothing at all. `aroundBytesMax`: what a protocol may hold
 * besides the bodies, of what it says around them.
 */
export function boundLaw(
  protocol: Protocol,
  happening: fc.Arbitrary<readonly Happening[]>,
  flood: (size: number) => Buffer,
  aroundBytesMax = 0,
): void {
  const limits: DecoderLimits = { bodyBytesMax: 4_096, frameBytesMax: 65_536 }
  const heldBytesMax = 2 * limits.bodyBytesMax + aroundBytesMax
  describe(`bound: ${protocol.name}`, () => {
    it('a decoder holds a body of each side at most, and throws only ProtocolError', () => {
      fc.assert(
        fc.property(happening, (events) => {
          const decoder = protocol.decoder({}, limits)
          try {
            for (const event of events) {
              for (const frame of happen(decoder, event)) expect(frame.body.byteLength).toBeLessThanOrEqual(limits.bodyBytesMax)
              expect(decoder.heldBytes).toBeLessThanOrEqual(heldBytesMax)
            }
          } catch (error) {
            if (!(error instanceof ProtocolError)) throw error
          }
        }),
        { numRuns: 1_000 },
      )
    })

    it('64 MB of one frame, in pieces of every size, are held to the limit', () => {
      const decoder = protocol.decoder({}, limits)
      for (let sent = 0, size = 1; sent < 64 * 1_048_576; sent += size, size = Math.min(65_536, size * 2)) {
        decoder.push('initiator', flood(size), 1)
        expect(decoder.heldBytes).toBeLessThanOrEqual(heldBytesMax)
      }
    })

    it('an observer throws nothing, holds no more than its limits, and gives each exchange once', () => {
      fc.assert(
        fc.property(happening, (events) => {
          const bounds = { ...defaultObserverLimits, ...limits, openExchangesMax: 5, connectionBytesMax: 3_000 }
          let count = 0
          const observer = createObserver({
            iface: testInterface('law'),
            protocol,
            limits: bounds,
            nextId: () => `e${++count}`,
          })
          const ids = [...observer.see('c1', { kind: 'open', at: 0, initiator: 'a:1', acceptor: 'b:2' })].map(({ id }) => id)
          for (const event of events) {
            ids.push(...observer.see('c1', event).map(({ id }) => id))
            expect(observer.heldBytes).toBeLessThanOrEqual(heldBytesMax + bounds.connectionBytesMax)
            expect(observer.openCount).toBeLessThanOrEqual(bounds.openExchangesMax)
          }
          ids.push(...observer.see('c1', { kind: 'closed', at: 1e6 }).map(({ id }) => id))
          ids.push(...observer.finish(1e7).map(({ id }) => id))
          expect(ids.toSorted()).toEqual(Array.from({ length: count }, (_, i) => `e${i + 1}`).toSorted())
          expect(observer.heldBytes).toBe(0)
        }),
        { numRuns: 1_000 },
      )
    })
  })
}

function happen(decoder: ReturnType<Protocol['decoder']>, event: Happening) {
  switch (event.kind) {
    case 'bytes':
      return decoder.push(event.from, event.bytes, event.at)
    case 'gap':
      return decoder.gap(event.from, event.byteCount, event.at)
    case 'end':
      return decoder.end(event.from, event.how, event.at)
    default:
      return event satisfies never
  }
}
