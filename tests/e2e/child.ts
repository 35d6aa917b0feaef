import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { tell } from '../support/told.ts'

/** The project's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A process of ours: what it said so far, and its end. */
export interface Child {
  readonly process: ChildProcess
  readonly output: () => string
  readonly errors: () => string
  /** SIGTERM, then SIGKILL after `withinMs`. Resolves to the exit code; null = killed by a signal. */
  stop(withinMs?: number): Promise<number | null>
}

/** Starts a TypeScript program of ours with this Node. */
export function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Child {
  const env = { ...process.env, ...environment }
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env })
  let output = ''
  let errors = ''
  child.stdout.on('data', (part) => {
    output = lastOf(output + String(part))
  })
  const isProduct = args.some((arg) => arg.endsWith('gateway/cli.ts'))
  child.stderr.setEncoding('utf8').on('data', (part) => {
    errors = lastOf(errors + String(part))
    if (isProduct) tell('log', String(part))
  })
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  return {
    process: child,
    output: () => output,
    errors: () => errors,
    async stop(withinMs = 10_000) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      child.kill('SIGTERM')
      const kill = setTimeout(() => child.kill('SIGKILL'), withinMs)
      const code = await ended
      clearTimeout(kill)
      return code
    },
  }
}

/** The last 64 KiB, in whole lines: enough to say why something failed; `ready` is kept because it is looked for at once. */
function lastOf(said: string): string {
  if (said.length <= saidMax) return said
  return said.slice(said.indexOf('\n', said.length - saidMax) + 1)
}

const saidMax = 65_536

/** Runs a command to its end; its standard output, trimmed. Rejects when it fails. */
export async function once(args: readonly string[]): Promise<string> {
  const child = run(args)
  const code = await new Promise<number | null>((resolve) => child.process.on('close', resolve))
  if (code !== 0) throw new Error(`${args.slice(1).join(' ')} ended with ${code}: ${child.errors()}`)
  return child.output().trim()
}

/** Asks twice a second until it is so. Rejects with what the process said when it ended or `withinMs` passed, which is patience and no expectation. */
export async function eventually(what: string, withinMs: number, isSo: () => Promise<boolean>, child: Child): Promise<void> {
  const endsAt = performance.now() + withinMs
  while (!(await isSo().catch(() => false))) {
    const ended = child.process.exitCode !== null || child.process.signalCode !== null
    if (ended || performance.now() > endsAt)
      throw new Error(`never happened: ${what}${ended ? ' (its process ended)' : ''}\n${child.errors()}`)
    await delay(500)
  }
}
