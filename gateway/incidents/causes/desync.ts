import { type Cause, factOf, heard, say, shareSign, unknown, weights } from '../cause.ts'
import { stayingAwayLines, stayingAwayText } from '../staying-away.ts'

/** Both ends answer well, and yet one doesn't have what the other has: updates that were never passed on, or answers that deny what was accepted. */
export const desync: Cause = {
  id: 'desync',
  prior: -3.4,
  severity: 'P2',
  kinds: ['flow', 'reach', 'content'],
  explains: ['nak', 'nak-one-text', 'nak-result-unknown', 'nak-result', 'missing'],
  weigh(e) {
    const denied = e.reading('journeys/denied')
    const onward = e.reading('journeys/onward')
    const told = stayingAwayText(onward)
    const refused = factOf(denied, 'refused') ?? 0
    const deniedCount = factOf(denied, 'denied') ?? 0
    const nak = e.since.count('nak')
    const violating = e.since.count('nak-violating')
    const isOnlyDenied = onward === null
    return {
      isOpen: denied !== null || onward !== null,
      locus: e.locus,
      lines: [
        {
          key: 'denied',
          group: 'denied',
          sign: heard(denied),
          present: weights.decisive,
          absent: 0,
          text: say(
            `以"不存在"拒绝了此前已受理的 ${deniedCount} 条`,
            `${deniedCount} messages refused as unknown though the same system had accepted their key`,
          ),
        },
        {
          key: 'denied-share',
          group: 'denied-share',
          sign: denied === null ? unknown : shareSign(deniedCount, refused, { none: 0.3, full: 0.8 }),
          present: weights.strong,
          absent: -weights.strong,
          text: say(
            `被拒的键中此前已受理的占 ${deniedCount}/${refused}`,
            `${deniedCount} of ${refused} refused keys had been accepted before`,
          ),
        },
        {
          key: 'onward',
          group: 'onward',
          sign: heard(onward),
          present: weights.decisive,
          absent: 0,
          text: say(
            `已收到的结果或更新 ${told.share} 超过 ${told.limitS} 秒未转到下一系统(平时中位 ${told.usualS} 秒)`,
            `${told.share} results or updates were not passed on within ${told.limitS} s; usually it takes ${told.usualS} s`,
          ),
        },
        {
          key: 'missing',
          group: 'missing',
          sign: heard(e.reading('journeys/missing')),
          present: -weights.veryStrong,
          absent: 0,
          text: say('申请本身也无结果', 'the orders themselves stay without results'),
        },
        {
          key: 'nak-violating',
          group: 'contract',
          sign: denied === null ? unknown : shareSign(violating, nak, { none: 0.2 }),
          present: -weights.strong,
          absent: weights.slight,
          text: say(`被拒 ${nak} 条中违反合约 ${violating} 条`, `${violating} of ${nak} refusals break the contract`),
        },
        {
          key: 'sequence-gap',
          group: 'sequence',
          sign: heard(e.reading('sequence/gap')),
          present: -weights.strong,
          absent: 0,
          text: say('报文序号有缺口(在途丢失)', 'sequence numbers are missing: messages were lost on the way'),
        },
        ...(isOnlyDenied ? [] : stayingAwayLines(e, onward)),
      ],
    }
  },
  title: (e) =>
    say(`${e.place.from.zh} 与 ${e.place.to.zh} 数据不一致`, `${e.place.from.en} and ${e.place.to.en} hold different data`),
  advise: ({ place }) => ({
    owner: say(`${place.from.zh} 与 ${place.to.zh} 双方`, `${place.from.en} and ${place.to.en}, both`),
    handOver: say(
      `附差异清单转双方对账;先暂停受影响批次的推送,防止扩散`,
      'Hand the list of differences to both for reconciliation; pause the pushes that are affected first, so that it does not spread',
    ),
    checks: [
      say('按单号对账:一方有、另一方没有的是哪些', 'Reconcile by order number: what does one have that the other has not?'),
      say(
        '缺的何时开始,是否从某次重启、恢复备份或清表起',
        'Since when? Since a restart, a restored backup or a clean-up of tables?',
      ),
      say('受理后是否写入失败(应答成功但事务回滚)', 'Was it answered well and then rolled back?'),
    ],
    workaround: say('暂停批次推送,补发差异数据后再恢复', 'Pause the pushes, resend what differs, then go on'),
  }),
  hears: {
    signals: ['journeys/denied', 'journeys/onward'],
    text: (reading, place) =>
      reading.signal === 'journeys/denied'
        ? say(
            `${place.to.zh} 以"不存在"拒绝此前已受理的单号 ${factOf(reading, 'denied') ?? 0} 次`,
            `${place.to.en} refuses as unknown what it had accepted before, ${factOf(reading, 'denied') ?? 0} times`,
          )
        : say(
            `${place.iface.zh}:${stayingAwayText(reading).share} 条结果或更新未转出`,
            `${place.iface.en}: ${stayingAwayText(reading).share} results or updates were not passed on`,
          ),
  },
}
