import { absent, type Cause, present, say, shareSign, unknown, weights, whether } from '../cause.ts'
import { isSaid, saidLine } from '../lines/common-lines.ts'
import { strayedLine } from '../lines/connecting.ts'

/** Nothing listens: every attempt gets a RST at once. The host itself is there. */
export const connRefused: Cause = {
  id: 'conn-refused',
  prior: -2.5,
  severity: 'P1',
  kinds: ['reach', 'content'],
  explains: [
    'nak',
    'nak-one-text',
    'silence',
    'unheard',
    'reset',
    'latency',
    'none-answered',
    'connect-timeout',
    'delay-growth',
  ],
  weigh(e) {
    const refused = e.since.count('refused:refused')
    const attempts = e.since.count('refused') + e.since.count('connections')
    const answered = e.since.count('answered') + e.since.count('failed')
    const otherHow = e.since.count('refused') - refused
    const elsewhere = e.sameReceiver.count('refused:refused')
    const served = e.sameReceiver.count('answered') + e.sameReceiver.count('failed')
    return {
      isOpen: refused > 0 || isSaid(e, 'down'),
      locus: e.locus,
      lines: [
        {
          key: 'refused',
          group: 'connect',
          // Whoever answers for it may have been taken and refused in its turn.
          sign: refused === 0 ? unknown : shareSign(refused, attempts, { full: 0.8 }),
          present: weights.decisive,
          absent: -weights.veryStrong,
          text: say(
            `${e.place.address} 拒绝连接:${attempts} 次尝试中 ${refused} 次被拒(SYN→RST)`,
            `${e.place.address} refuses: ${refused} of ${attempts} connection attempts got a RST at once`,
          ),
        },
        {
          key: 'none-answered',
          group: 'success',
          // In between: it refuses part of the time, or it has just come back.
          sign: refused === 0 ? unknown : answered <= refused / 10 ? present() : answered > refused ? absent : unknown,
          present: weights.strong,
          absent: -weights.some,
          text: say(`故障开始后应答 ${answered} 次`, `${answered} answers since the onset`),
        },
        {
          key: 'other-refusals',
          group: 'how',
          sign: whether(otherHow > refused),
          present: -weights.strong,
          absent: 0,
          text: say(`另有 ${otherHow} 次超时或不可达`, `${otherHow} attempts timed out or found no route`),
        },
        {
          key: 'same-receiver',
          group: 'control',
          sign: elsewhere > 0 || served > 0 ? present() : unknown,
          present: weights.slight,
          absent: 0,
          text: say(
            `同一接收方其他接口:拒绝 ${elsewhere} 次,正常 ${served} 次`,
            `other interfaces of the same receiver: ${elsewhere} refused, ${served} answered`,
          ),
        },
        strayedLine(e),
        saidLine(e, 'down', say('其后端拒绝连接', 'what stands behind it refuses connections')),
      ],
    }
  },
  title: (e) =>
    say(`${e.place.to.zh} 拒绝连接(${e.place.address})`, `${e.place.to.en} refuses connections (${e.place.address})`),
  advise: ({ place }) => ({
    owner: say(`${place.to.zh} 系统负责人`, `The owner of ${place.to.en}`),
    handOver: say(
      `电话通知 ${place.to.zh} 值班,要求确认接收服务进程;15 分钟未恢复升级至厂商`,
      `Call the duty of ${place.to.en} and ask for the receiving service; after 15 minutes escalate to its vendor`,
    ),
    checks: [
      say(
        `在 ${place.to.zh} 主机上看监听:ss -ltnp,端口 ${place.address}`,
        `On the host: is anything listening on ${place.address}? (ss -ltnp)`,
      ),
      say('接收服务是否被停止、重启或改了端口', 'Was the receiving service stopped, restarted or moved to another port?'),
      say('同一主机的其他端口是否可连', 'Do other ports of the same host accept?'),
    ],
    workaround: say(
      '发送方保持重试(有退避);恢复后核对积压是否补发',
      'Let the sender retry with back-off; check afterwards that the backlog was sent',
    ),
  }),
  spot({ item, place }) {
    if (!item.entry.exchange.wire.some((f) => f.kind === 'refused' && f.how === 'refused')) return null
    return { text: say(`${place.address} 拒绝连接`, `${place.address} refused the connection`), systemId: place.toId }
  },
}
