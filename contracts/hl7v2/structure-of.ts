import { type Hl7Version, nearestVersion, segmentSpec } from '../../gateway/model/hl7v2/spec.ts'
import { type Grammar, readGrammar } from './structure/grammar.ts'
import { older, sharedBy, structures } from './structures.ts'

/** The structure's id for a message type as `ORU^R01` (`ACK^A01` and `ACK` are `ACK`), or null where the tables have none. */
export function structureIdOf(type: string): string | null {
  const [code = '', event = ''] = type.split('^')
  if (code === 'ACK') return 'ACK'
  const shared = structureByType.get(`${code}^${event}`)
  if (shared !== undefined) return shared
  const own = `${code}_${event}`
  return Object.hasOwn(structures, own) ? own : null
}

/** Message types that the tables have a structure for, as `ORU^R01`; acknowledgments as `ACK`. */
export function knownMessageTypes(): readonly string[] {
  const named = Object.keys(structures).filter((id) => !Object.hasOwn(sharedBy, id))
  return [...structureByType.keys(), ...named.map((id) => id.replace('_', '^'))]
}

/** Whether the tables have a structure of that id. */
export function isStructureId(id: string): boolean {
  return Object.hasOwn(structures, id)
}

/**
 * The structure as that version of the standard has it: segments that the version doesn't have are left out, and groups that can't
 * be without them. Any MSH-12 may be given. Null for an unknown id.
 */
export function standardStructure(version: string | null, id: string): Grammar | null {
  const text = textOf(nearestVersion(version), id)
  if (text === null) return null
  const { grammar, problem } = readGrammar(text)
  if (problem !== null) throw new Error(`structure ${id}: ${problem.text}`)
  return prune(grammar, (name) => name === '*' || segmentSpec(version, name) !== null)
}

const structureByType: ReadonlyMap<string, string> = new Map(
  Object.entries(sharedBy).flatMap(([id, types]) => types.map((type) => [type, id] as const)),
)

const order: readonly Hl7Version[] = ['2.3.1', '2.4', '2.5', '2.5.1', '2.6']

function textOf(version: Hl7Version, id: string): string | null {
  const before = Object.hasOwn(older, id) ? older[id] : undefined
  if (before !== undefined && order.indexOf(version) <= order.indexOf(before.until)) return before.segments
  return Object.hasOwn(structures, id) ? (structures[id] ?? null) : null
}

/** The grammar without the segments that don't exist; null when it can't be without one of them. */
function prune(grammar: Grammar, exists: (name: string) => boolean): Grammar | null {
  switch (grammar.kind) {
    case 'segment':
      return exists(grammar.name) ? grammar : null
    case 'sequence': {
      const kept: Grammar[] = []
      for (const part of grammar.of) {
        const pruned = prune(part, exists)
        if (pruned !== null) kept.push(pruned)
        else if (part.kind !== 'repeat' || part.min > 0) return null
      }
      return { kind: 'sequence', of: kept }
    }
    case 'choice': {
      const kept = grammar.of.map((option) => prune(option, exists)).filter((option) => option !== null)
      return kept.length === 0 ? null : { kind: 'choice', of: kept }
    }
    case 'repeat': {
      const of = prune(grammar.of, exists)
      return of === null ? null : { ...grammar, of }
    }
    default:
      return grammar satisfies never
  }
}
