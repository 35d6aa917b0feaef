import process from 'node:process'
import { known } from '../app.ts'
import { loadConfig } from '../config/config.ts'
import type { Problem } from '../config/problems.ts'
import { failure } from '../model/failures.ts'
import { readArguments } from './arguments.ts'

/** Says everything that is wrong with a configuration: a line each on standard output. 0 fine (warnings or not), 2 broken. */
export async function checkConfig(args: readonly string[]): Promise<number> {
  const usage = 'auscult check-config FILE'
  const [file, ...more] = readArguments(args, {}, usage).positionals
  if (file === undefined || more.length > 0) throw failure('ARGUMENTS_INVALID', `one file, please; usage: ${usage}`)
  const { config, problems } = await loadConfig(file, await known())
  for (const problem of problems) process.stdout.write(`${problemLine(problem)}\n`)
  const errorCount = problems.filter((p) => p.severity === 'error').length
  const warningCount = problems.length - errorCount
  const summary = config
    ? `fine: ${config.catalogue.interfaces.length} interfaces, ${config.catalogue.systems.length} systems`
    : `${errorCount} to correct`
  process.stderr.write(`auscult: ${file}: ${summary}${warningCount > 0 ? `, ${warningCount} warnings` : ''}\n`)
  return config ? 0 : 2
}

/** `file:line:column key: error: what is wrong`. */
export function problemLine(problem: Problem): string {
  const { file, line, column, key } = problem.place
  const spot = [file, line, column].filter((part) => part !== undefined).join(':')
  return `${spot}${key === undefined ? '' : ` ${key}`}: ${problem.severity}: ${problem.message}`
}
