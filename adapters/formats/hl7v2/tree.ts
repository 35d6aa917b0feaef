import type { TreeNode } from '../../../gateway/model/document.ts'
import { tableMeaning } from '../../../gateway/model/hl7v2/codes.ts'
import { componentName, fieldName, segmentName } from '../../../gateway/model/hl7v2/names.ts'
import { dataTypeSpec, type FieldSpec, segmentSpec } from '../../../gateway/model/hl7v2/spec.ts'
import { partOf } from './fields.ts'
import { fieldOf, type Message, resolved } from './message.ts'
import { isHeader } from './segments.ts'

/** Most nodes of one tree; a person reads no more, and a console draws no more. */
const nodesMax = 20_000

interface Growing {
  readonly message: Message
  readonly version: string | null
  nodeCount: number
}

/**
 * The message for people: segments, fields, repetitions, components and subcomponents that hold something, with their names
 * and what the tables say of coded values. Names come from the version that MSH-12 states.
 */
export function treeOf(message: Message): readonly TreeNode[] {
  const msh = message.segments[message.mshIndex]
  const stated = msh === undefined ? null : fieldOf(message.text, msh, 12, message.delimiters)
  const growing: Growing = { message, version: stated && partOf(stated, message.delimiters.component, 1), nodeCount: 0 }
  const counts = new Map<string, number>()
  return message.segments.map((segment) => {
    const name = message.text.slice(segment.start, segment.nameEnd)
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    const fields = message.text.slice(segment.start, segment.end).split(message.delimiters.field)
    if (isHeader(segment.key)) fields.splice(1, 0, message.delimiters.field)
    return segmentNode(growing, { name, path: count === 1 ? name : `${name}[${count}]`, fields })
  })
}

function segmentNode(
  growing: Growing,
  segment: { readonly name: string; readonly path: string; readonly fields: readonly string[] },
): TreeNode {
  growing.nodeCount++
  const { name, path } = segment
  const spec = segmentSpec(growing.version, name)
  const isHead = name === 'MSH' || name === 'BHS' || name === 'FHS'
  // The type of OBX-5 is what OBX-2 says.
  const observed = name === 'OBX' ? (segment.fields[2] ?? '') : ''
  const children = segment.fields.slice(1).flatMap((text, i): readonly TreeNode[] => {
    const number = i + 1
    if (text === '' || growing.nodeCount >= nodesMax) return []
    const known = spec?.fields[i] ?? null
    const dataType = known?.dataType === 'varies' && observed !== '' ? observed : (known?.dataType ?? null)
    const field = {
      path: `${path}-${number}`,
      name: fieldName(growing.version, name, number),
      dataType,
      table: known?.table ?? null,
    }
    return isHead && number <= 2 ? [leaf(growing, field, text)] : fieldNodes(growing, field, text)
  })
  return { path, name: segmentName(name), dataType: null, value: null, meaning: null, children }
}

interface Labelled {
  readonly path: string
  readonly name: TreeNode['name']
  readonly dataType: string | null
  readonly table: string | null
}

function fieldNodes(growing: Growing, field: Labelled, text: string): readonly TreeNode[] {
  const { repetition } = growing.message.delimiters
  if (!text.includes(repetition)) return [compositeNode(growing, field, text)]
  return text.split(repetition).flatMap((one, i) => {
    if (one === '' || growing.nodeCount >= nodesMax) return []
    return [compositeNode(growing, { ...field, path: i === 0 ? field.path : `${field.path}[${i + 1}]` }, one)]
  })
}

/** A field's repetition: with children when it has components. The table of a coded field governs its first component. */
function compositeNode(growing: Growing, field: Labelled, text: string): TreeNode {
  const { component, subcomponent } = growing.message.delimiters
  if (!text.includes(component) && !text.includes(subcomponent)) return leaf(growing, codedAs(growing, field), text)
  growing.nodeCount++
  const children = text.split(component).flatMap((one, i): readonly TreeNode[] => {
    if (one === '' || growing.nodeCount >= nodesMax) return []
    const part = partLabel(growing, field, i + 1)
    return one.includes(subcomponent) ? [subcomposite(growing, part, one)] : [leaf(growing, part, one)]
  })
  return { path: field.path, name: field.name, dataType: field.dataType, value: null, meaning: null, children }
}

function subcomposite(growing: Growing, field: Labelled, text: string): TreeNode {
  growing.nodeCount++
  const children = text.split(growing.message.delimiters.subcomponent).flatMap((one, i): readonly TreeNode[] => {
    return one === '' || growing.nodeCount >= nodesMax ? [] : [leaf(growing, partLabel(growing, field, i + 1), one)]
  })
  return { path: field.path, name: field.name, dataType: field.dataType, value: null, meaning: null, children }
}

function partLabel(growing: Growing, whole: Labelled, number: number): Labelled {
  const spec = whole.dataType === null ? null : dataTypeSpec(growing.version, whole.dataType)
  const part: FieldSpec | null = spec?.components[number - 1] ?? null
  return {
    path: `${whole.path}.${number}`,
    name: whole.dataType === null ? null : componentName(growing.version, whole.dataType, number),
    dataType: part?.dataType ?? null,
    table: (number === 1 ? whole.table : null) ?? part?.table ?? null,
  }
}

/** A composite type whose value has no separator holds its first component alone, so that component's table explains it. */
function codedAs(growing: Growing, field: Labelled): Labelled {
  if (field.table !== null || field.dataType === null) return field
  return { ...field, table: dataTypeSpec(growing.version, field.dataType)?.components[0]?.table ?? null }
}

function leaf(growing: Growing, field: Labelled, text: string): TreeNode {
  growing.nodeCount++
  const isDelimiter = /^(?:MSH|BHS|FHS)(?:\[\d+\])?-[12]$/.test(field.path)
  const value = isDelimiter ? text : resolved(growing.message, text)
  const meaning = field.table === null ? null : tableMeaning(field.table, value)
  return { path: field.path, name: field.name, dataType: field.dataType, value, meaning, children: [] }
}
