import type { Text } from '../../model/text.ts'
import { type Cause, factOf, heard, present, say, shareSign, unknown, weights, wordOf } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'

/** An answer that gathers several sources comes without one of them, and is answered as if all were well. */
export const partialData: Cause = {
  id: 'partial-data',
  prior: -2.4,
  severity: 'P2',
  kinds: ['content', 'slow'],
  // What is left of a Bundle breaks its totals; a few refusals are there on any day.
  explains: [
    'nak',
    'nak-one-text',
    'nak-violating',
    'required',
    'required-reading',
    'wrong-type',
    'wrong-type-reading',
    // Who waits for a source in vain is slow.
    'latency',
  ],
  weigh(e) {
    const reading = e.reading('completeness/source')
    const outcomes = factOf(reading, 'outcomes') ?? 0
    const requests = e.since.count('requests')
    const answered = e.since.count('answered')
    return {
      isOpen: reading !== null,
      locus: e.locus,
      lines: [
        {
          key: 'source-missing',
          group: 'source',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: missingText(e),
        },
        {
          key: 'source-outcome',
          group: 'said',
          sign: outcomes > 0 ? present() : unknown,
          present: weights.strong,
          absent: 0,
          text: say(
            `${outcomes} 次应答自述结果不全(OperationOutcome,或总数多于所含条目且无下一页)`,
            `${outcomes} answers say themselves that they are not whole (an OperationOutcome, or a total beyond their entries and no next page)`,
          ),
        },
        {
          key: 'answered',
          group: 'outcome',
          sign: shareSign(answered, requests, { none: 0.5, full: 0.95 }),
          present: weights.some,
          absent: -weights.strong,
          text: say(`${requests} 次请求成功应答 ${answered} 次`, `${answered} of ${requests} requests were answered well`),
        },
        {
          key: 'nak',
          group: 'nak',
          sign: shareSign(e.since.count('nak'), requests, { least: 5, none: 0.05, full: 0.3 }),
          present: -weights.strong,
          absent: weights.slight,
          text: say(`被拒 ${e.since.count('nak')} 次`, `${e.since.count('nak')} were refused`),
        },
      ],
    }
  },
  title: (e) => {
    const part = wordOf(e.reading('completeness/source'), 'part')
    return part === null
      ? say(`${e.place.iface.zh} 的聚合结果不全`, `Answers on ${e.place.iface.en} are not whole`)
      : say(`${e.place.iface.zh} 的聚合结果缺 ${part}`, `Answers on ${e.place.iface.en} lack ${part}`)
  },
  advise: (e) => ({
    owner: say('集成平台(一名主责工程师全程跟进)', 'The integration platform, one lead engineer from end to end'),
    handOver: say(
      `附缺失的资源类型、首缺时间与查询类型转集成平台,由其追到源系统`,
      'Hand to the integration platform with the kind of resource, since when, and what was asked; it traces the source',
    ),
    checks: [
      say(
        `直接向源系统查同一患者:源有而聚合没有,则查 ${e.place.to.zh} 的该来源调用与超时`,
        `Ask the source itself for the same patient: if it has what is missing, look at the calls and time-outs of that source in ${e.place.to.en}`,
      ),
      say('该来源的接口是否同时静默、变慢或被拒', 'Is the interface of that source silent, slow or refused at the same time?'),
      say(
        '授权范围(JWT scope)是否变更,把该类资源过滤掉了',
        'Did the scopes of the token change, so that this kind is filtered out?',
      ),
    ],
    workaround: say(
      '在视图上标注「来源不全」,临时到源系统查看',
      'Mark the view as incomplete, and look in the source system meanwhile',
    ),
  }),
  hears: {
    signals: ['completeness/source'],
    text: (r) => {
      const part = wordOf(r, 'part')
      return part === null
        ? say('聚合应答自述不全', 'answers say that they are not whole')
        : say(`聚合应答不再含 ${part}`, `answers no longer have ${part}`)
    },
  },
}

function missingText(e: Evidence): Text {
  const reading = e.reading('completeness/source')
  const part = wordOf(reading, 'part')
  if (part === null) return say('聚合应答自述结果不全', 'answers say themselves that they are not whole')
  const share = Math.round((factOf(reading, 'shareBefore') ?? 0) * 100)
  const since = factOf(reading, 'answersSince') ?? 0
  const still = factOf(reading, 'withSince') ?? 0
  const many = factOf(reading, 'many') ?? 1
  const asked = wordOf(reading, 'asked') ?? ''
  const what = many === 1 ? say(`含 ${part}`, part) : say(`含 ${many} 个以上 ${part}`, `${many} or more of ${part}`)
  return say(
    `「${asked}」的应答此前 ${share} % ${what.zh},近 ${since} 次仅 ${still} 次`,
    `${share} % of the answers to "${asked}" had ${what.en}; ${still} of the last ${since} have`,
  )
}
