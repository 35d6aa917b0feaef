import type { Failure } from '../../gateway/model/failure.ts'
import { failure } from '../../gateway/model/failures.ts'
import { type Range, readRange } from './range.ts'
import { text } from './raw.ts'
import type { KeyPath, Source } from './source.ts'
import { readFormat, type ValueFormat } from './value-format.ts'

/** A contract that is being read: its YAML has passed the language's schema, and what a schema can't say is checked and collected here. */
export interface Reader {
  readonly source: Source
  readonly problems: Failure[]
}

export function report(
  { source, problems }: Reader,
  path: KeyPath,
  message: string,
  options?: { readonly atKey?: boolean; readonly offset?: number },
): void {
  problems.push(source.problem(path, message, options))
}

export function formatOf(reader: Reader, path: KeyPath, source: string): ValueFormat | null {
  const { format, problem } = readFormat(source)
  if (problem !== null) report(reader, path, problem)
  return format
}

/** `examples` say what would be a range. */
export function rangeOf(reader: Reader, path: KeyPath, value: unknown, examples = '1..*, 0..5, ..250 or 3'): Range | null {
  if (value === undefined) return null
  const range = readRange(text(value))
  if (range === null) report(reader, path, `must be a range as ${examples}`)
  return range
}

export function inFileOrder(problems: readonly Failure[]): readonly Failure[] {
  return problems.toSorted((a, b) => (a.place.line ?? 0) - (b.place.line ?? 0) || (a.place.column ?? 0) - (b.place.column ?? 0))
}

/** CONTRACT_INVALID with all problems in its text, in the order of the file, and the first one's place. */
export function refusal(problems: readonly Failure[], file: string): Failure {
  const sorted = inFileOrder(problems)
  const [first] = sorted
  const lines = sorted.map(
    ({ message, place }) =>
      `line ${place.line ?? 1}, column ${place.column ?? 1}${place.key ? ` (${place.key})` : ''}: ${message}`,
  )
  const told = sorted.length === 1 ? (first?.message ?? '') : `${sorted.length} problems\n  ${lines.join('\n  ')}`
  return failure('CONTRACT_INVALID', told, { place: first?.place ?? { file } })
}
