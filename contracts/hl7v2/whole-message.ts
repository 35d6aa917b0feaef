import type { CharsetFacts, Defect, Facts } from '../../gateway/model/document.ts'
import type { Text } from '../../gateway/model/text.ts'
import type { Violation, ViolationSeverity } from '../../gateway/model/violation.ts'
import { isEmpty, type MessageView, part } from './check/message-text.ts'
import { valueShape } from './check/value-shape.ts'
import type { Contract, MessageContract, RuleName } from './contract.ts'
import { contractSeverities } from './plans.ts'

type Side = Violation['side']

/** Says what is wrong with a message as a whole: its type, version and character set, and the defects that reading found. */
export type WholeMessageCheck = (
  message: MessageContract | null,
  view: MessageView | null,
  facts: Facts,
  side: Side,
) => readonly Violation[]

/** Prepares the check; what breaches weigh is the same for every message. */
export function wholeMessageCheck(contract: Contract): WholeMessageCheck {
  const weights = contractSeverities(contract)
  return (message, view, facts, side) => wholeMessageViolations(contract, weights, { message, view, facts, side })
}

interface WholeMessage {
  readonly message: MessageContract | null
  readonly view: MessageView | null
  readonly facts: Facts
  readonly side: Side
}

function wholeMessageViolations(
  contract: Contract,
  weights: { readonly [rule in RuleName]: ViolationSeverity },
  { message, view, facts, side }: WholeMessage,
): readonly Violation[] {
  const violations: Violation[] = []
  const add = (rule: RuleName, path: string, severity: ViolationSeverity, text: Text, shape: string | null = null) => {
    violations.push({ path, element: elementOf(path), rule, severity, message: text, shape, side })
  }
  const header = view?.segments[0] ?? []
  if (view !== null) {
    typeProblem(contract, message, view, side, (text, shape) => add('structure', 'MSH-9', weights.structure, text, shape))
    const version = part(header[12] ?? '', view.delimiters.component, 1)
    if (version !== '' && contract.versions.length > 0 && !contract.versions.includes(version)) {
      add('version', 'MSH-12', weights.version, versionText, valueShape(version))
    }
  }
  const charset = charsetProblem(contract, facts.charset)
  if (charset !== null) add('charset', 'MSH-18', charset.isLight ? 'observe' : weights.charset, charset.text)
  for (const defect of facts.defects) {
    // Times are data types: whether a field is one is for the contract to say, by its type rules.
    if (defect.code === 'HL7_BAD_TIMESTAMP') continue
    const isCharset = defect.code.includes('CHARSET')
    if (isCharset && charset !== null && !charset.isLight) continue
    const rule = isCharset ? 'charset' : 'structure'
    const severity = heavyDefects.has(defect.code) ? 'ticket' : lightDefects.has(defect.code) ? 'observe' : weights[rule]
    add(rule, defect.path ?? 'MSH', severity, defectText(defect))
  }
  return violations
}

/** Odd, but readable by every receiver that is written with care. */
const lightDefects = new Set([
  'HL7_LF_SEGMENT_ENDS',
  'HL7_CRLF_SEGMENT_ENDS',
  'HL7_MIXED_SEGMENT_ENDS',
  'HL7_BLANK_LINE',
  'HL7_LEADING_BYTES',
  'HL7_TRAILING_BYTES',
  'HL7_BAD_ESCAPE',
  'HL7_BATCH_ENVELOPE',
])

/** No receiver can be sure of what it reads, whatever a contract says. */
const heavyDefects = new Set(['HL7_NO_MSH', 'HL7_BAD_DELIMITERS', 'HL7_TRUNCATED'])

const versionText: Text = { zh: 'MSH-12 的版本不在约定之内', en: 'MSH-12 is not an agreed version' }

function typeProblem(
  contract: Contract,
  message: MessageContract | null,
  view: MessageView,
  side: Side,
  add: (text: Text, shape: string) => void,
): void {
  const type = view.segments[0]?.[9] ?? ''
  if (isEmpty(type, view.delimiters)) return
  if (message === null) {
    if (contract.otherMessages === 'report') {
      add({ zh: '契约中没有此消息类型 (MSH-9)', en: 'the message type in MSH-9 is not part of the contract' }, valueShape(type))
    }
    return
  }
  if (message.side === 'both' || message.side === side) return
  const zh = side === 'request' ? '此消息类型 (MSH-9) 只约定作为应答' : '此消息类型 (MSH-9) 只约定作为请求'
  add(
    { zh, en: `the message type in MSH-9 is not agreed as ${side === 'request' ? 'a request' : 'an answer'}` },
    valueShape(type),
  )
}

function charsetProblem(contract: Contract, charset: CharsetFacts): { readonly text: Text; readonly isLight: boolean } | null {
  const isAgreed = contract.charsets.length === 0 || contract.charsets.includes(charset.declared ?? '')
  const hasAgreement = contract.charsets.length > 0
  if (charset.verdict === 'contradicts') {
    const text = {
      zh: `MSH-18 声明的字符集与实际字节不符(实际为 ${charset.detected})`,
      en: `MSH-18 names another character set than the bytes are in (they are ${charset.detected})`,
    }
    return { text, isLight: false }
  }
  if (!isAgreed) {
    // Without a byte above 127 every character set of HL7 reads the same.
    const text = { zh: 'MSH-18 的字符集不在约定之内', en: 'MSH-18 is not an agreed character set' }
    return { text, isLight: charset.nonAsciiCount === 0 }
  }
  if (hasAgreement) return null
  if (charset.verdict === 'unlabelled' && charset.nonAsciiCount > 0) {
    const text = { zh: 'MSH-18 未声明字符集,但消息含非 ASCII 字符', en: 'MSH-18 is empty, but the message is not plain ASCII' }
    return { text, isLight: true }
  }
  if (charset.verdict !== 'odd-label') return null
  return { text: { zh: 'MSH-18 的字符集名称不在标准内', en: 'MSH-18 is not a name that the standard has' }, isLight: true }
}

/** The defect's own words are free of values; its code is what a search finds. */
function defectText(defect: Defect): Text {
  return { zh: `消息本身有缺陷:${defect.code}`, en: `${defect.text} (${defect.code})` }
}

function elementOf(path: string): string {
  return path.replaceAll(/\[\d+\]/gu, '')
}
