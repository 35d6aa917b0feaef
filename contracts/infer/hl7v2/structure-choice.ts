import { createAutomaton } from '../../hl7v2/structure/automaton.ts'
import { type Grammar, segmentNames, writeGrammar } from '../../hl7v2/structure/grammar.ts'

/** What a contract says of the order of segments. */
export interface StructureChoice {
  /** Null: the standard's own holds. */
  readonly structure: string | null
  readonly note: string | null
  /** Segments that rules may name. Null: any. */
  readonly names: ReadonlySet<string> | null
}

const fitsShare = 0.99

/**
 * The narrowest order that the messages keep: the standard's; the standard's with what is sometimes missing made optional; the same with
 * further segments at the end; any order at all. `sequences`: segment names of messages with how many had them; `everywhere`: segments of all messages.
 */
export function chooseStructure(
  standard: Grammar | null,
  sequences: ReadonlyMap<string, number>,
  everywhere: ReadonlySet<string>,
): StructureChoice {
  const seen = new Set([...sequences.keys()].flatMap((names) => names.split(' ')))
  if (standard !== null) {
    const known = new Set(segmentNames(standard))
    if (fits(standard, sequences)) return { structure: null, note: null, names: known }
    const eased = ease(standard, everywhere)
    if (fits(eased, sequences))
      return { structure: writeGrammar(eased), note: 'the standard requires more segments than come', names: known }
    const extra = [...seen].filter((name) => !known.has(name)).toSorted()
    const longer: Grammar = {
      kind: 'sequence',
      of: [eased, ...extra.map((name): Grammar => ({ kind: 'repeat', of: { kind: 'segment', name }, min: 0, max: null }))],
    }
    if (extra.length > 0 && fits(longer, sequences))
      return {
        structure: writeGrammar(longer),
        note: `${extra.join(', ')} at the end: not of the standard`,
        names: new Set([...known, ...extra]),
      }
  }
  const note = standard === null ? 'no standard structure of this type is known' : 'the order is not the standard one'
  return { structure: 'MSH [{*}]', note, names: null }
}

function fits(grammar: Grammar, sequences: ReadonlyMap<string, number>): boolean {
  let fitting = 0
  let all = 0
  const automaton = automatonOf(grammar)
  if (automaton === null) return false
  for (const [names, count] of sequences) {
    all += count
    let spot: typeof automaton.start | null = automaton.start
    for (const name of names.split(' ')) spot = spot?.next(name) ?? null
    if (spot?.accepting === true) fitting += count
  }
  return all > 0 && fitting >= fitsShare * all
}

function automatonOf(grammar: Grammar): ReturnType<typeof createAutomaton> | null {
  try {
    return createAutomaton(grammar)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Segments that are not in every message may be absent. */
function ease(grammar: Grammar, everywhere: ReadonlySet<string>): Grammar {
  switch (grammar.kind) {
    case 'segment':
      return everywhere.has(grammar.name) ? grammar : { kind: 'repeat', of: grammar, min: 0, max: 1 }
    case 'repeat': {
      const of = ease(grammar.of, everywhere)
      const inner = of.kind === 'repeat' && of.max === 1 ? of.of : of
      const min = of.kind === 'repeat' && of.min === 0 ? 0 : grammar.min
      return { ...grammar, of: inner, min }
    }
    case 'sequence':
    case 'choice':
      return { ...grammar, of: grammar.of.map((part) => ease(part, everywhere)) }
    default:
      return grammar satisfies never
  }
}
