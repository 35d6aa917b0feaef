import { isRecord } from '../../../gateway/model/json.ts'
import { conditionPaths } from '../../language/condition.ts'
import type { AttributePath } from '../attribute-path.ts'
import type { RuleSet } from '../contract.ts'
import { attributeIn, type JsonDataSet, membersIn, type Stretches, tagIn, valuesOf, vrOf } from '../json-model.ts'

/** The attributes that rules name, by tag, each with those that they name in its items. */
export type Named = ReadonlyMap<string, Named>

/** Those that have a rule, or that a condition asks for. */
export function namedBy({ attributes, assertions }: RuleSet): Named {
  const root: Growing = new Map()
  for (const { path, when } of attributes) {
    name(root, path)
    if (when !== null) for (const asked of conditionPaths(when)) name(root, asked)
  }
  for (const { when, require, at } of assertions) {
    for (const condition of when === null ? [require] : [when, require])
      for (const asked of conditionPaths(condition)) name(root, asked)
    if (at !== null) name(root, at)
  }
  return root
}

interface Growing extends Map<string, Growing> {}

function name(root: Growing, path: AttributePath): void {
  let here = root
  for (const tag of path) {
    const below = here.get(tag) ?? new Map()
    here.set(tag, below)
    here = below
  }
}

/** A data set as an object of the DICOM JSON Model, with its named attributes alone: rules ask for thirty of the hundreds that an image has. */
export function pickNamed(named: Named, set: Stretches): JsonDataSet {
  const picked: { [tag: string]: unknown } = {}
  for (const member of set.flatMap(membersIn)) {
    const tag = tagIn(member)
    const below = named.get(tag)
    if (below === undefined) continue
    picked[tag] = pickWithin(below, attributeIn(member))
  }
  return picked
}

/** An attribute as it stands in such an object: of a sequence its items are made ones too. */
export function pickWithin(below: Named, attribute: unknown): unknown {
  if (vrOf(attribute) !== 'SQ') return attribute
  const items = valuesOf(attribute)
  if (items.length === 0 || !isRecord(attribute)) return attribute
  return { ...attribute, Value: items.map((item) => (Array.isArray(item) ? pickNamed(below, item) : item)) }
}
