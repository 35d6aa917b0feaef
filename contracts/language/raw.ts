import type { Failure } from '../../gateway/model/failure.ts'
import { failure } from '../../gateway/model/failures.ts'

/** Something of a contract's YAML that has passed its language's schema. */
export type Raw = { readonly [key: string]: unknown }

export function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function record(value: unknown): Raw {
  return isRecord(value) ? value : {}
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** CONTRACT_INVALID with all problems in its text, in the order of the file, and the first one's place. */
export function refusal(problems: readonly Failure[], file: string): Failure {
  const sorted = problems.toSorted(
    (a, b) => (a.place.line ?? 0) - (b.place.line ?? 0) || (a.place.column ?? 0) - (b.place.column ?? 0),
  )
  const [first] = sorted
  const lines = sorted.map(
    ({ message, place }) =>
      `line ${place.line ?? 1}, column ${place.column ?? 1}${place.key ? ` (${place.key})` : ''}: ${message}`,
  )
  const told = sorted.length === 1 ? (first?.message ?? '') : `${sorted.length} problems\n  ${lines.join('\n  ')}`
  return failure('CONTRACT_INVALID', told, { place: first?.place ?? { file } })
}
