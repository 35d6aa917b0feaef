import { type Cause, factOf, fixed, heard, say, unknown, weights, whether } from '../cause.ts'
import { volumeLowLine } from '../lines/common-lines.ts'

/** Nothing comes, though it should: the sender's job has stopped while everything around it works. */
export const silent: Cause = {
  id: 'silent',
  prior: -2.6,
  severity: 'P2',
  kinds: ['reach'],
  weigh(e) {
    const reading = e.reading('silence/gap')
    const peers = factOf(reading, 'peersFlowing')
    const open = factOf(reading, 'openConnections') ?? e.edge.openConnections
    const refused = e.since.count('refused')
    const unheard = e.since.count('unheard')
    const failed = unheard + e.since.count('reset')
    return {
      isOpen: reading !== null,
      locus: e.locus,
      lines: [
        {
          key: 'silence',
          group: 'silence',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: say(
            `已 ${minutes(factOf(reading, 'gapS'))} 分钟无报文,平时间隔 ${fixed(factOf(reading, 'expectedGapS') ?? 0, 0)} 秒`,
            `no message for ${minutes(factOf(reading, 'gapS'))} min; usually every ${fixed(factOf(reading, 'expectedGapS') ?? 0, 0)} s`,
          ),
        },
        {
          key: 'peers-flowing',
          group: 'control',
          sign: peers === null ? unknown : whether(peers > 0),
          present: weights.strong,
          absent: -weights.strong,
          text: say(`同源其他接口正常 ${peers ?? '?'} 个`, `${peers ?? '?'} other interfaces of the same source are flowing`),
        },
        {
          key: 'connection-open',
          group: 'socket',
          sign: open === null ? unknown : whether(open > 0),
          present: weights.some,
          absent: -weights.slight,
          text: say(`打开的连接 ${open ?? '?'} 个`, `${open ?? '?'} open connections`),
        },
        volumeLowLine(e, 'silence'),
        {
          key: 'refused',
          group: 'broken',
          sign: whether(refused > 0),
          present: -weights.decisive,
          absent: weights.slight,
          text: say(`连接被拒或超时 ${refused} 次`, `${refused} connections refused or timed out`),
        },
        {
          key: 'waiting',
          group: 'waiting',
          sign: heard(e.reading('waiting/queue')),
          present: -2 * weights.decisive,
          absent: 0,
          text: say('静默期间的报文随后补到:只是在发送方排队', 'what stayed away came afterwards: it had waited at its sender'),
        },
        {
          key: 'differs',
          group: 'differs',
          sign: heard(e.reading('reconciliation/differs')),
          present: -2 * weights.decisive,
          absent: 0,
          text: say('发送方计数在继续,只是这些行从未到达', 'its sender goes on counting what never came'),
        },
        {
          key: 'unheard',
          group: 'broken',
          sign: whether(failed > 0),
          // Who still waits for an answer has not stopped.
          present: unheard > 0 ? -weights.decisive : -weights.veryStrong,
          absent: 0,
          text: say(`无应答或中断 ${failed} 次`, `${failed} unanswered or broken`),
        },
      ],
    }
  },
  title: (e) =>
    say(
      `${e.place.iface.zh} 静默(${e.place.from.zh} 停止发送)`,
      `${e.place.iface.en} is silent (${e.place.from.en} has stopped sending)`,
    ),
  advise: ({ place }) => ({
    owner: say(`${place.from.zh} 系统负责人`, `The owner of ${place.from.en}`),
    handOver: say(
      `转 ${place.from.zh}:发送任务停止,网络与接收方正常`,
      `Hand to ${place.from.en}: its sending job has stopped; network and receiver are well`,
    ),
    checks: [
      say(`${place.from.zh} 的发送任务或队列是否停止、报错`, `Has the sending job or queue of ${place.from.en} stopped?`),
      say('源端业务是否真有发生(有无新申请、新结果)', 'Is there anything to send (new orders, new results)?'),
      say('是否处于已知停机或变更窗口', 'A known downtime or change?'),
    ],
    workaround: say(
      '临床启用纸质或查询方式;恢复后确认积压补发',
      'Paper or look-up meanwhile; check that the backlog is sent afterwards',
    ),
  }),
  hears: {
    signals: ['silence/gap'],
    text: (r, place) =>
      say(
        `${place.iface.zh} 已 ${minutes(factOf(r, 'gapS'))} 分钟无报文`,
        `${place.iface.en}: no message for ${minutes(factOf(r, 'gapS'))} min`,
      ),
  },
}

function minutes(seconds: number | null): string {
  return seconds === null ? '?' : fixed(seconds / 60, 1)
}
