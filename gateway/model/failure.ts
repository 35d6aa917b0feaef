/** Where bad input was found. Lines and columns count from 1. */
export interface Place {
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** The key's path, as `interfaces[3].source.proxy.listen`. */
  readonly key?: string
}

/**
 * An expected failure: bad input, a missing file, a full disk. It carries a code of the table in `failures.ts`,
 * says what is wrong and what the person should do. A bug throws a plain Error instead.
 * The text never carries a body or an identifier.
 */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: string
  readonly advice: string
  readonly place: Place
  constructor(options: { code: string; message: string; advice: string; place?: Place; cause?: unknown }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code
    this.advice = options.advice
    this.place = options.place ?? {}
  }
}

/** One line for a terminal: where, what, code, what to do. */
export function failureLine(failure: Failure): string {
  const { file, line, column, key } = failure.place
  const spot = [file, line, column].filter((part) => part !== undefined).join(':')
  const where = [spot, key].filter((part) => part !== undefined && part !== '').join(' ')
  return `${where === '' ? '' : `${where}: `}${failure.message} [${failure.code}] ${failure.advice}`
}
