import { type FSWatcher, watch } from 'node:fs'
import type { Clock, Millis } from '../model/time.ts'

/** Wakes waiters when a folder changes: told by the system where it can, and by looking now and then, so that nothing is missed. */
export class FolderWatch {
  readonly #folder: string
  readonly #clock: Clock
  #watcher: FSWatcher | null = null
  #wakers = new Set<() => void>()

  constructor(folder: string, clock: Clock) {
    this.#folder = folder
    this.#clock = clock
  }

  /** Resolves when `isDue` says so, after `waitMs`, on abort or on close. Asks at once, at each change, and now and then. */
  async wait(isDue: () => Promise<boolean>, waitMs: Millis, signal: AbortSignal): Promise<void> {
    const untilMs = this.#clock.monotonic() + waitMs
    this.#watcher ??= this.#begin()
    while (!signal.aborted) {
      const leftMs = untilMs - this.#clock.monotonic()
      // Listen before asking: a change that comes while we ask must still wake us.
      const change = this.#nextChange(signal, Math.min(leftMs, this.#watcher === null ? blindMs : lookMs))
      try {
        if (leftMs <= 0 || (await isDue()) || (await change.happened)) return
      } finally {
        change.cancel()
      }
    }
  }

  close(): void {
    this.#watcher?.close()
    this.#watcher = null
    this.#wake()
  }

  /** `happened` is true for a change, false when it is only time to look again. */
  #nextChange(signal: AbortSignal, delayMs: Millis) {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const onChange = () => resolve(true)
    this.#wakers.add(onChange)
    signal.addEventListener('abort', onChange, { once: true })
    const stop = this.#clock.after(Math.max(1, delayMs), () => resolve(false))
    const cancel = () => {
      this.#wakers.delete(onChange)
      signal.removeEventListener('abort', onChange)
      stop()
    }
    return { cancel, happened: promise }
  }

  #wake(): void {
    for (const wake of this.#wakers) wake()
  }

  /** Null where the folder isn't there yet, or the system has no watchers left. */
  #begin(): FSWatcher | null {
    try {
      const watcher = watch(this.#folder, { persistent: false }, () => this.#wake())
      watcher.on('error', () => {
        watcher.close()
        if (this.#watcher === watcher) this.#watcher = null
      })
      return watcher
    } catch {
      return null
    }
  }
}

/** How often to look with a watcher (network folders tell nothing) and without one. */
const lookMs = 500
const blindMs = 50
