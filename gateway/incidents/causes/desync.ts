import type { Reading } from '../../model/reading.ts'
import type { Text } from '../../model/text.ts'
import { type Cause, factOf, heard, say, shareSign, unknown, weights } from '../cause.ts'
import { copiesOf } from '../lines/amplification.ts'

/** Both ends answer well, and yet one doesn't have what the other has: their books differ, or answers deny what was accepted. */
export const desync: Cause = {
  id: 'desync',
  prior: -3.4,
  severity: 'P2',
  kinds: ['content', 'reach'],
  explains: [
    'silence',
    'peers-flowing',
    'connection-open',
    'volume-low',
    'nak',
    'nak-one-text',
    'nak-result-unknown',
    'nak-result',
  ],
  weigh(e) {
    const denied = e.reading('journeys/denied')
    const differs = e.reading('reconciliation/differs') ?? e.reading('files/differs')
    const refused = factOf(denied, 'refused') ?? 0
    const deniedCount = factOf(denied, 'denied') ?? 0
    const nak = e.since.count('nak')
    const { requests, copies } = copiesOf(e)
    const violating = e.since.count('nak-violating')
    return {
      isOpen: denied !== null || differs !== null,
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
          key: 'differs',
          group: 'differs',
          sign: heard(differs),
          present: weights.decisive,
          absent: 0,
          text: differsText(differs),
        },
        {
          key: 'nak',
          group: 'nak',
          sign: differs === null ? unknown : shareSign(nak, e.since.count('requests'), { none: 0.02, full: 0.3 }),
          present: -weights.some,
          absent: weights.some,
          text: say(`期间被拒 ${nak} 条`, `${nak} refusals meanwhile`),
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
          key: 'copies',
          group: 'copies',
          // What came twice is counted once.
          sign:
            copies === 0 || (factOf(differs, 'uncounted') ?? 0) === 0
              ? unknown
              : shareSign(copies, requests, { none: 0.02, full: 0.1 }),
          present: -weights.strong,
          absent: 0,
          text: say(`同一报文到达多次 ${copies} 条`, `${copies} came twice`),
        },
        {
          key: 'sequence-gap',
          group: 'sequence',
          sign: heard(e.reading('sequence/gap')),
          present: -weights.strong,
          absent: 0,
          text: say('报文序号有缺口(在途丢失)', 'sequence numbers are missing: messages were lost on the way'),
        },
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
    signals: ['journeys/denied', 'reconciliation/differs', 'files/differs'],
    text: (reading, place) =>
      reading.signal === 'journeys/denied'
        ? say(
            `${place.to.zh} 以"不存在"拒绝此前已受理的单号 ${factOf(reading, 'denied') ?? 0} 次`,
            `${place.to.en} refuses as unknown what it had accepted before, ${factOf(reading, 'denied') ?? 0} times`,
          )
        : differsText(reading),
  },
}

function differsText(reading: Reading | null): Text {
  const due = factOf(reading, 'due') ?? 0
  const lacking = factOf(reading, 'lacking') ?? 0
  const uncounted = factOf(reading, 'uncounted') ?? 0
  if (due === 0 && uncounted === 0) return say('对账结果不平', 'the reconciliation says that the books differ')
  return uncounted > 0
    ? say(
        `计 ${due} 行,多到 ${uncounted} 行未被源端计数`,
        `${uncounted} rows came that their sender, which counts ${due}, does not count`,
      )
    : say(`应有 ${due} 行,缺 ${lacking} 行,且无任何拒绝`, `${lacking} of ${due} rows are lacking, and none was refused`)
}
