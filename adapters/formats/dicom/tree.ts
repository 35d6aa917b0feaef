import { attributeName, attributeOf, isPrivate, tagText } from '../../../gateway/model/dicom/dictionary.ts'
import { attributeTitle } from '../../../gateway/model/dicom/names.ts'
import { uidMeaning } from '../../../gateway/model/dicom/uids.ts'
import type { TreeNode } from '../../../gateway/model/document.ts'
import type { Text } from '../../../gateway/model/text.ts'
import { codeMeaning } from './codes.ts'
import { type DataSet, type Element, elementOf, elementsOf, plainText } from './data-set.ts'
import { envelopeNodes } from './envelope-tree.ts'
import { fallbackOf, type Message, prefixOf } from './message.ts'
import { failureMeaning } from './status.ts'
import { textOf } from './values.ts'

/** Most nodes of one tree; a person reads no more, and a console draws no more. */
const nodesMax = 20_000

interface Growing {
  readonly message: Message
  nodeCount: number
}

/** The message for people: what the protocol said around it, then its data sets with names, representations and what codes and UIDs mean. */
export function treeOf(message: Message): readonly TreeNode[] {
  const growing: Growing = { message, nodeCount: 0 }
  const around = envelopeNodes(message.hints.envelope, message.service.command, message.hints.requestEnvelope)
  const sets = message.found.flatMap(({ meta, set }, i): readonly TreeNode[] => {
    const prefix = prefixOf(message.foundCount, i)
    const nodes = [...(meta === null ? [] : setNodes(growing, meta, prefix)), ...setNodes(growing, set, prefix)]
    if (prefix === '') return nodes
    const path = prefix.slice(0, -1)
    return [
      {
        path,
        name: { zh: `第 ${i + 1} 部分`, en: `Part ${i + 1}` },
        dataType: null,
        value: null,
        meaning: null,
        children: nodes,
      },
    ]
  })
  return [...around, ...sets]
}

function setNodes(growing: Growing, set: DataSet, prefix: string): readonly TreeNode[] {
  return elementsOf(set).flatMap((element) => {
    if (growing.nodeCount >= nodesMax) return []
    growing.nodeCount++
    return [elementNode(growing, set, element, prefix)]
  })
}

function elementNode(growing: Growing, set: DataSet, element: Element, prefix: string): TreeNode {
  const { tag, vr, items } = element
  const path = `${prefix}${attributeName(tag)}`
  const node = { path, name: titleOf(set, tag), dataType: vr }
  if (items !== null) {
    const children = items.map((item, i): TreeNode => {
      const itemPath = `${path}[${i + 1}]`
      const name = { zh: `第 ${i + 1} 项`, en: `Item ${i + 1}` }
      return {
        path: itemPath,
        name,
        dataType: null,
        value: null,
        meaning: null,
        children: setNodes(growing, item, `${itemPath}.`),
      }
    })
    return { ...node, value: children.length === 0 ? '' : null, meaning: null, children }
  }
  const fallback = fallbackOf(growing.message, set)
  const text = textOf(set, element, fallback)
  const value = text ?? bytesText(element)
  return { ...node, value, meaning: text === null ? null : meaningOf(set, element, text), children: [] }
}

/** The private creator's name stands for what its elements are (PS3.5 7.8.1). */
function titleOf(set: DataSet, tag: number): Text | null {
  if (!isPrivate(tag)) return attributeTitle(tag)
  const creator = (tag & 0xffff) > 0xff ? plainText(set, ((tag & 0xffff0000) | ((tag >>> 8) & 0xff)) >>> 0) : null
  return creator === null ? null : { zh: `私有 (${creator})`, en: `Private (${creator})` }
}

function meaningOf(set: DataSet, { tag, vr }: Element, text: string): Text | null {
  if (vr === 'UI') return uidMeaning(text)
  const keyword = attributeOf(tag)?.keyword
  if (keyword === 'FailureReason' || keyword === 'WarningReason')
    return failureMeaning(Number(text).toString(16).padStart(4, '0'))
  if (keyword === 'CodeValue') {
    const said = elementOf(set, 0x00080104)
    const meaning = said === null ? null : textOf(set, said, null)
    return meaning === null || meaning === '' ? null : { zh: meaning, en: meaning }
  }
  return keyword === undefined ? null : codeMeaning(keyword, text)
}

/** Binary values are told by their length alone. */
function bytesText({ start, end, isCut }: Element): string {
  return isCut && end === start ? '(...)' : `(${end - start} B)`
}

/** The data sets as lines of text, an element each: `(0010,0020) LO [P001] PatientID`. */
export function linesOf(message: Message): string {
  const lines: string[] = []
  for (const { meta, set } of message.found) {
    if (lines.length > 0) lines.push('')
    if (meta !== null) addLines(lines, message, meta, 0)
    addLines(lines, message, set, 0)
  }
  return lines.join('\n')
}

function addLines(lines: string[], message: Message, set: DataSet, depth: number): void {
  for (const element of elementsOf(set)) {
    if (lines.length >= nodesMax) return
    const { tag, vr, items } = element
    const text = items === null ? textOf(set, element, fallbackOf(message, set)) : null
    const value =
      items === null ? (text === null ? bytesText(element) : `[${text.replace(/\r\n?/g, '\n')}]`) : `${items.length} items`
    const digits = tagText(tag)
    const name = attributeOf(tag)?.keyword ?? ''
    lines.push(`${'  '.repeat(depth)}(${digits.slice(0, 4)},${digits.slice(4)}) ${vr} ${value} ${name}`.trimEnd())
    for (const item of items ?? []) {
      lines.push(`${'  '.repeat(depth + 1)}-`)
      addLines(lines, message, item, depth + 1)
    }
  }
}
