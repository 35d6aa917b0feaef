import type { Text } from '../../gateway/model/text.ts'
import type { Finding } from './check/finding.ts'

/** What a violation says to people, in both languages. Made of places, the contract's own words and shapes; never of a value. */
export function wordingOf(finding: Finding, path: string): Text {
  const { rule, expected, field } = finding
  switch (rule) {
    case 'required':
      if (field === 0) return { zh: `缺少必需的段 ${path}`, en: `segment ${path} is required and is missing` }
      if (expected === 'when') return { zh: `${path} 在此条件下必填,但为空`, en: `${path} is required here and is empty` }
      return { zh: `${path} 必填,但为空`, en: `${path} is required and is empty` }
    case 'forbidden':
      if (field === 0) return { zh: `段 ${path} 不应出现`, en: `segment ${path} must not stand in this message` }
      return { zh: `${path} 不应有值`, en: `${path} must be empty` }
    case 'type':
      return {
        zh: `${path} 不符合数据类型 ${expected}${hintZh(finding)}`,
        en: `${path} is not of data type ${expected}${hintEn(finding)}`,
      }
    case 'length':
      return { zh: `${path} 的长度超出约定 ${expected}`, en: `${path} is outside the agreed length ${expected}` }
    case 'table':
      if (expected === '') return { zh: `${path} 的值不在约定的值域内`, en: `${path} is not one of the agreed values` }
      return { zh: `${path} 的代码不在表 ${expected} 内`, en: `${path} is not a code of table ${expected}` }
    case 'format':
      return { zh: `${path} 不符合约定格式 ${expected}`, en: `${path} doesn't have the agreed format ${expected}` }
    case 'masking':
      return { zh: `${path} 应已脱敏,却是明文`, en: `${path} should be masked, and is in clear` }
    case 'cardinality':
      if (field > 0)
        return { zh: `${path} 的重复次数超出约定 ${expected}`, en: `${path} repeats outside the agreed ${expected}` }
      return { zh: `段 ${path} 出现次数超出约定`, en: `segment ${path} stands more often than agreed` }
    case 'order':
      return { zh: `段 ${path} 的位置不符合消息结构`, en: `segment ${path} stands in the wrong place` }
    case 'unknown-segment':
      return { zh: `消息结构中没有段 ${path}`, en: `segment ${path} is not part of the message structure` }
    case 'version':
      return { zh: `${path} 的版本不在约定之内`, en: `${path} is not an agreed version` }
    default:
      return { zh: `${path} 不符合约定(${rule})`, en: `${path} doesn't keep the contract (${rule})` }
  }
}

/** A number that says "less than": the usual mistake has its own remedy. */
function isComparison(finding: Finding): boolean {
  return finding.expected === 'NM' && /^[<>≤≥]/u.test(finding.shape ?? '')
}

function hintZh(finding: Finding): string {
  return isComparison(finding) ? ';带比较符的结果应使用 SN 或 ST' : ''
}

function hintEn(finding: Finding): string {
  return isComparison(finding) ? '; a result with a comparison belongs in SN or ST' : ''
}
