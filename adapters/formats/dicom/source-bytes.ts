import type { Source } from './data-set.ts'

/** Group and element as one number. */
export function tagAt({ bytes, isLittleEndian }: Source, at: number): number {
  const b0 = bytes[at] ?? 0
  const b1 = bytes[at + 1] ?? 0
  const b2 = bytes[at + 2] ?? 0
  const b3 = bytes[at + 3] ?? 0
  return (isLittleEndian ? (b1 << 24) | (b0 << 16) | (b3 << 8) | b2 : (b0 << 24) | (b1 << 16) | (b2 << 8) | b3) >>> 0
}

export function uint16({ bytes, isLittleEndian }: Source, at: number): number {
  const b0 = bytes[at] ?? 0
  const b1 = bytes[at + 1] ?? 0
  return isLittleEndian ? (b1 << 8) | b0 : (b0 << 8) | b1
}

export function uint32({ bytes, isLittleEndian }: Source, at: number): number {
  const b0 = bytes[at] ?? 0
  const b1 = bytes[at + 1] ?? 0
  const b2 = bytes[at + 2] ?? 0
  const b3 = bytes[at + 3] ?? 0
  return (isLittleEndian ? (b3 << 24) | (b2 << 16) | (b1 << 8) | b0 : (b0 << 24) | (b1 << 16) | (b2 << 8) | b3) >>> 0
}
