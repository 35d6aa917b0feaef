import type { Instant } from '../../gateway/model/time.ts'
import { codeShape } from '../shared/code-shape.ts'
import { cleanRunNeeded, hashOf, keepLast } from '../shared/rate.ts'
import { shownExchanges } from '../shared/voice.ts'
import { type RefusedCodes, type Suspect, suspectPart } from './refused-memory.ts'
import { isGroupProven, isProven, provenTogether } from './refused-proof.ts'

/** A code in a message, as the dictionary monitor looks at it. */
export interface Coded {
  readonly path: string
  readonly value: string
  readonly isNovel: boolean
}

const suspectsMax = 48
const codesMax = 64
const recentMax = 32
const typesMax = 16
/** So often accepted, it isn't the code. */
const acquittedMin = 2
const forgetMs = 48 * 3_600_000

/** Takes a message that was accepted. Cheap while nothing is suspected. */
export function noteAccepted(memory: RefusedCodes, type: string, codes: Iterable<Pick<Coded, 'path' | 'value'>>): void {
  memory.accepted += 1
  if (memory.suspects.size === 0) return
  const ofType = memory.ofType.get(type)
  if (ofType !== undefined) memory.ofType.set(type, ofType + 1)
  const hashes = hashesOf(memory)
  let last = ''
  for (const { path, value } of codes) {
    if (path !== last) countBeside(memory, path)
    last = path
    const hash = hashOf(value)
    if (!hashes.has(hash)) continue
    const key = keyOf(path, hash)
    const suspect = memory.suspects.get(key)
    if (suspect === undefined) continue
    suspect.accepted += 1
    if (suspect.accepted < acquittedMin || suspect.accepted * 10 < suspect.refused) continue
    drop(memory, key)
    memory.proven = memory.proven.filter((other) => other !== key)
  }
  memory.cleanRun += 1
  if (memory.proven.length === 0) return
  memory.provenSince += 1
  const share = memory.provenRefused / Math.max(memory.provenSince - memory.cleanRun, memory.provenRefused, 1)
  if (memory.cleanRun >= cleanRunNeeded(share)) forget(memory)
}

/** Takes a message that was refused. Copies of one count once. */
export function noteRefused(
  memory: RefusedCodes,
  codes: Iterable<Coded>,
  what: { readonly id: string; readonly at: Instant; readonly exchangeId: string; readonly type: string },
): void {
  const hash = hashOf(what.id)
  if (memory.recent.includes(hash)) return
  keepLast(memory.recent, hash, recentMax)
  memory.refused += 1
  const blamed: string[] = []
  for (const coded of codes) {
    if (blamed.length >= codesMax) break
    const key = blame(memory, coded, what)
    if (key !== null) blamed.push(key)
  }
  prove(memory, blamed)
  const isTelling = blamed.some((key) => isWorthShowing(memory, key))
  if (isTelling) keepLast(memory.exchangeIds, what.exchangeId, shownExchanges)
}

/** The suspects that are proven, longest blamed first. */
export function provenSuspects(memory: RefusedCodes): readonly Suspect[] {
  return memory.proven.flatMap((key) => memory.suspects.get(key) ?? [])
}

/** Messages that passed, and that were refused with none of the proven codes, since the first of these was refused. */
export function othersSince(memory: RefusedCodes): { readonly accepted: number; readonly refused: number } {
  const first = provenSuspects(memory)[0]
  if (first === undefined) return { accepted: 0, refused: 0 }
  return {
    accepted: memory.accepted - first.acceptedAtFirst,
    refused: Math.max(memory.refused - first.refusedAtFirst + 1 - memory.provenRefused, 0),
  }
}

/** Its key; null: there was no room. */
function blame(
  memory: RefusedCodes,
  { path, value, isNovel }: Coded,
  { at, type }: { at: Instant; type: string },
): string | null {
  const hash = hashOf(value)
  const key = keyOf(path, hash)
  let suspect = memory.suspects.get(key)
  if (suspect === undefined) {
    if (memory.suspects.size >= suspectsMax && !dropOne(memory, at)) return null
    suspect = { ...suspectPart.fresh(), path, hash, shape: codeShape(value), firstAt: at }
    suspect.acceptedAtFirst = memory.accepted
    suspect.besideAtFirst = besideOf(memory, path)
    suspect.refusedAtFirst = memory.refused
    suspect.type = type
    suspect.ofTypeAtFirst = ofTypeOf(memory, type)
    memory.suspects.set(key, suspect)
    hashesOf(memory).add(hash)
  }
  if (suspect.type !== type) suspect.type = ''
  suspect.isNovel ||= isNovel
  suspect.refused += 1
  suspect.lastAt = at
  suspect.besideAtLast = besideOf(memory, path)
  suspect.refusedAtLast = memory.refused
  return key
}

