import type { KeyObject } from 'node:crypto'

/**
 * HMAC-SHA-256 (RFC 2104, FIPS 180-4) for many short messages under one key. The key's two blocks are hashed once, so that a
 * message of up to 55 bytes costs two compressions and no crossing into native code: several times faster than
 * `createHmac` (bench/store.ts), which spends its time on setting up. The test compares it with `node:crypto`.
 * Not for secrets in `message` where timing could be watched: tokens are computed for the store, never on request of a peer.
 */
export interface ShortHmac {
  /** The first 8 bytes of the code of the first `length` bytes (left out: all) of `message` are written to `out` from `offset`. */
  first8(message: Uint8Array, out: Uint8Array, offset: number, length?: number): void
}

export function createShortHmac(key: KeyObject): ShortHmac {
  const secret = key.export()
  if (secret.length > 64) throw new RangeError('a key of at most 64 bytes')
  const inner = stateAfter(padded(secret, 0x36))
  const outer = stateAfter(padded(secret, 0x5c))
  const state = new Int32Array(8)
  const block = new Uint8Array(64)
  return {
    first8: (message, out, offset, length = message.length) => {
      state.set(inner)
      absorb(state, message, length, block)
      // The outer message is the 32 bytes of the inner code: always one block.
      block.fill(0)
      for (let i = 0; i < 8; i += 1) writeWord(block, i * 4, state[i] ?? 0)
      finish(block, 32)
      state.set(outer)
      compress(state, block, 0)
      writeWord(out, offset, state[0] ?? 0)
      writeWord(out, offset + 4, state[1] ?? 0)
    },
  }
}

function padded(secret: Uint8Array, pad: number): Uint8Array {
  const block = new Uint8Array(64).fill(pad)
  for (const [i, byte] of secret.entries()) block[i] = byte ^ pad
  return block
}

function stateAfter(block: Uint8Array): Int32Array {
  const state = Int32Array.from(initial)
  compress(state, block, 0)
  return state
}

/** Takes the message in, and the padding after it; one block of 64 bytes stands in front of it already. */
function absorb(state: Int32Array, message: Uint8Array, length: number, block: Uint8Array): void {
  let at = 0
  for (; at + 64 <= length; at += 64) compress(state, message, at)
  const rest = length - at
  block.fill(0)
  for (let i = 0; i < rest; i += 1) block[i] = message[at + i] ?? 0
  if (rest > 55) {
    block[rest] = 0x80
    compress(state, block, 0)
    block.fill(0)
    writeLength(block, length)
  } else {
    finish(block, rest, length)
  }
  compress(state, block, 0)
}

function finish(block: Uint8Array, used: number, messageBytes = used): void {
  block[used] = 0x80
  writeLength(block, messageBytes)
}

function writeLength(block: Uint8Array, messageBytes: number): void {
  writeWord(block, 60, ((64 + messageBytes) * 8) | 0)
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24
  bytes[at + 1] = word >>> 16
  bytes[at + 2] = word >>> 8
  bytes[at + 3] = word
}

const schedule = new Int32Array(64)

function compress(state: Int32Array, bytes: Uint8Array, from: number): void {
  const w = schedule
  for (let i = 0; i < 16; i += 1) {
    const at = from + i * 4
    w[i] = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
  }
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15] ?? 0
    const y = w[i - 2] ?? 0
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    w[i] = ((w[i - 16] ?? 0) + s0 + (w[i - 7] ?? 0) + s1) | 0
  }
  rounds(state, w)
}

function rounds(state: Int32Array, w: Int32Array): void {
  let a = state[0] ?? 0
  let b = state[1] ?? 0
  let c = state[2] ?? 0
  let d = state[3] ?? 0
  let e = state[4] ?? 0
  let f = state[5] ?? 0
  let g = state[6] ?? 0
  let h = state[7] ?? 0
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (constants[i] ?? 0) + (w[i] ?? 0)) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] = (state[0] ?? 0) + a
  state[1] = (state[1] ?? 0) + b
  state[2] = (state[2] ?? 0) + c
  state[3] = (state[3] ?? 0) + d
  state[4] = (state[4] ?? 0) + e
  state[5] = (state[5] ?? 0) + f
  state[6] = (state[6] ?? 0) + g
  state[7] = (state[7] ?? 0) + h
}

const primes = firstPrimes(64)
/** FIPS 180-4, 4.2.2 and 5.3.3: the first 32 bits of the fractional parts of cube and square roots of the first primes. */
const constants = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)))
const initial = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32) | 0
}

function firstPrimes(count: number): readonly number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n += 1) if (found.every((prime) => n % prime !== 0)) found.push(n)
  return found
}
