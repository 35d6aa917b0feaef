import { type Cause, present, say, shareSign, unknown, weights, whether } from '../cause.ts'
import { isSaid, saidLine } from '../lines/common-lines.ts'
import { connectingLines, strayedTo } from '../lines/connecting.ts'

/** The name of the receiver is not resolved and it fails before any packet goes out; or it leads to where the receiver is no more (a stale record). */
export const dns: Cause = {
  id: 'dns',
  prior: -3.8,
  severity: 'P2',
  kinds: ['reach', 'content'],
  explains: ['nak', 'nak-one-text', 'silence', 'unheard', 'reset', 'none-answered', 'refused', 'delay-growth'],
  weigh(e) {
    const words = say('域名解析失败', 'failed as the name was not resolved')
    const { failed, connect, others, answered } = connectingLines(e, 'dns', words)
    const strayed = strayedTo(e)
    if (failed > 0 || strayed === null) {
      const said = saidLine(e, 'name', say('域名无法解析', 'a name was not resolved'))
      return { isOpen: failed > 0 || isSaid(e, 'name'), locus: e.locus, lines: [connect, others, answered, said] }
    }
    const taken = e.since.top('taken-at').reduce((sum, { count }) => sum + count, 0)
    const lines = [
      {
        key: 'address-changed',
        group: 'connect',
        // Part of the look-ups may still be right.
        sign: shareSign(strayed.count, e.since.count('refused'), { full: 0.8 }),
        present: weights.decisive,
        absent: -weights.veryStrong,
        text: say(
          `失败的 ${strayed.count} 次连到 ${strayed.host},应答的在 ${strayed.known.join('、')}:域名可能解析到旧地址`,
          `${strayed.count} attempts went to ${strayed.host} and failed, while ${strayed.known.join(', ')} has answered: the name may lead to an old address`,
        ),
      },
      { ...answered, sign: whether(e.since.count('answered') <= strayed.count / 10), absent: 0 },
      {
        key: 'taken-elsewhere',
        group: 'success',
        sign: taken === 0 ? unknown : present(),
        present: weights.some,
        absent: 0,
        text: say(`同期另有 ${taken} 次连到其他地址并成功`, `${taken} went elsewhere meanwhile and were taken`),
      },
    ]
    return { isOpen: true, locus: e.locus, lines }
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
