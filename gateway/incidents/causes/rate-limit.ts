import { present, say, unknown, weights, whether } from '../cause.ts'
import { codedCause } from '../lines/coded-cause.ts'

/** The receiver counts and says "too many": HTTP 429. Answers come fast, unlike those of a slow receiver. */
export const rateLimit = codedCause({
  id: 'rate-limit',
  refusal: 'rate-limit',
  prior: -3.5,
  severity: 'P3',
  words: say('因超过限流被拒', 'refused for too many requests'),
  more: (e) => {
    const slow = e.reading('latency/shift')
    const storm = e.reading('retries/amplification')
    return [
      {
        key: 'rate-fast',
        group: 'latency',
        sign: whether(slow !== null),
        present: -weights.some,
        absent: weights.slight,
        text: say(
          slow === null ? '应答时间正常' : '应答时间同时变长',
          slow === null ? 'answers are as fast as ever' : 'answers are slower too',
        ),
      },
      {
        key: 'retries',
        group: 'retries',
        sign: storm === null ? unknown : present(),
        present: weights.slight,
        absent: 0,
        text: say('调用方正在重试放大', 'the caller multiplies its requests by retrying'),
      },
    ]
  },
  title: (place) => say(`${place.to.zh} 限流 ${place.from.zh} 的调用`, `${place.to.en} limits the calls of ${place.from.en}`),
  advise: ({ place }) => ({
    owner: say(`${place.from.zh}(调用方)`, `${place.from.en}, who calls`),
    handOver: say(
      `转 ${place.from.zh} 削峰或退避;确需更高配额时由其向 ${place.to.zh} 申请`,
      `Ask ${place.from.en} to smooth its calls or to back off; a higher quota is asked of ${place.to.en}`,
    ),
    checks: [
      say('限流开始时的调用速率与平时之比', 'The call rate at the onset against the usual one'),
      say('是否在重试:唯一单号是否同步增加', 'Is it retrying: do distinct orders grow too?'),
      say('应答头 Retry-After 与双方约定的配额', 'Retry-After of the answers, and the quota that was agreed'),
    ],
    workaround: say('按 Retry-After 退避;错峰批量任务', 'Back off as Retry-After says; move batches to other hours'),
  }),
  spot: (place, code) => say(`${place.to.zh} 限流(${code})`, `${place.to.en} limits the rate (${code})`),
})
