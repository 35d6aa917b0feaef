import { BytesError } from './bytes.ts'

/** Pieces one after the other, for the way to another thread: plain data, whose memory can be handed over. */
export interface Packed {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where each begins, in the order of their writing. */
  readonly starts: Uint32Array<ArrayBuffer>
}

/** Makes of each piece what it stands for, whenever it is asked for. */
export class PackedReader<T> {
  readonly count: number
  readonly #buffer: Buffer
  readonly #starts: Uint32Array
  readonly #make: (buffer: Buffer, start: number, end: number) => T

  constructor({ bytes, starts }: Packed, make: (buffer: Buffer, start: number, end: number) => T) {
    this.count = starts.length
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#starts = starts
    this.#make = make
  }

  /** The nth of those that were written. Throws BytesError where there is none of that number, and what `make` throws. */
  read(nth: number): T {
    const start = this.#starts[nth]
    if (start === undefined) throw new BytesError('There is no piece of that number.')
    return this.#make(this.#buffer, start, this.#starts[nth + 1] ?? this.#buffer.length)
  }
}
