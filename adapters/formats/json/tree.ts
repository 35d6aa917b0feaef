import type { TreeNode } from '../../../gateway/model/document.ts'
import { isRecord } from '../../../gateway/model/json.ts'
import { memberOf } from '../../../gateway/model/members/members.ts'
import { limits } from './limits.ts'
import { type Step, writePath } from './path.ts'

/** A value for people: members and items with the names that are known for them. */
export function treeOf(value: unknown): readonly TreeNode[] {
  const growing: Growing = { path: [], nodeCount: 0 }
  if (isRecord(value)) return membersOf(value, growing)
  if (Array.isArray(value)) return itemsOf(value, growing)
  return value === undefined ? [] : [nodeOf(value, '', growing)]
}

interface Growing {
  readonly path: Step[]
  nodeCount: number
}

function membersOf(record: { readonly [name: string]: unknown }, growing: Growing): readonly TreeNode[] {
  return Object.keys(record).flatMap((name) => within(growing, name, () => nodeOf(record[name], name, growing)))
}

function itemsOf(items: readonly unknown[], growing: Growing): readonly TreeNode[] {
  return items.flatMap((item, i) => within(growing, i, () => nodeOf(item, '', growing)))
}

function within(growing: Growing, step: Step, make: () => TreeNode): readonly TreeNode[] {
  if (growing.nodeCount >= limits.treeNodesMax) return []
  growing.path.push(step)
  const node = make()
  growing.path.pop()
  return [node]
}

function nodeOf(value: unknown, name: string, growing: Growing): TreeNode {
  growing.nodeCount += 1
  const parent = growing.path.findLast((step, i) => i < growing.path.length - 1 && typeof step === 'string')
  const member = name === '' ? null : memberOf(name, typeof parent === 'string' ? parent : null)
  const base = { path: writePath(growing.path), name: member?.name ?? null, meaning: null }
  if (Array.isArray(value)) return { ...base, dataType: 'array', value: null, children: itemsOf(value, growing) }
  if (isRecord(value)) return { ...base, dataType: 'object', value: null, children: membersOf(value, growing) }
  return {
    ...base,
    dataType: value === null ? 'null' : typeof value,
    value: value === null ? 'null' : String(value),
    children: [],
  }
}
