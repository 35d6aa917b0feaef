import { type Cause, factOf, heard, present, say, shareSign, weights, whether, wordOf } from '../cause.ts'
import { answeredWords } from '../lines/protocol-words.ts'

/** MSA-2 names another message than the one that waits: what follows is marked delivered and never was. */
export const ackMismatch: Cause = {
  id: 'ack-mismatch',
  prior: -3.2,
  severity: 'P1',
  kinds: ['answer'],
  explains: ['late', 'unheard', 'unheard-fresh', 'latency', 'duplicate', 'duplicate-reading', 'answered', 'delay-growth'],
  weigh(e) {
    const reading = e.reading('answers/mismatch')
    // A number in the body is no fact of the wire: who compares many says it.
    const mismatch = Math.max(e.since.count('mismatch'), factOf(reading, 'count') ?? 0)
    const previous = e.since.count('mismatch-previous')
    const exchanges = e.since.count('exchanges')
    const copies = e.since.count('duplicate')
    const isSteady = Number(wordOf(reading, 'distance')) > 0 && (factOf(reading, 'distanceShare') ?? 0) >= 0.8
    // Behind by one, or by as many each time, or all of them behind, each answer comes with a later message: where little is sent, that is after its time-out.
    const isChain = previous >= 0.9 * mismatch || isSteady || mismatch >= 0.4 * exchanges
    const long = isChain ? 0 : e.since.count('late-long') + e.since.count('timeout')
    return {
      isOpen: mismatch > 0,
      locus: e.locus,
      lines: [
        {
          key: 'mismatch',
          group: 'mismatch',
          sign: shareSign(mismatch, exchanges, { full: 0.3 }),
          present: weights.decisive,
          absent: -weights.decisive,
          text: say(
            `${exchanges} 次交互中 ${mismatch} 次${answeredWords(e).zh}不是等待中的报文,其中 ${previous} 次恰为上一条`,
            `in ${mismatch} of ${exchanges} exchanges ${answeredWords(e).en} named another message than the one waiting, ${previous} times the one before`,
          ),
        },
        {
          key: 'mismatch-reading',
          group: 'mismatch',
          sign: heard(reading),
          present: weights.strong,
          absent: 0,
          text: say('应答错位持续出现', 'the mismatch persists'),
        },
        {
          key: 'mismatch-previous',
          group: 'chain',
          sign: isSteady ? present() : shareSign(previous, mismatch, { none: 0.3, full: 1 }),
          present: weights.strong,
          absent: 0,
          text: isSteady
            ? say(
                `错位距离恒为 ${wordOf(reading, 'distance') ?? '?'}`,
                `behind by ${wordOf(reading, 'distance') ?? '?'} each time`,
              )
            : say(`错位距离恒为 1:${previous}/${mismatch}`, `off by one: ${previous} of ${mismatch}`),
        },
        {
          key: 'late',
          group: 'late',
          sign: whether(long + copies > mismatch),
          present: -weights.strong,
          absent: weights.slight,
          text: say(`超时或迟到 ${long} 次、重发 ${copies} 次`, `${long} timed out or late, ${copies} resent`),
        },
      ],
    }
  },
  title: (e) =>
    say(
      `${e.place.to.zh} 的应答错位(${answeredWords(e).zh} 不符)`,
      `${e.place.to.en} acknowledges the wrong message (${answeredWords(e).en})`,
    ),
  advise: ({ place }) => ({
    owner: say(`接口引擎与 ${place.to.zh}`, `The interface engine and ${place.to.en}`),
    handOver: say(
      '立即转接口引擎负责人:错位期间的报文可能被误判成功',
      'Hand to the owner of the engine at once: messages may be marked delivered that were not',
    ),
    checks: [
      say('断开并重连后错位是否消失', 'Does the mismatch end with a reconnect?'),
      say(
        `按控制号与 ${place.to.zh} 对账:错位期间每条是否已入库`,
        `Reconcile every control id since the onset with ${place.to.en}`,
      ),
      say('发送方是否校验 MSA-2 与 MSH-10', 'Does the sender check MSA-2 against MSH-10?'),
    ],
    workaround: say(
      '断开重连以清空滞留应答;对账前不要清除发送队列',
      'Reconnect to drop stale answers; keep the send queue until reconciled',
    ),
  }),
  spot({ item, place }) {
    const wrong = item.entry.exchange.wire.find((f) => f.kind === 'wrong-control-id')
    if (wrong?.kind !== 'wrong-control-id') return null
    const back = wrong.distance
    return {
      systemId: place.toId,
      text: say(
        back === null ? '应答所指不是等待中的报文' : `应答所指为 ${back} 条之前的报文`,
        back === null ? 'the answer does not name the message that waits' : `the answer names a message ${back} back`,
      ),
    }
  },
}
