import type { Text } from '../../gateway/model/text.ts'
import type { Breach } from './breach.ts'

/** What a breach says to people, in both languages. Made of places, the contract's own words and shapes; never of a value. `path` empty: the body as a whole. */
export function bodyWording({ rule, expected }: Breach, path: string): Text {
  const zh = path === '' ? '报文' : path
  const en = path === '' ? 'the body' : path
  switch (rule) {
    case 'required':
      return { zh: `${zh} 必填,但缺失或为空`, en: `${en} is required and is missing or empty` }
    case 'forbidden':
      return { zh: `${zh} 不应出现`, en: `${en} must not be there` }
    case 'type':
      return { zh: `${zh} 的类型应为 ${expected}`, en: `${en} is not of type ${expected}` }
    case 'length':
      return { zh: `${zh} 的长度超出约定 ${expected}`, en: `${en} is outside the agreed length ${expected}` }
    case 'range':
      return { zh: `${zh} 的数值超出约定范围 ${expected}`, en: `${en} is outside the agreed range ${expected}` }
    case 'table':
      return { zh: `${zh} 的值不在约定的值域内`, en: `${en} is not one of the agreed values` }
    case 'format':
      return { zh: `${zh} 不符合约定格式 ${expected}`, en: `${en} doesn't have the agreed format ${expected}` }
    case 'cardinality':
      return { zh: `${zh} 的个数超出约定 ${expected}`, en: `${en} stands more or less often than the agreed ${expected}` }
    case 'unknown-member':
      return { zh: `${zh} 是契约未约定的成员`, en: `${en} is a member that the contract doesn't have` }
    case 'masking':
      return { zh: `${zh} 应已脱敏,却是明文`, en: `${en} should be masked, and is in clear` }
    case 'header':
      return { zh: `缺少约定的头 ${zh}`, en: `the agreed header ${en} is missing` }
    default:
      return { zh: `${zh} 不符合约定的条件`, en: `${en} doesn't keep an agreed condition` }
  }
}
