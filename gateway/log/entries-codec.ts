import type { Entry } from '../model/entry.ts'
import { type Packed, PackedReader } from './packed.ts'
import { decoded } from './reading.ts'

/** Entries as the log holds them, for another thread. `all`: what `OutlinedEntry.bytes` gives. Copied. */
export function packEntries(all: readonly Uint8Array[]): Packed {
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

/** Makes the entries on the other side; their bodies are views. Null: those bytes are of no entry. */
export function readEntries(packed: Packed): PackedReader<Entry | null> {
  return new PackedReader(packed, decoded)
}
