import type { Clock, Millis } from '../../../gateway/model/time.ts'

/** At most so many file operations at once, of all folders together: a share that hangs holds its threads, and the process has four for everything. */
const operationsMax = 2
/** An operation that takes longer is given up, though it goes on holding its place. */
const operationMsMax: Millis = 30_000

/** Lets few file operations run at once, and gives up waiting for those that hang. */
export class FileGate {
  readonly #clock: Clock
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Runs it when there is room. Rejects with what it rejects with, or with code FOLDER_HANGS. */
  async run<T>(operation: () => Promise<T>): Promise<T> {
    const hangs = Promise.withResolvers<never>()
    const cancel = this.#clock.after(operationMsMax, () => hangs.reject(new FolderHangs()))
    let isGivenUp = false
    try {
      return await Promise.race([this.#whenFree(operation, () => isGivenUp), hangs.promise])
    } finally {
      isGivenUp = true
      cancel()
    }
  }

  async #whenFree<T>(operation: () => Promise<T>, isGivenUp: () => boolean): Promise<T> {
    if (this.#running >= operationsMax) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running += 1
    try {
      if (isGivenUp()) throw new FolderHangs()
      return await operation()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }
}

class FolderHangs extends Error {
  readonly code = 'FOLDER_HANGS'
}
