import type { ProtocolName } from '../../model/interface.ts'
import type { Text } from '../../model/text.ts'
import { say } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'

type About = Pick<Evidence, 'interfaces'>
type OfProtocol = { readonly [protocol in ProtocolName]: Text }

/** By what the messages of the first interface are told apart and looked up, as its engineers call it. */
export function idWords(evidence: About): Text {
  return wordsFor(ids, evidence)
}

/** Where an answer of the first interface says why it refuses. */
export function refusalWords(evidence: About): Text {
  return wordsFor(refusals, evidence)
}

/** What the codes of refusals of the first interface ask to be checked. */
export function codeWords(evidence: About): Text {
  return wordsFor(codes, evidence)
}

/** Where an answer of the first interface says which message it answers. */
export function answeredWords(evidence: About): Text {
  return wordsFor(answered, evidence)
}

function wordsFor(words: OfProtocol, { interfaces }: About): Text {
  return words[interfaces[0]?.protocol ?? 'mllp']
}

const ids: OfProtocol = {
  mllp: say('控制号', 'control id'),
  http: say('请求号', 'request id'),
  dimse: say('实例 UID', 'instance UID'),
  record: say('记录键', 'record key'),
}

const answered: OfProtocol = {
  mllp: say('MSA-2', 'MSA-2'),
  http: say('应答体所指报文(targetMessage)', 'targetMessage in the body'),
  dimse: say('所应答的消息号 (0000,0120)', 'the message id responded to (0000,0120)'),
  record: say('应答', 'the answer'),
}

const refusals: OfProtocol = {
  mllp: say('MSA-3/ERR 的文本', 'MSA-3/ERR'),
  http: say('应答体(OperationOutcome、SOAP Fault、err_msg)', 'the body of the answer (OperationOutcome, SOAP Fault, err_msg)'),
  dimse: say('DIMSE 状态与错误说明 (0000,0902)', 'the DIMSE status and the error comment (0000,0902)'),
  record: say('消费方的处理日志', 'the log of the consumer'),
}

const codes: OfProtocol = {
  mllp: say(
    '103/204:字典是否新增未对照;200-203:版本或类型是否变更',
    '103/204: new unmapped codes? 200-203: version or type changed?',
  ),
  http: say(
    '4xx:参数、编码、权限是否变更;5xx:看服务端日志;200 带业务错误码:查该码含义',
    '4xx: did parameters, codes or rights change? 5xx: read the log of the service; 200 with an error code inside: look up the code',
  ),
  dimse: say(
    'A9xx/Cxxx:对象与 SOP 类或字典不符;01xx:属性值或实例状态不符',
    'A9xx/Cxxx: object does not fit its SOP class or the dictionary; 01xx: attribute values or the state of the instance',
  ),
  record: say('编码、版本或结构是否变更', 'Did codes, version or structure change?'),
}
