import { Worker } from 'node:worker_threads'
import type { WorkOrder, Works } from './model/work.ts'
import { isWorkSaid, type WorkSetup } from './work-setup.ts'

/** Of its old objects; a capture of 512 MB is read in a few dozen. */
const heapMbMax = 1_024

/** Long work in threads of their own, each of bounded memory: whatever a capture holds, the desk goes on. */
export function createWorks(role: WorkSetup['role']): Works {
  return {
    start(order: WorkOrder, told) {
      const setup: WorkSetup = { order, role }
      const thread = new Worker(new URL('./work-thread.ts', import.meta.url), {
        workerData: setup,
        resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
      })
      let isOver = false
      const end = (message: string) => {
        if (!isOver) told({ kind: 'failed', message, advice: 'Try again with less: a smaller capture, or fewer days.' })
        isOver = true
      }
      thread.on('message', (said: unknown) => {
        if (isOver || !isWorkSaid(said)) return
        isOver = said.kind !== 'progress'
        told(said)
      })
      // What a thread dies of may quote a value: its kind is all that is told.
      thread.on('error', (error) => end(`The work ended by a fault (${error instanceof Error ? error.name : 'unknown'}).`))
      thread.on('exit', () => end('The work ended without a result.'))
      return {
        async stop() {
          isOver = true
          await thread.terminate()
        },
      }
    },
  }
}
