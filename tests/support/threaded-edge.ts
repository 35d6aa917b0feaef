import { once } from 'node:events'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { systemClock } from '../../gateway/clock.ts'
import { type RunningEdge, startForwarding } from '../../gateway/edge/edge.ts'
import { defaultEdgeLimits } from '../../gateway/edge/limits.ts'
import { startThreadWitness } from '../../gateway/edge/thread-witness.ts'
import type { Entry } from '../../gateway/model/entry.ts'
import type { Exchange } from '../../gateway/model/exchange.ts'
import type { Interface } from '../../gateway/model/interface.ts'
import { testCatalogue } from './catalogue.ts'
import { silent } from './log.ts'

export interface ThreadedEdge {
  readonly edge: RunningEdge
  /** What the thread, and each that came after it, logged so far. */
  readonly entries: readonly Entry[]
  exchanges(): readonly Exchange[]
  /** The sum of what ticks said was dropped for that reason. */
  dropped(reason: string): number
  /** Threads that were started so far. */
  threads(): number
}

/** An edge that observes in a thread of its own: `observing-thread.ts`. `always`: a mark that its decoders see in all bytes. */
export async function threadedEdge(
  interfaces: readonly Interface[],
  { ringBytes = 1_048_576, hangMs = 10_000, drainMs = 2_000, always = '' } = {},
): Promise<ThreadedEdge> {
  const entries: Entry[] = []
  const allHeard: Promise<unknown>[] = []
  const start = (memory: SharedArrayBuffer, port: MessagePort): Worker => {
    const channel = new MessageChannel()
    channel.port1.on('message', (batch: readonly Entry[]) => entries.push(...batch))
    allHeard.push(once(channel.port1, 'close'))
    // The test's process must be able to end.
    channel.port1.unref()
    return new Worker(new URL('./observing-thread.ts', import.meta.url), {
      workerData: { memory, port, entries: channel.port2, always },
      transferList: [port, channel.port2],
      stderr: true,
    })
  }
  const clock = systemClock()
  const witness = startThreadWitness({ start, ringBytes, hangMs, drainMs, clock, logger: silent })
  const edge = await startForwarding(
    {
      catalogue: testCatalogue(...interfaces),
      protocols: [mllp],
      clock,
      limits: { ...defaultEdgeLimits, drainMs },
      logger: silent,
      edgeId: 'e1',
      clockHealth: () => ({ synchronised: null, errorBoundMs: null }),
    },
    witness,
  )
  await witness.ready.catch(async (error: unknown) => {
    await edge.drain()
    throw error
  })
  return {
    edge: {
      reload: (catalogue) => edge.reload(catalogue),
      stats: () => edge.stats(),
      async drain() {
        await edge.drain()
        await Promise.all(allHeard)
      },
    },
    entries,
    exchanges: () => entries.flatMap((entry) => (entry.kind === 'exchange' ? [entry.exchange] : [])),
    dropped: (reason) => entries.reduce((sum, e) => sum + (e.kind === 'tick' ? (e.health.dropped[reason] ?? 0) : 0), 0),
    threads: () => allHeard.length,
  }
}
