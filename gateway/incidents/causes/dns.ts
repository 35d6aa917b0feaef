import { type Cause, say, shareSign, weights, whether } from '../cause.ts'

/** The name of the receiver is not resolved: it fails before any packet goes out. */
export const dns: Cause = {
  id: 'dns',
  prior: -3.8,
  severity: 'P2',
  kinds: ['reach'],
  explains: ['silence', 'unheard', 'reset', 'none-answered', 'refused', 'delay-growth'],
  weigh(e) {
    const failed = e.since.count('refused:dns')
    const attempts = e.since.count('refused') + e.since.count('connections')
    const others = e.since.count('refused') - failed
    return {
      isOpen: failed > 0,
      locus: e.locus,
      lines: [
        {
          key: 'refused-dns',
          group: 'connect',
          sign: shareSign(failed, attempts, { full: 0.8 }),
          present: weights.decisive,
          absent: -weights.veryStrong,
          text: say(
            `${attempts} 次连接中 ${failed} 次域名解析失败`,
            `${failed} of ${attempts} connections failed as the name was not resolved`,
          ),
        },
        {
          key: 'refused-others',
          group: 'how',
          sign: whether(others > failed),
          present: -weights.strong,
          absent: weights.some,
          text: say(`以其他方式失败 ${others} 次`, `${others} failed in other ways`),
        },
        {
          key: 'answered-since',
          group: 'success',
          sign: whether(e.since.count('answered') <= failed / 10),
          present: weights.some,
          absent: -weights.slight,
          text: say(`故障开始后应答 ${e.since.count('answered')} 次`, `${e.since.count('answered')} answers since the onset`),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.to.zh} 的域名无法解析`, `The name of ${e.place.to.en} is not resolved`),
  advise: ({ place }) => ({
    owner: say(`网络组`, `The network team`),
    handOver: say(`转网络组核对 DNS 记录与解析服务`, `Ask the network team for the record and for the resolver`),
    checks: [
      say(`在网关主机上解析 ${place.address} 的主机名`, `Resolve the host of ${place.address} on the gateway machine`),
      say('以 IP 地址直连是否成功', 'Does a connection by address succeed?'),
      say('DNS 记录或解析服务器是否刚变更', 'Was the record or the resolver changed?'),
    ],
    workaround: say('临时改用 IP 地址或 hosts 记录', 'Use the address, or an entry in hosts, for the time being'),
  }),
  spot({ item, place }) {
    if (!item.entry.exchange.wire.some((fact) => fact.kind === 'refused' && fact.how === 'dns')) return null
    return {
      systemId: place.toId,
      text: say(`${place.address} 的主机名无法解析`, `the host of ${place.address} was not resolved`),
    }
  },
}
