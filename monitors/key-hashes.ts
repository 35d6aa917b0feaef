import type { Key, KeyKind } from '../gateway/model/document.ts'
import { linkingKinds } from '../gateway/model/journey.ts'
import { hashOf } from './rate.ts'

const hashesMax = 64

/** Hashes of the keys that tell one order from every other, each once: a memory keeps these, never an identifier. */
export function linkingHashes(...lists: readonly (readonly Key[])[]): readonly number[] {
  return hashesOf(linkingKinds, lists)
}

/** Hashes of the keys of these kinds, each once; at most 64. */
export function hashesOf(kinds: ReadonlySet<KeyKind>, lists: readonly (readonly Key[])[]): readonly number[] {
  const hashes: number[] = []
  for (const keys of lists) {
    for (const { kind, value } of keys) {
      if (!kinds.has(kind) || hashes.length >= hashesMax) continue
      const hash = hashOf(value, hashOf(kind))
      if (!hashes.includes(hash)) hashes.push(hash)
    }
  }
  return hashes
}
