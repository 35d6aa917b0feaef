import type { Failure } from '../../../gateway/model/failure.ts'
import { readRange } from '../../language/range.ts'
import type { KeyPath, Source } from '../../language/source.ts'
import { type Grammar, readGrammar } from '../structure/grammar.ts'

interface Collector {
  readonly source: Source
  readonly problems: Failure[]
}

/**
 * A structure as a contract writes it: compact notation, or a list whose items are compact notation, `{segment, repeats}`,
 * `{group, repeats, of}` or `{anyOf}`. Problems go to the collector; null when there was one.
 */
export function readStructure(value: unknown, path: KeyPath, collector: Collector): Grammar | null {
  if (typeof value === 'string') return readText(value, path, collector)
  if (!Array.isArray(value)) return null
  const parts = value.map((item, i) => readItem(item, [...path, i], collector))
  const whole = parts.filter((part) => part !== null)
  return whole.length === parts.length ? { kind: 'sequence', of: whole } : null
}

function readText(value: string, path: KeyPath, collector: Collector): Grammar | null {
  const { grammar, problem } = readGrammar(value)
  if (problem === null) return grammar
  collector.problems.push(
    collector.source.problem(path, `the structure can't be read: ${problem.text}`, { offset: problem.offset }),
  )
  return null
}

function readItem(item: unknown, path: KeyPath, collector: Collector): Grammar | null {
  if (typeof item === 'string') return readText(item, path, collector)
  if (typeof item !== 'object' || item === null) return null
  const inner = innerOf(item, path, collector)
  if (inner === null) return null
  const repeats = 'repeats' in item && typeof item.repeats === 'string' ? readRange(item.repeats) : { min: 1, max: 1 }
  if (repeats === null || repeats.max === 0 || (repeats.max ?? 0) > 100 || repeats.min > 100) {
    collector.problems.push(
      collector.source.problem([...path, 'repeats'], 'must be a range as 0..1, 1..* or 2..5, of 100 at most'),
    )
    return null
  }
  return repeats.min === 1 && repeats.max === 1 ? inner : { kind: 'repeat', of: inner, ...repeats }
}

function innerOf(item: object, path: KeyPath, collector: Collector): Grammar | null {
  const ways = ['segment', 'of', 'anyOf'].filter((key) => key in item)
  if (ways.length !== 1) {
    collector.problems.push(collector.source.problem(path, 'needs exactly one of "segment", "of" and "anyOf"'))
    return null
  }
  if ('segment' in item && typeof item.segment === 'string') return { kind: 'segment', name: item.segment }
  if ('of' in item) return readStructure(item.of, [...path, 'of'], collector)
  if (!('anyOf' in item) || !Array.isArray(item.anyOf)) return null
  const options = item.anyOf.map((option, i) => readItem(option, [...path, 'anyOf', i], collector))
  const whole = options.filter((option) => option !== null)
  return whole.length === options.length ? { kind: 'choice', of: whole } : null
}
