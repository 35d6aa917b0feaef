import { type Cause, factOf, fixed, heard, say, shareSign, unknown, weights, whether } from '../cause.ts'
import { onlyFirstLine } from '../lines/common-lines.ts'

/** A device on the way forgets connections that were silent for too long; the first message after that is lost. */
export const fwIdle: Cause = {
  id: 'fw-idle',
  prior: -3.2,
  severity: 'P3',
  kinds: ['reach'],
  explains: [
    'reset',
    'unheard',
    'unheard-stale',
    'fresh-works',
    'silence',
    'duplicate',
    'duplicate-reading',
    'latency',
    'reset-idle',
  ],
  weigh(e) {
    const reading = e.reading('connections/idle')
    const fromS = factOf(reading, 'brokenFromS')
    const upToS = factOf(reading, 'wellUpToS')
    const fresh = e.since.count('unheard-fresh')
    const answeredFresh = e.since.count('answered-fresh')
    const closed = e.since.count('closed:acceptor')
    const broken = e.since.count('reset') + e.since.count('unheard')
    return {
      isOpen: reading !== null,
      locus: e.locus,
      lines: [
        {
          key: 'idle-age',
          group: 'age',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: say(
            `失败 ${factOf(reading, 'broken') ?? '?'} 次全部发生在空闲 ${minutes(fromS)} 分钟以上后的首条报文,空闲 ${minutes(upToS)} 分钟以内正常`,
            `all ${factOf(reading, 'broken') ?? '?'} failures were the first message after ${minutes(fromS)} min of silence or more; up to ${minutes(upToS)} min do no harm`,
          ),
        },
        {
          key: 'round-age',
          group: 'round',
          sign: fromS === null || upToS === null ? unknown : whether(roundBetween(upToS, fromS) !== null),
          present: weights.slight,
          absent: -weights.slight,
          text: say(
            `常见老化时间(5/10/15/30/60 分钟)落在两者之间:${roundBetween(upToS ?? 0, fromS ?? 0) ?? '无'} 分钟`,
            `usual time-outs (5, 10, 15, 30, 60 min) that lie between: ${roundBetween(upToS ?? 0, fromS ?? 0) ?? 'none'}`,
          ),
        },
        {
          key: 'fresh-works',
          group: 'fresh',
          sign: fresh + answeredFresh === 0 ? unknown : whether(fresh <= answeredFresh / 10),
          present: weights.some,
          absent: -weights.veryStrong,
          text: say(
            `新建连接上应答 ${answeredFresh} 次、无应答 ${fresh} 次`,
            `on new connections ${answeredFresh} were answered, ${fresh} were not`,
          ),
        },
        onlyFirstLine(e, -weights.decisive),
        {
          key: 'closed-by-peer',
          group: 'close',
          sign: shareSign(closed, closed + broken, { none: 0.2, full: 0.8 }),
          present: -weights.strong,
          absent: weights.slight,
          text: say(
            `对端主动关闭 ${closed} 次(是对端超时,不是中间设备)`,
            `the peer itself closed ${closed} times: its time-out, not a device on the way`,
          ),
        },
        {
          key: 'refused',
          group: 'connect',
          sign: whether(e.since.count('refused') > broken),
          present: -weights.strong,
          absent: 0,
          text: say(`新连接被拒绝 ${e.since.count('refused')} 次`, `${e.since.count('refused')} new connections refused`),
        },
      ],
    }
  },
  title: (e) =>
    say(
      `${e.place.from.zh}→${e.place.to.zh} 空闲连接被中间设备老化`,
      `Idle connections ${e.place.from.en} → ${e.place.to.en} are dropped on the way`,
    ),
  advise: (e) => ({
    owner: say('网络组(防火墙)', 'The network team (firewall)'),
    handOver: say(
      `附空闲时长与失败时刻转网络组;请 ${e.place.from.zh} 启用保活`,
      `Hand to the network team with idle times and moments of failure; let ${e.place.from.en} keep its connections alive`,
    ),
    checks: [
      say(
        '沿途防火墙、负载均衡的会话老化时间是否与此空闲时长一致',
        'Does the session time-out of a firewall or load balancer on the way equal that age?',
      ),
      say(
        '断开重连后是否立即恢复,其他经过同一设备的接口是否同样',
        'Does a reconnect cure it at once? Do other interfaces through that device show the same?',
      ),
      say('老化时设备是静默丢弃还是发 RST', 'Does the device drop in silence or send a reset?'),
    ],
    workaround: say(
      '启用 TCP keepalive(短于老化时间的一半)或应用层心跳',
      'Turn on TCP keepalive, or a heartbeat, at less than half that time',
    ),
  }),
  hears: {
    signals: ['connections/idle'],
    text: (reading, place) =>
      say(
        `${place.iface.zh}:空闲 ${minutes(factOf(reading, 'brokenFromS'))} 分钟以上的连接首条报文失败`,
        `${place.iface.en}: the first message after ${minutes(factOf(reading, 'brokenFromS'))} min of silence fails`,
      ),
  },
}

/** What devices are usually set to, in minutes. */
const usual = [5, 10, 15, 20, 30, 60, 120]

/** The usual time-out between the longest silence that did no harm and the shortest that did, with a minute to spare. */
function roundBetween(upToS: number, fromS: number): number | null {
  return usual.find((min) => min * 60 >= upToS - 60 && min * 60 <= fromS + 60) ?? null
}

function minutes(seconds: number | null): string {
  return seconds === null ? '?' : fixed(seconds / 60, seconds < 600 ? 1 : 0)
}
