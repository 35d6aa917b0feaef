import type { LogBatch, LoggedEntry, LogReader, Position } from '../model/entry.ts'
import type { Contents } from './inspect.ts'

/** Reads bodies elsewhere than in the thread that thinks. */
export interface BodyReaders {
  /** Batches that are worth giving out at once. */
  readonly count: number
  /**
   * What the bodies of these entries say: those that the log holds after `position`. Undefined: nobody could read them now. The contents are made when the answer
   * is called, which is best done when they are to be thought of: until then they would lie in the collector's way.
   */
  read(position: Position | null, entries: readonly LoggedEntry[]): Promise<(() => readonly (Contents | null)[]) | undefined>
}

export interface ReadBatch {
  readonly batch: LogBatch
  /** Of each entry; undefined: not read yet. */
  readonly contents: readonly (Contents | null)[] | undefined
}

/** The log in batches, some ahead of who asks while there is more than it can think of at once. */
export interface ReadAhead {
  /** What `LogReader.read` gives for that position. */
  after(position: Position | null): Promise<ReadBatch>
}

/** With less than this left to read, those who would help cost more by their start than they give: some three seconds' work of one core. */
const helpFromBytes = 48 * 1024 * 1024

interface Coming {
  readonly from: Position | null
  readonly batch: LogBatch
  readonly contents: ReturnType<BodyReaders['read']> | undefined
}

export function createReadAhead(
  log: Pick<LogReader, 'read'>,
  limit: { readonly entries: number; readonly bytes: number },
  readers: BodyReaders | null,
): ReadAhead {
  const aheadMax = readers?.count ?? 0
  let coming: readonly Coming[] = []
  let isHelped = false
  const begin = async (from: Position | null): Promise<Coming> => {
    const batch = await log.read(from, limit)
    // Live traffic comes in small batches, and is no reason to go on with help.
    const isFull = batch.entries.length >= limit.entries / 2
    isHelped = aheadMax > 0 && isFull && (isHelped || batch.behindBytes >= helpFromBytes)
    return { from, batch, contents: isHelped ? readers?.read(from, batch.entries) : undefined }
  }
  return {
    async after(position) {
      const [kept] = coming
      if (kept === undefined || kept.from !== position) coming = [await begin(position)]
      while (isHelped && coming.length <= aheadMax) {
        const last = coming.at(-1)
        if (last === undefined || last.batch.next === null || last.batch.next === last.from) break
        coming = [...coming, await begin(last.batch.next)]
      }
      const [first, ...later] = coming
      coming = later
      if (first === undefined) throw new Error('nothing was begun')
      const contents = await first.contents
      return { batch: first.batch, contents: contents?.() }
    },
  }
}
