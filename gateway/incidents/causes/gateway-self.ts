import type { Reading } from '../../model/reading.ts'
import type { Text } from '../../model/text.ts'
import { type Cause, factOf, fixed, heard, present, say, unknown, weights, whether, wordOf } from '../cause.ts'

/** The gateway itself is unwell. Looked at before any system is blamed. */
export const gatewaySelf: Cause = {
  id: 'gateway-self',
  prior: -2.5,
  severity: 'P1',
  kinds: ['self', 'time'],
  weigh(e) {
    const reading = e.reading('self/edge') ?? e.reading('clock/gateway')
    const lagMs = factOf(reading, 'loopLagMsMax') ?? e.edge.loopLagMsMax
    const dropped = factOf(reading, 'dropped') ?? e.edge.droppedCount
    return {
      isOpen: reading !== null,
      locus: reading?.subject ?? null,
      lines: [
        {
          key: 'self',
          group: 'self',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: tellingOf(reading),
        },
        {
          key: 'loop-lag',
          group: 'lag',
          sign: lagMs === null ? unknown : whether(lagMs >= 200),
          present: weights.strong,
          absent: 0,
          text: say(`事件循环最大延迟 ${fixed(lagMs ?? 0, 0)} ms`, `event loop delayed by up to ${fixed(lagMs ?? 0, 0)} ms`),
        },
        {
          key: 'dropped',
          group: 'drops',
          sign: whether(dropped > 0),
          present: weights.strong,
          absent: 0,
          text: lackOf(reading, dropped),
        },
        {
          key: 'many-interfaces',
          group: 'spread',
          sign: e.interfaces.length < 2 ? unknown : present(e.interfaces.length / 5),
          present: weights.some,
          absent: 0,
          text: say(
            `涉及全部 ${e.interfaces.length} 个在用接口`,
            `all ${e.interfaces.length} observed interfaces pass through it`,
          ),
        },
      ],
    }
  },
  title: () => say('网关自身故障', 'The gateway itself is unwell'),
  advise: () => ({
    owner: say('网关运维', 'Gateway operations'),
    handOver: say('由网关运维处理;期间其他工单暂缓派发', 'Gateway operations; other tickets wait meanwhile'),
    checks: [
      say('网关主机 CPU、内存、磁盘与时钟', "CPU, memory, disk and clock of the gateway's host"),
      say('/metrics 中 auscult_edge_dropped_total 的原因', 'The reasons in auscult_edge_dropped_total of /metrics'),
      say('转发是否仍正常(观测先于转发被削减)', 'Is traffic still forwarded? Observation is shed first'),
    ],
    workaround: say('必要时旁路网关直连', 'Bypass the gateway if need be'),
  }),
  hears: { signals: ['self/edge', 'clock/gateway'], text: tellingOf },
}

/** What the edge counted as lost: connections that it couldn't make, or what it didn't observe. */
function lackOf(reading: Reading | null, count: number): Text {
  switch (wordOf(reading, 'droppedWhat')) {
    case 'dial-failed':
      return say(
        `网关 ${count} 次未能向对端发起连接:文件句柄、内存或端口用尽`,
        `${count} connections to acceptors could not be made: no file, memory or port was left`,
      )
    case 'accept-failed':
    case 'connection-limit':
      return say(
        `网关 ${count} 次未能接受连接:文件句柄用尽或达到连接上限`,
        `${count} connections could not be taken: no file was left, or the limit of connections is reached`,
      )
    default:
      return say(`丢弃观测 ${count} 条`, `${count} observations shed`)
  }
}

function tellingOf(reading: Reading | null): Text {
  const [offsetS, systems] = [factOf(reading, 'offsetS'), factOf(reading, 'systems')]
  return reading?.signal === 'clock/gateway'
    ? say(
        `网关自身时钟(或目录中医院的时区)偏差 ${fixed(offsetS ?? 0, 0)} 秒:${systems ?? 0} 个系统偏移量相同`,
        `the gateway's own clock (or the hospital's zone in the catalogue) is ${fixed(offsetS ?? 0, 0)} s off: ${systems ?? 0} systems are off by the same`,
      )
    : say('网关边缘进程健康指标异常', "the edge's own health is bad")
}
