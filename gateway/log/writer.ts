import { randomBytes } from 'node:crypto'
import type { Entry, LogWriter } from '../model/entry.ts'
import { Failure } from '../model/failure.ts'
import { failure } from '../model/failures.ts'
import type { Clock, Millis } from '../model/time.ts'
import { ByteWriter } from './bytes.ts'
import { encodeEntry } from './entry-codec.ts'
import { isErrno, makeFolder } from './folder.ts'
import { lockFolder } from './lock.ts'
import { blockBytesMax, blockHeadBytes } from './segment.ts'
import type { OpenSegmentFile } from './segment-file.ts'
import { openSegmentFile } from './segment-file.ts'
import { SegmentStore } from './segments.ts'
import { mendLog } from './tail.ts'

export interface LogWriterOptions {
  /** Made when it isn't there. One writer a folder. */
  readonly folder: string
  /** A segment that would grow beyond this is closed and the next begun. Default 64 MiB. */
  readonly segmentBytesMax?: number
  /** Whole segments are dropped, oldest first, until the others keep to both; the one being written always stays. */
  readonly retention: { readonly bytes: number; readonly ageMs: Millis }
  /** `none`: an append survives the death of this process. `batch`: it survives a loss of power. */
  readonly sync: 'none' | 'batch'
  /** 32 bytes for AES-256-GCM; null leaves the log plain. */
  readonly key: Uint8Array | null
  readonly clock: Clock
  /** Appends beyond this much that is not yet written are refused with LOG_QUEUE_FULL. Default 64 MiB. */
  readonly queueBytesMax?: number
  /** `held`: the caller holds the folder's lock (`lockLog`) and gives it back when the writer is closed. Default: taken, and given back. */
  readonly lock?: 'held'
  /** Where the bytes go; tests put a failing disk here. */
  readonly openFile?: OpenSegmentFile
}

/**
 * Opens a folder of segment files for appending. Cuts the torn tail that a killed writer left. LOG_LOCKED, LOG_UNWRITABLE,
 * LOG_VERSION_NEWER. Appends reject with DISK_FULL, LOG_QUEUE_FULL, LOG_ENTRY_TOO_LARGE or LOG_UNWRITABLE; later ones are tried anew.
 * A rejected append is not promised, but some of its entries may have been kept.
 */
export async function openLogWriter(options: LogWriterOptions): Promise<LogWriter> {
  if (options.key !== null && options.key.length !== 32) throw new RangeError('A log key has 32 bytes.')
  try {
    await makeFolder(options.folder)
    const unlock = options.lock === 'held' ? async () => {} : await lockFolder(options.folder)
    try {
      const found = await mendLog(options.folder)
      const segments = new SegmentStore({
        folder: options.folder,
        segmentBytesMax: options.segmentBytesMax ?? 64 * 1024 * 1024,
        retention: options.retention,
        sync: options.sync,
        key: options.key,
        clock: options.clock,
        openFile: options.openFile ?? openSegmentFile,
        found,
        logId: found.logId ?? randomBytes(4).readUInt32LE(0),
      })
      await segments.retain()
      return new SegmentLogWriter(segments, options.queueBytesMax ?? 64 * 1024 * 1024, unlock)
    } catch (error) {
      await unlock()
      throw error
    }
  } catch (error) {
    throw diskFailure(error, options.folder)
  }
}

/**
 * Takes a log's folder for one writer after another: a process whose writing thread may be started again keeps it in between. Made when it isn't
 * there. LOG_LOCKED, LOG_UNWRITABLE. Returns what gives it back.
 */
export async function lockLog(folder: string): Promise<() => Promise<void>> {
  try {
    await makeFolder(folder)
    return await lockFolder(folder)
  } catch (error) {
    throw diskFailure(error, folder)
  }
}

/** Entries encoded and waiting to be one block. */
interface OpenBlock {
  readonly number: number
  readonly writer: ByteWriter
  entryCount: number
}

/** An append that has not been answered: its blocks, from first to last. */
interface Waiting {
  readonly first: number
  readonly last: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Encodes at once, so that the caller's memory is free again, and writes behind: one write at a time, and what comes meanwhile
 * goes into the next.
 */
class SegmentLogWriter implements LogWriter {
  readonly #segments: SegmentStore
  readonly #queueBytesMax: number
  readonly #unlock: () => Promise<void>
  #open: OpenBlock = newBlock(0)
  #full: OpenBlock[] = []
  #waiting: Waiting[] = []
  #queuedBytes = 0
  #flightBytes = 0
  #drain: Promise<void> | null = null
  #isClosed = false

