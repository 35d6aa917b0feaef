import type { RefusedCodes, Suspect } from './refused-memory.ts'

/** One code: refused this often, never accepted, and by chance with less than this likelihood at the share of refusals around it. */
const refusedMin = 3
const chanceMax = 1e-4
/** Several new codes count together: nearly all that have one are refused, and so many without pass. */
const novelShareMin = 0.8
const othersAcceptedMin = 5
/** Several of one path, new or not: nearly all that is refused has one of them, and much passes. */
const togetherShareMin = 0.9
const shareMax = 0.8
const ofTypeMin = 2
const othersRefusedShareMax = 0.2

/**
 * Several codes of one path that are refused wherever they come, and hardly anything else is: each alone raises the share of refusals by which the others are judged.
 */
export function provenTogether(memory: RefusedCodes): readonly Suspect[] {
  const pure = [...memory.suspects.values()].filter(
    (s) => s.accepted === 0 && s.refused >= refusedMin && areOthersTaken(memory, s),
  )
  for (const { path } of pure) {
    const group = pure.filter((s) => s.path === path)
    if (group.length < 2) continue
    const first = group.reduce((one, s) => (s.refusedAtFirst < one.refusedAtFirst ? s : one))
    const all = memory.refused - first.refusedAtFirst + 1
    const accepted = besideOf(memory, path) - first.besideAtFirst
    const refused = Math.min(
      group.reduce((sum, s) => sum + s.refused, 0),
      all,
    )
    const share = all / (all + accepted)
    if (accepted < othersAcceptedMin || refused < togetherShareMin * all || share > shareMax) continue
    if (share ** (refused - group.length) <= chanceMax) return group
  }
  return []
}

/** Of the kind of message that it was always refused in others passed. */
function areOthersTaken(memory: RefusedCodes, { type, ofTypeAtFirst }: Suspect): boolean {
  return type === '' || (memory.ofType.get(type) ?? ofTypeMin) - ofTypeAtFirst >= ofTypeMin
}

/** Never accepted, and so often refused that at the share of refusals between its first and its last it would be no chance. */
export function isProven(memory: RefusedCodes, suspect: Suspect): boolean {
  const { refused, accepted, ...at } = suspect
  if (accepted > 0 || refused < refusedMin || !areOthersTaken(memory, suspect)) return false
  const othersAccepted = at.besideAtLast - at.besideAtFirst
  const allRefused = at.refusedAtLast - at.refusedAtFirst + 1
  if (othersAccepted < othersAcceptedMin) return false
  return (allRefused / (allRefused + othersAccepted)) ** refused <= chanceMax
}

/** New codes of one table, each refused a few times. The messages that had several of them count at least once each. */
export function isGroupProven(memory: RefusedCodes, novel: readonly Suspect[]): boolean {
  const firstRefused = novel.reduce((least, s) => Math.min(least, s.refusedAtFirst), Number.POSITIVE_INFINITY)
  if (novel.length === 0) return false
  const withNovel = Math.min(
    novel.reduce((sum, s) => sum + s.refused, 0),
    memory.refused - firstRefused + 1,
  )
  const acceptedOthers = Math.max(...novel.map((s) => besideOf(memory, s.path) - s.besideAtFirst))
  const refusedOthers = memory.refused - firstRefused + 1 - withNovel
  return (
    withNovel >= refusedMin &&
    acceptedOthers >= othersAcceptedMin &&
    withNovel / (withNovel + refusedOthers) >= novelShareMin &&
    refusedOthers / (refusedOthers + acceptedOthers) <= othersRefusedShareMax
  )
}

/** Messages that passed with that path, since its first suspect. */
function besideOf({ beside }: RefusedCodes, path: string): number {
  return beside.get(path) ?? 0
}
