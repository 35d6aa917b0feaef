import { type Cause, say, shareSign, unknown, weights, whether } from '../cause.ts'

/** Associations end by A-ABORT (PS3.8 9.3.8), or by a closed connection, instead of a release: who did it, and at what, says where to look. */
export const assocAbort: Cause = {
  id: 'assoc-abort',
  prior: -3.3,
  severity: 'P2',
  kinds: ['reach', 'content', 'slow', 'answer'],
  explains: ['unheard', 'none-answered', 'reset', 'silence'],
  weigh(e) {
    const aborted = e.since.count('aborted')
    const byAcceptor = e.since.count('aborted:acceptor')
    const cut = e.since.count('cut-association')
    const opened = Math.max(e.since.count('associations'), aborted + cut)
    const open = e.since.count('unanswered')
    const lacking = e.since.count('lacking:3') + e.since.count('lacking:4')
    return {
      isOpen: aborted + cut > 0,
      locus: e.locus,
      lines: [
        {
          key: 'aborted',
          group: 'abort',
          sign: shareSign(aborted + cut, opened, { full: 0.15 }),
          present: weights.decisive,
          absent: -weights.veryStrong,
          text: say(
            `${opened} 次关联中 ${aborted} 次被 A-ABORT 中止,${cut} 次未释放即断开连接`,
            `of ${opened} associations ${aborted} ended by A-ABORT and ${cut} by a closed connection, without a release`,
          ),
        },
        {
          key: 'abort-side',
          group: 'side',
          sign: aborted === 0 ? unknown : whether(byAcceptor * 2 >= aborted),
          present: weights.slight,
          absent: weights.slight,
          text: say(
            `其中接收方中止 ${byAcceptor} 次、发起方 ${aborted - byAcceptor} 次,中止时未完成的请求 ${open} 个`,
            `${byAcceptor} by the acceptor, ${aborted - byAcceptor} by the initiator; ${open} requests were open then`,
          ),
        },
        {
          key: 'abort-lacking',
          group: 'contexts',
          sign: shareSign(lacking, aborted, { none: 0.2, full: 0.8 }),
          present: -weights.veryStrong,
          absent: 0,
          text: say(`其中 ${lacking} 次所需表示上下文被拒`, `${lacking} of them lacked a presentation context`),
        },
      ],
    }
  },
  title: (e) =>
    say(`${e.place.from.zh}→${e.place.to.zh} 的关联被中止`, `Associations ${e.place.from.en} → ${e.place.to.en} are aborted`),
  advise: ({ place, since }) => ({
    owner:
      since.count('aborted:acceptor') * 2 >= since.count('aborted')
        ? say(`${place.to.zh}`, `${place.to.en}`)
        : say(`${place.from.zh} 与设备科`, `${place.from.en} and the device team`),
    handOver: say(
      '附中止方、阶段与 A-ABORT 原因码转中止方',
      'Hand to the side that aborts, with the phase and the reason of the A-ABORT',
    ),
    checks: [
      say(
        '中止发生在传输中(资源或缺陷)、应答后(客户端缺陷)还是空闲时(超时)',
        'In mid-transfer (resources, a defect), after the answer (a client defect), or when idle (a time-out)?',
      ),
      say('中止方当时的日志与内存、磁盘', 'Log, memory and disk of the side that aborts at that moment'),
      say('是否总在同一对象或同一 SOP 类', 'Always at the same object or SOP class?'),
    ],
    workaround: say('重新发送未完成的对象', 'Send the unfinished objects again'),
  }),
  spot({ item, place }) {
    const fact = item.entry.exchange.wire.find((f) => f.kind === 'aborted')
    if (fact?.kind !== 'aborted') return null
    const by = fact.by === 'acceptor' ? place.to : place.from
    const why = fact.code === null ? '' : ` (${fact.code})`
    return {
      systemId: fact.by === 'acceptor' ? place.toId : place.fromId,
      text: say(`${by.zh} 中止关联${why}`, `${by.en} aborted the association${why}`),
    }
  },
}
