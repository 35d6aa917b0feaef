import { type ChildProcess, fork } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Place } from '../../fixtures/scenarios/list.ts'
import type { Extent, Result } from './run-one.ts'
import type { Told } from './worker.ts'

/**
 * Plays the places in so many processes. A scenario that throws ends the run: a benchmark that leaves some out lies. After `withinMs` no more are begun: of
 * every group the same number was played by then, or one less, for they go round by number.
 */
export async function runAll(
  places: readonly Place[],
  options: { jobs: number; extent: Extent; progress: (done: number) => void; withinMs?: number },
): Promise<readonly Result[]> {
  const waiting = places.toSorted((a, b) => a.nth - b.nth)
  const endsAt = performance.now() + (options.withinMs ?? Number.POSITIVE_INFINITY)
  const results: Result[] = []
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), {
        execArgv: [...process.execArgv, '--max-old-space-size=1500'],
      })
      child.on('message', (told: Told) => {
        if (told.kind === 'failed') {
          child.kill()
          reject(new Error(`${JSON.stringify(told.place)}: ${told.error}`))
          return
        }
        if (told.kind === 'result') {
          results.push(told.result)
          options.progress(results.length)
        }
        next(child)
      })
      child.on('exit', (code) =>
        code === 0 || waiting.length === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`)),
      )
    })
  const next = (child: ChildProcess) => {
    const place = performance.now() < endsAt ? waiting.shift() : undefined
    if (place === undefined) waiting.length = 0
    if (place === undefined) child.disconnect()
    else child.send({ place, extent: options.extent })
  }
  await Promise.all(Array.from({ length: Math.min(options.jobs, places.length) }, work))
  return results
}
