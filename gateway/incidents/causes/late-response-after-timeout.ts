import { type Cause, fixed, say, shareSign, weights, whether } from '../cause.ts'
import { gaveUpMs } from '../evidence/unanswered.ts'
import { leftBehind } from '../lines/late.ts'
import { idWords } from '../lines/protocol-words.ts'

/** The answer comes after its sender has given up or sent again: done or not done, nobody knows. */
export const lateResponseAfterTimeout: Cause = {
  id: 'late-response-after-timeout',
  prior: -3,
  severity: 'P1',
  kinds: ['answer', 'slow'],
  explains: [
    'latency',
    'answered',
    'unheard',
    'unheard-fresh',
    'duplicate',
    'duplicate-reading',
    'amplified',
    'storm-reading',
    'mismatch',
    'delay-growth',
    'one-type',
    'others-flat',
  ],
  weigh(e) {
    const late = leftBehind(e)
    const long = e.since.count('late-long')
    const stray = e.since.count('late-stray')
    const requests = e.since.count('requests')
    const copies = e.since.count('duplicate')
    const unheard = e.since.count('unheard')
    return {
      isOpen: late > 0,
      locus: e.locus,
      lines: [
        {
          key: 'late',
          group: 'late',
          sign: shareSign(late, requests, { full: 0.05 }),
          present: weights.decisive,
          absent: -weights.decisive,
          text: say(
            `${requests} 次请求中 ${late} 次应答在发送方放弃之后才到(最迟 ${((e.since.high('lateMs') ?? 0) / 1000).toFixed(1)} 秒)`,
            `${late} of ${requests} answers came after their sender had given up (up to ${((e.since.high('lateMs') ?? 0) / 1000).toFixed(1)} s)`,
          ),
        },
        {
          key: 'duplicate',
          group: 'copies',
          sign: whether(copies > 0 || e.reading('retries/duplicate') !== null),
          present: weights.strong,
          absent: 0,
          text: say(`其间重发 ${copies} 次`, `${copies} were sent again meanwhile`),
        },
        {
          key: 'late-long',
          group: 'length',
          sign: shareSign(long, late, { none: 0.2, full: 1 }),
          present: weights.some,
          absent: -weights.strong,
          text: say(`迟到 1 秒以上 ${long} 次`, `${long} were late by a second and more`),
        },
        {
          key: 'mismatch',
          group: 'mismatch',
          sign: shareSign(stray, late, { none: 0.5, full: 1 }),
          present: -weights.veryStrong,
          absent: 0,
          text: say(`其中 ${stray} 次落在另一条报文的等待中`, `${stray} of them arrived while another message waited`),
        },
        {
          key: 'unheard',
          group: 'unheard',
          // Later still, one is an answer to nothing that is open, and its request was never answered.
          sign: shareSign(unheard, unheard + late, { none: 0.55, full: 0.8 }),
          present: -weights.veryStrong,
          absent: 0,
          text: say(`始终无应答 ${unheard} 次`, `${unheard} were never answered`),
        },
      ],
    }
  },
  title: (e) =>
    say(`${e.place.to.zh} 在发送方超时后才应答(状态不明)`, `${e.place.to.en} answers after the sender has given up`),
  advise: (e) => ({
    owner: say(`${e.place.from.zh} 与 ${e.place.to.zh}`, `${e.place.from.en} and ${e.place.to.en}`),
    handOver: say(
      `转 ${e.place.to.zh} 查处理变慢的原因,同时请 ${e.place.from.zh} 核对重发的单据`,
      `To ${e.place.to.en} for the slowness; ask ${e.place.from.en} to reconcile what was resent`,
    ),
    checks: [
      say(
        '逐条核对:首发与重发是否都已入库(重复医嘱、重复收费)',
        'Were first copy and resend both stored (double orders, double charges)?',
      ),
      say('发送方超时与接收方处理时间的设置是否匹配', "Does the sender's time-out fit the receiver's processing time?"),
      say(`${e.place.to.zh} 的慢查询与队列`, `Slow queries and queues of ${e.place.to.en}`),
    ],
    workaround: say(
      `临时调大发送方超时;接收方按${idWords(e).zh}去重`,
      `Raise the sender's time-out; let the receiver drop duplicates by ${idWords(e).en}`,
    ),
  }),
  spot({ item, memory, place }) {
    const late = item.entry.exchange.wire.find((f) => f.kind === 'late')
    // A stray answer within the second is a mismatch, not a late answer: nobody can have given up by then.
    const isStray = item.entry.exchange.wire.some((f) => f.kind === 'wrong-control-id')
    const isLate = late?.kind === 'late' && late.afterMs >= (isStray ? 1000 : gaveUpMs)
    if (!isLate && !memory.isAnsweredAfterResend) return null
    const seconds = late?.kind === 'late' ? fixed(late.afterMs / 1000, 1) : null
    return {
      systemId: place.toId,
      text: say(
        seconds === null ? '首发的应答在重发之后才到' : `应答迟到 ${seconds} 秒,发送方已放弃或重发`,
        seconds === null
          ? 'the first copy was answered after the resend'
          : `answered after ${seconds} s, when the sender had given up`,
      ),
    }
  },
}
