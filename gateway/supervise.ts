import { type ChildProcess, spawn } from 'node:child_process'
import process from 'node:process'
import type { Logger } from './model/logger.ts'
import type { Clock, Millis } from './model/time.ts'
import { findRunning, isAlive, type Running } from './run-folder.ts'

export type Role = 'edge' | 'analysis' | 'desk'

/**
 * What V8 is told for each role. Analysis takes 2,000 exchanges at a time and makes garbage of nearly all that it read of them: with room for a batch in the
 * young generation it does 8 % more an hour of processor time; and V8 may not judge by the places where some of it outlived a collection that what is made
 * there is better made old at once: whatever such a dead object points at, and that is most of a message, outlives the collections too (a quarter of the
 * whole time, in processes that had it so). The edge's forwarding makes next to no garbage, and is to stay small; where several threads share one
 * collection of some milliseconds they wait for each other longer than it takes one of them (docs/performance.md).
 */
export const engineFlags: { readonly [role in Role]: readonly string[] } = {
  edge: ['--max-semi-space-size=4', '--no-parallel-scavenge'],
  analysis: ['--max-semi-space-size=64', '--no-allocation-site-pretenuring'],
  desk: [],
}

/** What the C library is told for each role: the edge's threads share one heap, so that neither keeps free pages that the other could use. */
export const engineEnvironment: { readonly [role in Role]: { readonly [name: string]: string } } = {
  edge: { MALLOC_ARENA_MAX: '1' },
  analysis: {},
  desk: {},
}

export interface SuperviseOptions {
  readonly roles: readonly Role[]
  readonly dataFolder: string
  /** Command line that runs one role in the foreground. */
  command(role: Role): readonly string[]
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly stopTimeoutMs?: Millis
}

export interface Supervisor {
  /** Passes a SIGHUP on to every role. */
  reload(): void
  /** Stops the roles, the edge first, so that what it saw is still read. */
  stop(): Promise<void>
  /** Settles when a role can't be started at all (its exit code), or after `stop` (0). */
  readonly ended: Promise<number>
}

/**
 * Keeps each role running as a process of its own. A role that dies is started again at once; one that keeps ending by
 * itself is started again after a growing pause. Roles outlive a killed supervisor, and the next supervisor takes them over.
 */
export function supervise(options: SuperviseOptions): Supervisor {
  const ended = Promise.withResolvers<number>()
  const posts = options.roles.map((role) => new Post(role, options, (code) => ended.resolve(code)))
  for (const post of posts) post.fill()
  return {
    reload() {
      for (const post of posts) post.signal('SIGHUP')
    },
    async stop() {
      // A Ctrl-C reaches the roles as well as us: none of them is to be started again.
      for (const post of posts) post.retire()
      for (const post of posts) await post.close()
      ended.resolve(0)
    },
    ended: ended.promise,
  }
}

const pollMs = 250
const shortLifeMs = 10_000
const pauseMsMax = 5_000
const badInput = 2

/** One role's place: empty, or filled by our child, or by a process that an earlier supervisor left. */
class Post {
  readonly #role: Role
  readonly #options: SuperviseOptions
  readonly #giveUp: (code: number) => void
  #child: ChildProcess | null = null
  #adopted: Running | null = null
  #failures = 0
  #hasRun = false
  #isClosing = false
  #cancel: () => void = () => {}

  constructor(role: Role, options: SuperviseOptions, giveUp: (code: number) => void) {
    this.#role = role
    this.#options = options
    this.#giveUp = giveUp
  }

  fill(): void {
    if (this.#isClosing) return
    this.#adopted = findRunning(this.#options.dataFolder, this.#role)
    if (this.#adopted) {
      this.#hasRun = true
      this.#options.logger.info({ role: this.#role, pid: this.#adopted.pid }, 'role is running already: taken over')
      this.#watchAdopted()
      return
    }
    this.#start()
  }

  signal(name: NodeJS.Signals): void {
    const pid = this.#child?.pid ?? this.#adopted?.pid
    if (pid === undefined) return
    try {
      process.kill(pid, name)
    } catch {
      // It died meanwhile; whoever watches it sees that.
    }
  }

  /** From now on nobody is started here. */
  retire(): void {
    this.#isClosing = true
    this.#cancel()
  }

  /** Asks the role to end, and ends it when it doesn't. */
  async close(): Promise<void> {
    this.retire()
    this.signal('SIGTERM')
    const { clock, stopTimeoutMs = 15_000 } = this.#options
    const until = clock.monotonic() + stopTimeoutMs
    while (this.#isFilled() && clock.monotonic() < until) await new Promise<void>((resolve) => clock.after(50, resolve))
    if (this.#isFilled()) this.signal('SIGKILL')
  }

  #isFilled(): boolean {
    if (this.#child) return this.#child.exitCode === null && this.#child.signalCode === null
    return this.#adopted !== null && isAlive(this.#adopted)
  }

  #start(): void {
    const [program = process.execPath, ...args] = this.#options.command(this.#role)
    const startedAt = this.#options.clock.monotonic()
    // Inherited streams: a role's output must not break when the supervisor is killed.
    const child = spawn(program, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...engineEnvironment[this.#role] },
    })
    this.#child = child
    child.on('error', () => this.#giveUp(1))
    child.on('exit', (code, signal) => {
      this.#child = null
      if (!this.#isClosing) this.#refill(code, signal, this.#options.clock.monotonic() - startedAt)
    })
  }

  #refill(code: number | null, signal: NodeJS.Signals | null, livedMs: Millis): void {
    const other = findRunning(this.#options.dataFolder, this.#role)
    if (code === badInput && !this.#hasRun && !other) {
      this.#giveUp(code)
      return
    }
    this.#hasRun = true
    this.#failures = signal !== null || livedMs > shortLifeMs ? 0 : this.#failures + 1
    const delayMs = this.#failures === 0 ? 0 : Math.min(100 * 2 ** this.#failures, pauseMsMax)
    this.#options.logger.warn({ role: this.#role, code, signal, delayMs }, 'role ended: starting it again')
    this.#cancel = this.#options.clock.after(delayMs, () => this.fill())
  }

  #watchAdopted(): void {
    this.#cancel = this.#options.clock.after(pollMs, () => {
      if (this.#adopted && isAlive(this.#adopted)) this.#watchAdopted()
      else this.fill()
    })
  }
}
