import { type Cause, heard, present, say, shareSign, unknown, weights, whether } from '../cause.ts'
import type { Tally } from '../evidence/tally.ts'
import { isSaid, oneSenderLine, trailLine } from '../lines/common-lines.ts'
import { dialectOf, framingLine } from '../lines/dialect.ts'

const rules = ['type', 'length', 'format', 'cardinality', 'table'] as const

/** The element is there, but of another type, length, format or count than agreed. */
export const schemaWrongType: Cause = {
  id: 'schema-wrong-type',
  prior: -2.8,
  severity: 'P3',
  kinds: ['content'],
  explains: ['nak', 'nak-one-text', 'required', 'required-reading'],
  weigh(e) {
    const reading = rules.map((rule) => e.reading(`contract/${rule}`)).find((r) => r !== null) ?? null
    const wrong = wrongCount(e.since)
    const nak = e.since.count('nak')
    const typed = Math.max(e.since.count('err:102'), e.since.count('nak:shape'))
    const coded = typed + e.since.count('err:103')
    // What no contract asks for is only said.
    const isOnlySaid = wrong === 0 && typed >= 3 && typed * 2 >= nak
    const requests = e.since.count('requests')
    const before = wrongCount(e.before)
    const seenBefore = e.before.count('requests')
    return {
      isOpen: wrong > 0 || e.since.count('err:102') > 0 || isSaid(e, 'shape'),
      locus: e.locus,
      lines: [
        {
          key: 'wrong-type',
          group: 'contract',
          sign: isOnlySaid ? unknown : shareSign(wrong, requests, { none: 0.005, full: 0.3 }),
          present: weights.decisive,
          absent: -weights.strong,
          text: say(
            `${requests} 条中 ${wrong} 条类型、长度或格式不符(${element(e.since)})`,
            `${wrong} of ${requests} have a wrong type, length or format (${element(e.since)})`,
          ),
        },
        {
          key: 'wrong-type-reading',
          group: 'contract',
          sign: heard(reading),
          present: weights.veryStrong,
          absent: 0,
          text: say('超出习惯水平', 'more than is usual'),
        },
        {
          key: 'err-102',
          group: 'nak',
          sign: nak === 0 ? unknown : isOnlySaid ? present(typed / nak) : whether(coded > 0),
          present: isOnlySaid ? weights.decisive : weights.strong,
          absent: 0,
          text: say(
            `接收方以 102/103 或写明类型、格式不符拒绝 ${coded} 次`,
            `the receiver refused ${coded} times with 102/103, or says that a type or format is wrong`,
          ),
        },
        {
          key: 'wrong-type-new',
          group: 'change',
          sign: isOnlySaid || seenBefore < 20 ? unknown : whether(before / seenBefore < 0.01),
          present: weights.some,
          absent: before / seenBefore > 0.5 * (wrong / Math.max(requests, 1)) ? -weights.veryStrong : -weights.some,
          text: say(`故障前 ${seenBefore} 条中 ${before} 条`, `${before} of ${seenBefore} before the onset`),
        },
        {
          key: 'charset',
          group: 'charset',
          sign: shareSign(e.since.count('charset-wrong'), wrong, { none: 0.2, full: 1 }),
          present: -weights.veryStrong,
          absent: 0,
          text: say(
            `字符集与声明不符 ${e.since.count('charset-wrong')} 条`,
            `${e.since.count('charset-wrong')} with a wrong charset label`,
          ),
        },
        {
          key: 'required',
          group: 'required',
          sign: shareSign(e.since.count('violation:required'), Math.max(wrong, 1), { none: 0.3, full: 1 }),
          present: -weights.some,
          absent: 0,
          text: say(
            `同时缺必填 ${e.since.count('violation:required')} 条`,
            `${e.since.count('violation:required')} also lack what is required`,
          ),
        },
        trailLine(e),
        framingLine(e),
        oneSenderLine(e, -weights.veryStrong, dialectOf(e)),
      ],
    }
  },
  title: (e) =>
    say(
      `${e.place.from.zh} 的报文类型或格式不符 ${element(e.since)}`,
      `Messages of ${e.place.from.en} break type or format ${element(e.since)}`,
    ),
  advise: ({ place, since }) => ({
    owner: say(`${place.from.zh} 接口开发`, `The interface developers of ${place.from.en}`),
    handOver: say(
      `附路径 ${element(since)}、值的形状与首现时间转 ${place.from.zh}`,
      `Hand to ${place.from.en} with path ${element(since)}, the shape of the value and the first time`,
    ),
    checks: [
      say('是否集中在一台仪器或一种报文', 'One device or one message type?'),
      say('值的形状:例如 NM 字段出现 "<" 应改用 SN/ST', 'The shape: a "<" in an NM field should be SN or ST'),
      say('首现时间是否对应升级或新设备上线', 'Does the first time match a release or a new device?'),
    ],
    workaround: say('由引擎临时转换类型', 'Let the engine convert the type meanwhile'),
  }),
  spot({ item, place }) {
    const wrong = item.violations.find((v) => v.severity === 'ticket' && rules.some((rule) => rule === v.rule))
    const isCoded = item.answerFacts?.ack?.errors.some((x) => x.code === '102') ?? false
    if (wrong === undefined && !(isCoded && item.entry.exchange.outcome === 'failed')) return null
    const path = wrong === undefined ? '' : ` ${wrong.element}(${wrong.rule}${wrong.shape === null ? '' : `,${wrong.shape}`})`
    return { systemId: place.fromId, text: say(`类型、长度或格式不符${path}`, `wrong type, length or format${path}`) }
  },
}

function wrongCount(tally: Tally): number {
  return Math.max(...rules.map((rule) => tally.count(`violation:${rule}`)))
}

function element(tally: Tally): string {
  const found = tally.top('element').find(({ name }) => rules.some((rule) => name.startsWith(`${rule} `)))
  return found?.name.slice(found.name.indexOf(' ') + 1) ?? ''
}
