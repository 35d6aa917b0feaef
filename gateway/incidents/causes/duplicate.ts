import { absent, type Cause, fixed, heard, present, say, shareSign, unknown, weights, whether } from '../cause.ts'
import { refusalIn } from '../evidence/refusal.ts'
import { amplificationOf, amplifiedMin, copiesOf } from '../lines/amplification.ts'
import { leftBehind } from '../lines/late.ts'
import { idWords } from '../lines/protocol-words.ts'

/** The same message again, or another one under a number that was used: one order may count twice. */
export const duplicate: Cause = {
  id: 'duplicate',
  prior: -3,
  severity: 'P3',
  kinds: ['flow', 'content'],
  weigh(e) {
    const reading = e.reading('retries/duplicate') ?? e.reading('retries/id-reuse')
    const { requests, copies: same } = copiesOf(e)
    const copies = same + e.since.count('duplicate-other')
    const told = e.since.count('nak:repeated')
    const amplification = amplificationOf(e, { requests, copies })
    // Who loses its connection before the answer sends again: that copy is the break's doing.
    const lateOrLost = leftBehind(e) + e.since.count('unheard') + e.since.count('reset') + e.since.count('closed:acceptor')
    return {
      // What is refused is sent again: that alone is no fault of who sends.
      isOpen: told > 0 || (copies > 0 && e.kinds.includes('flow')),
      locus: e.locus,
      lines: [
        {
          key: 'duplicate',
          group: 'copies',
          // Who knows what it has sees copies that came before we listened.
          sign: told > 0 && copies === 0 ? unknown : shareSign(copies, requests, { none: 0.005, full: 0.2 }),
          present: weights.veryStrong,
          absent: -weights.some,
          text: say(
            `${requests} 条中${idWords(e).zh}重复 ${copies} 条(内容相同 ${same}、不同 ${e.since.count('duplicate-other')})`,
            `${copies} of ${requests} repeat a ${idWords(e).en} (same content ${same}, other content ${e.since.count('duplicate-other')})`,
          ),
        },
        {
          key: 'duplicate-reading',
          group: 'copies',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: say('重复率超出习惯水平', 'more than is usual'),
        },
        {
          key: 'nak-repeated',
          group: 'told',
          sign: told === 0 ? unknown : shareSign(told, requests, { full: 0.1 }),
          present: weights.decisive,
          absent: 0,
          text: say(`${requests} 次请求中 ${told} 次因重复被拒`, `${told} of ${requests} refused as there already`),
        },
        {
          key: 'amplified',
          group: 'amplification',
          // Now and then once more than twice is still twice; three times and more is a storm.
          sign: amplification < amplifiedMin ? absent : present((amplification - 1.8) / 1.2),
          present: -weights.veryStrong,
          absent: weights.slight,
          text: say(`放大倍数 ${fixed(amplification, 1)}`, `${fixed(amplification, 1)} requests for each distinct message`),
        },
        {
          key: 'late',
          group: 'why',
          sign: whether(lateOrLost * 2 > copies),
          present: -weights.strong,
          absent: weights.some,
          text: say(
            `迟到、无应答或中断 ${lateOrLost} 次(重复可能由此引起)`,
            `${lateOrLost} late, unanswered or broken off: the copies may come from that`,
          ),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.from.zh} 发送重复报文`, `${e.place.from.en} sends duplicates`),
  advise: (e) => ({
    owner: say(`${e.place.from.zh} 接口开发`, `The interface developers of ${e.place.from.en}`),
    handOver: say(
      `转 ${e.place.from.zh},附重复的${idWords(e).zh}`,
      `Hand to ${e.place.from.en} with the repeated ${idWords(e).en}s`,
    ),
    checks: [
      say('内容相同:发送任务是否重复触发或未记录已发', 'Same content: is the job triggered twice or its progress not kept?'),
      say(`内容不同:${idWords(e).zh}是否在重启后从头计数`, 'Other content: did the counter start again after a restart?'),
      say(`${e.place.to.zh} 是否按${idWords(e).zh}去重`, `Does ${e.place.to.en} drop duplicates by ${idWords(e).en}?`),
    ],
    workaround: say(`接收方或引擎按${idWords(e).zh}去重`, `Drop duplicates by ${idWords(e).en} at the receiver or the engine`),
  }),
  spot({ item, place }) {
    const { code } = item.entry.exchange
    if (refusalIn(item) === 'repeated')
      return {
        systemId: place.fromId,
        text: say(`${place.to.zh} 称已有该条(${code})`, `${place.to.en} says that it has it already (${code})`),
      }
    const copy = item.entry.exchange.wire.find((f) => f.kind === 'duplicate')
    // A message that broke off is no second message.
    if (copy?.kind !== 'duplicate' || item.entry.exchange.wire.some((f) => f.kind === 'partial')) return null
    return {
      systemId: place.fromId,
      text: copy.sameBody
        ? say(`同一控制号、同一内容,第 ${copy.copy} 次重发`, `same control id, same content, resend ${copy.copy}`)
        : say('同一控制号,内容不同(计数器可能复位)', 'same control id, other content (a counter that was reset?)'),
    }
  },
}
