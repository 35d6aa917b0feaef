/** Exchanges of a portion: little enough that two who share a batch end at nearly the same time. */
const portionMax = 100

/**
 * The exchanges among some entries, by their places, one interface after the other: five formats and as many contracts in turn would push each other out of the processor's
 * caches. `interfaceIds`: of each entry; null: no exchange. The same for whoever works it out.
 */
export function portionsOf(interfaceIds: readonly (string | null)[]): readonly (readonly number[])[] {
  const places = new Map<string, number[]>()
  for (const [place, interfaceId] of interfaceIds.entries()) {
    if (interfaceId === null) continue
    const own = places.get(interfaceId)
    if (own === undefined) places.set(interfaceId, [place])
    else own.push(place)
  }
  const portions: (readonly number[])[] = []
  for (const [, own] of [...places].sort(([a], [b]) => (a < b ? -1 : 1)))
    for (let from = 0; from < own.length; from += portionMax) portions.push(own.slice(from, from + portionMax))
  return portions
}

/** Who shares a batch takes its portions by turns: one who reads ahead from its beginning on, and whoever needs it from its end. Threads may be on both sides. */
export class Claims {
  /** What another thread needs to see them. */
  readonly memory: SharedArrayBuffer
  readonly #taken: Int32Array

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    this.#taken = new Int32Array(memory)
  }

  /** All portions are free. */
  static of(portionCount: number): Claims {
    return new Claims(new SharedArrayBuffer(portionCount * Int32Array.BYTES_PER_ELEMENT))
  }

  /** False: somebody else has it. */
  take(portion: number): boolean {
    return Atomics.compareExchange(this.#taken, portion, 0, 1) === 0
  }
}
