import type { Key, KeyKind } from '../../gateway/model/document.ts'
import { linkingKinds } from '../../gateway/model/journey.ts'
import { hashOf } from './rate.ts'

const hashesMax = 64

/** Kinds of keys, each with the hash that those of its values begin with. */
export type KindHashes = ReadonlyMap<KeyKind, number>

export function kindHashesOf(kinds: Iterable<KeyKind>): KindHashes {
  return new Map(Array.from(kinds, (kind) => [kind, hashOf(kind)]))
}

const linking = kindHashesOf(linkingKinds)

/** Hashes of the keys that tell one order from every other, each once: a memory keeps these, never an identifier. */
export function linkingHashes(...lists: readonly (readonly Key[])[]): readonly number[] {
  return hashesOf(linking, lists)
}

/** Hashes of the keys of these kinds, each once; at most 64. */
export function hashesOf(kinds: KindHashes, lists: readonly (readonly Key[])[]): readonly number[] {
  const hashes: number[] = []
  for (const keys of lists) {
    for (const { kind, value } of keys) {
      const ofKind = kinds.get(kind)
      if (ofKind === undefined || hashes.length >= hashesMax) continue
      const hash = hashOf(value, ofKind)
      if (!hashes.includes(hash)) hashes.push(hash)
    }
  }
  return hashes
}
