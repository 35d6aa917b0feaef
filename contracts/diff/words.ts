import type { Text } from '../../gateway/model/text.ts'
import type { Aspect } from './statements.ts'

interface Told {
  readonly scope: string
  readonly element: string
  readonly aspect: Aspect
  readonly before: string | null
  readonly after: string | null
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

const names: { readonly [aspect in Aspect]: Text } = {
  message: { zh: '消息', en: 'message' },
  side: { zh: '方向', en: 'side' },
  usage: { zh: '必填性', en: 'usage' },
  values: { zh: '代码集', en: 'codes' },
  length: { zh: '长度', en: 'length' },
  repeats: { zh: '次数', en: 'repetitions' },
  type: { zh: '类型', en: 'type' },
  format: { zh: '格式', en: 'format' },
  range: { zh: '数值范围', en: 'range' },
  structure: { zh: '段顺序', en: 'order of segments' },
  rule: { zh: '规则', en: 'rule' },
  condition: { zh: '条件', en: 'condition' },
  severity: { zh: '严重度', en: 'weight of a breach' },
  versions: { zh: '版本', en: 'versions' },
  charset: { zh: '字符集', en: 'character sets' },
  others: { zh: '未列出的内容', en: 'what is not listed' },
  setting: { zh: '设置', en: 'setting' },
}

const usages: { readonly [usage: string]: Text } = {
  R: { zh: '必填', en: 'required' },
  RE: { zh: '有则必填', en: 'required when known' },
  O: { zh: '可选', en: 'optional' },
  C: { zh: '条件必填', en: 'required under a condition' },
  X: { zh: '不允许', en: 'not allowed' },
}

/** One difference as a sentence: `OML^O21 ORC-1: codes added: XO`. */
export function wordsOf(told: Told): Text {
  const place = [told.scope, told.element].filter((part) => part !== '').join(' ')
  const said = sentence(told)
  return place === '' ? said : { zh: `${place}:${said.zh}`, en: `${place}: ${said.en}` }
}

function sentence({ aspect, before, after, added, removed }: Told): Text {
  const name = names[aspect]
  if (aspect === 'message')
    return before === null ? { zh: '新增此消息', en: 'is agreed now' } : { zh: '不再约定此消息', en: 'is no longer agreed' }
  if (aspect === 'usage') {
    const [was, is] = [usageWord(before), usageWord(after)]
    return { zh: `由${was.zh}改为${is.zh}`, en: `was ${was.en}, is ${is.en} now` }
  }
  const isList = aspect === 'values' || aspect === 'versions' || aspect === 'charset'
  if (isList && before !== null && after !== null) {
    const zh = [
      ...(added.length === 0 ? [] : [`新增 ${list(added)}`]),
      ...(removed.length === 0 ? [] : [`去掉 ${list(removed)}`]),
    ]
    const en = [
      ...(added.length === 0 ? [] : [`${list(added)} added`]),
      ...(removed.length === 0 ? [] : [`${list(removed)} dropped`]),
    ]
    return { zh: `${name.zh}${zh.join(',')}`, en: `${name.en}: ${en.join(', ')}` }
  }
  if (before === null) return { zh: `${name.zh}现约定为 ${short(after)}`, en: `${name.en}: ${short(after)}, not agreed before` }
  if (after === null)
    return { zh: `${name.zh}不再约定(原为 ${short(before)})`, en: `${name.en}: no longer agreed, was ${short(before)}` }
  return {
    zh: `${name.zh}由 ${short(before)} 改为 ${short(after)}`,
    en: `${name.en}: was ${short(before)}, is ${short(after)} now`,
  }
}

const optional: Text = { zh: '可选', en: 'optional' }

function usageWord(usage: string | null): Text {
  return (usage === null ? undefined : usages[usage]) ?? optional
}

const listedMax = 12
const charsMax = 160

function list(values: readonly string[]): string {
  const shown = values.slice(0, listedMax).map((value) => (value === '' ? '""' : value))
  return values.length > listedMax ? `${shown.join(', ')} … (${values.length})` : shown.join(', ')
}

function short(text: string | null): string {
  if (text === null) return ''
  return text.length > charsMax ? `${text.slice(0, charsMax)}…` : text
}
