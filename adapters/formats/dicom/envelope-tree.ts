import { tagOf } from '../../../gateway/model/dicom/dictionary.ts'
import { attributeTitle } from '../../../gateway/model/dicom/names.ts'
import { uidMeaning } from '../../../gateway/model/dicom/uids.ts'
import type { TreeNode } from '../../../gateway/model/document.ts'
import type { Envelope } from '../../../gateway/model/envelope.ts'
import type { Text } from '../../../gateway/model/text.ts'
import { statusMeaning } from './status.ts'

/** What a DIMSE message says around its data set, as the first node of its tree; none for HTTP, whose head is shown as it is. */
export function envelopeNodes(
  envelope: Envelope | undefined,
  command: string | null,
  requestEnvelope?: Envelope,
): readonly TreeNode[] {
  const rows = (envelope ?? []).filter(([name]) => names[name] !== undefined)
  if (rows.length === 0) return []
  const children = rows.map(([name, value], i): TreeNode => {
    const nth = rows.slice(0, i).filter(([other]) => other === name).length
    const path = `command.${name}${nth === 0 ? '' : `[${nth + 1}]`}`
    const row = { path, name: names[name] ?? null, dataType: null }
    if (name === 'context') return { ...row, value: null, meaning: null, children: contextNodes(path, value, requestEnvelope) }
    return { ...row, value, meaning: meaningOf(name, value, command), children: [] }
  })
  const name = { zh: '命令与关联', en: 'Command and association' }
  return [{ path: 'command', name, dataType: null, value: null, meaning: null, children }]
}

function meaningOf(name: string, value: string, command: string | null): Text | null {
  switch (name) {
    case 'status':
      return statusMeaning(command, value)
    case 'offending-element': {
      const tag = tagOf(value.split(/[\\,]/)[0] ?? '')
      return tag === null ? null : attributeTitle(tag)
    }
    case 'priority':
      return priorities[value] ?? null
    default:
      return uidMeaning(value)
  }
}

/**
 * One presentation context: `ID ABSTRACT TRANSFER[,TRANSFER...]` as proposed, `ID RESULT TRANSFER` as answered (PS3.8 9.3.3.2), with the abstract syntax
 * that was proposed under this ID.
 */
function contextNodes(path: string, value: string, requestEnvelope: Envelope | undefined): readonly TreeNode[] {
  const [id = '', second = '', transfers = ''] = value.split(' ')
  const isAnswer = /^[0-4]$/.test(second)
  const abstract = isAnswer ? proposedAbstract(id, requestEnvelope) : second
  const node = (name: string, of: string, meaning: Text | null, nth = 1): TreeNode => ({
    path: `${path}.${name}${nth === 1 ? '' : `[${nth}]`}`,
    name: names[name] ?? null,
    dataType: null,
    value: of,
    meaning,
    children: [],
  })
  return [
    node('context-id', id, null),
    ...(abstract === null ? [] : [node('abstract-syntax', abstract, uidMeaning(abstract))]),
    ...(isAnswer ? [node('result', second, results[Number(second)] ?? null)] : []),
    ...transfers
      .split(',')
      .filter((uid) => uid !== '')
      .map((uid, i) => node('transfer-syntax', uid, uidMeaning(uid), i + 1)),
  ]
}

function proposedAbstract(id: string, requestEnvelope: Envelope | undefined): string | null {
  for (const [name, value] of requestEnvelope ?? []) {
    const [proposed, abstract] = value.split(' ')
    if (name === 'context' && proposed === id) return abstract ?? null
  }
  return null
}

const results: readonly Text[] = [
  { zh: '接受', en: 'Acceptance' },
  { zh: '用户拒绝', en: 'User rejection' },
  { zh: '无原因(提供方拒绝)', en: 'No reason (provider rejection)' },
  { zh: '抽象语法不支持', en: 'Abstract syntax not supported' },
  { zh: '传输语法均不支持', en: 'Transfer syntaxes not supported' },
]

const priorities: Readonly<Record<string, Text>> = {
  0: { zh: '中', en: 'Medium' },
  1: { zh: '高', en: 'High' },
  2: { zh: '低', en: 'Low' },
}

/** Names that the dimse protocol gives (gateway/model/envelope.ts). */
const names: Readonly<Record<string, Text>> = {
  'calling-ae': { zh: '主叫 AE 标题', en: 'Calling AE title' },
  'called-ae': { zh: '被叫 AE 标题', en: 'Called AE title' },
  command: { zh: '命令', en: 'Command' },
  status: { zh: '状态', en: 'Status' },
  'message-id': { zh: '消息号', en: 'Message ID' },
  'context-id': { zh: '表示上下文号', en: 'Presentation context ID' },
  'abstract-syntax': { zh: '抽象语法', en: 'Abstract syntax' },
  'transfer-syntax': { zh: '传输语法', en: 'Transfer syntax' },
  'affected-sop-class': { zh: '受影响的 SOP 类', en: 'Affected SOP class' },
  'affected-sop-instance': { zh: '受影响的 SOP 实例', en: 'Affected SOP instance' },
  'requested-sop-class': { zh: '请求的 SOP 类', en: 'Requested SOP class' },
  'requested-sop-instance': { zh: '请求的 SOP 实例', en: 'Requested SOP instance' },
  'move-destination': { zh: '目的 AE 标题', en: 'Move destination' },
  priority: { zh: '优先级', en: 'Priority' },
  'action-type': { zh: '动作类型', en: 'Action type' },
  'event-type': { zh: '事件类型', en: 'Event type' },
  'error-comment': { zh: '错误说明', en: 'Error comment' },
  'offending-element': { zh: '出错元素', en: 'Offending element' },
  remaining: { zh: '剩余子操作数', en: 'Remaining sub-operations' },
  completed: { zh: '完成子操作数', en: 'Completed sub-operations' },
  failed: { zh: '失败子操作数', en: 'Failed sub-operations' },
  warning: { zh: '警告子操作数', en: 'Warning sub-operations' },
  'application-context': { zh: '应用上下文', en: 'Application context' },
  'max-length': { zh: '最大 PDU 长度', en: 'Maximum PDU length' },
  'implementation-uid': { zh: '实现类 UID', en: 'Implementation class UID' },
  'implementation-version': { zh: '实现版本', en: 'Implementation version' },
  'async-invoked': { zh: '异步调用数', en: 'Operations invoked at once' },
  'async-performed': { zh: '异步执行数', en: 'Operations performed at once' },
  context: { zh: '表示上下文', en: 'Presentation context' },
  result: { zh: '协商结果', en: 'Result' },
}
