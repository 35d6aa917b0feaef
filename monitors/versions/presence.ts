import { amount, type Held, keyed, record } from '../shared/state.ts'

const pathPart = record({
  count: amount(),
  /** Messages in a row that lacked it, or that had it. */
  run: amount(),
  runAt: amount(),
  /** Share of bad messages when that run began. */
  runShare: amount(),
  lastSeen: amount(-1),
  firstSeen: amount(),
})

/** Which paths the messages of one type have: with every one, with some. */
export const profilePart = record({ seen: amount(), paths: keyed(pathPart) })
export type Profile = Held<typeof profilePart>

const pathsMax = 48
const seenMin = 50
/** With so many of the messages it is part of every one. */
const always = 0.98
/** So many in a row without what every one had, or with what none had. */
const runMin = 12

export interface ProfileChange {
  /** What went, what came; `-`: nothing. */
  readonly from: string
  readonly to: string
  readonly at: number
  readonly badShareBefore: number
}

/** Takes a message's paths. Says when a path that came with every message has gone for good, or a new one comes with every one. */
export function profileChange(
  profile: Profile,
  paths: ReadonlySet<string>,
  now: { at: number; badShare: number },
): ProfileChange | null {
  profile.seen += 1
  let change: ProfileChange | null = null
  for (const [path, known] of profile.paths) {
    if (paths.has(path)) {
      const isNew = known.firstSeen > seenMin && known.count === known.run
      known.count += 1
      known.run = known.lastSeen === profile.seen - 1 ? known.run + 1 : 1
      known.lastSeen = profile.seen
      if (isNew && known.run === runMin && known.count === runMin)
        change = { from: '-', to: path, at: known.runAt, badShareBefore: known.runShare }
      continue
    }
    const absent = profile.seen - known.lastSeen
    if (absent === 1) {
      known.runAt = now.at
      known.runShare = now.badShare
    }
    const before = known.lastSeen - known.firstSeen + 1
    if (absent !== runMin || before < seenMin || known.count < always * before) continue
    change = { from: path, to: change?.to ?? '-', at: known.runAt, badShareBefore: known.runShare }
  }
  for (const path of paths) {
    if (profile.paths.has(path) || profile.paths.size >= pathsMax) continue
    profile.paths.set(path, {
      count: 1,
      run: 1,
      runAt: now.at,
      runShare: now.badShare,
      lastSeen: profile.seen,
      firstSeen: profile.seen,
    })
  }
  return change
}
