import { stat } from 'node:fs/promises'
import type { Entry, LogBatch, LogOutline, LogReader, Position } from '../model/entry.ts'
import { failure } from '../model/failures.ts'
import type { Clock, Millis } from '../model/time.ts'
import { fileBytes, isErrno, type ListedSegment, listSegments } from './folder.ts'
import { type KeyRing, keyRing, type OpenSegment, openSegment } from './open-segment.ts'
import { parsePosition, type Spot } from './position.ts'
import { decoded, enter, entryBounds, goOnAfter, isFull, outlineOf, pass, type Reading, takeEntries } from './reading.ts'
import { openPayload, segmentHeaderBytes } from './segment.ts'
import type { Step } from './walk.ts'
import { FolderWatch } from './watch.ts'

export interface LogReaderOptions {
  /** May not exist yet: the log is empty until it does. */
  readonly folder: string
  /** The key that the log is sealed with now; null for a plain one. */
  readonly key: Uint8Array | null
  /** Keys of older segments, after the key was changed. */
  readonly oldKeys?: readonly Uint8Array[]
  /** For `wait` only. */
  readonly clock: Clock
}

/**
 * Opens a log of segment files for reading, in the writer's process or in another. Reads and `at` reject with LOG_KEY_MISSING or
 * LOG_VERSION_NEWER. Calls may overlap: they take turns. Bodies of the entries are views of what was read at once: copy what is to stay.
 */
export async function openLogReader(options: LogReaderOptions): Promise<LogReader> {
  const keys = keyRing([...(options.key === null ? [] : [options.key]), ...(options.oldKeys ?? [])])
  const isFolder = await stat(options.folder).then(
    (found) => found.isDirectory(),
    (error: unknown) => {
      if (isErrno(error, 'ENOENT')) return true
      throw error
    },
  )
  if (!isFolder) throw failure('INPUT_UNREADABLE', 'The log folder is no folder.', { place: { file: options.folder } })
  return new SegmentLogReader(options, keys)
}

