import { isQuestion } from '../../model/question.ts'
import { type Cause, factOf, fixed, heard, roughly, say, shareSign, unknown, weights, whether, wordOf } from '../cause.ts'
import { slowSinceChangeLine } from '../lines/change-before.ts'
import { closerSlownessLines } from '../lines/closer-slowness.ts'
import { amplifiedLine, bothWaysLine, lateLine, lossLine, neverAnsweredLine } from '../lines/common-lines.ts'
import { turnedAwayLine } from '../lines/turned-away.ts'

/** The receiver answers everything, but thinks long: rule engine, SQL, garbage collection. */
export const upstreamSlow: Cause = {
  id: 'upstream-slow',
  prior: -2.4,
  severity: 'P2',
  // A proxy's patience ends, or its own: slow answers become refusals that say so.
  kinds: ['slow', 'content'],
  explains: [
    'nak',
    'nak-one-text',
    'late',
    'unheard',
    'duplicate',
    'duplicate-reading',
    'delay-growth',
    'one-type',
    'others-flat',
  ],
  weigh(e) {
    // A question that is slow by itself is a statement or a rule engine that is, however fast the rest that passes is.
    const asked = e.readings('types/slow').find((one) => isQuestion(wordOf(one, 'type') ?? '')) ?? null
    const reading = e.reading('latency/') ?? asked
    const p95 = factOf(reading, 'p95Ms') ?? factOf(reading, 'ms')
    const ratio = factOf(reading, 'ratio')
    const connectMs = factOf(reading, 'connectMs') ?? e.since.low('connectMs')
    const requests = e.since.count('requests')
    const answered = e.since.count('answered') + e.since.count('failed')
    const others = e.sameReceiver.quantileMs(0.5)
    const own = e.since.quantileMs(0.5)
    const timedOut = e.since.count('nak:slow')
    const nak = e.since.count('nak')
    const outcomes = factOf(e.reading('completeness/source'), 'outcomes') ?? 0
    const plateau = e.reading('in-flight/plateau')
    const [fast, slow] = [factOf(plateau, 'fastShare') ?? 0, factOf(plateau, 'slowShare') ?? 0]
    return {
      isOpen: reading !== null || timedOut >= Math.max(timedOutMin, 0.5 * nak),
      locus: e.locus,
      lines: [
        {
          key: 'latency',
          group: 'latency',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: say(
            `应答时间 p95 ${roughly(p95)} ms${ratio === null ? '' : `,为平时的 ${fixed(ratio, 1)} 倍`}`,
            `answer time p95 ${roughly(p95)} ms${ratio === null ? '' : `, ${fixed(ratio, 1)} times the usual`}`,
          ),
        },
        {
          key: 'nak-slow',
          group: 'timed-out',
          sign: timedOut === 0 ? unknown : shareSign(timedOut, nak, { none: 0.3, full: 0.8 }),
          present: reading === null ? weights.decisive : weights.some,
          absent: 0,
          text: say(
            `${nak} 次拒绝中 ${timedOut} 次写明超时(504 等)`,
            `${timedOut} of ${nak} refusals say that it took too long (504)`,
          ),
        },
        {
          key: 'answered',
          group: 'outcome',
          sign: shareSign(answered, requests, { none: 0.3, full: 0.95 }),
          present: weights.strong,
          absent: -weights.veryStrong,
          text: say(`${requests} 次请求应答 ${answered} 次`, `${answered} of ${requests} requests were answered`),
        },
        {
          key: 'source-outcome',
          group: 'source',
          // Who waits for one of its sources in vain is slow, and says afterwards whom it did without.
          sign: outcomes === 0 ? unknown : shareSign(outcomes, requests, { none: 0.05, full: 0.5 }),
          present: -weights.veryStrong,
          absent: 0,
          text: say(`${outcomes} 次应答自述缺某来源的数据`, `${outcomes} answers say that a source is missing from them`),
        },
        neverAnsweredLine(asked),
        lateLine(e, { absent: weights.slight, full: 0.2 }),
        amplifiedLine(e),
        bothWaysLine(e),
        {
          key: 'connect-flat',
          group: 'network',
          sign: connectMs === null ? unknown : whether(connectMs < 50),
          present: weights.some,
          absent: -weights.strong,
          text: say(
            `TCP 建连 ${roughly(connectMs)} ms(网络${(connectMs ?? 0) < 50 ? '正常' : '也慢'})`,
            `TCP connect ${roughly(connectMs)} ms`,
          ),
        },
        lossLine(e, -weights.veryStrong),
        turnedAwayLine(e, -weights.veryStrong),
        {
          key: 'in-flight-bimodal',
          group: 'shape',
          sign: plateau === null ? unknown : whether(fast >= 0.1 && slow >= 0.2),
          present: -weights.strong,
          absent: 0,
          text: say(
            `在途数到顶,且 ${Math.round(fast * 100)} % 与平时一样快:在等空位,不是都变慢`,
            `in flight at a limit, and ${Math.round(fast * 100)} % as fast as ever: they wait for a place, not all are slow`,
          ),
        },
        {
          key: 'same-receiver',
          group: 'control',
          sign: others === null || own === null ? unknown : whether(others > own / 3),
          present: weights.slight,
          absent: weights.slight,
          text: say(
            `同一接收方其他接口中位 ${roughly(others)} ms,本接口 ${roughly(own)} ms`,
            `median on other interfaces of the receiver ${roughly(others)} ms, here ${roughly(own)} ms`,
          ),
        },
        slowSinceChangeLine(e),
        ...closerSlownessLines(e),
      ],
    }
  },
  title: (e) => say(`${e.place.to.zh} 处理变慢`, `${e.place.to.en} answers slowly`),
  advise: ({ place }) => ({
    owner: say(`${place.to.zh} 厂商`, `The vendor of ${place.to.en}`),
    handOver: say(`转 ${place.to.zh},附慢的报文类型与时间段`, `Hand to ${place.to.en} with the slow types and times`),
    checks: [
      say(`${place.to.zh} 的慢 SQL、规则引擎耗时、GC`, `Slow SQL, rule engine and GC of ${place.to.en}`),
      say('是否与条目数或报文大小成正比', 'Does it grow with the number of items or the size?'),
      say('同一数据库上的其他接口是否同时变慢', 'Are other interfaces on the same database slow too?'),
    ],
    workaround: say('降低批量、错峰;必要时调大发送方超时', 'Smaller batches, off-peak; raise time-outs if need be'),
  }),
  hears: {
    signals: ['latency/shift', 'latency/objective'],
    text: (r, place) =>
      say(
        `${place.to.zh} 应答变慢:p95 ${roughly(factOf(r, 'p95Ms'))} ms`,
        `${place.to.en} answers slowly: p95 ${roughly(factOf(r, 'p95Ms'))} ms`,
      ),
  },
}

/** Two are no slip of the tongue. */
const timedOutMin = 2
