import type { Text } from '../../gateway/model/text.ts'
import { constraintNamed } from './definitions/definitions.ts'

/** What an invariant of FHIR R4 says, at a place. English: HL7's own words, where they are known. */
export function constraintText(path: string, key: string): Text {
  const known = plain.get(key)
  if (known !== undefined) return { zh: `${path}:${known.zh}(${key})`, en: `${path}: ${known.en} (${key})` }
  const human = constraintNamed(key)?.human
  const zh = zhOf.get(key)
  return {
    zh: zh === undefined ? `${path} 不满足 FHIR 约束 ${key}` : `${path}:${zh}(${key})`,
    en: human === undefined ? `${path} doesn't keep the constraint ${key}` : `${path}: ${human} (${key})`,
  }
}

/** Those that `check` holds itself. */
const plain: ReadonlyMap<string, Text> = new Map([
  ['ele-1', { zh: '元素既没有值也没有子元素', en: 'an element must have a value or children' }],
  ['ext-1', { zh: '扩展必须有值或子扩展,且只能有其一', en: 'an extension has either a value or extensions' }],
  ['ref-1', { zh: '引用的内含资源不存在', en: 'a local reference must name a contained resource' }],
  ['dom-2', { zh: '内含资源不得再含资源', en: 'a contained resource must contain no other' }],
  ['dom-3', { zh: '内含资源没有被引用', en: 'a contained resource must be referred to' }],
  ['dom-4', { zh: '内含资源不得有版本号或更新时间', en: 'a contained resource has no version and no time of update' }],
  ['dom-5', { zh: '内含资源不得有安全标签', en: 'a contained resource has no security label' }],
])

/** Of the resources that the catalogue's interfaces use. */
const zhOf: ReadonlyMap<string, string> = new Map([
  ['obs-3', '参考范围必须有下限、上限或文本之一'],
  ['obs-6', '有值时不得有缺值原因'],
  ['obs-7', '组成项代码与观察代码相同时,观察本身不得有值'],
  ['pat-1', '联系人必须有姓名、联系方式、地址或机构之一'],
  ['mad-1', '用药执行的剂量必须有剂量或速率'],
  ['con-3', '问题列表条目应有临床状态'],
  ['con-4', '有缓解时间时,临床状态必须是已缓解类'],
  ['con-5', '录入错误的病情不得有临床状态'],
  ['bdl-1', '只有检索结果和历史可以有总数'],
  ['bdl-2', '只有检索结果可以有检索信息'],
  ['bdl-3', '批处理、事务和历史的每个条目必须有请求,其他不得有'],
  ['bdl-4', '批处理应答、事务应答和历史的每个条目必须有响应,其他不得有'],
  ['bdl-5', '条目必须有资源、请求或响应之一'],
  ['bdl-7', '同一资源集中完整地址不得重复'],
  ['bdl-8', '完整地址不得带版本'],
  ['bdl-9', '文书必须有标识'],
  ['bdl-10', '文书必须有时间戳'],
  ['bdl-11', '文书的第一个资源必须是 Composition'],
  ['bdl-12', '消息的第一个资源必须是 MessageHeader'],
  ['per-1', '开始时间不得晚于结束时间'],
  ['qty-3', '有单位代码时必须有编码体系'],
  ['sqty-1', '此处的数量不得有比较符'],
  ['cpt-2', '有值时必须有联系方式的类型'],
  ['att-1', '有数据时必须有内容类型'],
  ['rng-2', '下限不得大于上限'],
  ['rat-1', '分子与分母必须同时有或同时没有'],
  ['org-1', '机构必须有标识或名称'],
  ['prr-1', '有医嘱明细时必须有项目代码'],
  ['tim-1', '有时长时必须有时长单位'],
  ['tim-2', '有周期时必须有周期单位'],
  ['cmp-1', '章节必须有文本、条目或子章节之一'],
])
