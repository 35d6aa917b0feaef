import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml'
import { isRecord, type JsonRecord } from '../../gateway/model/json.ts'
import { record, valueTexts } from '../language/raw.ts'
import type { Accept, Editing } from './editing.ts'

/** Takes a breach of a JSON Schema back where its place is described; of references their definition is changed. */
export function acceptInSchemas(editing: Editing, { element, rule, type }: Accept): boolean {
  const steps = element.split(/[.[\]]+/).filter((step) => step !== '' && !/^\d+$/.test(step))
  let isChanged = false
  for (const schema of schemasOf(editing, type)) {
    const owner = placeIn(editing, schema.node, steps.slice(0, -1))
    const place = placeIn(editing, schema.node, steps)
    if (rule === 'required' && owner !== null) isChanged = dropRequired(owner, steps.at(-1) ?? '') || isChanged
    else if (rule === 'unknown-member' && owner !== null) isChanged = owner.delete('additionalProperties') || isChanged
    else if (place !== null) isChanged = relax(editing, place, rule, learntAt(editing, schema.path, steps)) || isChanged
  }
  return isChanged
}

interface SchemaNode {
  readonly node: YAMLMap
  readonly path: readonly string[]
}

function schemasOf({ document }: Editing, type: string | null): readonly SchemaNode[] {
  const operations = document.get('operations')
  const groups = isMap(operations) ? operations.items : []
  const own = groups.filter(({ value }) => type === null || !isMap(value) || fits(value, type))
  const holders = [
    ...own.map(({ key, value }) => ({ path: ['operations', String(key)], value })),
    { path: [], value: document.contents },
  ]
  return holders.flatMap(({ path, value }) =>
    (['request', 'answer'] as const).flatMap((side) =>
      ['schema', 'error', 'rows'].flatMap((name): readonly SchemaNode[] => {
        const holder = isMap(value) ? value.get(side) : null
        const node = isMap(holder) ? holder.get(name) : null
        return isMap(node) ? [{ node, path: [...path, side, name] }] : []
      }),
    ),
  )
}

/** By its route, or by the value that tells it. */
function fits(operation: YAMLMap, type: string): boolean {
  const where = operation.get('where')
  const values = isMap(where) ? record(where.toJSON()).in : null
  if (Array.isArray(values)) return valueTexts(values).includes(type)
  const route = operation.get('route')
  return typeof route !== 'string' || route.replace('/**/', '/') === type || route === type
}

const depthMax = 8

function placeIn(editing: Editing, from: YAMLMap, steps: readonly string[]): YAMLMap | null {
  let at = resolved(editing, from, 0)
  for (const step of steps) {
    const properties = at === null ? null : at.get('properties')
    const next = isMap(properties) ? properties.get(step) : null
    at = isMap(next) ? resolved(editing, next, 0) : null
  }
  return at
}

/** Behind references, and of a list its items. */
function resolved(editing: Editing, node: YAMLMap, depth: number): YAMLMap | null {
  if (depth > depthMax) return null
  const reference = node.get('$ref')
  const target =
    typeof reference === 'string' ? editing.document.getIn(['definitions', reference.split('/').at(-1)]) : node.get('items')
  return isMap(target) ? resolved(editing, target, depth + 1) : node
}

function dropRequired(owner: YAMLMap, name: string): boolean {
  const list = owner.get('required')
  if (!isSeq(list)) return false
  const at = list.items.findIndex((item) => isScalar(item) && item.value === name)
  if (at < 0) return false
  list.items.splice(at, 1)
  if (list.items.length === 0) owner.delete('required')
  return true
}

const wordsOfRule: { readonly [rule: string]: readonly string[] } = {
  format: ['format', 'pattern'],
  length: ['minLength', 'maxLength'],
  range: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  cardinality: ['minItems', 'maxItems'],
  forbidden: ['not'],
}

function relax({ document }: Editing, place: YAMLMap, rule: string, learnt: JsonRecord): boolean {
  if (rule === 'table') {
    const known = valueTexts(record(place.toJSON()).enum)
    const added = valueTexts(learnt.enum).filter((value) => !known.includes(value))
    if (known.length === 0 || added.length === 0) return place.delete('enum') || place.delete('const')
    const list = document.createNode([...known, ...added])
    list.flow = true
    place.set('enum', list)
    return true
  }
  if (rule === 'type') {
    const said: unknown = place.get('type')
    if (typeof said !== 'string' || typeof learnt.type !== 'string' || said === learnt.type) return place.delete('type')
    const list = document.createNode([said, learnt.type])
    list.flow = true
    place.set('type', list)
    return true
  }
  return (wordsOfRule[rule] ?? []).map((word) => place.delete(word)).some(Boolean)
}

/** The same place of the contract that was learnt: its operations have names of their own, so any that has the place will do. */
function learntAt({ learnt }: Editing, path: readonly string[], steps: readonly string[]): JsonRecord {
  const [side, name] = path.slice(-2)
  for (const operation of Object.values(record(learnt.operations))) {
    const holder = isRecord(operation) && side !== undefined ? operation[side] : null
    let at: unknown = isRecord(holder) && name !== undefined ? holder[name] : null
    for (const step of steps) {
      const inner = isRecord(at) && isRecord(at.items) ? at.items : at
      at = isRecord(inner) && isRecord(inner.properties) ? inner.properties[step] : null
    }
    if (isRecord(at)) return at
  }
  return {}
}
