import type { Text } from '../../gateway/model/text.ts'
import type { RuleName } from './check/finding.ts'
import { constraintText } from './constraint-text.ts'

/** What has to be known to tell a breach. `path` and `expected` are places and the agreement's words, never a value. */
export interface Told {
  readonly rule: RuleName
  readonly path: string
  readonly expected: string
}

/** What a violation says to people, in both languages. */
export function wordingOf({ rule, path, expected }: Told): Text {
  switch (rule) {
    case 'required':
      return { zh: `${path} 必填,但没有`, en: `${path} is required and is missing` }
    case 'cardinality':
      return { zh: `${path} 的出现次数不符合约定 ${expected}`, en: `${path} doesn't stand as often as agreed (${expected})` }
    case 'unknown-element':
      return {
        zh: `${path} 中有 FHIR 没有定义的元素 ${expected}`,
        en: `${path} holds an element that FHIR doesn't have: ${expected}`,
      }
    case 'type':
      return { zh: `${path} 的类型应为 ${expected}`, en: `${path} must be of type ${expected}` }
    case 'format':
      return { zh: `${path} 不符合 ${expected} 的格式`, en: `${path} is not written as ${expected} has it` }
    case 'masking':
      return { zh: `${path} 应已脱敏,却是明文`, en: `${path} should be masked, and is in clear` }
    case 'table':
      return { zh: `${path} 的代码不在约定的值域内`, en: `${path} is not one of the agreed codes` }
    case 'reference':
      return { zh: `${path} 引用的资源类型不是 ${expected}`, en: `${path} refers to a resource that is none of ${expected}` }
    case 'narrative':
      return narrativeText(path, expected)
    case 'condition':
      return constraintText(path, expected)
    case 'profile':
      return profileText(path, expected)
    case 'structure':
      return structureText(path, expected)
    case 'interaction':
      return { zh: `约定中没有此交互:${expected}`, en: `this interaction is not agreed: ${expected}` }
    case 'search':
      return {
        zh: `${path} 的查询参数不符合约定:${expected}`,
        en: `the query of ${path} doesn't keep the contract: ${expected}`,
      }
    case 'version':
      return { zh: 'FHIR 版本不在约定之内', en: 'the FHIR version is not an agreed one' }
    case 'charset':
      return { zh: '报文字节不是 UTF-8', en: 'the bytes are not UTF-8' }
    case 'more':
      return { zh: `另有 ${expected} 处违约`, en: `${expected} more violations` }
    default:
      return rule satisfies never
  }
}

function narrativeText(path: string, problem: string): Text {
  if (problem === 'txt-2') return { zh: `${path} 没有内容`, en: `${path} says nothing` }
  if (problem === 'txt-1')
    return { zh: `${path} 含有不允许的 HTML 元素或属性`, en: `${path} holds HTML elements or attributes that are not allowed` }
  return { zh: `${path} 不是格式良好的 XHTML`, en: `${path} is no well-formed XHTML` }
}

function profileText(path: string, expected: string): Text {
  if (expected === 'slice')
    return { zh: `${path} 不属于规范中的任何切片`, en: `${path} belongs to none of the profile's slices` }
  if (expected === 'fixed') return { zh: `${path} 不是规范规定的固定值`, en: `${path} is not the value that the profile fixes` }
  return { zh: `${path} 不符合规范规定的模式`, en: `${path} doesn't match the profile's pattern` }
}

function structureText(path: string, expected: string): Text {
  if (expected === 'json') return { zh: '报文体不是 JSON', en: 'the body is not JSON' }
  if (expected === 'fhir') return { zh: '报文体不是 FHIR', en: 'the body is not FHIR' }
  if (expected === 'duplicate') return { zh: `${path} 在同一对象中出现两次`, en: `${path} stands twice in one object` }
  return { zh: `${path} 嵌套过深`, en: `${path} is nested too deeply` }
}
