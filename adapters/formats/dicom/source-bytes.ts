import type { Source } from './data-set.ts'

/** Group and element as one number. All of these read inside the source, which their callers see to. */
export function tagAt(source: Source, at: number): number {
  return ((uint16(source, at) << 16) | uint16(source, at + 2)) >>> 0
}

export function uint16({ view, isLittleEndian }: Source, at: number): number {
  return view.getUint16(at, isLittleEndian)
}

export function uint32({ view, isLittleEndian }: Source, at: number): number {
  return view.getUint32(at, isLittleEndian)
}
