import { Document, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import type { Text } from '../../gateway/model/text.ts'

/** A value of a contract, on its own line, with what is said of it behind it, for people. */
export class Noted {
  readonly value: Written
  readonly note: string | null
  constructor(value: Written, note: string | null) {
    this.value = value
    this.note = note
  }
}

/** What a contract is written of. An object is written in lines, one in a list or behind `Noted` on its own line as `{ usage: R }`. */
export type Written = string | number | boolean | null | Noted | readonly Written[] | { readonly [key: string]: Written }

export interface ContractHead {
  readonly id: string
  readonly version: number
  readonly title: Text
  readonly format: string
}

/** The contract's YAML. The same contract gives the same text. */
export function writeContract(head: ContractHead, words: readonly string[], body: { readonly [key: string]: Written }): string {
  const document = new Document({})
  document.commentBefore = words.map((line) => ` ${line}`).join('\n')
  const title = new Noted({ zh: head.title.zh, en: head.title.en }, null)
  const whole = { contract: head.id, version: head.version, title, format: head.format, ...body }
  document.contents = document.createNode({})
  for (const [key, value] of Object.entries(whole)) document.set(key, nodeOf(document, value, false))
  return document.toString({ lineWidth: 0, minContentWidth: 0 }).replace(/^((?:#.*\n)+)\n/, '$1')
}

function nodeOf(document: Document, value: Written, isFlow: boolean): ParsedNode {
  if (value instanceof Noted) {
    const node = nodeOf(document, value.value, true)
    if (value.note !== null) node.comment = ` ${value.note}`
    return node
  }
  if (isList(value)) {
    const list = new YAMLSeq()
    list.flow = isFlow || value.every((item) => typeof item !== 'object')
    for (const item of value) list.add(nodeOf(document, item, true))
    return list
  }
  if (typeof value !== 'object' || value === null) return new Scalar(value)
  const map = new YAMLMap()
  map.flow = isFlow
  for (const [key, inner] of Object.entries(value)) map.set(key, nodeOf(document, inner, isFlow))
  return map
}

type ParsedNode = Scalar | YAMLMap | YAMLSeq

function isList(value: Written): value is readonly Written[] {
  return Array.isArray(value)
}
