import { type Cause, factOf, heard, say, shareSign, unknown, weights } from '../cause.ts'
import { lostSizeLine } from '../lines/size-knee.ts'
import { isCallbackUnconnected, stayingAwayLines, stayingAwayText } from '../lines/staying-away.ts'

/** A call is accepted to be done later, and the other side never calls back. */
export const callbackLost: Cause = {
  id: 'callback-lost',
  prior: -3.4,
  severity: 'P2',
  kinds: ['flow', 'answer'],
  explains: [
    'missing',
    'came-late',
    'waiting',
    'delay-growth',
    'nak',
    'nak-one-text',
    'codes-refused',
    'undelivered',
    'reset',
    'refused',
    'connect-timeout',
    'unheard',
    'unheard-fresh',
    'unheard-stale',
    'fresh-works',
    'deaf-type',
  ],
  weigh(e) {
    const reading = e.reading('journeys/callback')
    const told = stayingAwayText(reading)
    const answered = e.since.count('answered')
    const requests = e.since.count('requests')
    const missing = factOf(reading, 'missing') ?? 0
    const size = lostSizeLine(e)
    // Without a connection none can be told by what it says.
    const refused = isCallbackUnconnected(e, reading)
      ? Math.min(missing, e.since.count('refused') + e.since.count('reset'))
      : (factOf(reading, 'refusedSince') ?? 0)
    return {
      isOpen: reading !== null,
      locus: e.locus,
      lines: [
        {
          key: 'callback',
          group: 'callback',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: say(
            `已受理的任务 ${told.share} 超过 ${told.limitS} 秒无回写(平时中位 ${told.usualS} 秒)`,
            `${told.share} accepted tasks got no callback within ${told.limitS} s; usually it takes ${told.usualS} s`,
          ),
        },
        {
          key: 'callback-refused',
          group: 'refused',
          // One in ten is a stray.
          sign:
            missing === 0 || size.sign.state === 'present' ? unknown : shareSign(refused, missing, { none: 0.1, full: 0.5 }),
          present: weights.decisive,
          absent: 0,
          text: say(
            `其中 ${refused} 条回写已发出,但未被接收(被拒或不通)`,
            `${refused} of their callbacks were sent, and refused or not delivered`,
          ),
        },
        {
          key: 'accepted',
          group: 'outcome',
          // What is refused are the callbacks then.
          sign: refused * 10 > missing ? unknown : shareSign(answered, requests, { none: 0.3, full: 0.9 }),
          present: weights.some,
          absent: -weights.strong,
          text: say(`${requests} 次请求受理 ${answered} 次`, `${answered} of ${requests} requests were accepted`),
        },
        ...stayingAwayLines(e, reading),
        size,
      ],
    }
  },
  title: (e) => say(`${e.place.to.zh} 受理后不回写`, `${e.place.to.en} accepts, and never calls back`),
  advise: ({ place }) => ({
    owner: say(`${place.to.zh} 与 ${place.from.zh} 双方`, `${place.to.en} and ${place.from.en}`),
    handOver: say(
      `附无回写的任务清单转 ${place.to.zh};请 ${place.from.zh} 同查回调入口`,
      `Hand to ${place.to.en} with the list of tasks; let ${place.from.en} look at its callback endpoint`,
    ),
    checks: [
      say(
        `${place.to.zh} 里这些任务是否已处理完(处理了没回写,还是没处理)`,
        `Has ${place.to.en} done those tasks (done and not told, or not done)?`,
      ),
      say(`${place.to.zh} 回调发送日志与回调地址配置`, `The log of callbacks of ${place.to.en}, and the address that it calls`),
      say(
        `${place.from.zh} 回调入口、网关或防火墙是否拦截`,
        `Does the callback endpoint of ${place.from.en}, a gateway or firewall reject them?`,
      ),
    ],
    workaround: say('发送方主动查询任务状态,或人工放行', 'Poll the state of the tasks, or release them by hand'),
  }),
  hears: {
    signals: ['journeys/callback'],
    text: (reading, place) => {
      const { share, limitS } = stayingAwayText(reading)
      return say(
        `${place.to.zh} 受理的任务 ${share} 超过 ${limitS} 秒无回写`,
        `${place.to.en}: ${share} accepted tasks got no callback within ${limitS} s`,
      )
    },
  },
}
