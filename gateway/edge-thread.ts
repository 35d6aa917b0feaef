/**
 * The observing thread of the edge: decoders, pairing and the log. Part of the composition: it puts the parts together on the other side of the
 * ring, with what `beginEdge` hands it.
 */
import { flushCompileCache } from 'node:module'
import { MessagePort, workerData } from 'node:worker_threads'
import { createLogger, protocols, systemClock } from './app.ts'
import type { EdgeLimits } from './edge/limits.ts'
import { observeRing, type Word } from './edge/observing.ts'
import { openLogWriter } from './log/writer.ts'
import { Failure } from './model/failure.ts'

/** What the observing thread is made of: plain data, for it is handed to a thread. */
export interface EdgeThreadSetup {
  readonly memory: SharedArrayBuffer
  readonly port: MessagePort
  readonly edgeId: string
  readonly limits: EdgeLimits
  /** The starting thread holds the lock of the folder. */
  readonly log: {
    readonly folder: string
    readonly retention: { readonly bytes: number; readonly ageMs: number }
    readonly sync: 'none' | 'batch'
    readonly key: Uint8Array | null
  }
}

if (!isSetup(workerData)) throw new Error('The observing thread was started with something else than its setup.')
await observe(workerData)

async function observe(setup: EdgeThreadSetup): Promise<void> {
  const { memory, port, edgeId, limits } = setup
  const say = (word: Word): void => port.postMessage(word)
  try {
    const log = await openLogWriter({ ...setup.log, lock: 'held', clock: systemClock })
    const parts = { logger: await createLogger('edge'), protocols: await protocols(), clock: systemClock }
    // By itself Node keeps it only at a clean end, and an edge may be killed.
    flushCompileCache()
    await observeRing({ memory, port, edgeId, limits, log, ...parts })
    await log.close()
    say({ kind: 'finished' })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    say({ kind: 'failed', code: error.code, message: error.message, advice: error.advice })
  } finally {
    port.close()
  }
}

/** Handed over by this same program: its outline is enough to know it by. */
function isSetup(value: unknown): value is EdgeThreadSetup {
  if (typeof value !== 'object' || value === null || !('memory' in value) || !('port' in value)) return false
  return value.memory instanceof SharedArrayBuffer && value.port instanceof MessagePort && 'log' in value && 'limits' in value
}
