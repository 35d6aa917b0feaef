import type { Text } from '../../gateway/model/text.ts'
import type { Finding } from './check/finding.ts'

/** What a violation says to people, in both languages. Made of places, the contract's own words and shapes; never of a value. */
export function wordingOf({ rule, expected }: Finding, path: string): Text {
  switch (rule) {
    case 'required':
      return requiredText(expected, path)
    case 'forbidden':
      return { zh: `${path} 不应有值`, en: `${path} must be empty` }
    case 'type':
      return { zh: `${path} 不符合值表示 ${expected}`, en: `${path} is not of value representation ${expected}` }
    case 'length':
      return /^[A-Z]{2}$/.test(expected)
        ? { zh: `${path} 超出值表示 ${expected} 的长度`, en: `${path} is longer than value representation ${expected} allows` }
        : { zh: `${path} 的长度超出约定 ${expected}`, en: `${path} is outside the agreed length ${expected}` }
    case 'table':
      return { zh: `${path} 的值不在约定的值域内`, en: `${path} is not one of the agreed values` }
    case 'format':
      return { zh: `${path} 不符合约定格式 ${expected}`, en: `${path} doesn't have the agreed format ${expected}` }
    case 'cardinality':
      return {
        zh: `${path} 的个数超出约定 ${expected}`,
        en: `${path} has another number of values than the agreed ${expected}`,
      }
    default:
      return { zh: `${path} 不符合约定(${rule})`, en: `${path} doesn't keep the contract (${rule})` }
  }
}

function requiredText(expected: string, path: string): Text {
  switch (expected) {
    case 'present':
      return { zh: `缺少 ${path}`, en: `${path} is missing` }
    case 'present-when':
      return { zh: `缺少 ${path}(此条件下必须存在)`, en: `${path} must be present here and is missing` }
    case 'when':
      return { zh: `${path} 在此条件下必填,但为空`, en: `${path} is required here and is empty` }
    default:
      return { zh: `${path} 必填,但为空`, en: `${path} is required and is empty` }
  }
}
