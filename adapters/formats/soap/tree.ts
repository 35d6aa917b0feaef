import type { TreeNode } from '../../../gateway/model/document.ts'
import { memberOf } from '../../../gateway/model/members/members.ts'
import type { Text } from '../../../gateway/model/text.ts'
import { childrenOf, type XmlElement } from './element.ts'
import { limits } from './limits.ts'

/** A message for people: elements and attributes with the names that are known for them. A carried message stands below the element that carries it. */
export function treeOf(root: XmlElement | null): readonly TreeNode[] {
  return root === null ? [] : [elementNode(root, root.name, null, { nodeCount: 0 })]
}

const elementNames: ReadonlyMap<string, Text> = new Map([
  ['Envelope', { zh: 'SOAP 信封', en: 'SOAP envelope' }],
  ['Header', { zh: 'SOAP 头', en: 'SOAP header' }],
  ['Body', { zh: 'SOAP 体', en: 'SOAP body' }],
  ['Fault', { zh: 'SOAP 错误', en: 'SOAP fault' }],
  ['faultcode', { zh: '错误码', en: 'Fault code' }],
  ['creationTime', { zh: '消息创建时间', en: 'Creation time' }],
  ['interactionId', { zh: '交互标识', en: 'Interaction id' }],
  ['processingCode', { zh: '处理代码', en: 'Processing code' }],
  ['acceptAckCode', { zh: '应答要求', en: 'Accept acknowledgement code' }],
  ['sender', { zh: '发送方', en: 'Sender' }],
  ['receiver', { zh: '接收方', en: 'Receiver' }],
  ['acknowledgement', { zh: '应答', en: 'Acknowledgement' }],
  ['targetMessage', { zh: '被应答的消息', en: 'Message answered' }],
  ['acknowledgementDetail', { zh: '应答详情', en: 'Acknowledgement detail' }],
  ['controlActProcess', { zh: '控制活动', en: 'Control act' }],
  ['ClinicalDocument', { zh: '临床文档', en: 'Clinical document' }],
  ['payload', { zh: '承载的消息', en: 'Message carried' }],
  ['Created', { zh: '创建时间', en: 'Created' }],
  ['Expires', { zh: '失效时间', en: 'Expires' }],
])

interface Growing {
  nodeCount: number
}

function elementNode(element: XmlElement, path: string, parent: string | null, growing: Growing): TreeNode {
  growing.nodeCount += 1
  const counts = new Map<string, number>()
  const attributes = element.attributes.flatMap(([name, value]): readonly TreeNode[] => {
    if (growing.nodeCount >= limits.treeNodesMax) return []
    growing.nodeCount += 1
    return [{ path: `${path}/@${name}`, name: null, dataType: 'attribute', value, meaning: null, children: [] }]
  })
  const elements = childrenOf(element).flatMap((child): readonly TreeNode[] => {
    if (growing.nodeCount >= limits.treeNodesMax) return []
    const nth = (counts.get(child.name) ?? 0) + 1
    counts.set(child.name, nth)
    return [elementNode(child, `${path}/${child.name}${nth === 1 ? '' : `[${nth}]`}`, element.name, growing)]
  })
  const isLeaf = elements.length === 0
  const text = element.text.trim()
  return {
    path,
    name: memberOf(element.name, parent)?.name ?? elementNames.get(element.name) ?? null,
    dataType: 'element',
    value: isLeaf && (text !== '' || attributes.length === 0) ? text : null,
    meaning: null,
    children: [...attributes, ...elements],
  }
}
