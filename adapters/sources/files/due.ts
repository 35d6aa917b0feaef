import type { FilesSource } from '../../../gateway/model/interface.ts'
import type { Instant, Millis } from '../../../gateway/model/time.ts'
import { lastAt } from '../../../gateway/model/wall-clock.ts'
import type { FileMemory } from './file-memory.ts'

/** What a deadline came to. */
export interface DueFound {
  readonly verdict: 'yes' | 'no'
  readonly code: 'FILE_MISSING' | 'FILE_INCOMPLETE' | 'FILE_EMPTY' | 'FILE_LATE' | null
  readonly facts: { readonly deadline: string; readonly files: number; readonly lateMs?: Millis }
}

/** `waiting`: files that aren't whole yet. `watchedSince`: the first look of this process. */
interface DueNow {
  readonly at: Instant
  readonly timezone: string
  readonly waiting: number
  readonly watchedSince: Instant
}

/**
 * Judges the deadline once a day, when files that came in time have had time to be read; and again when what was missing comes after all. The first
 * deadline that is judged is the first one after the folder was first looked into.
 */
export function judgeDue(source: FilesSource, memory: FileMemory, now: DueNow): DueFound | null {
  const { deadline } = source
  if (deadline === null) return null
  const dueAt = lastAt(deadline, now.at, now.timezone)
  memory.dueAt ??= dueAt
  if (dueAt > memory.dueAt) {
    // What came in time has to stand still first, and to be looked at.
    if (now.at < Math.max(dueAt, now.watchedSince) + source.stableMs + 2 * source.everyMs) return null
    memory.dueAt = dueAt
    const inTime = arrivedBetween(memory, Math.max(dueAt - 86_400_000, memory.spentAt ?? 0), dueAt)
    const whole = inTime.filter(({ bytes }) => bytes > 0)
    memory.missedAt = whole.length > 0 ? null : dueAt
    const code = inTime.length > 0 ? 'FILE_EMPTY' : now.waiting > 0 ? 'FILE_INCOMPLETE' : 'FILE_MISSING'
    if (whole.length > 0) return { verdict: 'yes', code: null, facts: { deadline, files: whole.length } }
    return { verdict: 'no', code, facts: { deadline, files: 0 } }
  }
  if (memory.missedAt === null) return null
  const late = arrivedBetween(memory, memory.missedAt, now.at).filter(({ bytes }) => bytes > 0)
  const [first] = late
  if (first === undefined) return null
  const lateMs = first.arrivedAt - memory.missedAt
  memory.missedAt = null
  memory.spentAt = now.at
  return { verdict: 'yes', code: 'FILE_LATE', facts: { deadline, files: late.length, lateMs } }
}

/** Files that were there after `from` and until `to`, oldest first. */
function arrivedBetween(memory: FileMemory, from: Instant, to: Instant) {
  return [...memory.files.values()]
    .filter((file) => file.exchangeId !== null && file.arrivedAt > from && file.arrivedAt <= to)
    .toSorted((a, b) => a.arrivedAt - b.arrivedAt)
}
