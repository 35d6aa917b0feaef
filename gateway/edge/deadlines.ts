import type { Instant } from '../model/time.ts'
import type { OpenExchange, Waiting } from './open.ts'

/**
 * The deadlines of one interface's open exchanges. Those that wait for the same thing wait equally long, so each kind is a
 * queue in order of arrival, and setting, moving and lifting a deadline cost the same whatever is open.
 */
export class Deadlines {
  readonly #queues: Readonly<Record<Waiting, Set<OpenExchange>>> = {
    ack: new Set(),
    late: new Set(),
    application: new Set(),
    settle: new Set(),
  }
  /** No deadline is earlier than this. */
  #nextAt: Instant = Number.POSITIVE_INFINITY

  /** Nothing passes before this. */
  get nextAt(): Instant {
    return this.#nextAt
  }

  get size(): number {
    const { ack, late, application, settle } = this.#queues
    return ack.size + late.size + application.size + settle.size
  }

  /** Sets what the exchange waits for, and until when. */
  set(open: OpenExchange, waiting: Waiting, deadlineAt: Instant): void {
    this.#queues[open.waiting].delete(open)
    open.waiting = waiting
    open.deadlineAt = deadlineAt
    this.#queues[waiting].add(open)
    if (deadlineAt < this.#nextAt) this.#nextAt = deadlineAt
  }

  lift(open: OpenExchange): void {
    this.#queues[open.waiting].delete(open)
  }

  /** Lifts and returns the next exchange whose deadline has passed at `at`, or null. */
  pass(at: Instant): OpenExchange | null {
    if (at < this.#nextAt) return null
    let first: OpenExchange | null = null
    for (const queue of Object.values(this.#queues)) {
      for (const open of queue.values().take(1)) {
        if (first === null || open.deadlineAt < first.deadlineAt) first = open
      }
    }
    if (first !== null && first.deadlineAt <= at) {
      this.lift(first)
      return first
    }
    this.#nextAt = first?.deadlineAt ?? Number.POSITIVE_INFINITY
    return null
  }

  /** All that are open, in order of their kind and arrival. */
  *all(): Generator<OpenExchange> {
    for (const queue of Object.values(this.#queues)) yield* queue
  }
}
