import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { BodyReaders } from './analysis/read-ahead.ts'
import { decodeContents } from './contents-codec.ts'
import type { Logger } from './model/logger.ts'
import type { Clock } from './model/time.ts'
import { isReadingResult, type ReadingOrder, type ReadingResult, type ReadingSetup } from './reading-setup.ts'

/** More than these wait for the one that thinks. */
const threadsMax = 3
/** With nothing to read for so long they end: what they hold is worth more than their next start costs. */
const idleMs = 30_000

interface Thread {
  readonly worker: Worker
  readonly waiting: Map<number, (contents: ReadingResult['contents']) => void>
}

export interface BodyReadersOptions extends ReadingSetup {
  readonly threads: number
}

/** As many as share the work with the thread that thinks; on a machine of one core none: there they would only take turns. */
export function readingThreads(): number {
  const cores = availableParallelism()
  return cores < 2 ? 0 : Math.min(threadsMax, cores)
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
    read(from, entries) {
      const last = entries.at(-1)
      if (isBroken || last === undefined) return Promise.resolve(undefined)
      cancelEnd()
      cancelEnd = clock.after(idleMs, () => void end())
      if (threads.length === 0) threads = Array.from({ length: count }, begin)
      const least = threads.toSorted((a, b) => a.waiting.size - b.waiting.size)[0]
      asked += 1
      const order: ReadingOrder = { id: asked, from, count: entries.length, last: last.position }
      return new Promise<ReadingResult['contents']>((resolve) => {
        if (least === undefined) return resolve(undefined)
        least.waiting.set(order.id, resolve)
        least.worker.postMessage(order)
      }).then((bytes) => (bytes === undefined ? undefined : () => decodeContents(bytes)))
    },
    async close() {
      cancelEnd()
      isBroken = true
      await end()
    },
  }

  function begin(): Thread {
    const worker = new Worker(new URL('./reading-thread.ts', import.meta.url), { workerData: setup })
    const waiting: Thread['waiting'] = new Map()
    worker.on('message', (result: unknown) => {
      if (!isReadingResult(result)) return
      waiting.get(result.id)?.(result.contents)
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
