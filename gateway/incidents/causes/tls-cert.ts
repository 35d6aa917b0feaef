import { type Cause, factOf, heard, say, shareSign, weights, whether, wordOf } from '../cause.ts'

/** The TLS handshake with the receiver fails: an expired certificate, an incomplete chain, a wrong name, or versions and ciphers that do not meet. */
export const tlsCert: Cause = {
  id: 'tls-cert',
  prior: -3.3,
  severity: 'P1',
  kinds: ['reach'],
  explains: ['silence', 'unheard', 'reset', 'none-answered', 'refused', 'delay-growth'],
  weigh(e) {
    const failed = e.since.count('refused:tls')
    const attempts = e.since.count('refused') + e.since.count('connections')
    const others = e.since.count('refused') - failed
    const certificate = e.reading('probes/certificate')
    return {
      isOpen: failed > 0 || certificate !== null,
      locus: e.locus,
      lines: [
        {
          key: 'refused-tls',
          group: 'connect',
          sign: failed === 0 && certificate !== null ? { state: 'unknown' } : shareSign(failed, attempts, { full: 0.8 }),
          present: weights.decisive,
          absent: -weights.veryStrong,
          text: say(
            `${attempts} 次连接中 ${failed} 次TLS 握手失败`,
            `${failed} of ${attempts} connections failed in the TLS handshake`,
          ),
        },
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
          sign: failed === 0 ? { state: 'unknown' } : whether(e.since.count('answered') <= failed / 10),
          present: weights.some,
          absent: -weights.slight,
          text: say(`故障开始后应答 ${e.since.count('answered')} 次`, `${e.since.count('answered')} answers since the onset`),
        },
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
