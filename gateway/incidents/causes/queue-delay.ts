import { type Cause, factOf, fixed, heard, present, say, shareSign, unknown, weights, whether } from '../cause.ts'
import { copiesOf, isAmplified } from '../lines/amplification.ts'

const growthS = 10
/** So many callbacks that don't come though later ones did, of these and those that came late: a queue holds up, and loses none. */
const lostMin = 3
const lostShareMin = 0.3

/** The sender's queue is backed up: messages arrive ever later after they were made, while the clocks are right. */
export const queueDelay: Cause = {
  id: 'queue-delay',
  prior: -3.2,
  severity: 'P3',
  kinds: ['slow', 'time', 'flow'],
  explains: ['silence', 'peers-flowing', 'connection-open', 'volume-low'],
  weigh(e) {
    const waiting = e.reading('waiting/queue')
    const away = e.reading('journeys/callback')
    const lost = factOf(away, 'overtaken') ?? 0
    const loses = lost >= lostMin && lost >= lostShareMin * (lost + (factOf(away, 'lateSince') ?? 0))
    const high = e.since.high('delayS')
    const low = e.before.low('delayS') ?? e.since.low('delayS')
    const apart = high === null || low === null ? null : high - low
    // Of what a record says of its event only the monitor knows how long it waited.
    const growth = waiting === null ? apart : Math.max(apart ?? 0, factOf(waiting, 'waitSMax') ?? 0)
    const future = e.since.count('stamp-future')
    const { requests, copies } = copiesOf(e)
    const stalled =
      e.since.count('unheard') +
      e.since.count('late') +
      e.since.count('refused') +
      e.since.count('reset') +
      e.since.count('cut') +
      e.since.count('mismatch') +
      copies
    return {
      isOpen: growth !== null && growth >= growthS && (low ?? 0) > -60 && !loses,
      locus: e.locus,
      lines: [
        {
          key: 'delay-growth',
          group: 'delay',
          sign: growth === null ? unknown : present(growth / 60),
          present: weights.veryStrong,
          absent: 0,
          text: say(
            `报文生成到到达的间隔比原先的 ${fixed(low ?? 0, 0)} 秒多至 ${fixed(growth ?? 0, 0)} 秒`,
            `messages arrive up to ${fixed(growth ?? 0, 0)} s later after they were made than the ${fixed(low ?? 0, 0)} s of before`,
          ),
        },
        {
          key: 'waiting',
          group: 'delay',
          sign: heard(waiting),
          present: weights.decisive,
          absent: 0,
          text: say(
            `${factOf(waiting, 'waited') ?? '?'} 条比平时晚发出,最多晚 ${fixed(factOf(waiting, 'waitSMax') ?? 0, 0)} 秒,且时快时慢(时钟不会如此)`,
            `${factOf(waiting, 'waited') ?? '?'} were sent later than usual, by up to ${fixed(factOf(waiting, 'waitSMax') ?? 0, 0)} s and not all alike, as by a clock`,
          ),
        },
        {
          key: 'latency',
          group: 'slow',
          sign: heard(e.reading('latency/shift')),
          present: -weights.veryStrong,
          absent: 0,
          text: say('接收方应答变慢:排队只是后果', 'the receiver has become slow: the queue only follows from that'),
        },
        {
          key: 'amplified',
          group: 'amplification',
          sign: isAmplified(e) ? present() : unknown,
          present: -weights.veryStrong,
          absent: 0,
          text: say('请求被重试放大:排队只是后果', 'retries amplify the load: the queue only follows from that'),
        },
        {
          key: 'stalled',
          group: 'receiver',
          sign: shareSign(stalled, requests, { none: 0.02, full: 0.2 }),
          present: -weights.decisive,
          absent: weights.slight,
          text: say(
            `无应答、迟到、中断或重发 ${stalled} 次:排队只是后果`,
            `${stalled} requests were stalled by the receiver or the wire, or sent again: the queue only follows from that`,
          ),
        },
        {
          key: 'copies',
          group: 'copies',
          // What is sent again is stamped as it was the first time, and what waits behind it is late too.
          sign: copies === 0 ? unknown : shareSign(copies, requests, { none: 0.05, full: 0.3 }),
          present: -weights.strong,
          absent: 0,
          text: say(`重发的报文 ${copies} 条带着旧的时间`, `${copies} were sent again, with the time of the first`),
        },
        {
          key: 'stamp-future',
          group: 'future',
          sign: whether(future > 0),
          present: -weights.decisive,
          absent: weights.some,
          text: say(`超前时间戳 ${future} 条(排队不可能超前)`, `${future} stamps ahead of arrival: no queue can do that`),
        },
        {
          key: 'clock-zone',
          group: 'clock',
          // Waits that move, of a host whose own answers are in step, are a queue's, even where it stands so long that it looks like a clock.
          sign: whether(
            ['clock/zone', 'clock/offset', 'clock/step'].some((signal) =>
              e.readings(signal).some((reading) => waiting === null || factOf(reading, 'acksInStep') !== 1),
            ),
          ),
          present: -weights.decisive,
          absent: weights.some,
          text: say('该系统时钟本身偏移', "the system's clock itself is off"),
        },
        {
          key: 'clock-drift',
          group: 'drift',
          sign: whether(e.reading('clock/drift') !== null),
          present: -weights.strong,
          absent: weights.slight,
          text: say('偏差持续线性增长', 'the offset grows steadily'),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.from.zh} 发送队列积压`, `The queue of ${e.place.from.en} is backed up`),
  advise: ({ place }) => ({
    owner: say(`${place.from.zh} 或接口引擎`, `${place.from.en} or the interface engine`),
    handOver: say(`转 ${place.from.zh} 查发送队列`, `Hand to ${place.from.en} to look at its queue`),
    checks: [
      say('发送队列长度与最老一条的时间', 'Length of the queue and its oldest item'),
      say('发送速率是否受限于单连接逐条等待应答', 'Is the rate limited by one connection that waits for each answer?'),
      say(`${place.to.zh} 应答是否变慢`, `Does ${place.to.en} answer more slowly?`),
    ],
    workaround: say('增加发送连接或临时降低非紧急报文', 'More connections, or hold back what is not urgent'),
  }),
  spotsSound: true,
  spot({ memory, place }) {
    const { rising } = memory
    // What lies ahead of its arrival has not waited in a queue.
    if (rising === null || rising.fromS < -60) return null
    return {
      systemId: place.fromId,
      text: say(
        `报文到达比生成晚 ${fixed(rising.toS, 0)} 秒,起初为 ${fixed(rising.fromS, 0)} 秒,持续增长`,
        `arrives ${fixed(rising.toS, 0)} s after it was made, at first ${fixed(rising.fromS, 0)} s, and growing`,
      ),
    }
  },
}
