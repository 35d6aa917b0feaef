import { Document, isMap, isScalar, parseDocument, YAMLMap } from 'yaml'
import { isRecord, type JsonRecord } from '../../gateway/model/json.ts'
import { keyNames, record, valueTexts } from '../language/raw.ts'
import { acceptInSchemas } from './accept-schema.ts'
import type { Accept, Editing } from './editing.ts'
import { keepLines } from './keep-lines.ts'
import { relaxed } from './relax.ts'

export interface Accepted {
  /** The contract's new text, with the next version number; its comments stay. */
  readonly text: string
  /** What can't be taken in by itself: somebody has to write it. */
  readonly left: readonly Accept[]
}

/**
 * A contract's text with breaches made part of the agreement. What the traffic says instead (new codes, another form) is taken from the contract that was
 * learnt of it, where there is one. Both texts have been read without a problem before.
 */
export function acceptInto(text: string, accepts: readonly Accept[], learntText: string | null): Accepted {
  const document = parseDocument(text, { schema: 'failsafe' })
  const learnt = learntText === null ? new Document({}) : parseDocument(learntText, { schema: 'failsafe' })
  const editing: Editing = { document, learnt: record(learnt.toJS()), format: String(document.get('format')) }
  const left = accepts.filter((accept) => !acceptOne(editing, accept))
  const isChanged = left.length < accepts.length
  if (isChanged) document.set('version', String(Number(String(document.get('version'))) + 1))
  return { text: isChanged ? keepLines(text, document.toString({ lineWidth: 0 })) : text, left }
}

function acceptOne(editing: Editing, accept: Accept): boolean {
  const { rule } = accept
  if (rule === 'charset') return widenList(editing, 'charset')
  if (rule === 'version') return widenList(editing, 'versions')
  if (rule === 'unknown-segment') return allowSegments(editing)
  if (rule === 'operation') return addMissing(editing, 'operations')
  if (rule === 'interaction') return addMissing(editing, 'interactions')
  if (rule === 'order') return takeStructure(editing, accept)
  if (rule === 'structure') return addMissing(editing, 'messages')
  if (editing.format === 'json') return acceptInSchemas(editing, accept)
  return acceptInElements(editing, accept)
}

const groupsOf: { readonly [format: string]: readonly [group: string, elements: string] } = {
  hl7v2: ['messages', 'fields'],
  dicom: ['messages', 'attributes'],
  soap: ['operations', 'elements'],
  fhir: ['resources', 'elements'],
}

/** Changes the element's entry in the messages of that type, and above all messages. */
function acceptInElements({ document, learnt, format }: Editing, { element, rule, type }: Accept): boolean {
  const [group, elements] = groupsOf[format] ?? ['messages', 'fields']
  const entries = document.get(group)
  const messages = isMap(entries)
    ? entries.items.flatMap(({ key, value }) => (isMap(value) ? [{ key: String(key), value }] : []))
    : []
  const own = messages.filter(({ key }) => type === null || isOfType(key, type))
  const names = format === 'hl7v2' && !element.includes('.') ? [element, `${element}.1`] : [element]
  const maps = [document.get(elements), ...own.map(({ value }) => value.get(elements))].filter((map) => isMap(map))
  let isChanged = false
  for (const map of maps) {
    for (const name of names) {
      if (!map.has(name)) continue
      const change = relaxed(ruleIn(map, name, format), rule, {
        format,
        learnt: learntRule(learnt, [group, elements], name, type),
      })
      if (change === null) continue
      setRule({ document, map, format }, name, change)
      isChanged = true
      // A component's entry asks for its field too, and so may the standard beneath.
      if (rule === 'required' && name !== element && !map.has(element))
        setRule({ document, map, format }, element, { usage: 'O' })
    }
  }
  if (isChanged || format !== 'hl7v2') return isChanged
  // The standard's own: taken back by an entry of the contract.
  const taken = relaxed({}, rule, { format, learnt: learntRule(learnt, [group, elements], element, type) })
  if (taken === null) return false
  for (const { value } of own) {
    if (!isMap(value.get(elements))) value.set(elements, new YAMLMap())
    const map = value.get(elements)
    if (isMap(map)) setRule({ document, map, format }, element, taken)
  }
  return own.length > 0
}

