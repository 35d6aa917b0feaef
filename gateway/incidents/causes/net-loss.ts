import type { Reading } from '../../model/reading.ts'
import type { Text } from '../../model/text.ts'
import { type Cause, factOf, fixed, heard, present, roughly, say, unknown, weights, whether, wordOf } from '../cause.ts'
import { stallsOf } from '../lines/stalls.ts'
import type { Place } from '../place.ts'

/** The network loses packets: what is sent has to be sent again. Only a capture shows it; a proxy sees no packets. */
export const netLoss: Cause = {
  id: 'net-loss',
  prior: -3.2,
  severity: 'P2',
  kinds: ['slow', 'reach'],
  explains: [
    'latency',
    'calling',
    'think-short',
    'same-receiver',
    'answered',
    'connect-flat',
    'one-type',
    'others-flat',
    'late',
    'reset',
    'unheard',
    'duplicate',
    'duplicate-reading',
    'delay-growth',
    'stuck',
    'stuck-always',
    'fresh-works',
  ],
  weigh(e) {
    const reading = e.reading('links/loss')
    const latency = e.reading('latency/')
    const segments = factOf(reading, 'segments') ?? 0
    const resent = factOf(reading, 'resent') ?? 0
    const ownSegments = factOf(reading, 'networkSegments') ?? 0
    const ownResent = factOf(reading, 'networkResent') ?? 0
    const rttMs = factOf(reading, 'rttMs')
    const usualRttMs = factOf(reading, 'usualRttMs')
    const connectMs = e.since.low('connectMs')
    const connectBeforeMs = e.before.low('connectMs')
    const thinkMs = factOf(latency, 'thinkMs')
    const p50Ms = factOf(latency, 'p50Ms')
    const stalls = stallsOf(e)
    const stalled = e.reading('stalls/both-ways')
    return {
      // Without a capture the segments aren't known; slow handshakes and what stands still both ways are left to go by.
      isOpen: reading !== null || stalled !== null || stalls.isConnectSlow || stalls.isBothWays,
      locus: e.locus,
      lines: [
        {
          key: 'loss',
          group: 'loss',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text:
            reading === null
              ? say('无抓包,重传率未知', 'no capture: retransmissions are not known')
              : say(
                  `${segments} 个报文段中重传 ${resent} 个(${percent(resent, segments)})`,
                  `${resent} of ${segments} segments were sent again (${percent(resent, segments)})`,
                ),
        },
        {
          key: 'round-trip',
          group: 'round-trip',
          sign: rttMs === null || usualRttMs === null ? unknown : whether(rttMs > 2 * usualRttMs && rttMs - usualRttMs > 1),
          present: weights.strong,
          absent: -weights.slight,
          text: say(
            `TCP 往返 ${roughly(rttMs)} ms,平时 ${roughly(usualRttMs)} ms`,
            `TCP round trip ${roughly(rttMs)} ms, usually ${roughly(usualRttMs)} ms`,
          ),
        },
        {
          key: 'connect-slow',
          group: 'round-trip',
          sign:
            connectMs === null || connectBeforeMs === null
              ? unknown
              : whether(stalls.isConnectSlow || (connectMs > connectBeforeMs + 4 && connectMs > 4 * connectBeforeMs)),
          present: weights.strong,
          absent: -weights.slight,
          text: say(
            `TCP 建连最快 ${roughly(connectMs)} ms,此前 ${roughly(connectBeforeMs)} ms`,
            `the fastest TCP connect took ${roughly(connectMs)} ms, before ${roughly(connectBeforeMs)} ms`,
          ),
        },
        {
          key: 'stalls',
          group: 'stalls',
          sign: stalls.isBothWays || stalled !== null ? present() : unknown,
          present: weights.decisive,
          absent: 0,
          text: say(
            `${stalls.of} 次交互中停顿 200 毫秒以上:发送 ${stalls.send} 次、接收 ${stalls.receive} 次、建连 ${stalls.connect} 次`,
            `of ${stalls.of} exchanges ${stalls.send} stood still for 200 ms and more while sending, ${stalls.receive} while receiving, ${stalls.connect} while connecting`,
          ),
        },
        {
          key: 'stalls-even',
          group: 'stalls-even',
          sign:
            !stalls.isBothWays && stalled === null
              ? unknown
              : whether(Math.max(stalls.send, stalls.receive) <= 2 * Math.min(stalls.send, stalls.receive)),
          present: weights.strong,
          absent: 0,
          text: say(
            '两个方向停顿一样多:不是某一端的问题',
            'both ways stand still about as often: that is neither side’s doing',
          ),
        },
        {
          key: 'network-cluster',
          group: 'cluster',
          sign:
            reading === null || resent === 0 || ownSegments >= segments * 0.9
              ? unknown
              : whether(
                  ownResent >= resent * 0.7 && ownResent / Math.max(ownSegments, 1) > 1.5 * (resent / Math.max(segments, 1)),
                ),
          present: weights.some,
          absent: 0,
          text: say(
            `重传集中在网段 ${wordOf(reading, 'network') ?? '?'}:${ownResent}/${ownSegments}`,
            `they cluster in the network ${wordOf(reading, 'network') ?? '?'}: ${ownResent} of ${ownSegments}`,
          ),
        },
        {
          key: 'think-share',
          group: 'think',
          sign: thinkMs === null || p50Ms === null || p50Ms <= 0 ? unknown : whether(thinkMs > p50Ms * 0.7),
          present: -weights.some,
          absent: weights.some,
          text: say(
            `应答时间 ${roughly(p50Ms)} ms 中对端处理占 ${roughly(thinkMs)} ms`,
            `of ${roughly(p50Ms)} ms until the answer the peer's own share is ${roughly(thinkMs)} ms`,
          ),
        },
      ],
    }
  },
  title: (e) => {
    const network = wordOf(e.reading('links/loss'), 'network')
    return network === null
      ? say(
          `${e.place.from.zh}→${e.place.to.zh} 疑似丢包`,
          `Packets between ${e.place.from.en} and ${e.place.to.en} seem to be lost`,
        )
      : say(
          `${e.place.from.zh}→${e.place.to.zh} 丢包重传(网段 ${network})`,
          `Packets between ${e.place.from.en} and ${e.place.to.en} are lost (network ${network})`,
        )
  },
  advise: (e) => ({
    owner: say('网络组', 'The network team'),
    handOver: say(
      `附重传率、网段与时间段转网络组;${e.place.to.zh} 无需处理`,
      `Hand to the network team with the rate, the network and the times; ${e.place.to.en} need do nothing`,
    ),
    checks: [
      say(
        '同一服务其他网段是否正常(是则为接入层或无线)',
        'Are other networks of the same service well? Then it is the access layer or the radio',
      ),
      say(
        '交换机端口错误计数、双工与光衰;无线信道冲突与漫游',
        'Error counters, duplex and light of switch ports; radio channels and roaming',
      ),
      say('两端各抓包一次,看丢在哪一段', 'Capture at both ends: on which part is it lost?'),
    ],
    workaround: say('受影响终端改用有线或其他接入点', 'Let the terminals use a cable or another access point'),
  }),
  hears: {
    signals: ['links/loss', 'stalls/both-ways'],
    text: (reading, place) => {
      if (reading.signal === 'stalls/both-ways') return stallsText(reading, place)
      const share = percent(factOf(reading, 'resent') ?? 0, factOf(reading, 'segments') ?? 0)
      return say(`${place.iface.zh}:TCP 重传 ${share}`, `${place.iface.en}: ${share} of TCP segments were sent again`)
    },
  },
}

function stallsText(reading: Reading, { iface }: Place): Text {
  const [stalled, seen] = [factOf(reading, 'stalled') ?? 0, factOf(reading, 'seen') ?? 0]
  return say(
    `${iface.zh}:${seen} 次交互中 ${stalled} 次在途停顿 200 毫秒以上,两个方向都有`,
    `${iface.en}: ${stalled} of ${seen} exchanges stood still on their way for 200 ms and more, both ways`,
  )
}

function percent(part: number, whole: number): string {
  return `${fixed((100 * part) / Math.max(whole, 1), 1)} %`
}
