/** Chance that is the same for the same seed. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number
}

/** mulberry32: small, and good enough to choose mutations by. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  return {
    below(limit) {
      state = (state + 0x6d2b79f5) >>> 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit)
    },
  }
}

/** Bytes that mean something to MLLP, HTTP, HL7, or a charset. */
const telling = [0x3a, 0x20, 0x30, 0x16, 0x0b, 0x1c, 0x0d, 0x0a, 0x7c, 0x5e, 0x26, 0x7e, 0x5c, 0x00, 0x81, 0xff, 0xef, 0x22]

/** One of the seeds, changed in a few places; now and then none, or two of them joined. */
export function mutated(seeds: readonly Buffer[], random: Random): Buffer {
  let bytes: Buffer = Buffer.from(pick(seeds, random))
  // Half of them whole, or hardly anything would ever be answered.
  if (random.below(2) === 0) return bytes
  if (random.below(10) === 0) bytes = Buffer.concat([bytes.subarray(0, random.below(bytes.length + 1)), pick(seeds, random)])
  for (let left = random.below(6); left > 0 && bytes.length > 0; left--) bytes = changed(bytes, random)
  return bytes
}

function changed(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length)
  const to = Math.min(bytes.length, at + 1 + random.below(64))
  switch (random.below(7)) {
    case 0:
      bytes[at] = random.below(256)
      return bytes
    case 1:
      bytes[at] = telling[random.below(telling.length)] ?? 0
      return bytes
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)])
    case 3:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)])
    case 4:
      return bytes.subarray(0, at)
    case 5:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.alloc(random.below(200), telling[random.below(telling.length)]),
        bytes.subarray(at),
      ])
    default:
      return Buffer.concat([bytes.subarray(to), bytes.subarray(at, to), bytes.subarray(0, at)])
  }
}

function pick(seeds: readonly Buffer[], random: Random): Buffer {
  return seeds[random.below(seeds.length)] ?? Buffer.alloc(0)
}
