import type { Text } from '../../model/text.ts'
import { type Cause, factOf, heard, percent, present, say, unknown, weights, whether, wordOf } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'

/** More errors from week to week, none of them an outage: the customer's +30 % rule. */
export const errorTrend: Cause = {
  id: 'error-trend',
  prior: -2.2,
  severity: 'P3',
  kinds: ['trend'],
  weigh(e) {
    const reading = e.reading('trend/errors')
    const share = factOf(reading, 'errorShare') ?? 0
    const before = factOf(reading, 'errorShareBefore') ?? 0
    const top = topOf(e)
    return {
      isOpen: reading !== null,
      locus: e.locus,
      lines: [
        {
          key: 'error-growth',
          group: 'trend',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: grown(e),
        },
        {
          key: 'error-share',
          group: 'share',
          sign: reading === null ? unknown : whether(share >= 1.3 * before),
          present: weights.some,
          absent: -weights.some,
          text: say(
            `错误率由 ${percent(before)} 升至 ${percent(share)},不是业务量增长造成`,
            `errors went from ${percent(before)} to ${percent(share)} of the messages: it is not the volume`,
          ),
        },
        {
          key: 'error-days',
          group: 'spread',
          sign: reading === null ? unknown : whether((factOf(reading, 'daysAbove') ?? 0) >= 4),
          present: weights.some,
          absent: 0,
          text: say(
            `近 7 天中 ${factOf(reading, 'daysAbove') ?? 0} 天高于上周日均`,
            `on ${factOf(reading, 'daysAbove') ?? 0} of the last 7 days there were more than on a day of the week before`,
          ),
        },
        {
          key: 'error-top',
          group: 'top',
          sign: top === null ? unknown : present(top.share),
          present: weights.some,
          absent: 0,
          text: top === null ? say('', '') : say(`贡献最大:${top.text.zh}`, `most of them: ${top.text.en}`),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.iface.zh} 报错 7 日${growth(e).zh}`, `Errors on ${e.place.iface.en}: ${growth(e).en} in a week`),
  advise: (e) => {
    const top = topOf(e)
    return {
      owner: say('专科工程师', 'The specialist engineers'),
      handOver: say(
        `附两周对比与最大贡献者${top === null ? '' : `(${top.text.zh})`}转专科工程师`,
        `Hand over with both weeks and what contributes most${top === null ? '' : ` (${top.text.en})`}`,
      ),
      checks: [
        say(
          '最大贡献者是哪台仪器、哪个错误码、哪类报文,始于哪天',
          'Which instrument, code or message type contributes most, and since which day?',
        ),
        say('那天有无固件、版本、试剂项目或字典变更', 'Was firmware, a version, a test or a dictionary changed that day?'),
        say('到现场核对该仪器的通讯协议设置', 'Compare the protocol settings of that instrument on site'),
      ],
      workaround: say(
        '对最大贡献者的报错报文逐日重发并核对',
        'Resend and reconcile the failed messages of the largest contributor daily',
      ),
    }
  },
  hears: {
    signals: ['trend/errors'],
    text: (r, place) =>
      say(
        `${place.iface.zh} 近 7 天报错 ${factOf(r, 'errors') ?? 0},上周 ${factOf(r, 'errorsBefore') ?? 0}`,
        `${place.iface.en}: ${factOf(r, 'errors') ?? 0} errors in 7 days, ${factOf(r, 'errorsBefore') ?? 0} in the 7 before`,
      ),
  },
}

/** The largest contributor: an instrument first, as somebody can go there. */
function topOf(e: Evidence): { readonly text: Text; readonly share: number } | null {
  const reading = e.reading('trend/errors')
  const kinds = [
    ['topSender', say('来源', 'from')],
    ['topCode', say('错误码', 'code')],
    ['topType', say('报文', 'type')],
  ] as const
  const found = kinds.flatMap(([fact, kind]) => {
    const name = wordOf(reading, fact)
    const share = factOf(reading, `${fact}Share`) ?? 0
    if (name === null || share < 0.4) return []
    return [{ share, text: say(`${kind.zh} ${name}(${percent(share)})`, `${kind.en} ${name} (${percent(share)})`) }]
  })
  if (found.length === 0) return null
  return {
    share: Math.max(...found.map(({ share }) => share)),
    text: say(found.map(({ text }) => text.zh).join('、'), found.map(({ text }) => text.en).join(', ')),
  }
}

function grown(e: Evidence): Text {
  const reading = e.reading('trend/errors')
  const errors = factOf(reading, 'errors') ?? 0
  const before = factOf(reading, 'errorsBefore') ?? 0
  return say(
    `近 7×24 小时报错 ${errors} 次,前 7×24 小时 ${before} 次:${growth(e).zh}`,
    `${errors} errors in the last 7 times 24 hours, ${before} in the 7 before: ${growth(e).en}`,
  )
}

function growth(e: Evidence): Text {
  const pct = factOf(e.reading('trend/errors'), 'growthPct')
  return pct === null ? say('新出现的错误', 'a new kind of error') : say(`+${Math.floor(pct)} %`, `+${Math.floor(pct)} %`)
}
