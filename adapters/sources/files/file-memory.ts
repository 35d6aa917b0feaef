import type { Json } from '../../../gateway/model/json.ts'
import { listOf, numberOf, numberOrNullOf, recordOf, textOf, textOrNullOf } from '../../../gateway/model/saved.ts'
import type { Instant } from '../../../gateway/model/time.ts'

/** A file that was read, as it is remembered across restarts. */
export interface ReadFile {
  readonly name: string
  readonly bytes: number
  readonly modifiedAt: number
  /** Null: it lay there already when the folder was first looked into, and was left unread. */
  readonly exchangeId: string | null
  readonly sha256: string | null
  readonly rows: number | null
  /** When it was there as it is, as well as looking now and then can tell. */
  readonly arrivedAt: Instant
  readonly readAt: Instant
  /** Its result file: awaited, missing when it was due, or read; null where none is expected. */
  readonly result: 'awaited' | 'missing' | 'read' | null
}

/** The first delivery of one content, and how often it came again. */
export interface FirstDelivery {
  readonly exchangeId: string
  readonly copies: number
}

/** Everything that a files source remembers. */
export interface FileMemory {
  readonly files: Map<string, ReadFile>
  /** By digest; the oldest is forgotten first. */
  readonly contents: Map<string, FirstDelivery>
  /** The last deadline that was judged; null before the first look. */
  dueAt: Instant | null
  /** The deadline that passed without a file, until one comes. */
  missedAt: Instant | null
  /** What had arrived by then made up for a missed deadline, and counts for no other. */
  spentAt: Instant | null
}

const filesMax = 20_000
const contentsMax = 5_000

export function emptyMemory(): FileMemory {
  return { files: new Map(), contents: new Map(), dueAt: null, missedAt: null, spentAt: null }
}

export function remember(memory: FileMemory, file: ReadFile): void {
  memory.files.delete(file.name)
  memory.files.set(file.name, file)
  forgetOldest(memory.files, filesMax)
}

/** Counts a delivery of that content; what was known of it before. */
export function rememberContent(memory: FileMemory, sha256: string, exchangeId: string): FirstDelivery | null {
  const before = memory.contents.get(sha256) ?? null
  // The same delivery, read again.
  if (before?.exchangeId === exchangeId) return null
  memory.contents.set(sha256, before === null ? { exchangeId, copies: 0 } : { ...before, copies: before.copies + 1 })
  forgetOldest(memory.contents, contentsMax)
  return before
}

export function savedMemory(memory: FileMemory): Json {
  return {
    version: 1,
    dueAt: memory.dueAt,
    missedAt: memory.missedAt,
    spentAt: memory.spentAt,
    files: [...memory.files.values()].map((file) => ({ ...file })),
    contents: [...memory.contents].map(([sha256, first]) => ({ sha256, ...first })),
  }
}

/** Reads what `savedMemory` made. Null for anything else: the folder is then looked at as if for the first time. */
export function loadedMemory(saved: Json | null): FileMemory | null {
  try {
    const state = recordOf(saved ?? undefined)
    if (state.version !== 1) return null
    const memory = emptyMemory()
    memory.dueAt = numberOrNullOf(state.dueAt)
    memory.missedAt = numberOrNullOf(state.missedAt)
    memory.spentAt = numberOrNullOf(state.spentAt)
    for (const item of listOf(state.files)) remember(memory, fileOf(item))
    for (const item of listOf(state.contents)) {
      const content = recordOf(item)
      memory.contents.set(textOf(content.sha256), {
        exchangeId: textOf(content.exchangeId),
        copies: numberOf(content.copies),
      })
    }
    return memory
  } catch {
    return null
  }
}

function fileOf(saved: Json): ReadFile {
  const file = recordOf(saved)
  const { result } = file
  return {
    name: textOf(file.name),
    bytes: numberOf(file.bytes),
    modifiedAt: numberOf(file.modifiedAt),
    exchangeId: textOrNullOf(file.exchangeId),
    sha256: textOrNullOf(file.sha256),
    rows: numberOrNullOf(file.rows),
    arrivedAt: numberOf(file.arrivedAt),
    readAt: numberOf(file.readAt),
    result: result === 'awaited' || result === 'missing' || result === 'read' ? result : null,
  }
}

function forgetOldest(map: Map<string, unknown>, sizeMax: number): void {
  const oldest = map.keys().next()
  if (map.size > sizeMax && !oldest.done) map.delete(oldest.value)
}
