import type { TreeNode } from '../../../gateway/model/document.ts'
import { isRecord } from '../../../gateway/model/json.ts'
import type { Fields } from './body.ts'
import { elementName, meaningOf } from './names.ts'

/** Most nodes of one tree; a person reads no more, and a console draws no more. */
const nodesMax = 20_000

interface Growing {
  nodeCount: number
}

/** The resource for people: every element with its name, and what FHIR's commonest codes say. */
export function treeOf(value: unknown): readonly TreeNode[] {
  if (!isRecord(value)) return []
  return [resourceNode({ nodeCount: 0 }, value, typeof value.resourceType === 'string' ? value.resourceType : 'Resource')]
}

function resourceNode(growing: Growing, resource: Fields, path: string): TreeNode {
  const type = typeof resource.resourceType === 'string' ? resource.resourceType : 'Resource'
  growing.nodeCount++
  return {
    path,
    name: elementName(type, null),
    dataType: type,
    value: null,
    meaning: null,
    children: childrenOf(growing, resource, { path, type }),
  }
}

interface Place {
  readonly path: string
  /** Of the resource that the place belongs to. */
  readonly type: string
}

function childrenOf(growing: Growing, fields: Fields, place: Place): readonly TreeNode[] {
  return Object.entries(fields).flatMap(([name, value]): readonly TreeNode[] => {
    if (name === 'resourceType' || growing.nodeCount >= nodesMax) return []
    if (!Array.isArray(value)) return [node(growing, { ...place, path: `${place.path}.${name}` }, name, value)]
    return value.flatMap((one: unknown, i): readonly TreeNode[] =>
      one === null || growing.nodeCount >= nodesMax
        ? []
        : [node(growing, { ...place, path: `${place.path}.${name}[${i}]` }, name, one)],
    )
  })
}

function node(growing: Growing, place: Place, name: string, value: unknown): TreeNode {
  if (isRecord(value) && typeof value.resourceType === 'string') return resourceNode(growing, value, place.path)
  growing.nodeCount++
  const label = { path: place.path, name: elementName(place.type, name), dataType: null }
  if (isRecord(value)) return { ...label, value: null, meaning: null, children: childrenOf(growing, value, place) }
  const text = Array.isArray(value) || value === null ? '' : String(value)
  return { ...label, value: text, meaning: meaningOf(name, text), children: [] }
}
