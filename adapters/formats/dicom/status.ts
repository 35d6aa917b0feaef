import type { Text } from '../../../gateway/model/text.ts'

/** What a status of a DIMSE answer means (PS3.7 Annex C, and PS3.4 for its service). `status`: four hexadecimal digits. Null: nothing is known of it. */
export function statusMeaning(command: string | null, status: string): Text | null {
  const code = status.toUpperCase()
  const service = (command ?? '').replace(/-(?:RQ|RSP)$/, '')
  return (
    services[service]?.find(([pattern]) => fits(pattern, code))?.[1] ??
    general.find(([pattern]) => fits(pattern, code))?.[1] ??
    null
  )
}

/** Why an instance was not stored or not committed: (0008,1197) of STOW-RS (PS3.18 table 10.5.3-2) and of storage commitment (PS3.3 C.14.1.1). */
export function failureMeaning(reason: string): Text | null {
  return failures.find(([pattern]) => fits(pattern, reason.toUpperCase()))?.[1] ?? null
}

type Row = readonly [pattern: string, meaning: Text]

/** `A7xx`: every status that begins so. */
function fits(pattern: string, code: string): boolean {
  const fixed = pattern.replace(/x+$/, '')
  return code.length === 4 && code.startsWith(fixed)
}

function row(pattern: string, en: string, zh: string): Row {
  return [pattern, { zh, en }]
}

const services: { readonly [service: string]: readonly Row[] } = {
  'C-STORE': [
    row('A7xx', 'Refused: out of resources', '拒绝:资源不足(存储满或配额)'),
    row('A9xx', 'Error: data set does not match SOP class', '错误:数据集与 SOP 类不符'),
    row('B000', 'Warning: coercion of data elements', '警告:已改写数据元素'),
    row('B006', 'Warning: elements discarded', '警告:已丢弃部分元素'),
    row('B007', 'Warning: data set does not match SOP class', '警告:数据集与 SOP 类不符'),
    row('Cxxx', 'Error: cannot understand', '错误:无法理解对象'),
  ],
  'C-FIND': [
    row('A700', 'Refused: out of resources', '拒绝:资源不足'),
    row('A900', 'Error: identifier does not match SOP class', '错误:标识与 SOP 类不符'),
    row('Cxxx', 'Failed: unable to process', '失败:无法处理'),
    row('FF00', 'Pending: matches are continuing', '进行中:后面还有匹配'),
    row('FF01', 'Pending: optional keys were not supported', '进行中:部分可选键不支持'),
  ],
  'C-MOVE': [
    row('A701', 'Refused: unable to calculate number of matches', '拒绝:无法计算匹配数'),
    row('A702', 'Refused: unable to perform sub-operations', '拒绝:无法执行子操作'),
    row('A801', 'Refused: move destination unknown', '拒绝:目的 AE 未知'),
    row('A900', 'Error: identifier does not match SOP class', '错误:标识与 SOP 类不符'),
    row('B000', 'Warning: sub-operations complete, some failed', '警告:子操作完成,部分失败'),
    row('Cxxx', 'Failed: unable to process', '失败:无法处理'),
    row('FF00', 'Pending: sub-operations are continuing', '进行中:子操作继续'),
  ],
  'C-GET': [
    row('A701', 'Refused: unable to calculate number of matches', '拒绝:无法计算匹配数'),
    row('A702', 'Refused: unable to perform sub-operations', '拒绝:无法执行子操作'),
    row('A900', 'Error: identifier does not match SOP class', '错误:标识与 SOP 类不符'),
    row('B000', 'Warning: sub-operations complete, some failed', '警告:子操作完成,部分失败'),
    row('Cxxx', 'Failed: unable to process', '失败:无法处理'),
    row('FF00', 'Pending: sub-operations are continuing', '进行中:子操作继续'),
  ],
}

const general: readonly Row[] = [
  row('0000', 'Success', '成功'),
  row('0001', 'Warning: requested optional attributes are not supported', '警告:部分可选属性不支持'),
  row('0105', 'No such attribute', '无此属性'),
  row('0106', 'Invalid attribute value', '属性值无效'),
  row('0107', 'Warning: attribute list error', '警告:属性列表错误'),
  row('0110', 'Processing failure', '处理失败'),
  row('0111', 'Duplicate SOP instance', 'SOP 实例重复'),
  row('0112', 'No such SOP instance', '无此 SOP 实例'),
  row('0113', 'No such event type', '无此事件类型'),
  row('0114', 'No such argument', '无此参数'),
  row('0115', 'Invalid argument value', '参数值无效'),
  row('0116', 'Warning: attribute value out of range', '警告:属性值超出范围'),
  row('0117', 'Invalid object instance', '对象实例无效'),
  row('0118', 'No such SOP class', '无此 SOP 类'),
  row('0119', 'Class-instance conflict', '类与实例冲突'),
  row('0120', 'Missing attribute', '缺少属性'),
  row('0121', 'Missing attribute value', '缺少属性值'),
  row('0122', 'Refused: SOP class not supported', '拒绝:不支持该 SOP 类'),
  row('0123', 'No such action type', '无此动作类型'),
  row('0124', 'Refused: not authorized', '拒绝:未授权'),
  row('0210', 'Duplicate invocation', '重复调用'),
  row('0211', 'Unrecognized operation', '无法识别的操作'),
  row('0212', 'Mistyped argument', '参数类型错误'),
  row('0213', 'Resource limitation', '资源限制'),
  row('FE00', 'Cancelled', '已取消'),
]

const failures: readonly Row[] = [
  row('A7xx', 'Refused: out of resources', '拒绝:资源不足(存储满或配额)'),
  row('A9xx', 'Error: data set does not match SOP class', '错误:数据集与 SOP 类不符'),
  row('B000', 'Warning: coercion of data elements', '警告:已改写数据元素'),
  row('B006', 'Warning: elements discarded', '警告:已丢弃部分元素'),
  row('B007', 'Warning: data set does not match SOP class', '警告:数据集与 SOP 类不符'),
  row('C122', 'Referenced transfer syntax not supported', '不支持该传输语法'),
  row('Cxxx', 'Error: cannot understand', '错误:无法理解对象'),
  row('0110', 'Processing failure', '处理失败'),
  row('0112', 'No such object instance', '无此对象实例'),
  row('0119', 'Class-instance conflict', '类与实例冲突'),
  row('0122', 'Referenced SOP class not supported', '不支持该 SOP 类'),
  row('0131', 'Duplicate transaction UID', '事务 UID 重复'),
  row('0213', 'Resource limitation', '资源限制'),
]