/** One more that was accepted with that path; counted only where a suspect has it. */
function countBeside(memory: RefusedCodes, path: string): void {
  const count = memory.beside.get(path)
  if (count !== undefined) memory.beside.set(path, count + 1)
}

/** Of that path, from its first suspect on. */
function besideOf(memory: RefusedCodes, path: string): number {
  const count = memory.beside.get(path)
  if (count === undefined && memory.beside.size < suspectsMax) memory.beside.set(path, 0)
  return count ?? 0
}

function ofTypeOf(memory: RefusedCodes, type: string): number {
  const count = memory.ofType.get(type)
  if (count === undefined && memory.ofType.size < typesMax) memory.ofType.set(type, 0)
  return count ?? 0
}

/** Makes room: what was refused least, and long ago; never what is proven. */
function dropOne(memory: RefusedCodes, now: Instant): boolean {
  let worst: string | null = null
  let least = Number.POSITIVE_INFINITY
  for (const [key, { refused, lastAt, isNovel }] of memory.suspects) {
    const weight = refused + (isNovel ? 10 : 0) - (now - lastAt > forgetMs ? 100 : 0)
    if (weight >= least || memory.proven.includes(key)) continue
    worst = key
    least = weight
  }
  return worst !== null && drop(memory, worst)
}

function prove(memory: RefusedCodes, blamed: readonly string[]): void {
  const wasProven = memory.proven.length > 0
  const novel = [...memory.suspects.values()].filter((s) => s.isNovel && s.accepted === 0)
  const asGroup = isGroupProven(memory, novel)
  const together = provenTogether(memory)
  const proven = [...memory.suspects].filter(
    ([, s]) => isProven(memory, s) || together.includes(s) || (asGroup && s.isNovel && s.accepted === 0),
  )
  // What was proven stays so until it is accepted: a burst of other refusals doesn't unprove it.
  const kept = memory.proven.filter((key) => memory.suspects.has(key) && !proven.some(([other]) => other === key))
  memory.proven = [...kept, ...proven.map(([key]) => key)]
  if (memory.proven.length === 0) return
  if (!wasProven) {
    memory.onsetAt = Math.min(...proven.map(([, s]) => s.firstAt))
    const first = Math.min(...proven.map(([, s]) => s.acceptedAtFirst))
    const refusals = memory.refused + 1 - Math.min(...proven.map(([, s]) => s.refusedAtFirst))
    memory.provenRefused = Math.min(
      proven.reduce((sum, [, s]) => sum + s.refused, 0),
      refusals,
    )
    memory.provenSince = memory.provenRefused + memory.accepted - first
    memory.cleanRun = 0
    return
  }
  memory.provenSince += 1
  if (!blamed.some((key) => memory.proven.includes(key))) return
  memory.provenRefused += 1
  memory.cleanRun = 0
}

function isWorthShowing(memory: RefusedCodes, key: string): boolean {
  const suspect = memory.suspects.get(key)
  return suspect !== undefined && suspect.accepted === 0 && (suspect.isNovel || suspect.refused > 1)
}

function forget(memory: RefusedCodes): void {
  for (const key of memory.proven) drop(memory, key)
  memory.proven = []
  memory.provenRefused = 0
  memory.provenSince = 0
}

/** The suspects' hashes: a cache that follows from them, so that most codes of most messages cost one look. */
const hashCache = new WeakMap<RefusedCodes, Set<number>>()

function hashesOf(memory: RefusedCodes): Set<number> {
  let hashes = hashCache.get(memory)
  if (hashes === undefined) {
    hashes = new Set([...memory.suspects.values()].map(({ hash }) => hash))
    hashCache.set(memory, hashes)
  }
  return hashes
}

function drop(memory: RefusedCodes, key: string): boolean {
  hashCache.delete(memory)
  return memory.suspects.delete(key)
}

function keyOf(path: string, hash: number): string {
  return `${path} ${hash.toString(36)}`
}
