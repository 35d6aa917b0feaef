import { isStorageClass } from '../../gateway/model/dicom/uids.ts'
import type { CharsetFacts, Defect, Facts } from '../../gateway/model/document.ts'
import type { Text } from '../../gateway/model/text.ts'
import type { Violation, ViolationSeverity } from '../../gateway/model/violation.ts'
import type { Contract, RuleName } from './contract.ts'
import { attributeOf, type MessageView, valuesOf } from './json-model.ts'

/** What is wrong with a message as a whole: whether it was agreed at all, its character set and transfer syntax, and the defects that reading found. */
export function wholeMessageViolations(
  contract: Contract,
  view: MessageView,
  facts: Facts,
  side: Violation['side'],
): readonly Violation[] {
  const found: Violation[] = []
  const add = (rule: RuleName, path: string, text: Text, severity: ViolationSeverity = contract.severities[rule]) => {
    found.push({
      path,
      element: path.replaceAll(/^part\[\d+\]\.|\[\d+\]/g, ''),
      rule,
      severity,
      message: text,
      shape: null,
      side,
    })
  }
  if (!isAgreed(contract, view)) add('structure', 'command', notAgreedText)
  if (needsDataSet.has(view.command ?? '') && view.dataSets.length === 0) add('structure', 'command', noDataSetText)
  if (hasOtherClass(view)) add('structure', 'SOPClassUID', otherClassText)
  for (const { path, value } of facts.codes)
    if (path === 'TransferSyntaxUID' && isOutside(contract.transferSyntaxes, value) && view.dataSets.length > 0)
      add('table', 'transfer-syntax', transferSyntaxText)
  const charset = charsetProblem(contract, facts.charset)
  if (charset !== null)
    add('charset', 'SpecificCharacterSet', charset.text, charset.isLight ? 'observe' : contract.severities.charset)
  for (const defect of facts.defects) {
    // The form of times is told by their value representation.
    if (defect.code === 'DICOM_BAD_TIME') continue
    const isCharset = defect.code.includes('CHARSET') || defect.code === 'DICOM_NON_ASCII'
    if (isCharset && charset !== null && !charset.isLight) continue
    const rule = isCharset ? 'charset' : 'structure'
    add(rule, defect.path ?? '', defectText(defect), defectSeverity(defect, contract.severities[rule]))
  }
  return found
}

/** Verification asks nothing, and answers are told by their requests. */
function isAgreed(contract: Contract, { command, sopClass }: MessageView): boolean {
  if (contract.otherMessages === 'allow' || command === null || command.endsWith('-RSP')) return true
  if (command === 'C-ECHO-RQ' || command === 'C-CANCEL-RQ') return true
  const entries = contract.messages.filter((entry) => entry.command === command)
  return entries.some((entry) => entry.sopClass === null || sopClass === null || entry.sopClass === sopClass)
}

const needsDataSet = new Set(['C-STORE-RQ', 'C-FIND-RQ', 'C-MOVE-RQ', 'C-GET-RQ', 'N-SET-RQ', 'N-EVENT-REPORT-RQ'])

/** PS3.4 B.2: the object that is stored is of the class that the command names. */
function hasOtherClass({ command, sopClass, dataSets }: MessageView): boolean {
  const [own] = valuesOf(attributeOf(dataSets[0], '00080016'))
  return (
    command === 'C-STORE-RQ' && sopClass !== null && isStorageClass(sopClass) && typeof own === 'string' && own !== sopClass
  )
}

function isOutside(agreed: readonly string[], value: string): boolean {
  return agreed.length > 0 && !agreed.includes(value)
}

const notAgreedText: Text = {
  zh: '契约中没有此命令与 SOP 类',
  en: 'the command and its SOP class are not part of the contract',
}
const noDataSetText: Text = { zh: '该命令必须带数据集,但没有', en: 'the command needs a data set and has none' }
const otherClassText: Text = {
  zh: '对象的 SOP 类与 C-STORE 命令中的不同',
  en: 'the object is of another SOP class than the C-STORE command says',
}
const transferSyntaxText: Text = { zh: '传输语法不在约定之内', en: 'the transfer syntax is not an agreed one' }

function charsetProblem(contract: Contract, charset: CharsetFacts): { readonly text: Text; readonly isLight: boolean } | null {
  const isPlain = charset.nonAsciiCount === 0
  if (charset.verdict === 'contradicts') {
    const text = {
      zh: `SpecificCharacterSet 声明的字符集与实际字节不符(实际为 ${charset.detected})`,
      en: `SpecificCharacterSet names another character set than the bytes are in (they are ${charset.detected})`,
    }
    return { text, isLight: false }
  }
  if (contract.charsets.length > 0 && !contract.charsets.includes(charset.declared ?? '')) {
    // Without a byte above 127 every character set of DICOM reads the same.
    const text = { zh: 'SpecificCharacterSet 不在约定之内', en: 'SpecificCharacterSet is not an agreed character set' }
    return { text, isLight: isPlain }
  }
  if (charset.verdict === 'unlabelled' && !isPlain) {
    const text = {
      zh: '数据集含非 ASCII 字符,但没有 SpecificCharacterSet(PS3.3 C.12.1.1.2:此时只允许 ASCII)',
      en: 'the data set is not plain ASCII and has no SpecificCharacterSet (PS3.3 C.12.1.1.2: it may be ASCII alone then)',
    }
    return { text, isLight: false }
  }
  if (charset.verdict !== 'odd-label') return null
  return {
    text: { zh: 'SpecificCharacterSet 的取值不在标准内', en: 'SpecificCharacterSet is not a value that the standard has' },
    isLight: true,
  }
}

/** Odd, but readable by every receiver that is written with care. */
const lightDefects = new Set([
  'DICOM_GROUP_LENGTH',
  'DICOM_ORDER',
  'DICOM_ODD_LENGTH',
  'DICOM_UNKNOWN_VR',
  'DICOM_NO_PREAMBLE',
  'DICOM_NO_META',
  'DICOM_CHARSET_UNKNOWN',
  'DICOM_TOO_MANY_ELEMENTS',
  'DICOM_TOO_DEEP',
])

/** No receiver can be sure of what it reads, whatever a contract says. */
const heavyDefects = new Set([
  'DICOM_NOT_A_DATA_SET',
  'DICOM_TRUNCATED',
  'DICOM_WRONG_SYNTAX',
  'DICOM_BAD_JSON',
  'DICOM_BAD_XML',
])

function defectSeverity(defect: Defect, usual: ViolationSeverity): ViolationSeverity {
  return heavyDefects.has(defect.code) ? 'ticket' : lightDefects.has(defect.code) ? 'observe' : usual
}

/** The defect's own words are free of values; its code is what a search finds. */
function defectText(defect: Defect): Text {
  return { zh: `消息本身有缺陷:${defect.code}`, en: `${defect.text} (${defect.code})` }
}
