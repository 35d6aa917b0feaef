import { type Cause, factOf, heard, present, say, shareSign, unknown, weights, whether, wordOf } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { oneSenderLine, trailLine } from '../lines/common-lines.ts'
import { dialectOf, framingLine } from '../lines/dialect.ts'
import { areSystemsMissing } from '../lines/missing-systems.ts'

/** A segment or field that the contract requires is gone. */
export const schemaMissingField: Cause = {
  id: 'schema-missing-field',
  prior: -2.6,
  severity: 'P2',
  kinds: ['content'],
  explains: ['nak', 'nak-one-text', 'wrong-type', 'wrong-type-reading'],
  weigh(e) {
    const reading = e.reading('contract/required') ?? e.reading('contract/structure') ?? e.reading('contract/cardinality')
    const missing = e.since.count('violation:required')
    const nak = e.since.count('nak')
    const coded = codedCount(e)
    // What no contract asks for is only said.
    const isOnlySaid = missing === 0 && coded >= 3 && coded * 2 >= nak
    const requests = e.since.count('requests')
    const before = e.before.count('violation:required')
    const seenBefore = e.before.count('requests')
    const element = wordOf(reading, 'element') ?? firstElement(e.since.top('element'), 'required')
    return {
      isOpen: missing > 0 || coded > 0,
      locus: e.locus,
      lines: [
        {
          key: 'required',
          group: 'contract',
          sign: isOnlySaid ? unknown : shareSign(missing, requests, { none: 0.005, full: 0.3 }),
          present: weights.decisive,
          absent: -weights.strong,
          text: say(
            `${requests} 条中 ${missing} 条缺少必填内容(${element})`,
            `${missing} of ${requests} lack what is required (${element})`,
          ),
        },
        {
          key: 'required-reading',
          group: 'contract',
          sign: heard(reading),
          present: weights.veryStrong,
          absent: 0,
          text: say(
            `缺失率超出习惯水平:${factOf(reading, 'affected') ?? missing}/${factOf(reading, 'seen') ?? requests}`,
            `more than is usual: ${factOf(reading, 'affected') ?? missing} of ${factOf(reading, 'seen') ?? requests}`,
          ),
        },
        {
          key: 'systems-missing',
          group: 'systems',
          sign: areSystemsMissing(e) ? present() : unknown,
          present: -weights.decisive,
          absent: 0,
          text: say(
            '缺失的只是编码体系名称(本地码未映射)',
            'only the names of coding systems are missing: local codes that nobody mapped',
          ),
        },
        {
          key: 'err-101',
          group: 'nak',
          sign: nak === 0 ? unknown : isOnlySaid ? present(coded / nak) : whether(coded > 0),
          present: isOnlySaid ? weights.decisive : weights.strong,
          absent: 0,
          text: say(
            `接收方以 100/101(缺段/缺必填)或写明缺项拒绝 ${coded} 次`,
            `the receiver refused ${coded} times with 100/101 (segment, required field), or says that something is missing`,
          ),
        },
        {
          key: 'required-new',
          group: 'change',
          sign: isOnlySaid || seenBefore < 20 ? unknown : whether(before / seenBefore < 0.01),
          present: weights.some,
          absent: before / seenBefore > 0.5 * (missing / Math.max(requests, 1)) ? -weights.veryStrong : -weights.some,
          text: say(`故障前 ${seenBefore} 条中缺失 ${before} 条`, `${before} of ${seenBefore} before the onset`),
        },
        {
          key: 'charset',
          group: 'charset',
          sign: shareSign(e.since.count('charset-wrong'), missing, { none: 0.2, full: 1 }),
          present: -weights.strong,
          absent: 0,
          text: say(
            `字符集与声明不符 ${e.since.count('charset-wrong')} 条`,
            `${e.since.count('charset-wrong')} with a wrong charset label`,
          ),
        },
        trailLine(e),
        framingLine(e),
        oneSenderLine(e, -weights.veryStrong, dialectOf(e)),
      ],
    }
  },
  title: (e) => {
    const element = wordOf(e.reading('contract/required'), 'element') ?? firstElement(e.since.top('element'), 'required')
    return say(`${e.place.from.zh} 的报文缺少必填内容 ${element}`, `Messages of ${e.place.from.en} lack required ${element}`)
  },
  advise: ({ place }) => ({
    owner: say(`${place.from.zh} 接口开发`, `The interface developers of ${place.from.en}`),
    handOver: say(
      `附缺失的路径、报文类型与首现时间转 ${place.from.zh}`,
      `Hand to ${place.from.en} with path, message type and first time`,
    ),
    checks: [
      say('首现时间是否对应升级、配置或模板变更', 'Does the first time match a release, a setting or a template change?'),
      say('是否只有一种触发事件或一个来源缺失', 'Only one trigger event or one source?'),
      say('源系统数据库里该字段是否有值', 'Does the source hold a value for it?'),
    ],
    workaround: say('回退变更,或由引擎临时补齐后重发', 'Roll the change back, or let the engine fill it in, and resend'),
  }),
  spot({ item, place }) {
    const missing = item.violations.find((v) => v.rule === 'required' && v.severity === 'ticket')
    const isCoded = item.answerFacts?.ack?.errors.some((x) => x.code === '101' || x.code === '100') ?? false
    if (missing === undefined && !(isCoded && item.entry.exchange.outcome === 'failed')) return null
    const path = missing?.element ?? item.answerFacts?.ack?.errors.find((x) => x.code === '101')?.location ?? ''
    return { systemId: place.fromId, text: say(`缺少必填内容 ${path}`, `required ${path} is missing`) }
  },
}

/** By HL7's codes (table 0357) or in words. What has a segment that nobody knows has a wrong sequence of segments (100) too, and lacks none. */
function codedCount({ since }: Evidence): number {
  const ofSequence = Math.max(since.count('err:100') - since.count('nak:version'), 0)
  return Math.max(since.count('err:101') + ofSequence, since.count('nak:missing'))
}

function firstElement(named: readonly { readonly name: string }[], rule: string): string {
  return named.find(({ name }) => name.startsWith(`${rule} `))?.name.slice(rule.length + 1) ?? ''
}
