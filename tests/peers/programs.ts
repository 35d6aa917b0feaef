import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { isOpen } from '../support/ports.ts'

/** dcmtk would wait for delayed acknowledgments otherwise: 44 ms a message. */
const env = { ...process.env, TCP_NODELAY: '1' }

/** What a program that has ended said. */
export interface Ended {
  readonly code: number
  readonly said: string
}

export function run(program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, args, { env, maxBuffer: 64 * 1_048_576 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, said: `${stdout}${stderr}` })
    })
  })
}

/** Starts a program that listens on a port, and waits until it does. */
export async function listening(program: string, args: readonly string[], port: number): Promise<AsyncDisposable> {
  const child = spawn(program, args, { env, stdio: 'ignore' })
  const ended = once(child, 'exit')
  while (!(await isOpen(port))) {
    if (child.exitCode !== null) throw new Error(`${program} has ended with ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
