import { type Cause, factOf, heard, say, shareSign, unknown, weights, whether, wordOf } from '../cause.ts'
import { isOrderUnknown, isResult } from '../evidence/sight.ts'
import { deniedLine } from '../lines/common-lines.ts'

/** Fewer come on any day: an order that was deleted, a patient who was merged. A message that is sent again and again is one. */
const unknownKeyMin = 3

/** Results whose order the receiver doesn't know: a lost order, or a number that is written differently. */
export const orphanResult: Cause = {
  id: 'orphan-result',
  prior: -3.5,
  severity: 'P2',
  kinds: ['content', 'flow'],
  explains: ['nak', 'nak-one-text', 'missing'],
  weigh(e) {
    const nak = e.since.count('nak')
    const results = e.since.count('nak-result')
    const unknownKey = e.since.count('nak-unknown-order')
    const violating = e.since.count('nak-violating')
    const orphan = e.reading('journeys/orphan')
    const shape = wordOf(orphan, 'shape') ?? '?'
    const usualShape = wordOf(orphan, 'usualShape') ?? '?'
    return {
      // The receiver's own word more than now and then, or numbers of another form: orders may be older than anything that was observed here.
      isOpen: orphan !== null || (results > 0 && unknownKey - e.since.count('nak-copy') >= unknownKeyMin),
      locus: e.locus,
      lines: [
        {
          key: 'orphan',
          group: 'key',
          sign: heard(orphan),
          present: weights.decisive,
          absent: 0,
          text: say(
            `${factOf(orphan, 'seen') ?? 0} 份结果中 ${factOf(orphan, 'unknown') ?? 0} 份的申请从未见过,单号形如 ${shape},已知申请形如 ${usualShape}`,
            `${factOf(orphan, 'unknown') ?? 0} of ${factOf(orphan, 'seen') ?? 0} results are of orders that were never seen: their numbers look like ${shape}, known ones like ${usualShape}`,
          ),
        },
        {
          key: 'nak-result-unknown',
          group: 'key',
          // Refused for this and that, it is the receiver; orphans are refused for their numbers.
          sign: shareSign(unknownKey, nak, { least: orphan === null ? 1 : 3, none: 0.5, full: 0.8 }),
          present: weights.decisive,
          absent: -weights.strong,
          text: say(
            `被拒 ${nak} 条中 ${unknownKey} 条为申请不存在(204 或其文本)`,
            `${unknownKey} of ${nak} refusals say that the order is unknown (204, or in words)`,
          ),
        },
        {
          key: 'nak-result',
          group: 'type',
          sign: shareSign(results, nak, { least: orphan === null ? 1 : 3, none: 0.2, full: 0.9 }),
          present: weights.veryStrong,
          absent: -weights.veryStrong,
          text: say(`其中结果类报文 ${results} 条`, `${results} of them are results`),
        },
        {
          key: 'nak-violating',
          group: 'contract',
          sign: shareSign(violating, nak, { none: 0.2 }),
          present: -weights.strong,
          absent: weights.slight,
          text: say(`违反合约 ${violating} 条`, `${violating} break the contract`),
        },
        deniedLine(e, { group: 'known', weight: -weights.decisive }),
        {
          key: 'order-side',
          group: 'orders',
          sign:
            e.sameReceiver.count('exchanges') + e.sameSender.count('exchanges') === 0
              ? unknown
              : whether(e.sameSender.count('unheard') + e.sameReceiver.count('unheard') > 0),
          present: weights.some,
          absent: 0,
          text: say('相关接口近期有未应答的申请', 'related interfaces had unanswered orders'),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.to.zh} 收到无申请的结果`, `${e.place.to.en} gets results without an order`),
  advise: ({ place }) => ({
    owner: say(`${place.from.zh}(LIS/RIS)`, `${place.from.en}`),
    handOver: say(
      `转 ${place.from.zh} 与 ${place.to.zh} 核对申请单号`,
      `Hand to ${place.from.en} and ${place.to.en} to compare order numbers`,
    ),
    checks: [
      say('单号格式是否变化(前导零、长度、前缀)', 'Did the number change its form (leading zeros, length, prefix)?'),
      say('对应的申请是否曾经送达并被接受', 'Was the order delivered and accepted?'),
      say('是否患者合并或急诊无申请检查', 'A patient merge, or an exam without an order?'),
    ],
    workaround: say('人工关联后补传结果', 'Link by hand and resend'),
  }),
  hears: {
    signals: ['journeys/orphan'],
    text: (reading, place) =>
      say(
        `${place.iface.zh}:${factOf(reading, 'unknown') ?? 0} 份结果的申请从未见过`,
        `${place.iface.en}: ${factOf(reading, 'unknown') ?? 0} results of orders that were never seen`,
      ),
  },
  spot({ item, place }) {
    if (item.entry.exchange.outcome !== 'failed' || !isResult(item) || !isOrderUnknown(item)) return null
    return { systemId: place.fromId, text: say('结果被拒:申请不存在', 'a result is refused: its order is unknown') }
  },
}
