import { type ParseArgsConfig, parseArgs } from 'node:util'
import { failure } from '../model/failures.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/** Node's own argument parser, with its complaints as ARGUMENTS_INVALID. */
export function readArguments<const O extends Options>(args: readonly string[], options: O, usage: string) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('.')[0] ?? '') : 'the arguments cannot be read'
    throw failure('ARGUMENTS_INVALID', `${message}; usage: ${usage}`, { cause })
  }
}
