import { dataTypeSpec, segmentSpec } from '../../../gateway/model/hl7v2/spec.ts'
import { type Delimiters, isEmpty, isNull, type MessageView, part } from '../../hl7v2/check/message-text.ts'
import type { PlaceRules } from '../tree-tally.ts'

type Repetition = string | null | { readonly [component: string]: string | null }
type SegmentTree = { readonly [field: string]: readonly Repetition[] }

const fieldsMax = 200
const componentsMax = 30

/**
 * A message as a learner counts it: segments by name, their filled fields by number, each a list of repetitions, of composite types by component. What is
 * empty is left out; an HL7 null is null.
 */
export function messageTree(
  { segments, delimiters }: MessageView,
  version: string,
): { readonly [name: string]: SegmentTree[] } {
  const tree = new Map<string, SegmentTree[]>()
  for (const [name = '', ...fields] of segments) {
    if (!/^[A-Z][A-Z0-9]{2}$/.test(name)) continue
    const known = tree.get(name) ?? []
    tree.set(name, known)
    known.push(segmentTree(name, fields.slice(0, fieldsMax), delimiters, version))
  }
  return Object.fromEntries(tree)
}

function segmentTree(segment: string, fields: readonly string[], delimiters: Delimiters, version: string): SegmentTree {
  const spec = segmentSpec(version, segment)
  const filled = fields.flatMap((text, i): readonly (readonly [string, readonly Repetition[]])[] => {
    const number = i + 1
    if ((segment === 'MSH' && number <= 2) || isEmpty(text, delimiters)) return []
    const type = spec?.fields[i]?.dataType ?? null
    const repetitions = text.split(delimiters.repetition).filter((one) => !isEmpty(one, delimiters))
    return [[String(number), repetitions.map((one) => repetitionOf(one, type, delimiters, version))]]
  })
  return Object.fromEntries(filled)
}

function repetitionOf(text: string, type: string | null, delimiters: Delimiters, version: string): Repetition {
  if (isNull(text)) return null
  const isComposite = type !== null && type !== 'varies' && (dataTypeSpec(version, type)?.components.length ?? 0) > 1
  if (!isComposite) return text
  const parts = text.split(delimiters.component, componentsMax)
  return Object.fromEntries(
    parts.flatMap((text, i) => {
      // What a contract says of a component's values is said of its first subcomponent.
      const first = isNull(text) ? null : part(text, delimiters.subcomponent, 1)
      return isEmpty(text, delimiters) ? [] : [[String(i + 1), first]]
    }),
  )
}

/** Types whose first component is a code of a dictionary. */
const codedTypes: ReadonlySet<string> = new Set(['CE', 'CWE', 'CNE', 'CF'])
const flagTypes: ReadonlySet<string> = new Set(['ID', 'IS'])

/** Coded places by the data types of HL7, and those alone: nobody's name or number stands in a dictionary. */
export function placeRules(version: string): PlaceRules {
  const typeOf = (segment: string, field: number) => segmentSpec(version, segment)?.fields[field - 1]?.dataType ?? ''
  return {
    isCoded([segment = '', field = '', component]) {
      const type = typeOf(segment, Number(field))
      if (component === undefined) return flagTypes.has(type)
      if (codedTypes.has(type)) return component === '1' || component === '3'
      // Rooms and beds: where somebody lies is no dictionary.
      if (type === 'PL') return component === '1' || component === '4'
      const part = dataTypeSpec(version, type)?.components[Number(component) - 1]?.dataType ?? ''
      return flagTypes.has(part) || part === 'HD'
    },
    isTrigger: (steps) => steps.length === 2 && flagTypes.has(typeOf(steps[0] ?? '', Number(steps[1]))),
  }
}
