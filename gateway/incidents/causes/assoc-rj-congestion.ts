import { say, weights, whether } from '../cause.ts'
import { codedCause } from '../lines/coded-cause.ts'

/** The acceptor is at its limit of associations: A-ASSOCIATE-RJ transient, temporary congestion or local limit exceeded (PS3.8 9.3.4). */
export const assocRjCongestion = codedCause({
  id: 'assoc-rj-congestion',
  refusal: 'congestion',
  prior: -3.3,
  severity: 'P2',
  words: say('关联因拥塞或并发上限被拒', 'associations rejected: congestion or local limit'),
  more: (e) => [
    {
      key: 'some-accepted',
      group: 'success',
      sign: whether(e.since.count('answered') > 0),
      present: weights.some,
      absent: -weights.slight,
      text: say(`同期成功 ${e.since.count('answered')} 次`, `${e.since.count('answered')} succeeded meanwhile`),
    },
  ],
  title: (place) => say(`${place.to.zh} 关联数达到上限`, `${place.to.en} is at its limit of associations`),
  advise: ({ place }) => ({
    owner: say(`${place.to.zh}`, `${place.to.en}`),
    handOver: say(
      `转 ${place.to.zh}:核对并发关联上限与未释放的关联`,
      `Ask ${place.to.en} for its limit of associations and for those that were never released`,
    ),
    checks: [
      say('拒绝时的并发关联数是否恒定', 'Is the number of concurrent associations constant when it rejects?'),
      say('是否有设备打开关联而不释放', 'Does a device open associations without releasing them?'),
      say('归档写入是否变慢,使关联停留更久', 'Has storing become slower, so that associations stay longer?'),
    ],
    workaround: say('设备端按退避重试;分批发送', 'Retry with back-off; send in batches'),
  }),
  spot: (place, code) =>
    say(
      `${place.to.zh} 拒绝关联:拥塞或并发上限(${code})`,
      `${place.to.en} rejects the association: congestion or local limit (${code})`,
    ),
})
