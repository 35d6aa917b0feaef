import process from 'node:process'
import { type Command, commands } from './commands/commands.ts'
import { Failure, failureLine } from './model/failure.ts'
import { failure } from './model/failures.ts'

/** The border of the program: arguments in, exit code out, and no stack trace for anything that a person can put right. */
process.exitCode = await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<number> {
  try {
    const [name = 'help', ...args] = argv
    const load = commands[name]
    if (!load) throw failure('ARGUMENTS_INVALID', `unknown command "${name}"`)
    const command: Command = await load()
    return await command(args)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    process.stderr.write(`auscult: ${failureLine(error)}\n`)
    return 2
  }
}
