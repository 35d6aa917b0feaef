import type { Instant } from '../model/time.ts'
import type { OpenExchange, Waiting } from './open.ts'

/**
 * The deadlines of one interface's open exchanges. Those that wait for the same thing wait equally long, so each kind is a
 * queue in order of arrival, and setting, moving and lifting a deadline cost the same whatever is open; but when the clock was
 * set back, what comes is due before what is there, and finds its place from the end. The queues run through the exchanges
 * themselves: a Set leaves its outgrown tables behind with what was in them, and the collector keeps it alive.
 */
export class Deadlines {
  readonly #queues: Readonly<Record<Waiting, Queue>> = {
    ack: { first: null, last: null },
    late: { first: null, last: null },
    application: { first: null, last: null },
    settle: { first: null, last: null },
  }
  #size = 0
  /** No deadline is earlier than this. */
  #nextAt: Instant = Number.POSITIVE_INFINITY

  /** Nothing passes before this. */
  get nextAt(): Instant {
    return this.#nextAt
  }

  get size(): number {
    return this.#size
  }

  /** Sets what the exchange waits for, and until when. */
  set(open: OpenExchange, waiting: Waiting, deadlineAt: Instant): void {
    this.lift(open)
    open.waiting = waiting
    open.deadlineAt = deadlineAt
    const queue = this.#queues[waiting]
    let before = queue.last
    while (before !== null && before.deadlineAt > deadlineAt) before = before.before
    const after = before === null ? queue.first : before.after
    open.before = before
    open.after = after
    if (before === null) queue.first = open
    else before.after = open
    if (after === null) queue.last = open
    else after.before = open
    open.isQueued = true
    this.#size += 1
    if (deadlineAt < this.#nextAt) this.#nextAt = deadlineAt
  }

  lift(open: OpenExchange): void {
    if (!open.isQueued) return
    const queue = this.#queues[open.waiting]
    const { before, after } = open
    if (before === null) queue.first = after
    else before.after = after
    if (after === null) queue.last = before
    else after.before = before
    open.before = null
    open.after = null
    open.isQueued = false
    this.#size -= 1
  }

  /** Lifts and returns the next exchange whose deadline has passed at `at`, or null. */
  pass(at: Instant): OpenExchange | null {
    if (at < this.#nextAt) return null
    let next: OpenExchange | null = null
    for (const { first } of Object.values(this.#queues)) {
      if (first !== null && (next === null || first.deadlineAt < next.deadlineAt)) next = first
    }
    if (next !== null && next.deadlineAt <= at) {
      this.lift(next)
      return next
    }
    this.#nextAt = next?.deadlineAt ?? Number.POSITIVE_INFINITY
    return null
  }

  /** All that are open, in order of their kind and deadline. */
  all(): readonly OpenExchange[] {
    const all: OpenExchange[] = []
    for (const { first } of Object.values(this.#queues)) {
      for (let open = first; open !== null; open = open.after) all.push(open)
    }
    return all
  }
}

interface Queue {
  first: OpenExchange | null
  last: OpenExchange | null
}
