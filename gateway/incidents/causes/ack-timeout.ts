import { type Cause, factOf, fixed, say, shareSign, unknown, weights, whether } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { isUnheard } from '../evidence/unanswered.ts'
import { answeredAgainLine, isAnsweredAgain } from '../lines/answered-again.ts'
import { bothWaysLine, deafTypeLine, deafTypeOf, isOnlyFirst, onlyFirstLine } from '../lines/common-lines.ts'
import { idWords } from '../lines/protocol-words.ts'
import { unheardSizeLine } from '../lines/size-knee.ts'

/** The receiver took the message and says nothing in time. */
export const ackTimeout: Cause = {
  id: 'ack-timeout',
  prior: -2.4,
  severity: 'P2',
  kinds: ['reach', 'slow'],
  explains: [
    'latency',
    'one-type',
    'others-flat',
    'silence',
    'duplicate',
    'duplicate-reading',
    'amplified',
    'storm-reading',
    'reset',
    'delay-growth',
  ],
  weigh(e) {
    const unheard = e.since.count('unheard')
    const fresh = e.since.count('unheard-fresh')
    const accepted = e.since.count('unheard-accepted')
    const requests = e.since.count('requests')
    const late = e.since.count('late')
    const callbacks = e.reading('journeys/callback')
    const mismatch = e.since.count('mismatch')
    const framing = e.since.count('framing')
    return {
      isOpen: unheard > 0,
      locus: e.locus,
      lines: [
        unheardSizeLine(e, -weights.decisive),
        {
          key: 'unheard',
          group: 'answer',
          sign: shareSign(unheard, requestsOfDeaf(e, unheard) ?? requests, { full: 0.5 }),
          present: weights.decisive,
          absent: -weights.veryStrong,
          text: say(
            `请求 ${requests} 次,完整送达而无应答 ${unheard} 次(最长等待 ${seconds(e.since.high('unheardMs'))} 秒)`,
            `${unheard} of ${requests} requests passed whole and got no answer (waited up to ${seconds(e.since.high('unheardMs'))} s)`,
          ),
        },
        {
          key: 'unheard-fresh',
          group: 'fresh',
          // One in many is a stray.
          sign: shareSign(fresh, unheard, { none: 0.1, full: 0.3 }),
          present: weights.strong,
          absent: 0,
          text: say(`新建连接上同样无应答 ${fresh} 次`, `${fresh} of them on new connections`),
        },
        {
          key: 'accepted',
          group: 'accepted',
          sign: accepted === 0 ? unknown : shareSign(accepted, unheard, { none: 0.2, full: 0.6 }),
          present: weights.strong,
          absent: 0,
          text: say(
            `其中 ${accepted} 次只有接收确认(CA),没有处理结果`,
            `${accepted} of them were accepted (CA), and nothing was said of what became of them`,
          ),
        },
        {
          key: 'fresh-works',
          group: 'fresh',
          sign: whether(
            e.since.count('answered-fresh') > 0 &&
              fresh + accepted <= 0.1 * unheard &&
              !isOnlyFirst(e) &&
              !isAnsweredAgain(e) &&
              deafTypeOf(e) === null,
          ),
          present: -weights.veryStrong,
          absent: 0,
          text: say(
            `新建连接可正常应答 ${e.since.count('answered-fresh')} 次`,
            `new connections were answered ${e.since.count('answered-fresh')} times`,
          ),
        },
        bothWaysLine(e),
        answeredAgainLine(e, weights.strong),
        onlyFirstLine(e, weights.veryStrong),
        deafTypeLine(e, weights.veryStrong),
        {
          key: 'late',
          group: 'late',
          sign: shareSign(late, late + unheard, { none: 0.3, full: 0.6 }),
          present: -weights.veryStrong,
          absent: weights.slight,
          text: say(`迟到应答 ${late} 次`, `${late} answers came late`),
        },
        {
          key: 'mismatch',
          group: 'mismatch',
          sign: whether(mismatch > 0),
          present: -weights.veryStrong,
          absent: weights.slight,
          text: say(`应答号不符 ${mismatch} 次`, `${mismatch} answers named another message`),
        },
        {
          key: 'callback-refused',
          group: 'callback',
          sign:
            callbacks === null ? unknown : shareSign(factOf(callbacks, 'refusedSince') ?? 0, unheard, { none: 0.2, full: 0.7 }),
          present: -weights.decisive,
          absent: 0,
          text: say('无应答的是回写,不是请求', 'what goes unanswered are call-backs'),
        },
        {
          key: 'framing',
          group: 'framing',
          sign: shareSign(framing, requests, { none: 0.2 }),
          present: -weights.strong,
          absent: 0,
          text: say(`帧格式异常 ${framing} 次`, `${framing} exchanges with odd framing`),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.to.zh} 收到报文但不应答`, `${e.place.to.en} takes messages and does not acknowledge`),
  advise: (e) => ({
    owner: say(`${e.place.to.zh} 系统负责人`, `The owner of ${e.place.to.en}`),
    handOver: say(
      `转 ${e.place.to.zh},附未应答的${idWords(e).zh}与时间`,
      `Hand to ${e.place.to.en} with the ${idWords(e).en}s and times that went unanswered`,
    ),
    checks: [
      say(
        `${e.place.to.zh} 是否已入库:按${idWords(e).zh}查处理日志`,
        `Did ${e.place.to.en} process them? Look up the ${idWords(e).en}s`,
      ),
      say('接收线程、数据库锁、磁盘是否卡住', 'Receiving threads, database locks, disk: is something stuck?'),
      say('报文类型:是否只有某一类不应答', 'Only one message type?'),
    ],
    workaround: say(
      `恢复前暂停重发,避免重复入库;恢复后按${idWords(e).zh}核对`,
      `Pause resending until it recovers; reconcile by ${idWords(e).en} afterwards`,
    ),
  }),
  spot({ item, place }) {
    if (!isUnheard(item.entry.exchange)) return null
    return {
      text: say(`${place.to.zh} 未应答已送达的报文`, `${place.to.en} did not answer a message that was delivered`),
      systemId: place.toId,
    }
  },
}

function seconds(ms: number | null): string {
  return ms === null ? '?' : fixed(ms / 1000, 1)
}

/** Where one device has nearly all that went unanswered: what it sent. */
function requestsOfDeaf({ since }: Evidence, unheard: number): number | null {
  const [worst] = since.top('peer-bad')
  if (worst === undefined || unheard < 3 || worst.count < 0.7 * unheard) return null
  return since.top('peer').find(({ name }) => name === worst.name)?.count ?? null
}
