import type { Entry } from '../model/entry.ts'
import { decoded } from './reading.ts'

/** Entries as the log holds them, one after the other, for another thread: plain data, whose memory can be handed over. */
export interface EncodedEntries {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where each begins. */
  readonly starts: Uint32Array<ArrayBuffer>
}

/** `all`: what `OutlinedEntry.bytes` gives. Copied. */
export function encodedEntries(all: readonly Uint8Array[]): EncodedEntries {
  const starts = new Uint32Array(all.length)
  let length = 0
  for (const [nth, { byteLength }] of all.entries()) {
    starts[nth] = length
    length += byteLength
  }
  const bytes = new Uint8Array(length)
  for (const [nth, one] of all.entries()) bytes.set(one, starts[nth])
  return { bytes, starts }
}

/** Makes the entries on the other side. */
export class EntriesReader {
  readonly count: number
  readonly #buffer: Buffer
  readonly #starts: Uint32Array

  constructor({ bytes, starts }: EncodedEntries) {
    this.count = starts.length
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#starts = starts
  }

  /** The nth of those that were written; its bodies are views. Null: there is none of that number, or those bytes are of no entry. */
  read(nth: number): Entry | null {
    const start = this.#starts[nth]
    return start === undefined ? null : decoded(this.#buffer, start, this.#starts[nth + 1] ?? this.#buffer.length)
  }
}
