import { say, shareSign, unknown, weights } from '../cause.ts'
import { codedCause } from '../lines/coded-cause.ts'

/** The calling AE title is not registered at the acceptor: A-ASSOCIATE-RJ 1/1/3 (PS3.8 9.3.4). */
export const assocRjCallingAe = codedCause({
  id: 'assoc-rj-calling-ae',
  refusal: 'calling-ae',
  prior: -3.5,
  severity: 'P3',
  words: say('关联因主叫 AE 未授权被拒', 'associations rejected: calling AE title not recognised'),
  more: (e) => {
    const bad = e.since.top('peer-bad').length
    const seen = e.since.top('peer').length
    return [
      {
        key: 'ae-one-device',
        group: 'peers',
        sign: seen < 2 ? unknown : shareSign(seen - bad, seen, { none: 0, full: 0.5 }),
        present: weights.some,
        absent: -weights.slight,
        text: say(`${seen} 台设备中 ${bad} 台被拒`, `${bad} of ${seen} devices are rejected`),
      },
    ]
  },
  title: (place) => say(`主叫 AE 未在 ${place.to.zh} 登记`, `A calling AE title is not registered at ${place.to.en}`),
  advise: ({ place }) => ({
    owner: say(`${place.to.zh} 与设备科`, `${place.to.en} and the device team`),
    handOver: say(
      `附主叫 AE 与 IP 转 ${place.to.zh} 管理员登记`,
      `Hand to the administrator of ${place.to.en} with calling AE title and address`,
    ),
    checks: [
      say('是否新装、换 IP 或改 AE 的设备', 'A new device, a new address, or a changed AE title?'),
      say('服务端是否重装或恢复了旧的主机表', 'Was the acceptor installed anew, or an old table restored?'),
      say('其他设备是否正常', 'Do other devices work?'),
    ],
    workaround: say('设备端暂存影像,登记后重发', 'Keep the images on the device and send them once it is registered'),
  }),
  spot: (place, code) =>
    say(
      `${place.to.zh} 拒绝关联:主叫 AE 未授权(${code})`,
      `${place.to.en} rejects the association: calling AE title not recognised (${code})`,
    ),
})
