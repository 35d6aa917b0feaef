import { type Clock, type Millis, pause } from '../model/time.ts'

export interface Loop {
  /** False from a run that failed to the next one that doesn't. */
  isHealthy(): boolean
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>
}

interface LoopOptions {
  readonly clock: Clock
  readonly everyMs: Millis
  readonly run: () => Promise<void>
  /** Hears once when runs begin to fail, as of a store that can't answer. They go on. */
  readonly onFault: (error: unknown) => void
}

/** Runs at once, and again `everyMs` after each run, until it is stopped. */
export function startLoop({ clock, everyMs, run, onFault }: LoopOptions): Loop {
  const ending = new AbortController()
  let isHealthy = true
  const rounds = async () => {
    while (!ending.signal.aborted) {
      try {
        await run()
        isHealthy = true
      } catch (error) {
        if (isHealthy) onFault(error)
        isHealthy = false
      }
      await pause(clock, everyMs, ending.signal)
    }
  }
  const running = rounds()
  return {
    isHealthy: () => isHealthy,
    stop: async () => {
      ending.abort()
      await running
    },
  }
}
