import { type Cause, type Sighting, say, shareSign, unknown, weights, whether } from '../cause.ts'
import { firstClosed, isUnheard } from '../evidence/unanswered.ts'
import { idleAgeLine } from '../lines/common-lines.ts'
import { idWords } from '../lines/protocol-words.ts'
import { sizeKneeOf } from '../lines/size-knee.ts'

/** The connection breaks while a message is under way or its answer is owed: a crash, a middle box, a killed process. */
export const connReset: Cause = {
  id: 'conn-reset',
  prior: -2.7,
  severity: 'P2',
  kinds: ['reach'],
  explains: ['unheard', 'silence', 'duplicate', 'duplicate-reading', 'latency', 'size-knee', 'delay-growth'],
  weigh(e) {
    const resets = e.since.count('reset')
    const cut = e.since.count('cut')
    const exchanges = e.since.count('exchanges')
    const idle = e.since.count('reset-idle')
    const before = e.before.count('reset') + e.before.count('cut')
    const knee = sizeKneeOf(e)
    return {
      isOpen: resets + cut > 0,
      locus: e.locus,
      lines: [
        {
          key: 'reset',
          group: 'break',
          sign: shareSign(resets + cut / 2, exchanges, { none: 0.01, full: 0.3 }),
          present: weights.decisive,
          absent: -weights.veryStrong,
          text: say(
            `${exchanges} 次交互中连接被重置 ${resets} 次(发起方 ${e.since.count('reset:initiator')}、接收方 ${e.since.count('reset:acceptor')}),未等应答即被关闭 ${cut} 次`,
            `${resets} resets in ${exchanges} exchanges (initiator ${e.since.count('reset:initiator')}, acceptor ${e.since.count('reset:acceptor')}), closed ${cut} times while an answer was owed`,
          ),
        },
        {
          key: 'reset-new',
          group: 'change',
          sign: e.before.count('exchanges') < 20 ? unknown : whether(before / e.before.count('exchanges') < 0.01),
          present: weights.some,
          absent: -weights.some,
          text: say(
            `此前 ${e.before.count('exchanges')} 次交互中断 ${before} 次`,
            `${before} breaks in the ${e.before.count('exchanges')} exchanges before`,
          ),
        },
        {
          key: 'reset-idle',
          group: 'when',
          sign: resets === 0 ? unknown : whether(idle === resets),
          present: -weights.strong,
          absent: 0,
          text: say(
            `${idle} 次发生在空闲 60 秒以上之后(疑似中间设备回收)`,
            `${idle} came after 60 s of silence or more (a middle box?)`,
          ),
        },
        idleAgeLine(e, 'when'),
        {
          key: 'size-knee',
          group: 'size',
          sign: knee === null ? unknown : whether(knee.isKnee),
          present: -weights.veryStrong,
          absent: 0,
          text: say(
            `仅 ${knee?.brokenBytes ?? 0} 字节以上的报文中断`,
            `only messages of ${knee?.brokenBytes ?? 0} bytes and more break`,
          ),
        },
        {
          key: 'refused',
          group: 'connect',
          sign: whether(e.since.count('refused') > 2 * (resets + cut)),
          present: -weights.strong,
          absent: 0,
          text: say(`新连接被拒绝 ${e.since.count('refused')} 次`, `${e.since.count('refused')} new connections refused`),
        },
        {
          key: 'unheard',
          group: 'app',
          sign: whether(e.since.count('unheard') > resets + cut),
          present: -weights.some,
          absent: 0,
          text: say(
            `连接未断而无应答 ${e.since.count('unheard')} 次`,
            `${e.since.count('unheard')} went unanswered on a standing connection`,
          ),
        },
      ],
    }
  },
  title: (e) =>
    say(`${e.place.from.zh}→${e.place.to.zh} 连接被重置`, `Connections ${e.place.from.en} → ${e.place.to.en} are reset`),
  advise: (e) => ({
    owner: say(`网络组与 ${e.place.to.zh}`, `The network team and ${e.place.to.en}`),
    handOver: say(
      `由接收方重置转 ${e.place.to.zh},由发起方重置转 ${e.place.from.zh},来源不明转网络组`,
      `Reset by the acceptor: ${e.place.to.en}; by the initiator: ${e.place.from.en}; unclear: network`,
    ),
    checks: [
      say(
        `${e.place.to.zh} 接收服务有无崩溃、重启、线程异常日志`,
        `Crashes, restarts or thread errors in the log of ${e.place.to.en}`,
      ),
      say('中断是否集中在固定空闲时长、固定报文大小或固定时刻', 'Do the breaks cluster at one idle age, one size or one time?'),
      say('沿途防火墙、IPS、负载均衡的重置记录', 'Reset records of firewall, IPS and load balancer on the way'),
    ],
    workaround: say(
      `发送方重发未获应答的报文,并按${idWords(e).zh}去重`,
      `Let the sender resend what was not answered, and drop duplicates by ${idWords(e).en}`,
    ),
  }),
  spot(sighting) {
    const side = brokenBy(sighting)
    if (side === null) return null
    const isMid = sighting.item.entry.exchange.wire.some((f) => f.kind === 'partial')
    return {
      text: isMid
        ? say(`连接在报文传输途中被${sideZh(side)}中断`, `the connection broke inside a message (by the ${side})`)
        : say(`连接在应答前被${sideZh(side)}中断`, `the connection broke before the answer (by the ${side})`),
    }
  },
}

/** Who broke it: a reset that isn't a patient sender giving up, or the acceptor closing while it owes an answer. */
function brokenBy({ item }: Sighting): 'initiator' | 'acceptor' | null {
  const { exchange } = item.entry
  if (exchange.outcome === 'answered' || exchange.outcome === 'failed') return null
  const reset = exchange.wire.find((f) => f.kind === 'reset')
  if (reset?.kind === 'reset' && !isUnheard(exchange)) return reset.by
  const closed = firstClosed(exchange.wire)
  const isMid = exchange.wire.some((f) => f.kind === 'partial')
  if (closed !== null && (isMid || (closed.by !== exchange.requestFrom && exchange.requestFrom !== null))) return closed.by
  return null
}

function sideZh(side: 'initiator' | 'acceptor'): string {
  return side === 'initiator' ? '发起方' : '接收方'
}
