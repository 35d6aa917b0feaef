/**
 * `npm test`: vitest, with one thing more. A test file has no verdict when the engine ended its process: V8 of Node 18 to 24 does so
 * now and then (`Check failed: jit_page.has_value()`; others like it in nodejs/node 64500), whatever the file. Such a file
 * is run once more, and said to be. Two in one run, or one that ends so again, or any other failure, fails the run.
 */
import process from 'node:process'
import { createVitest, parseCLI, type TestModule, type TestRunResult } from 'vitest/node'

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const vitest = await createVitest('test', options)
try {
  const cutShort = onlyCutShort(await vitest.start(filter))
  if (cutShort) {
    process.stderr.write(`The engine ended the process of ${cutShort.relativeModuleId}, above: the file is run once more.\n`)
    process.exitCode = 0
    await vitest.runTestSpecifications([cutShort.toTestSpecification()])
    process.stderr.write(`Run twice, since the engine ended its process: ${cutShort.relativeModuleId}\n`)
  }
} finally {
  await vitest.exit()
}

/** The file whose process ended by a signal, if that is the only thing that kept the run from passing. */
function onlyCutShort({ testModules, unhandledErrors }: TestRunResult): TestModule | undefined {
  const [error, ...more] = unhandledErrors
  if (more.length > 0 || !isEndBySignal(error)) return undefined
  const [file, ...others] = testModules.filter((module) => module.state() !== 'passed' && module.state() !== 'skipped')
  const isWithoutVerdict = file?.state() === 'pending' || file?.state() === 'queued'
  return isWithoutVerdict && others.length === 0 ? file : undefined
}

/** By what it dies of itself: whoever kills a process from outside says SIGKILL or SIGTERM. */
function isEndBySignal(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && /^Worker exited unexpectedly with signal SIG(ABRT|TRAP|ILL|SEGV|BUS) /.test(cause.message)
}
