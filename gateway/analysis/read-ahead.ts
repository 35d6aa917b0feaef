import type { Entry, LogBatch, LoggedEntry, LogOutline, LogReader, Position } from '../model/entry.ts'
import type { Contents, ContentsAt } from './inspect.ts'

/** Reads bodies elsewhere than in the thread that thinks. */
export interface BodyReaders {
  /** Batches that are worth giving out at once, the one that is thought of left out. */
  readonly count: number
  /** Begins to read what the bodies of these entries say. */
  begin(outline: LogOutline): SharedReading
}

/** A batch whose bodies are being read. */
export interface SharedReading {
  /**
   * What the bodies of these same entries say, once all of them are read: whoever waits for it reads what nobody has begun yet (`read` says what those who were asked say), and all
   * of it where those fail.
   */
  finish(entries: readonly LoggedEntry[], read: (entry: Entry) => Contents | null): Promise<ContentsAt>
}

export interface ReadBatch {
  readonly batch: LogBatch
  /** Of each entry; undefined: not read yet. */
  readonly contents: ContentsAt | undefined
}

/** The log in batches, some ahead of who asks while there is more than it can think of at once. */
export interface ReadAhead {
  /** What `LogReader.read` gives for that position. */
  after(position: Position | null): Promise<ReadBatch>
}

/** With less than this left to read, those who would help cost more by their start than they give: some three seconds' work of one core. */
const helpFromBytes = 48 * 1024 * 1024

export interface ReadAheadOptions {
  readonly log: Pick<LogReader, 'outline'>
  readonly limit: { readonly entries: number; readonly bytes: number }
  /** Null: nobody helps. */
  readonly readers: BodyReaders | null
  /** What the readers say of an entry, said here. */
  readonly read: (entry: Entry) => Contents | null
}

/** A batch that is given out, and not made here before its turn comes. */
interface Coming {
  readonly from: Position | null
  readonly outline: LogOutline
  readonly reading: SharedReading | undefined
}

export function createReadAhead({ log, limit, readers, read }: ReadAheadOptions): ReadAhead {
  const aheadMax = readers?.count ?? 0
  let coming: readonly Coming[] = []
  let isHelped = false
  const begin = async (from: Position | null): Promise<Coming> => {
    const outline = await log.outline(from, limit)
    // Live traffic comes in small batches, and is no reason to go on with help.
    const isFull = outline.entries.length >= limit.entries / 2
    isHelped = aheadMax > 0 && isFull && (isHelped || outline.behindBytes >= helpFromBytes)
    return { from, outline, reading: isHelped ? readers?.begin(outline) : undefined }
  }
  return {
    async after(position) {
      const [kept] = coming
      if (kept === undefined || kept.from !== position) coming = [await begin(position)]
      while (isHelped && coming.length <= aheadMax) {
        const last = coming.at(-1)
        if (last === undefined || last.outline.next === null || last.outline.next === last.from) break
        coming = [...coming, await begin(last.outline.next)]
      }
      const [first, ...later] = coming
      coming = later
      if (first === undefined) throw new Error('nothing was begun')
      const batch = first.outline.batch()
      return { batch, contents: await first.reading?.finish(batch.entries, read) }
    },
  }
}
