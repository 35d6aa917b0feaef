import { type Cause, factOf, heard, present, say, unknown, weights } from '../cause.ts'
import { stayingAwayLines, stayingAwayText } from '../lines/staying-away.ts'

/** Orders are taken, and what should follow on them doesn't come, though the wire it comes by is well. */
export const missingResult: Cause = {
  id: 'missing-result',
  prior: -3.4,
  severity: 'P3',
  kinds: ['flow', 'reach'],
  explains: ['came-late'],
  weigh(e) {
    const reading = e.reading('journeys/missing')
    const told = stayingAwayText(reading)
    const ofOneKind = factOf(reading, 'ofOneKind') ?? 0
    return {
      isOpen: reading !== null,
      locus: e.locus,
      lines: [
        {
          key: 'missing',
          group: 'missing',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: say(
            `已受理的申请 ${told.share} 超过 ${told.limitS} 秒无结果(平时中位 ${told.usualS} 秒)`,
            `${told.share} accepted orders had no result after ${told.limitS} s; usually it takes ${told.usualS} s`,
          ),
        },
        {
          key: 'of-one-kind',
          group: 'kind',
          sign: ofOneKind > 0 ? present() : unknown,
          present: weights.strong,
          absent: 0,
          text: say(
            `其中同一项目连续 ${ofOneKind} 份无结果,其他项目照常`,
            `${ofOneKind} in a row of one and the same item have none, while others have theirs`,
          ),
        },
        {
          key: 'orphan',
          group: 'orphan',
          sign: heard(e.reading('journeys/orphan')),
          present: -weights.decisive,
          absent: 0,
          text: say('同时有结果的申请从未见过(单号对不上)', 'results come of orders that were never seen: the numbers differ'),
        },
        ...stayingAwayLines(e, reading),
      ],
    }
  },
  title: (e) => say(`${e.place.iface.zh}:有申请无结果`, `${e.place.iface.en}: orders without results`),
  advise: ({ place }) => ({
    owner: say(`${place.from.zh}(LIS/RIS)`, `${place.from.en} (LIS / RIS)`),
    handOver: say(
      `附超时申请清单转 ${place.from.zh},并知会相关执行科室`,
      `Hand to ${place.from.en} with the list of overdue orders; tell the departments that carry them out`,
    ),
    checks: [
      say(
        '任取一单:执行系统里是否已有该申请,状态停在哪一步',
        'Take one order: does the performing system have it, and at which step does it stand?',
      ),
      say('缺的是否集中在同一项目、同一仪器或同一科室', 'Are they all of one test, one instrument or one ward?'),
      say('是否被取消、退样或改期(不算缺失)', 'Were they cancelled, rejected or put off? Then nothing is missing'),
    ],
    workaround: say('临床电话查询并手工报告危急结果', 'Ask by telephone meanwhile; report critical results by hand'),
  }),
  hears: {
    signals: ['journeys/missing'],
    text: (reading, place) => {
      const { share, limitS } = stayingAwayText(reading)
      return say(
        `${place.iface.zh}:申请 ${share} 超过 ${limitS} 秒无结果`,
        `${place.iface.en}: ${share} orders had no result after ${limitS} s`,
      )
    },
  },
}
