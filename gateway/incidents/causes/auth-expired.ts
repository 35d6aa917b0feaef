import { present, say, shareSign, unknown, weights } from '../cause.ts'
import { areRefusedByClock } from '../lines/clock-refusals.ts'
import { codedCause } from '../lines/coded-cause.ts'

/** A credential ran out or was withdrawn: HTTP 401 and 403, DIMSE 0124 (not authorised). All callers at once: the credential; one of them: its permission. */
export const authExpired = codedCause({
  id: 'auth-expired',
  refusal: 'auth',
  prior: -3,
  severity: 'P1',
  words: say('因认证或授权被拒', 'refused for authentication or authorisation'),
  more: (e) => {
    const bad = e.since.top('peer-bad').length
    const seen = e.since.top('peer').length
    const forbidden = e.since.top('code').find(({ name }) => name === '403')?.count ?? 0
    return [
      {
        key: 'auth-peers',
        group: 'peers',
        sign: seen < 2 ? unknown : shareSign(bad, seen, { none: 0.2, full: 1 }),
        present: weights.some,
        absent: 0,
        text: say(`${seen} 个调用端中 ${bad} 个受影响`, `${bad} of ${seen} callers are affected`),
      },
      {
        key: 'clock-wrong',
        group: 'clock',
        sign: areRefusedByClock(e) ? present() : unknown,
        present: -weights.decisive,
        absent: 0,
        text: say('发生时一端时钟有偏差', 'the clock of one end is off since then'),
      },
      {
        key: 'auth-forbidden',
        group: 'forbidden',
        sign: shareSign(forbidden, e.since.count('nak:auth'), { none: 0.2, full: 0.8 }),
        present: -weights.slight,
        absent: weights.slight,
        text: say(`其中 403(权限)${forbidden} 次`, `${forbidden} of them 403 (permission)`),
      },
    ]
  },
  title: (place) =>
    say(`${place.to.zh} 拒绝认证:凭据过期或权限被收回`, `${place.to.en} refuses the credentials: expired or withdrawn`),
  advise: ({ place }) => ({
    owner: say(
      `安全组与 ${place.to.zh};调用方 ${place.from.zh} 负责换发凭据`,
      `The security team and ${place.to.en}; ${place.from.en} renews its credential`,
    ),
    handOver: say(
      '附状态码与起始时间转安全组;底层认证服务的问题转总部安全组',
      'Hand to the security team with codes and onset; trouble of the authentication service itself goes to headquarters',
    ),
    checks: [
      say(
        '401 还是 403:401 查令牌/密码/签到是否过期,403 查角色与范围是否变更',
        '401 or 403? 401: did token, password or sign-in expire; 403: did a role or scope change',
      ),
      say('起始时间是否等于令牌签发时间加有效期', 'Is the onset the issue time of the token plus its lifetime?'),
      say(
        `${place.from.zh} 与 ${place.to.zh} 时钟是否一致(JWT 的 nbf/exp)`,
        `Do the clocks of ${place.from.en} and ${place.to.en} agree (nbf and exp of a JWT)?`,
      ),
    ],
    workaround: say('手工换发凭据;业务按离线流程', 'Issue a new credential by hand; work offline meanwhile'),
  }),
  spot: (place, code) =>
    say(`${place.to.zh} 拒绝认证或授权(${code})`, `${place.to.en} refuses the credentials or the permission (${code})`),
})
