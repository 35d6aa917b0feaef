import { spawnSync } from 'node:child_process'
import { test } from 'vitest'
import { unbuiltConsole } from '../e2e/console-dist.ts'

/**
 * Why the tests with these programs can't run here, or null when they can. Says so as a skipped test; with TEST_PEERS=required, which CI
 * sets, as a failed one.
 */
export function missingPeers(programs: readonly (readonly string[])[]): string | null {
  const absent = programs.flatMap(([program = '', ...args]) => (spawnSync(program, args).status === 0 ? [] : [program]))
  return absent.length === 0 ? null : withoutPeers(`missing or not allowed here: ${absent.join(', ')}`)
}

/** The same where the console must be there too. */
export function missingPeersOrConsole(programs: readonly (readonly string[])[]): string | null {
  const unbuilt = unbuiltConsole()
  return missingPeers(programs) ?? (unbuilt === null ? null : withoutPeers(unbuilt))
}

/** The same for a reason that somebody else found. */
export function withoutPeers(reason: string): string {
  if (process.env.TEST_PEERS === 'required') {
    test(`the peers are there (${reason})`, () => {
      throw new Error(reason)
    })
  } else test.skipIf(true)(`with peers (${reason})`, () => {})
  return reason
}
