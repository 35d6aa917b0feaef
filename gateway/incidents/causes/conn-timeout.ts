import { type Cause, present, say, shareSign, unknown, weights, whether } from '../cause.ts'
import { strayedLine } from '../lines/connecting.ts'

/** No answer to the connection attempt at all: a route, a VLAN, a firewall that drops, a host that is off. */
export const connTimeout: Cause = {
  id: 'conn-timeout',
  prior: -2.8,
  severity: 'P1',
  kinds: ['reach'],
  explains: ['silence', 'unheard', 'reset', 'latency', 'refused', 'delay-growth'],
  weigh(e) {
    const lost = e.since.count('refused:timeout') + e.since.count('refused:unreachable')
    const attempts = e.since.count('refused') + e.since.count('connections')
    const served = e.sameReceiver.count('answered') + e.sameReceiver.count('failed')
    const lostToo = e.sameReceiver.count('refused:timeout') + e.sameReceiver.count('refused:unreachable')
    return {
      isOpen: lost > 0,
      locus: e.locus,
      lines: [
        {
          key: 'connect-timeout',
          group: 'connect',
          sign: shareSign(lost, attempts, { full: 0.8 }),
          present: weights.decisive,
          absent: -weights.veryStrong,
          text: say(
            `${attempts} 次连接尝试中 ${lost} 次无响应(超时或不可达)`,
            `${lost} of ${attempts} connection attempts got no answer (time-out or no route)`,
          ),
        },
        {
          key: 'refused',
          group: 'how',
          sign: whether(e.since.count('refused:refused') > lost),
          present: -weights.veryStrong,
          absent: weights.some,
          text: say(
            `被明确拒绝 ${e.since.count('refused:refused')} 次`,
            `${e.since.count('refused:refused')} attempts were refused outright`,
          ),
        },
        {
          key: 'same-receiver',
          group: 'control',
          sign: served + lostToo > 0 ? present() : unknown,
          present: weights.some,
          absent: 0,
          text: say(
            `同一接收方其他接口:正常 ${served} 次,同样超时 ${lostToo} 次(仅本端口不通多为防火墙策略,全部不通多为主机或路由)`,
            `other interfaces of the receiver: ${served} answered, ${lostToo} timed out too (one port: a firewall rule; all: host or route)`,
          ),
        },
        strayedLine(e),
      ],
    }
  },
  title: (e) =>
    say(`连接 ${e.place.to.zh} 超时或不可达(${e.place.address})`, `${e.place.to.en} can't be reached (${e.place.address})`),
  advise: ({ place }) => ({
    owner: say('网络组', 'The network team'),
    handOver: say(
      `转网络组,附 ${place.address} 与开始时间;主机不在线时转 ${place.to.zh}`,
      `Hand to the network team with ${place.address} and the onset; if the host is off, to ${place.to.en}`,
    ),
    checks: [
      say(`从网关 ping 与 traceroute ${place.address}`, `Ping and traceroute ${place.address} from the gateway`),
      say('同一主机的其他端口、同网段其他主机是否可达', 'Are other ports of the host, other hosts of the subnet reachable?'),
      say('核对当天的防火墙策略与交换机变更', "Check today's firewall and switch changes"),
    ],
    workaround: null,
  }),
  spot({ item, place }) {
    const lost = item.entry.exchange.wire.find((f) => f.kind === 'refused' && (f.how === 'timeout' || f.how === 'unreachable'))
    if (lost === undefined) return null
    return { text: say(`连接 ${place.address} 超时或不可达`, `${place.address} can't be reached`), systemId: place.toId }
  },
}
