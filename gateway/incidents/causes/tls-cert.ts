import { type Cause, factOf, heard, say, weights, wordOf } from '../cause.ts'
import { isSaid, saidLine } from '../lines/common-lines.ts'
import { connectingLines } from '../lines/connecting.ts'

/** The TLS handshake with the receiver fails: an expired certificate, an incomplete chain, a wrong name, or versions and ciphers that do not meet. */
export const tlsCert: Cause = {
  id: 'tls-cert',
  prior: -3.3,
  severity: 'P1',
  kinds: ['reach', 'content'],
  explains: ['nak', 'nak-one-text', 'silence', 'unheard', 'reset', 'none-answered', 'refused', 'delay-growth'],
  weigh(e) {
    const certificate = e.reading('probes/certificate')
    const { failed, connect, others, answered } = connectingLines(e, 'tls', say('TLS 握手失败', 'failed in the TLS handshake'))
    return {
      isOpen: failed > 0 || certificate !== null || isSaid(e, 'certificate'),
      locus: e.locus,
      lines: [
        connect,
        saidLine(e, 'certificate', say('证书或 TLS 握手有问题', 'a certificate or a TLS handshake is the reason')),
        {
          key: 'certificate',
          group: 'probe',
          sign: heard(certificate),
          present: weights.decisive,
          absent: 0,
          text: say(
            `探测到证书异常:${wordOf(certificate, 'code') ?? '即将到期'},剩余 ${factOf(certificate, 'daysLeft') ?? '?'} 天`,
            `the probe found the certificate: ${wordOf(certificate, 'code') ?? 'ends soon'}, ${factOf(certificate, 'daysLeft') ?? '?'} days left`,
          ),
        },
        others,
        answered,
      ],
    }
  },
  title: (e) => say(`${e.place.to.zh} 的 TLS 握手失败`, `The TLS handshake with ${e.place.to.en} fails`),
  advise: ({ place }) => ({
    owner: say(`安全组与 ${place.to.zh}`, `The security team and ${place.to.en}`),
    handOver: say(
      `转安全组核对证书有效期、链与名称`,
      `Ask the security team for the validity, chain and name of the certificate`,
    ),
    checks: [
      say(
        `证书:openssl s_client -connect ${place.address} 看 notAfter、链与名称`,
        `openssl s_client -connect ${place.address}: notAfter, chain and name`,
      ),
      say('是否刚更换证书或 CA(链不全)', 'Was the certificate or the CA just changed (incomplete chain)?'),
      say('协议版本或算法(国密 TLCP 与 TLS)是否变更', 'Did versions or ciphers change (TLCP against TLS)?'),
    ],
    workaround: say('由安全组更换证书;不要关闭校验', 'Have the certificate renewed; do not turn the check off'),
  }),
  spot({ item, place }) {
    if (!item.entry.exchange.wire.some((fact) => fact.kind === 'refused' && fact.how === 'tls')) return null
    return {
      systemId: place.toId,
      text: say(`与 ${place.address} 的 TLS 握手失败`, `the TLS handshake with ${place.address} failed`),
    }
  },
}
