import { randomBytes } from 'node:crypto'
import type { Clock, Instant, Millis } from '../model/time.ts'
import type { ByteWriter } from './bytes.ts'
import { entryCodecVersion } from './entry-codec.ts'
import { removeFile, segmentPath } from './folder.ts'
import { keyIdOf, segmentKey } from './seal.ts'
import { type BlockBinding, encodeSegmentHeader, finishBlock, segmentHeaderBytes } from './segment.ts'
import { type OpenSegmentFile, type SegmentFile, syncFolderOf } from './segment-file.ts'
import type { FoundLog, OldSegment } from './tail.ts'

/** The segment that is being written. */
interface CurrentSegment {
  readonly base: number
  readonly path: string
  readonly file: SegmentFile
  readonly binding: BlockBinding
  readonly createdAt: Instant
  /** Where the log ended when it was begun. */
  readonly previousEnd: number
  bytes: number
  blockCount: number
}

export interface SegmentStoreOptions {
  readonly folder: string
  readonly segmentBytesMax: number
  readonly retention: { readonly bytes: number; readonly ageMs: Millis }
  readonly sync: 'none' | 'batch'
  readonly key: Uint8Array | null
  readonly clock: Clock
  readonly openFile: OpenSegmentFile
  readonly found: FoundLog
  readonly logId: number
}

/**
 * The segments of one writer: puts blocks into the current one, begins the next, drops the oldest. Never goes on with a segment that
 * an earlier process or a failed write left: a new one has a new salt, so that no nonce is used twice, and a reader that has seen
 * bytes which are gone now is never sent to the middle of others.
 */
export class SegmentStore {
  readonly folder: string
  readonly #options: SegmentStoreOptions
  #old: OldSegment[]
  #current: CurrentSegment | null = null
  /** Where the log ends, and where the next segment begins: further on after a restart. */
  #end: number
  #nextBase: number
  #retainedAt: Instant

  constructor(options: SegmentStoreOptions) {
    this.folder = options.folder
    this.#options = options
    this.#old = [...options.found.segments]
    this.#end = options.found.end
    this.#nextBase = afterRestart(options.found.end)
    this.#retainedAt = options.clock.now()
  }

  /** Writes the blocks in order. `keptCount` of them are durable to the configured degree; fewer than all only with an error. */
  async write(
    blocks: readonly { readonly writer: ByteWriter; readonly entryCount: number }[],
  ): Promise<{ readonly keptCount: number; readonly error: unknown }> {
    try {
      const segment = await this.#segmentFor(blocks.reduce((sum, block) => sum + block.writer.length, 0))
      let at = segment.bytes
      const made = blocks.map(({ writer, entryCount }) => {
        const place = { binding: segment.binding, blockAt: segment.base + at, counter: segment.blockCount }
        const bytes = finishBlock(writer, entryCount, place)
        at += bytes.length
        segment.blockCount += 1
        return bytes
      })
      const kept = await this.#put(segment, made)
      if (this.#isRetentionDue()) await this.retain()
      return kept
    } catch (error) {
      return { keptCount: 0, error }
    }
  }

  /** Drops whole segments, oldest first, that are over the limits. A file that can't be removed is tried again next time. */
  async retain(): Promise<void> {
    const { retention, clock } = this.#options
    const now = clock.now()
    this.#retainedAt = now
    for (;;) {
      const oldest = this.#old[0]
      if (oldest === undefined) return
      const bytes = this.#old.reduce((sum, segment) => sum + segment.bytes, this.#current?.bytes ?? 0)
      // Everything in it was written before the next one was begun.
      const doneAt = this.#old[1]?.createdAt ?? this.#current?.createdAt ?? null
      const isTooOld = doneAt !== null && now - doneAt > retention.ageMs
      if (bytes <= retention.bytes && !isTooOld) return
      const isGone = await removeFile(oldest.path).then(
        () => true,
        () => false,
      )
      if (!isGone) return
      this.#old = this.#old.slice(1)
    }
  }

  async close(): Promise<void> {
    const current = this.#current
    this.#current = null
    await current?.file.close()
  }

  async #put(segment: CurrentSegment, blocks: readonly Buffer[]) {
    const { written, error } = await segment.file.write(blocks, segment.bytes)
    const { keptCount, keptBytes } = whole(blocks, written)
    segment.bytes += keptBytes
    this.#end = segment.base + segment.bytes
    this.#nextBase = this.#end
    if (error !== null) {
      await this.#leave(segment, written > keptBytes)
      return { keptCount, error }
    }
    if (this.#options.sync === 'none') return { keptCount, error: null }
    try {
      await segment.file.sync()
      return { keptCount, error: null }
    } catch (syncError) {
      // After a failed fsync nobody knows what is on the disk: nothing of it is promised, and nothing is added to it.
      await this.#leave(segment, false)
      return { keptCount: 0, error: syncError }
    }
  }

  /** Ends a segment after a failed write: cuts the torn block, or where even that fails, leaves a gap that no position falls into. */
  async #leave(segment: CurrentSegment, isTorn: boolean): Promise<void> {
    this.#current = null
    if (segment.bytes > segmentHeaderBytes) this.#keepAsOld(segment)
    try {
      if (segment.bytes === segmentHeaderBytes) {
        // The next one has another name all the same: a reader may have this one open.
        this.#end = segment.previousEnd
        await removeFile(segment.path)
      } else if (isTorn) await segment.file.truncate(segment.bytes)
    } catch {
      this.#nextBase = afterRestart(this.#end)
    }
    await segment.file.close().catch(() => undefined)
  }

