import type { FileHandle } from 'node:fs/promises'
import { type BlockBinding, type BlockHead, blockHeadBytes, findBlockMark, isPayloadIntact, readBlockHead } from './segment.ts'

/** What stands at a place of a segment. Places are in bytes of the file. */
export type Step =
  /** A whole, intact block. `bytes` is a view of memory that nothing writes again. */
  | { readonly kind: 'block'; readonly head: BlockHead; readonly bytes: Buffer; readonly endAt: number }
  /** Damage up to `endAt`, where a block begins, or the file ends and won't grow. */
  | { readonly kind: 'damage'; readonly endAt: number }
  /** Nothing whole yet: it may grow. */
  | { readonly kind: 'end' }

/** Walks one segment's blocks through a window over the file, so that most steps need no read. */
export class SegmentWalk {
  readonly #file: FileHandle
  readonly #base: number
  readonly #binding: BlockBinding
  #window: Buffer = Buffer.alloc(0)
  #windowAt = 0
  #ahead = tailBytes

  constructor(options: { readonly file: FileHandle; readonly base: number; readonly binding: BlockBinding }) {
    this.#file = options.file
    this.#base = options.base
    this.#binding = options.binding
  }

  /** What stands at `at`. `isFinal`: the file won't grow any more, so what is not whole is damage. */
  async step(at: number, isFinal: boolean): Promise<Step> {
    const headBytes = await this.#see(at, blockHeadBytes)
    if (headBytes.length === 0) return { kind: 'end' }
    const head = readBlockHead(headBytes, this.#binding, this.#base + at)
    if (head === null) return this.#afterDamage(at, at + 1, isFinal)
    const endAt = at + blockHeadBytes + head.payloadBytes
    const bytes = await this.#see(at, endAt - at)
    if (bytes.length === endAt - at && isPayloadIntact(head, bytes.subarray(blockHeadBytes))) {
      return { kind: 'block', head, bytes, endAt }
    }
    return this.#afterDamage(at, endAt, isFinal)
  }

  /** Looks for the next block from `from` on. Damage at the end of a file that may grow could be a block that is being written. */
  async #afterDamage(at: number, from: number, isFinal: boolean): Promise<Step> {
    let look = from
    for (;;) {
      const bytes = await this.#see(look, windowBytes)
      let found = findBlockMark(bytes, 0)
      while (found !== -1 && found + blockHeadBytes <= bytes.length) {
        const head = bytes.subarray(found, found + blockHeadBytes)
        if (readBlockHead(head, this.#binding, this.#base + look + found) !== null)
          return { kind: 'damage', endAt: look + found }
        found = findBlockMark(bytes, found + 1)
      }
      if (bytes.length < windowBytes) break
      look += bytes.length - (blockHeadBytes - 1)
    }
    if (!isFinal) {
      this.#window = Buffer.alloc(0)
      return { kind: 'end' }
    }
    const { size } = await this.#file.stat()
    return size > at ? { kind: 'damage', endAt: size } : { kind: 'end' }
  }

  /** The file's bytes from `at`: `count` of them, or as many as it has. */
  async #see(at: number, count: number): Promise<Buffer> {
    const inside = at - this.#windowAt
    if (inside >= 0 && inside + count <= this.#window.length) return this.#window.subarray(inside, inside + count)
    // A new window each time: entries that were handed out are views of the old one.
    const window = Buffer.allocUnsafeSlow(Math.max(count, this.#ahead))
    let filled = 0
    while (filled < count) {
      const { bytesRead } = await this.#file.read(window, filled, window.length - filled, at + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    // Far behind, large reads save calls; at the tail, small ones save memory.
    this.#ahead = filled === window.length ? windowBytes : tailBytes
    this.#window = window.subarray(0, filled)
    this.#windowAt = at
    return this.#window.subarray(0, Math.min(count, filled))
  }
}

const windowBytes = 1024 * 1024
const tailBytes = 64 * 1024