function isOfType(key: string, type: string): boolean {
  const [code = ''] = type.split('^')
  return keyNames(key).some((name) => [type, `${code}^*`, code].includes(name) || name.startsWith(`${type} `))
}

/** What a short entry says: a usage, or of DICOM a type. */
function shortKey(format: string): 'usage' | 'type' {
  return format === 'dicom' ? 'type' : 'usage'
}

function ruleIn(map: YAMLMap, name: string, format: string): JsonRecord {
  const node: unknown = map.get(name, true)
  if (isScalar(node)) return { [shortKey(format)]: String(node.value) }
  return isMap(node) ? record(node.toJSON()) : {}
}

interface RulePlace {
  readonly document: Document
  readonly map: YAMLMap
  readonly format: string
}

function setRule({ document, map, format }: RulePlace, name: string, rule: JsonRecord): void {
  const before: unknown = map.get(name, true)
  const key = shortKey(format)
  const isShort = Object.keys(rule).length === 1 && rule[key] !== undefined
  const node = document.createNode(isShort ? rule[key] : rule)
  if (isMap(node)) node.flow = true
  if ((isMap(before) || isScalar(before)) && typeof before.comment === 'string' && (isMap(node) || isScalar(node)))
    node.comment = before.comment
  map.set(name, node)
}

function learntRule(
  learnt: JsonRecord,
  [group, elements]: readonly [string, string],
  element: string,
  type: string | null,
): JsonRecord | null {
  const messages = Object.entries(record(learnt[group])).filter(([key]) => type === null || isOfType(key, type))
  for (const [, message] of messages) {
    const fields = record(record(message)[elements])
    const found = fields[element] ?? fields[element.replace(/\.1$/, '')]
    if (typeof found === 'string') return { usage: found }
    if (isRecord(found)) return found
  }
  return null
}

/** Adds what the traffic says to a list of the format's options. */
function widenList({ document, learnt, format }: Editing, name: string): boolean {
  const key = format === 'hl7v2' ? 'hl7' : format
  const known = valueTexts(record(record(document.toJS())[key])[name])
  const added = valueTexts(record(learnt[key])[name]).filter((value) => !known.includes(value))
  if (added.length === 0 || known.length === 0) return false
  const list = document.createNode([...known, ...added])
  list.flow = true
  document.setIn([key, name], list)
  return true
}

function allowSegments({ document }: Editing): boolean {
  document.setIn(['hl7', 'zSegments'], 'allow')
  return true
}

/** Message types, operations or interactions that came and that the contract doesn't name. */
function addMissing({ document, learnt }: Editing, group: string): boolean {
  const entries = document.get(group)
  if (!isMap(entries)) return false
  const known = entries.items.flatMap(({ key }) => keyNames(String(key)))
  const missing = Object.entries(record(learnt[group])).filter(([key]) => !known.some((name) => isOfType(name, key)))
  for (const [key, value] of missing) entries.set(document.createNode(key), document.createNode(value))
  return missing.length > 0
}

function takeStructure({ document, learnt }: Editing, { type }: Accept): boolean {
  const found = Object.entries(record(learnt.messages)).filter(
    ([key, message]) => (type === null || isOfType(key, type)) && record(message).structure !== undefined,
  )
  const entries = document.get('messages')
  if (!isMap(entries)) return false
  let isChanged = false
  for (const [key, message] of found) {
    for (const item of entries.items) {
      if (!isMap(item.value) || !isOfType(String(item.key), key)) continue
      item.value.set('structure', record(message).structure)
      isChanged = true
    }
  }
  return isChanged
}
