import { createObserver, defaultObserverLimits, type Observer } from '../../gateway/edge/observe.ts'
import type { Exchange } from '../../gateway/model/exchange.ts'
import type { Protocol, Side } from '../../gateway/model/frame.ts'
import { testInterface } from '../support/catalogue.ts'
import { mutated, type Random } from './mutate.ts'

/** What is done with each exchange after pairing: a format's reading, a contract's check. Throws when it finds a fault in the code. */
export type Stage = (exchange: Exchange) => void

/** A protocol with what is sent over it. */
export interface FuzzedWire {
  readonly protocol: Protocol
  readonly seeds: readonly Buffer[]
  /** A request with its answer, as they should be. */
  readonly sound: (random: Random) => readonly [asked: Buffer, answered: Buffer]
  /** What a decoder of it may hold besides the bodies. */
  readonly aroundBytesMax: number
}

/** What a run has seen. */
export interface FuzzCounts {
  readonly frames: number
  readonly exchanges: number
  readonly outcomes: { readonly [outcome: string]: number }
}

const limits = {
  ...defaultObserverLimits,
  bodyBytesMax: 16_384,
  frameBytesMax: 65_536,
  openExchangesMax: 20,
  idsRememberedMax: 256,
  connectionBytesMax: 65_536,
}
/** What an observer of one connection may hold of bodies: one of each side, and its open exchanges. */
const heldBodiesMax = 2 * limits.bodyBytesMax + limits.connectionBytesMax

/**
 * Sends mutated frames, cut anywhere, from both sides, through decoder, head and pairing, and what comes out through the stages.
 * Throws at the first thing that must not be: an exception, a connection given up by a bug, an exchange handed out twice or
 * never, memory beyond its limit. A run is the same for the same seed.
 */
export function fuzzWire(setup: {
  readonly wire: FuzzedWire
  readonly frames: number
  readonly random: Random
  readonly stages: readonly Stage[]
}): FuzzCounts {
  const { random, wire, stages } = setup
  const outcomes: Record<string, number> = {}
  let sent = 0
  let exchanges = 0
  while (sent < setup.frames) {
    let begun = 0
    const seen = new Set<string>()
    const observer = createObserver({
      iface: testInterface('fuzz'),
      protocol: wire.protocol,
      limits,
      nextId: () => `e${++begun}`,
    })
    const take = (ended: readonly Exchange[]): void => {
      for (const exchange of ended) {
        if (seen.has(exchange.id)) throw new Error('an exchange was handed out twice')
        if (exchange.wire.some((fact) => fact.kind === 'unreadable' && fact.code === 'OBSERVER_BUG'))
          throw new Error('the observer has a bug')
        seen.add(exchange.id)
        outcomes[exchange.outcome] = (outcomes[exchange.outcome] ?? 0) + 1
        for (const stage of stages) stage(exchange)
      }
    }
    sent += conversation(observer, { wire, random, take, framesMax: Math.min(200, setup.frames - sent) })
    if (seen.size !== begun) throw new Error('an exchange was begun and never handed out')
    exchanges += begun
  }
  return { frames: sent, exchanges, outcomes }
}

/** One connection's life; returns how many frames were sent on it. */
function conversation(
  observer: Observer,
  setup: {
    readonly wire: FuzzedWire
    readonly random: Random
    readonly take: (ended: readonly Exchange[]) => void
    readonly framesMax: number
  },
): number {
  const { wire, random, take } = setup
  let at = 1_000
  take(observer.see('c1', { kind: 'open', at, initiator: '10.1.0.10:40000', acceptor: '10.1.0.20:6661' }))
  take(observer.see('c1', { kind: 'connected', at, midStream: random.below(10) === 0 }))
  const count = 1 + random.below(setup.framesMax)
  for (let i = 0; i < count; i++) {
    if (random.below(3) === 0) {
      // Among the nonsense an exchange as it should be: so that what comes after it finds something to spoil.
      const [asked, answered] = wire.sound(random)
      take(observer.see('c1', { kind: 'bytes', at, from: 'initiator', bytes: asked }))
      take(observer.see('c1', { kind: 'bytes', at: at + 1, from: 'acceptor', bytes: answered }))
    }
    const from: Side = random.below(2) === 0 ? 'initiator' : 'acceptor'
    const bytes = mutated(wire.seeds, random)
    for (let start = 0; start < bytes.length; ) {
      const end = Math.min(bytes.length, start + 1 + random.below(random.below(4) === 0 ? 8 : 4_096))
      at += random.below(20) === 0 ? random.below(40_000) : random.below(5)
      take(observer.see('c1', { kind: 'bytes', at, from, bytes: bytes.subarray(start, end) }))
      start = end
    }
    if (random.below(50) === 0) take(observer.see('c1', { kind: 'gap', at, from, byteCount: random.below(5_000) }))
    if (observer.heldBytes > heldBodiesMax + wire.aroundBytesMax)
      throw new Error(`the observer holds ${observer.heldBytes} bytes`)
  }
  const how = (['fin', 'rst', 'timeout'] as const)[random.below(3)] ?? 'fin'
  take(observer.see('c1', { kind: 'end', at, from: 'initiator', how }))
  take(observer.see('c1', { kind: 'closed', at }))
  take(observer.finish(at))
  if (observer.heldBytes !== 0 || observer.openCount !== 0) throw new Error('something is held after the end')
  return count
}