  async #segmentFor(bytes: number): Promise<CurrentSegment> {
    const current = this.#current
    if (current !== null) {
      const isOld = this.#options.clock.now() - current.createdAt > this.#options.retention.ageMs / segmentsPerAge
      const isFull = current.bytes + bytes > this.#options.segmentBytesMax
      if (current.blockCount === 0 || (!isOld && !isFull)) return current
      this.#current = null
      this.#keepAsOld(current)
      await current.file.close()
    }
    const begun = await this.#begin()
    this.#current = begun
    await this.retain()
    return begun
  }

  async #begin(): Promise<CurrentSegment> {
    const { folder, key, clock, openFile, logId, sync } = this.#options
    const base = this.#nextBase
    const path = segmentPath(folder, base)
    const salt = randomBytes(12)
    const createdAt = clock.now()
    const keyId = key === null ? null : keyIdOf(key)
    const header = encodeSegmentHeader({
      codecVersion: entryCodecVersion,
      logId,
      base,
      previousEnd: this.#end,
      createdAt,
      keyId,
      salt,
    })
    const file = await openFile(path)
    try {
      const { error } = await file.write([header], 0)
      if (error !== null) throw error
      if (sync === 'batch') await syncFolderOf(path)
    } catch (error) {
      this.#nextBase = base + segmentHeaderBytes
      await file.close().catch(() => undefined)
      await removeFile(path).catch(() => undefined)
      throw error
    }
    const binding = { salt, key: key === null ? null : segmentKey(key, salt) }
    return { base, path, file, binding, createdAt, previousEnd: this.#end, bytes: header.length, blockCount: 0 }
  }

  #keepAsOld({ base, path, bytes, createdAt }: CurrentSegment): void {
    this.#old = [...this.#old, { base, path, bytes, createdAt }]
  }

  #isRetentionDue(): boolean {
    const { retention, clock } = this.#options
    return clock.now() - this.#retainedAt > Math.min(60_000, retention.ageMs / segmentsPerAge)
  }
}

/** A segment holds at most this part of the retention's age, so that a quiet log is dropped in time too. */
const segmentsPerAge = 8

/**
 * Where the first segment after a restart begins: one to two GiB further on. A loss of power can take back bytes that a reader has seen; a gap
 * wider than any such loss keeps that reader's position before everything new.
 */
function afterRestart(end: number): number {
  return end === 0 ? 0 : (Math.floor(end / restartGapBytes) + 2) * restartGapBytes
}

const restartGapBytes = 2 ** 30

function whole(blocks: readonly Buffer[], written: number) {
  let keptCount = 0
  let keptBytes = 0
  for (const block of blocks) {
    if (keptBytes + block.length > written) break
    keptBytes += block.length
    keptCount += 1
  }
  return { keptCount, keptBytes }
}
