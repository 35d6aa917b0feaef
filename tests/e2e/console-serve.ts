/** `node tests/e2e/console-serve.ts [PORT]`: the console on its fixture, for people who work on it. Ends with Ctrl-C. */
import process from 'node:process'
import { startConsoleFixture } from './console-fixture.ts'

const fixture = await startConsoleFixture({ port: Number(process.argv[2] ?? 0) })
process.stdout.write(`${await fixture.signInLink('admin')}\n`)
process.on('SIGINT', () => void fixture[Symbol.asyncDispose]().then(() => process.exit(0)))
process.on('SIGTERM', () => void fixture[Symbol.asyncDispose]().then(() => process.exit(0)))
