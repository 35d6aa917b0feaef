import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type Contents, readByInterface, readPortion } from './analysis/inspect.ts'
import { Claims, portionsOf } from './analysis/portions.ts'
import type { BodyReaders, SharedReading } from './analysis/read-ahead.ts'
import { readContents } from './contents-codec.ts'
import { packEntries } from './log/entries-codec.ts'
import type { OutlinedEntry } from './model/entry.ts'
import type { Logger } from './model/logger.ts'
import type { Clock } from './model/time.ts'
import { isReadingResult, type ReadingOrder, type ReadingResult, type ReadingSetup } from './reading-setup.ts'

/** More than these wait for the one that thinks. */
const threadsMax = 3
/** With nothing to read for so long they end: what they hold is worth more than their next start costs. */
const idleMs = 30_000

interface Thread {
  readonly worker: Worker
  readonly waiting: Map<number, (result: ReadingResult | undefined) => void>
}

export interface BodyReadersOptions extends ReadingSetup {
  readonly threads: number
}

/** One for each core that the thread that thinks leaves free: it reads bodies too while it would wait. On a machine of one core none: there they would only take turns. */
export function readingThreads(): number {
  return Math.min(threadsMax, availableParallelism() - 1)
}

/** Threads that read bodies, started when they are first asked for. */
export function createBodyReaders(
  { threads: count, ...setup }: BodyReadersOptions,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): BodyReaders & { close(): Promise<void> } {
  let threads: readonly Thread[] = []
  let asked = 0
  let isBroken = false
  const end = async (): Promise<void> => {
    const ending = threads
    threads = []
    await Promise.all(ending.map(({ worker }) => worker.terminate()))
  }
  let cancelEnd = () => {}
  return {
    count,
    begin({ entries }) {
      const portions = portionsOf(entries.map(({ interfaceId }) => interfaceId))
      const claims = Claims.of(portions.length)
      return sharedReading({ count: entries.length, portions, claims, reading: ask(orderOf(entries, portions, claims)) })
    },
    async close() {
      cancelEnd()
      isBroken = true
      await end()
    },
  }

  /** What a thread reads of it in time. */
  async function ask(order: Omit<ReadingOrder, 'id'>): Promise<ReadingResult | undefined> {
    if (isBroken) return undefined
    cancelEnd()
    cancelEnd = clock.after(idleMs, () => void end())
    if (threads.length === 0) threads = Array.from({ length: count }, start)
    const least = threads.toSorted((a, b) => a.waiting.size - b.waiting.size)[0]
    if (least === undefined) return undefined
    asked += 1
    const id = asked
    return await new Promise((resolve) => {
      least.waiting.set(id, resolve)
      const { bytes, starts } = order.entries
      least.worker.postMessage({ id, ...order } satisfies ReadingOrder, [bytes.buffer, starts.buffer])
    })
  }

  function start(): Thread {
    const worker = new Worker(new URL('./reading-thread.ts', import.meta.url), { workerData: setup })
    const waiting: Thread['waiting'] = new Map()
    worker.on('message', (result: unknown) => {
      if (!isReadingResult(result)) return
      waiting.get(result.id)?.(result)
      waiting.delete(result.id)
    })
    // What a thread dies of may quote a value: its kind is all that is told. Whoever thinks then reads by itself, and would find the same fault.
    worker.on('error', (error) => {
      isBroken = true
      logger.error(
        { fault: error instanceof Error ? error.name : 'unknown' },
        'a thread that reads bodies ended: the analysis goes on without',
      )
    })
    worker.on('exit', () => {
      for (const resolve of waiting.values()) resolve(undefined)
      waiting.clear()
    })
    return { worker, waiting }
  }
}

function orderOf(
  entries: readonly OutlinedEntry[],
  portions: readonly (readonly number[])[],
  { memory }: Claims,
): Omit<ReadingOrder, 'id'> {
  const packed = packEntries(portions.flat().flatMap((place) => entries[place]?.bytes ?? []))
  let end = 0
  const portionEnds = portions.map(({ length }) => (end += length))
  return { entries: packed, portionEnds, claims: memory }
}

/** A batch of `count` entries that a thread was asked to read. */
interface Asked {
  readonly count: number
  readonly portions: readonly (readonly number[])[]
  readonly claims: Claims
  readonly reading: Promise<ReadingResult | undefined>
}

function sharedReading({ count, portions, claims, reading }: Asked): SharedReading {
  return {
    async finish(entries, read) {
      // What was outlined can't all be made: places are no longer the same.
      if (entries.length !== count) return readByInterface(entries, read)
      const here: (Contents | null)[] = new Array(count).fill(null)
      const readHere = (from: number, to: number) => {
        for (const portion of portions.slice(from, to)) readPortion(here, portion, entries, read)
      }
      let begun = portions.length
      for (; begun > 0 && claims.take(begun - 1); begun -= 1) readHere(begun - 1, begun)
      const result = begun === 0 ? undefined : await reading
      if (result === undefined) {
        readHere(0, begun)
        return (place) => here[place] ?? null
      }
      readHere(result.portionCount, begun)
      const there = readContents(result.contents)
      const nths = new Int32Array(count).fill(-1)
      for (const [nth, place] of portions.slice(0, result.portionCount).flat().entries()) nths[place] = nth
      return (place) => {
        const nth = nths[place] ?? -1
        return nth === -1 ? (here[place] ?? null) : there.read(nth)
      }
    },
  }
}
