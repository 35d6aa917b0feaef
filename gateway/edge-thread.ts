/**
 * The observing thread of the edge: decoders, pairing and the log. Part of the composition: it puts the parts together on the other side of the
 * ring, with what `beginEdge` hands it.
 */
import { flushCompileCache } from 'node:module'
import { type MessagePort, workerData } from 'node:worker_threads'
import { protocols, systemClock } from './app.ts'
import { observeRing, type Word } from './edge/observing.ts'
import { giveWay } from './edge/priority.ts'
import { type EdgeThreadSetup, isEdgeThreadSetup } from './edge-thread-setup.ts'
import { openLogWriter } from './log/writer.ts'
import { Failure } from './model/failure.ts'
import { serveEntries } from './taps/serve-entries.ts'

if (!isEdgeThreadSetup(workerData)) throw new Error('The observing thread was started with something else than its setup.')
giveWay()
await observe(workerData)

async function observe(setup: EdgeThreadSetup): Promise<void> {
  const { memory, port, edgeId, limits } = setup
  const say = (word: Word): void => port.postMessage(word)
  try {
    const log = await openLogWriter({ ...setup.log, lock: 'held', clock: systemClock })
    const known = await protocols()
    // By itself Node keeps it only at a clean end, and an edge may be killed.
    flushCompileCache()
    const connectLog = (to: MessagePort): void => serveEntries(to, (entries) => log.append(entries))
    await observeRing({ memory, port, edgeId, limits, log, connectLog, clock: systemClock, protocols: known })
    await log.close()
    say({ kind: 'finished' })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    say({ kind: 'failed', code: error.code, message: error.message, advice: error.advice })
  } finally {
    port.close()
  }
}
