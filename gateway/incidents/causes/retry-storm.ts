import { type Cause, factOf, fixed, heard, say, weights, whether } from '../cause.ts'
import { amplificationOf, amplifiedMin, copiesMin } from '../lines/amplification.ts'
import { namedRefusalLine } from '../lines/common-lines.ts'

/** Resending without back-off: the load multiplies while the distinct messages don't. */
export const retryStorm: Cause = {
  id: 'retry-storm',
  prior: -3.2,
  severity: 'P1',
  // Copies make a receiver slow, or busy: what is noticed first is that.
  kinds: ['flow', 'slow', 'content'],
  explains: [
    'nak',
    'nak-one-text',
    'one-type',
    'others-flat',
    'duplicate',
    'duplicate-reading',
    'latency',
    'answered',
    'connect-flat',
    'same-receiver',
    'delay-growth',
  ],
  weigh(e) {
    const reading = e.reading('retries/storm')
    const requests = e.since.count('requests')
    const copies = e.since.count('duplicate')
    // The monitor's last minute may hold the messages whose copies come in the next.
    const amplification = Math.max(factOf(reading, 'attemptsPerMessage') ?? 0, amplificationOf(e, { requests, copies }))
    const waited = e.since.count('unheard') + e.since.count('late-hung-up')
    const broken = e.since.count('reset') + e.since.count('closed:acceptor')
    const distinct = Math.round(requests / Math.max(amplification, 1))
    return {
      isOpen: reading !== null || (copies >= copiesMin && amplification >= amplifiedMin),
      locus: e.locus,
      lines: [
        {
          key: 'amplified',
          group: 'amplification',
          sign: { state: amplification >= amplifiedMin ? 'present' : 'absent', strength: Math.min(1, amplification / 3) },
          present: weights.decisive,
          absent: -weights.veryStrong,
          text: say(
            `请求 ${requests} 次而不同报文约 ${distinct} 条(放大 ${fixed(amplification, 1)} 倍)`,
            `${requests} requests for about ${distinct} distinct messages (${fixed(amplification, 1)} times)`,
          ),
        },
        {
          key: 'storm-reading',
          group: 'storm',
          sign: heard(reading),
          present: weights.veryStrong,
          absent: 0,
          text: say('放大持续数个窗口', 'the amplification lasts over several windows'),
        },
        {
          key: 'broken-copies',
          group: 'pace',
          // Who sends again what a broken connection took along does what it must.
          sign: whether(copies > 0 && broken >= 0.6 * copies),
          present: -weights.decisive,
          absent: 0,
          text: say(
            `重发 ${copies} 次而连接中断 ${broken} 次:断一次才重发一次`,
            `${copies} copies, ${broken} connections that broke under a message: it sends again what broke`,
          ),
        },
        {
          key: 'unheard-copies',
          group: 'pace',
          // Who waits for each answer until its time-out floods nobody.
          sign: whether(waited > 0 && waited >= Math.max(copies, requests - distinct)),
          present: -weights.veryStrong,
          absent: 0,
          text: say(
            `重发 ${Math.max(copies, requests - distinct)} 次,而等到超时放弃 ${waited} 次:每次都等到超时才重发`,
            `${Math.max(copies, requests - distinct)} copies, ${waited} attempts that waited in vain: it waits for its time-out each time`,
          ),
        },
        // Who is refused for its credential, its quota or a full disk sends again because of that.
        namedRefusalLine(e, 'slow'),
        {
          key: 'answered',
          group: 'why',
          sign: whether(e.since.count('unheard') + e.since.count('late') + e.since.count('nak') > 0),
          present: weights.slight,
          absent: 0,
          text: say(
            `无应答 ${e.since.count('unheard')}、迟到 ${e.since.count('late')}、被拒 ${e.since.count('nak')}`,
            `${e.since.count('unheard')} unanswered, ${e.since.count('late')} late, ${e.since.count('nak')} refused`,
          ),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.from.zh} 重试风暴`, `${e.place.from.en} floods with retries`),
  advise: ({ place }) => ({
    owner: say(`${place.from.zh}(调用方)`, `${place.from.en}, who calls`),
    handOver: say(`立即请 ${place.from.zh} 限流或停止重试`, `Ask ${place.from.en} at once to throttle or stop retrying`),
    checks: [
      say('重试间隔与次数上限的设置', 'Retry interval and limit'),
      say(`${place.to.zh} 为何不应答或拒绝(先治本)`, `Why does ${place.to.en} not answer or refuse? Cure that first`),
      say('是否只有少数毒丸报文在反复', 'Only a few poison messages over and over?'),
    ],
    workaround: say('改为指数退避,或临时暂停发送任务', 'Exponential back-off, or pause the sending job'),
  }),
  hears: {
    signals: ['retries/storm'],
    text: (r) =>
      say(
        `重试放大 ${fixed(factOf(r, 'attemptsPerMessage') ?? 0, 1)} 倍`,
        `retries amplify the load ${fixed(factOf(r, 'attemptsPerMessage') ?? 0, 1)} times`,
      ),
  },
}
