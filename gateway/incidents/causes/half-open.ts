import { type Cause, factOf, present, say, shareSign, unknown, weights, whether } from '../cause.ts'
import { answeredAgainLine } from '../lines/answered-again.ts'
import { deafTypeLine, idleAgeLine, onlyFirstLine } from '../lines/common-lines.ts'
import { unheardSizeLine } from '../lines/size-knee.ts'
import { stallsOf } from '../lines/stalls.ts'

/** One end thinks that the connection stands and the other has forgotten it: nothing comes back until a new connection is made. */
export const halfOpen: Cause = {
  id: 'half-open',
  prior: -3.2,
  severity: 'P2',
  kinds: ['reach'],
  explains: ['unheard', 'latency', 'silence', 'delay-growth'],
  weigh(e) {
    const unheard = e.since.count('unheard')
    const stale = e.since.count('unheard-stale')
    const fresh = e.since.count('unheard-fresh')
    const works = e.since.count('answered-fresh')
    const served = e.sameReceiver.count('answered')
    const stuck = e.since.count('stuck')
    const [worst] = e.since.top('peer-bad')
    const ofWorst = e.since.top('peer').find(({ name }) => name === worst?.name)?.count ?? 0
    const lost = e.since.count('unanswered')
    const stalls = stallsOf(e)
    return {
      // Without a new connection that works, a dead application looks the same: that is ack-timeout then.
      isOpen: stale + stuck > 0 && works > 0,
      locus: e.locus,
      lines: [
        unheardSizeLine(e, -weights.decisive),
        {
          key: 'unheard-stale',
          group: 'where',
          sign: unheard === 0 ? unknown : shareSign(stale, unheard, { none: 0.5, full: 1 }),
          present: weights.veryStrong,
          absent: -weights.veryStrong,
          text: say(
            `无应答 ${unheard} 次中 ${stale} 次在旧连接上`,
            `${stale} of ${unheard} unanswered requests were on an old connection`,
          ),
        },
        {
          key: 'stuck',
          group: 'where',
          sign: stuck === 0 ? unknown : shareSign(stuck, lost, { none: 0.3, full: 0.9 }),
          present: weights.veryStrong,
          absent: 0,
          text: say(
            `${lost} 次失败中 ${stuck} 次报文发到一半就没有下文,连接也无人关闭`,
            `${stuck} of ${lost} that failed were half a message and then nothing, and nobody closed the connection`,
          ),
        },
        {
          key: 'stuck-always',
          group: 'device',
          // Who never ends a message speaks another dialect; who vanished now and then sends whole ones in between.
          sign: stuck === 0 || worst === undefined ? unknown : whether(worst.count > 0.6 * ofWorst),
          present: -weights.decisive,
          absent: weights.some,
          text: say(
            `${worst?.name ?? ''} 的 ${ofWorst} 条中 ${worst?.count ?? 0} 条异常`,
            `${worst?.count ?? 0} of the ${ofWorst} messages of ${worst?.name ?? ''} went wrong`,
          ),
        },
        {
          key: 'unheard-fresh',
          group: 'fresh',
          // One in many is a stray.
          sign: unheard === 0 ? unknown : shareSign(fresh, unheard, { none: 0.1, full: 0.3 }),
          present: -weights.veryStrong,
          absent: weights.some,
          text: say(`新建连接上无应答 ${fresh} 次`, `${fresh} went unanswered on new connections`),
        },
        {
          key: 'fresh-works',
          group: 'fresh',
          sign: whether(works > 0),
          present: weights.strong,
          absent: 0,
          text: say(`新建连接立即应答 ${works} 次`, `${works} answered at once on new connections`),
        },
        {
          key: 'same-receiver',
          group: 'control',
          sign: served > 0 ? present() : unknown,
          present: weights.some,
          absent: 0,
          text: say(`同一接收方其他接口正常应答 ${served} 次`, `${served} answered on other interfaces of the receiver`),
        },
        answeredAgainLine(e, -weights.decisive),
        onlyFirstLine(e, -weights.decisive),
        deafTypeLine(e, -weights.decisive),
        idleAgeLine(e, 'age'),
        {
          key: 'stalls',
          group: 'stalls',
          // What is answered stands still on the way as well: half a message is then the worst of what the way does to all.
          sign: stalls.isBothWays ? present() : unknown,
          present: -weights.strong,
          absent: 0,
          text: say(
            `有应答的 ${stalls.of} 次中也有停顿:发送 ${stalls.send} 次、接收 ${stalls.receive} 次、建连 ${stalls.connect} 次`,
            `of ${stalls.of} that were answered, too, ${stalls.send} stood still while sending, ${stalls.receive} while receiving, ${stalls.connect} while connecting`,
          ),
        },
        {
          key: 'late',
          group: 'late',
          sign: whether(e.since.count('late') > 0),
          present: -weights.veryStrong,
          absent: 0,
          text: say(
            `迟到应答 ${e.since.count('late')} 次(对端仍在处理)`,
            `${e.since.count('late')} late answers: the peer lives`,
          ),
        },
      ],
    }
  },
  title: (e) =>
    say(`${e.place.from.zh}→${e.place.to.zh} 疑似半开连接`, `Half-open connection ${e.place.from.en} → ${e.place.to.en}`),
  advise: ({ place }) => ({
    owner: say(`网络组与 ${place.from.zh}`, `The network team and ${place.from.en}`),
    handOver: say(
      `先请 ${place.from.zh} 断开重连;恢复后转网络组查会话老化`,
      `Ask ${place.from.en} to reconnect; then hand to the network team`,
    ),
    checks: [
      say(`${place.from.zh} 断开重连后是否立即恢复`, `Does a reconnect by ${place.from.en} cure it at once?`),
      say(`${place.to.zh} 一侧该连接是否还存在(ss -tn)`, `Does ${place.to.en} still know that connection (ss -tn)?`),
      say('中间设备会话表老化时间与 TCP keepalive 设置', 'Session time-out of devices on the way; TCP keepalive'),
    ],
    workaround: say('断开并重建连接,启用 TCP keepalive(<5 分钟)', 'Reconnect; enable TCP keepalive below five minutes'),
  }),
  hears: {
    signals: ['connections/stuck'],
    text: (reading, place) =>
      say(
        `${place.from.zh} 的报文发到一半就没有下文 ${factOf(reading, 'count') ?? 0} 次`,
        `${factOf(reading, 'count') ?? 0} messages of ${place.from.en} stopped half-way`,
      ),
  },
}