  constructor(segments: SegmentStore, queueBytesMax: number, unlock: () => Promise<void>) {
    this.#segments = segments
    this.#queueBytesMax = queueBytesMax
    this.#unlock = unlock
  }

  get pendingBytes(): number {
    return this.#queuedBytes + this.#flightBytes
  }

  append(entries: readonly Entry[]): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error('The log writer is closed.'))
    if (entries.length === 0) return Promise.resolve()
    if (this.pendingBytes >= this.#queueBytesMax) {
      return Promise.reject(failure('LOG_QUEUE_FULL', 'The disk takes entries more slowly than they come.'))
    }
    const first = this.#open.number
    try {
      for (const entry of entries) this.#take(entry)
    } catch (error) {
      this.#start()
      return Promise.reject(error)
    }
    // Where the last entry just filled its block, the open block is the one after it.
    const last = this.#open.entryCount === 0 ? this.#open.number - 1 : this.#open.number
    const answered = new Promise<void>((resolve, reject) => this.#waiting.push({ first, last, resolve, reject }))
    this.#start()
    return answered
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#drain
    try {
      await this.#segments.close()
    } finally {
      await this.#unlock()
    }
  }

  #take(entry: Entry): void {
    const block = this.#open
    const start = block.writer.length
    try {
      block.writer.u32(0)
      encodeEntry(block.writer, entry)
      if (block.writer.length > blockBytesMax / 2)
        throw failure('LOG_ENTRY_TOO_LARGE', 'An entry is larger than the log takes.')
    } catch (error) {
      block.writer.cutTo(start)
      throw error
    }
    block.writer.u32At(start, block.writer.length - start - 4)
    block.entryCount += 1
    this.#queuedBytes += block.writer.length - start
    if (block.writer.length >= blockFullBytes || block.entryCount >= entriesPerBlockMax) this.#turnBlock()
  }

  #turnBlock(): void {
    this.#full.push(this.#open)
    this.#open = newBlock(this.#open.number + 1)
  }

  /** After the events of this turn of the loop, so that what they bring together is written together. */
  #start(): void {
    this.#drain ??= new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
      try {
        for (;;) {
          if (this.#full.length === 0 && this.#open.entryCount > 0) this.#turnBlock()
          if (this.#full.length === 0) break
          await this.#write(this.#nextBatch())
        }
      } finally {
        this.#drain = null
      }
    })
  }

  #nextBatch(): readonly OpenBlock[] {
    let bytes = 0
    let count = 0
    for (const block of this.#full) {
      if (count > 0 && bytes + block.writer.length > batchBytesMax) break
      bytes += block.writer.length
      count += 1
    }
    return this.#full.splice(0, count)
  }

  async #write(blocks: readonly OpenBlock[]): Promise<void> {
    this.#flightBytes = blocks.reduce((sum, block) => sum + block.writer.length - blockHeadBytes, 0)
    this.#queuedBytes -= this.#flightBytes
    const { keptCount, error } = await this.#segments.write(blocks)
    this.#flightBytes = 0
    const before = (blocks[0]?.number ?? 0) + keptCount
    const lastOfBatch = blocks.at(-1)?.number ?? -1
    const reason = error === null ? null : diskFailure(error, this.#segments.folder)
    this.#waiting = this.#waiting.filter((append) => {
      if (append.last < before) append.resolve()
      else if (reason !== null && append.first <= lastOfBatch) append.reject(reason)
      else return true
      return false
    })
  }
}

const blockFullBytes = 64 * 1024
const entriesPerBlockMax = 65_535
const batchBytesMax = 4 * 1024 * 1024

function newBlock(number: number): OpenBlock {
  return { number, writer: new ByteWriter(blockStartBytes, blockHeadBytes), entryCount: 0 }
}

/** Room of a fresh block. Small, for a quiet log; a busy one's blocks grow to 64 kB in four steps. */
const blockStartBytes = 8 * 1024

function diskFailure(error: unknown, folder: string): unknown {
  if (error instanceof Failure || !(error instanceof Error) || !('code' in error)) return error
  const place = { file: folder }
  if (isErrno(error, 'ENOSPC') || isErrno(error, 'EDQUOT')) {
    return failure('DISK_FULL', 'The disk of the log is full.', { place, cause: error })
  }
  return failure('LOG_UNWRITABLE', `The log can't be written (${String(error.code)}).`, { place, cause: error })
}
