import type { Instant, Millis } from '../../gateway/model/time.ts'
import { halve } from '../shared/rate.ts'
import type { Awaited, LegMemory } from './leg-memory.ts'

/** A leg while it is watched: its memory, and by key what waits in it, in the order in which it was asked for. */
export interface Leg {
  readonly kind: 'callback' | 'journey'
  readonly memory: LegMemory
  readonly index: Map<number, Awaited>
}

/** Followed at one time; beyond it every second one is let go, by its hash, so that those that stay are a fair sample. */
export const awaitedMax = 256
const strideMs: Millis = 3_600_000

export function legOf(memory: LegMemory, kind: Leg['kind']): Leg {
  const index = new Map<number, Awaited>()
  for (const one of memory.awaited) if (!one.hasCome) for (const key of one.keys) index.set(key, one)
  return { kind, memory, index }
}

/** Every second one is let go, and half of what was counted with it: of those that stay away and are let go nobody will know whether they came after all. */
export function thin(leg: Leg, at: Instant, max: number): void {
  const { memory } = leg
  const { rate, passing } = memory
  memory.stride *= 2
  halve(rate)
  halve(passing.rate)
  memory.lateSince = Math.ceil(memory.lateSince / 2)
  memory.refusedSince = Math.ceil(memory.refusedSince / 2)
  passing.lateSince = Math.ceil(passing.lateSince / 2)
  memory.strideAt = at
  for (const one of [...memory.awaited]) if ((one.keys[0] ?? 0) % memory.stride !== 0) drop(leg, one)
  // Where all fall on one hash, the oldest go.
  for (const one of memory.awaited.slice(0, Math.max(0, memory.awaited.length - max))) drop(leg, one)
}

export function forget(leg: Leg): void {
  leg.memory.awaited = []
  leg.index.clear()
}

export function drop({ memory, index }: Leg, gone: Awaited): void {
  memory.awaited.splice(memory.awaited.indexOf(gone), 1)
  for (const key of gone.keys) if (index.get(key) === gone) index.delete(key)
}

/** Where only a part is followed, and has become few, it may be twice as large again. */
export function thicken(memory: LegMemory, now: Instant): void {
  if (memory.stride === 1 || now - memory.strideAt < strideMs || memory.awaited.length >= awaitedMax / 4) return
  memory.stride /= 2
  memory.strideAt = now
}