class SegmentLogReader implements LogReader {
  readonly #folder: string
  readonly #keys: KeyRing
  readonly #watch: FolderWatch
  #open: OpenSegment | null = null
  /** The last block opened: reading on inside it needs no second look at the seal. */
  #block: { readonly blockAt: number; readonly payload: Buffer } | null = null
  /** What the log's end was when a read found nothing new: until it changes there is nothing to wake for. */
  #idle: { readonly position: Position | null; readonly end: string } | null = null

  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: LogReaderOptions, keys: KeyRing) {
    this.#folder = options.folder
    this.#keys = keys
    this.#watch = new FolderWatch(options.folder, options.clock)
  }

  async read(position: Position | null, limit: { entries: number; bytes: number }): Promise<LogBatch> {
    return (await this.outline(position, limit)).batch()
  }

  outline(position: Position | null, limit: { entries: number; bytes: number }): Promise<LogOutline> {
    return this.#inTurn(() => this.#outline(position, limit))
  }

  at(position: Position): Promise<Entry | null> {
    return this.#inTurn(() => this.#at(position))
  }

  async wait(position: Position | null, waitMs: Millis, signal: AbortSignal): Promise<void> {
    await this.#watch.wait(() => this.#hasMore(position), waitMs, signal)
  }

  async close(): Promise<void> {
    this.#watch.close()
    await this.#inTurn(() => this.#leaveSegment())
  }

  /** One after the other: they share the open segment. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  async #outline(position: Position | null, limit: { entries: number; bytes: number }): Promise<LogOutline> {
    const listed = await listSegments(this.#folder)
    const end = await endOf(listed)
    const reading: Reading = { limit, entries: [], lost: [], bytes: 0, next: position, blockAt: 0, index: 0 }
    await this.#readFrom(listed, position, reading)
    if (reading.entries.length === 0 && reading.next === position) this.#idle = { position, end }
    const behindBytes = await bytesAfter(listed, reading.blockAt)
    return outlineOf(reading, behindBytes)
  }

  async #at(position: Position): Promise<Entry | null> {
    const spot = parsePosition(position)
    if (spot === null) return null
    const listed = await listSegments(this.#folder)
    const segment = await this.#take(listed.findLast((item) => item.base <= spot.blockAt))
    if (segment === null || segment.header.logId !== spot.logId) return null
    const step = await segment.walk.step(spot.blockAt - segment.base, true)
    const payload = step.kind === 'block' ? this.#payload(segment, spot.blockAt, step) : null
    if (payload === null) return null
    let index = 0
    for (const [start, end] of entryBounds(payload)) {
      if (index === spot.index) return decoded(payload, start, end)
      index += 1
    }
    return null
  }

  async #readFrom(listed: readonly ListedSegment[], position: Position | null, reading: Reading): Promise<void> {
    let rest = await this.#locate(listed, position, reading)
    while (!isFull(reading)) {
      const [current, ...later] = rest
      if (current === undefined) return
      const segment = await this.#take(current)
      if (segment === null) {
        if (!(await this.#passUnreadable(current, later.length > 0, reading))) return
      } else {
        if (reading.blockAt < segment.base + segmentHeaderBytes) enter(segment, reading)
        const isDone = await this.#readSegment(segment, later.length > 0, reading)
        if (!isDone) return
      }
      rest = later
    }
  }

  /** Sets where to go on, and returns the segments from there. */
  async #locate(
    listed: readonly ListedSegment[],
    position: Position | null,
    reading: Reading,
  ): Promise<readonly ListedSegment[]> {
    const spot = position === null ? null : parsePosition(position)
    if (spot !== null) {
      const index = listed.findLastIndex((item) => item.base <= spot.blockAt)
      const isSameLog = await this.#isSameLog(listed, spot)
      if (isSameLog) {
        goOnAfter(spot, reading)
        return index === -1 ? listed : listed.slice(index)
      }
    }
    // From the oldest kept: asked for, or because the position is of a log that is no more.
    if (position !== null) reading.lost.push({ reason: 'retention', bytes: 0 })
    reading.blockAt = -1
    return listed
  }

  async #isSameLog(listed: readonly ListedSegment[], spot: Spot): Promise<boolean> {
    for (const item of [this.#open, ...listed.toReversed()]) {
      if (item === null) continue
      const header = 'header' in item ? item.header : (await this.#take(item))?.header
      if (header !== undefined) return header.logId === spot.logId
    }
    return true
  }

  /** True when the segment is read to its end and another follows. */
  async #readSegment(segment: OpenSegment, isFinal: boolean, reading: Reading): Promise<boolean> {
    while (!isFull(reading)) {
      const step = await segment.walk.step(reading.blockAt - segment.base, isFinal)
      if (step.kind === 'end') {
        // A file that was removed never grows, and another may stand under its name.
        if (!isFinal && (await segment.isRemoved())) await this.#leaveSegment()
        return isFinal
      }
      const payload = step.kind === 'block' ? this.#payload(segment, reading.blockAt, step) : null
      const endAt = segment.base + step.endAt
      if (payload === null) pass(segment, endAt, reading)
      else takeEntries(segment, payload, endAt, reading)
    }
    return false
  }

  /** A segment that can't be opened. True when reading goes on behind it. */
  async #passUnreadable(item: ListedSegment, isFinal: boolean, reading: Reading): Promise<boolean> {
    if (!isFinal) return false
    const bytes = (await fileBytes(item.path)) ?? 0
    const unread = item.base + bytes - Math.max(item.base, reading.blockAt)
    if (unread > 0 && bytes > segmentHeaderBytes) {
      reading.lost.push({ reason: 'corrupt', bytes: unread })
      reading.blockAt = item.base + bytes
    }
    return true
  }

  #payload(segment: OpenSegment, blockAt: number, step: Extract<Step, { kind: 'block' }>): Buffer | null {
    if (this.#block?.blockAt === blockAt) return this.#block.payload
    const payload = openPayload(step.bytes, step.head, segment.binding, blockAt)
    this.#block = payload === null ? null : { blockAt, payload }
    return payload
  }

  async #take(listed: ListedSegment | undefined): Promise<OpenSegment | null> {
    if (listed === undefined) return null
    if (this.#open?.base === listed.base) return this.#open
    await this.#leaveSegment()
    const opened = await openSegment(listed, this.#keys)
    if (typeof opened === 'string') return null
    this.#open = opened
    return opened
  }

  async #leaveSegment(): Promise<void> {
    const open = this.#open
    this.#open = null
    this.#block = null
    await open?.close()
  }

  async #hasMore(position: Position | null): Promise<boolean> {
    const listed = await listSegments(this.#folder)
    const end = await endOf(listed)
    if (this.#idle !== null && this.#idle.position === position) return this.#idle.end !== end
    return true
  }
}

async function endOf(listed: readonly ListedSegment[]): Promise<string> {
  const newest = listed.at(-1)
  return newest === undefined ? '' : `${newest.base}+${(await fileBytes(newest.path)) ?? 0}`
}

async function bytesAfter(listed: readonly ListedSegment[], at: number): Promise<number> {
  let bytes = 0
  for (const [index, item] of listed.entries()) {
    const following = listed[index + 1]
    if (following !== undefined && following.base <= at) continue
    const size = (await fileBytes(item.path)) ?? 0
    bytes += Math.max(0, item.base + size - Math.max(item.base + segmentHeaderBytes, at))
  }
  return bytes
}
