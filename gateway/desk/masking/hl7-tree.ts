import type { TreeNode } from '../../model/document.ts'
import type { Identity } from '../../model/identity.ts'
import type { TreeNodeAnswer } from '../api/shapes.ts'
import { suppressedRule } from './hl7-text.ts'
import { maskedLeaf, type Shown } from './masked-leaf.ts'
import { fieldRule, identityOf } from './rules.ts'
import { type SegmentFields, type Suppression, sensitiveSegments } from './sensitive-hl7.ts'
import { hidden, type Stretch } from './values.ts'

/** The tree of an HL7 v2 message with `*` over what must be hidden: the same fields as in its text. */
export function maskedHl7Tree(segments: readonly TreeNode[], shown: Shown): readonly TreeNodeAnswer[] {
  const sensitive = sensitiveSegments(segments.map(fieldsOf), shown.grants)
  return segments.map((segment, index) => {
    const place = { valueType: valueTypeOf(segment), suppression: sensitive[index] ?? null }
    return maskedNode(segment, shown, place)
  })
}

interface Place {
  /** OBX-2: whether OBX-5 is an embedded file. */
  readonly valueType: string | null
  readonly suppression: Suppression | null
}

function maskedNode(node: TreeNode, shown: Shown, place: Place): TreeNodeAnswer {
  const leaf = leafPath.exec(node.path)
  const { identity, stretches } = hiddenByField(node.value ?? '', leaf, shown, place)
  return {
    // MSH names systems, and its times and control ids look like anything.
    ...maskedLeaf(node, stretches, identity, shown, leaf !== null && leaf[1] !== 'MSH'),
    children: node.children.map((child) => maskedNode(child, shown, place)),
  }
}

const leafPath = /^([A-Z][A-Z0-9]{2})(?:\[\d+\])?-(\d+)(?:\[\d+\])?(?:\.(\d+))?/

function hiddenByField(
  value: string,
  leaf: RegExpExecArray | null,
  { grants }: Shown,
  { valueType, suppression }: Place,
): { readonly identity: Identity | null; readonly stretches: readonly Stretch[] } {
  const whole = { identity: null, stretches: [{ start: 0, end: value.length }] }
  if (leaf === null) return whole
  const [, segment = '', field = '', component = '1'] = leaf
  const isFile = segment === 'OBX' && field === '5' && component === '5' && (valueType === 'ED' || valueType === 'RP')
  if (isFile) return whole
  const rule = suppression?.isSuppressed(Number(field)) === true ? suppressedRule : fieldRule(segment, Number(field))
  if (rule === null || rule.plainComponents.has(Number(component))) return { identity: null, stretches: [] }
  const identity = identityOf(rule, Number(component))
  return { identity, stretches: hidden(identity, value, grants) }
}

function valueTypeOf(segment: TreeNode): string | null {
  return segment.children.find((child) => /^OBX(?:\[\d+\])?-2$/.test(child.path))?.value ?? null
}

/** The segment as its fields, as the walk of its text has them. */
function fieldsOf(segment: TreeNode): SegmentFields {
  const fields: string[] = [segment.path.slice(0, 3)]
  for (const child of segment.children) {
    const number = Number(/-(\d+)/.exec(child.path)?.[1] ?? 0)
    while (fields.length < number) fields.push('')
    fields[number] = [fields[number] ?? '', textIn(child)].filter((text) => text !== '').join('~')
  }
  return fields
}

function textIn(node: TreeNode): string {
  return node.value ?? node.children.map(textIn).join('^')
}
