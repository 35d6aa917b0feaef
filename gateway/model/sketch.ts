/**
 * DDSketch (Masson, Rim, Lee: arXiv 1908.10693) over milliseconds: every quantile within 1 % of the true value, and merging
 * adds buckets, so that the order of merging never matters. Covers 10 µs to 24 h; what lies outside is clamped and counted.
 */
export interface Sketch {
  record(ms: number): void
  /** Adds the other's counts to this one. */
  merge(other: Sketch): void
  /** The value at `q` (0..1), or null when nothing was recorded. */
  quantile(q: number): number | null
  readonly count: number
  readonly sum: number
  readonly min: number | null
  readonly max: number | null
  /** Values that lay outside 10 µs .. 24 h, and whose error bound doesn't hold. */
  readonly clamped: number
  /** A few bytes a non-empty bucket; `decodeSketch` reads them. Equal contents give equal bytes. */
  encode(): Uint8Array
}

const accuracy = 0.01
const gamma = (1 + accuracy) / (1 - accuracy)
const logGamma = Math.log(gamma)
const msMin = 0.01
const msMax = 86_400_000
const indexMin = Math.ceil(Math.log(msMin) / logGamma)
const bucketCount = Math.ceil(Math.log(msMax) / logGamma) - indexMin + 1
const formatVersion = 1

export function createSketch(): Sketch {
  return new DenseSketch()
}

/** Reads what `encode` wrote. Throws RangeError on anything else. */
export function decodeSketch(bytes: Uint8Array): Sketch {
  const sketch = new DenseSketch()
  sketch.load(bytes)
  return sketch
}

class DenseSketch implements Sketch {
  #counts = new Float64Array(bucketCount)
  #count = 0
  #sum = 0
  #min: number | null = null
  #max: number | null = null
  #clamped = 0

  get count() {
    return this.#count
  }
  get sum() {
    return this.#sum
  }
  get min() {
    return this.#min
  }
  get max() {
    return this.#max
  }
  get clamped() {
    return this.#clamped
  }

  record(ms: number): void {
    const inside = Math.min(Math.max(ms, msMin), msMax)
    if (inside !== ms) this.#clamped += 1
    const index = Math.min(Math.max(Math.ceil(Math.log(inside) / logGamma) - indexMin, 0), bucketCount - 1)
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#count += 1
    // Whole microseconds, so that sums don't depend on the order of merging.
    this.#sum += Math.round(inside * 1000) / 1000
    this.#min = this.#min === null ? inside : Math.min(this.#min, inside)
    this.#max = this.#max === null ? inside : Math.max(this.#max, inside)
  }

  merge(other: Sketch): void {
    if (!(other instanceof DenseSketch)) throw new RangeError('only sketches of this module merge')
    for (let i = 0; i < bucketCount; i += 1) this.#counts[i] = (this.#counts[i] ?? 0) + (other.#counts[i] ?? 0)
    this.#count += other.#count
    this.#sum += other.#sum
    this.#clamped += other.#clamped
    if (other.#min !== null) this.#min = Math.min(this.#min ?? other.#min, other.#min)
    if (other.#max !== null) this.#max = Math.max(this.#max ?? other.#max, other.#max)
  }

  quantile(q: number): number | null {
    if (this.#count === 0) return null
    const rank = Math.min(Math.max(q, 0), 1) * (this.#count - 1)
    let seen = 0
    for (let i = 0; i < bucketCount; i += 1) {
      seen += this.#counts[i] ?? 0
      if (seen > rank) return this.#within((2 * gamma ** (i + indexMin)) / (gamma + 1))
    }
    return this.#max
  }

  encode(): Uint8Array {
    const pairs: number[] = []
    let last = 0
    for (let i = 0; i < bucketCount; i += 1) {
      const count = this.#counts[i] ?? 0
      if (count === 0) continue
      pushVarint(pairs, i - last)
      pushVarint(pairs, count)
      last = i
    }
    const head = new DataView(new ArrayBuffer(41))
    head.setUint8(0, formatVersion)
    head.setFloat64(1, this.#count)
    head.setFloat64(9, this.#sum)
    head.setFloat64(17, this.#min ?? Number.NaN)
    head.setFloat64(25, this.#max ?? Number.NaN)
    head.setFloat64(33, this.#clamped)
    const bytes = new Uint8Array(41 + pairs.length)
    bytes.set(new Uint8Array(head.buffer))
    bytes.set(pairs, 41)
    return bytes
  }

  load(bytes: Uint8Array): void {
    const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (bytes.length < 41 || head.getUint8(0) !== formatVersion) throw new RangeError('not a sketch of this version')
    this.#count = head.getFloat64(1)
    this.#sum = head.getFloat64(9)
    this.#min = numberOrNull(head.getFloat64(17))
    this.#max = numberOrNull(head.getFloat64(25))
    this.#clamped = head.getFloat64(33)
    let index = 0
    for (let at = 41; at < bytes.length; ) {
      const step = readVarint(bytes, at)
      const count = readVarint(bytes, step.next)
      index += step.value
      if (index >= bucketCount) throw new RangeError('not a sketch of this version')
      this.#counts[index] = count.value
      at = count.next
    }
  }

  #within(value: number): number {
    return Math.min(Math.max(value, this.#min ?? value), this.#max ?? value)
  }
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}

function pushVarint(out: number[], value: number): void {
  let rest = value
  while (rest >= 128) {
    out.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  out.push(rest)
}

function readVarint(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0
  let scale = 1
  for (let at = from; at < bytes.length && at < from + 8; at += 1) {
    const byte = bytes[at] ?? 0
    value += (byte % 128) * scale
    if (byte < 128) return { value, next: at + 1 }
    scale *= 128
  }
  throw new RangeError('not a sketch of this version')
}
