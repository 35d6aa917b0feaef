import { type Cause, factOf, heard, roughly, say, unknown, weights, whether } from '../cause.ts'
import { bothWaysLine, lossLine } from '../lines/common-lines.ts'

/** The time goes by on the calling side: it builds late, sends in pieces, or lets a standing connection wait. The answering side is fast. */
export const callerSlow: Cause = {
  id: 'caller-slow',
  prior: -2.6,
  severity: 'P3',
  kinds: ['slow'],
  weigh(e) {
    const reading = e.reading('calling/slow')
    const took = factOf(reading, 'tookMs')
    const think = factOf(reading, 'thinkMs')
    const usualThinkMs = e.before.quantileMs(0.5) ?? 0
    const receive = factOf(reading, 'receiveMs')
    const connectMs = e.since.low('connectMs')
    const latency = e.reading('latency/')
    return {
      isOpen: reading !== null,
      locus: { kind: 'system', id: e.place.fromId },
      lines: [
        {
          key: 'calling',
          group: 'calling',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: say(
            `发送阶段 ${ms(took)}(平时 ${ms(factOf(reading, 'usualMs'))}),${factOf(reading, 'seen') ?? 0} 次中 ${factOf(reading, 'slow') ?? 0} 次`,
            `calling takes ${ms(took)} (usually ${ms(factOf(reading, 'usualMs'))}), ${factOf(reading, 'slow') ?? 0} of ${factOf(reading, 'seen') ?? 0} calls`,
          ),
        },
        {
          key: 'think-short',
          group: 'think',
          // Short beside what calling takes, or no longer than it ever was.
          sign: think === null || took === null ? unknown : whether(think < Math.max(took / 3, 1.5 * usualThinkMs)),
          present: weights.strong,
          absent: -weights.decisive,
          text: say(`服务端 ${ms(think)} 返回`, `the answering side takes ${ms(think)}`),
        },
        {
          key: 'latency',
          group: 'latency',
          sign: heard(latency),
          present: -weights.strong,
          absent: 0,
          text: say('服务端应答时间同时变长', 'answers take longer too'),
        },
        bothWaysLine(e),
        lossLine(e, -weights.decisive),
        {
          key: 'connect-flat',
          group: 'network',
          sign: connectMs === null ? unknown : whether(connectMs < 50),
          present: weights.slight,
          absent: -weights.some,
          text: say(`TCP 建连 ${ms(connectMs)}`, `TCP connect ${ms(connectMs)}`),
        },
        {
          key: 'receive-flat',
          group: 'network',
          sign: receive === null || took === null ? unknown : whether(receive < took / 5),
          present: weights.some,
          absent: -weights.some,
          text: say(`接收应答 ${ms(receive)}`, `receiving the answer takes ${ms(receive)}`),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.from.zh} 调用方发送慢`, `${e.place.from.en} takes long to send its requests`),
  advise: ({ place }) => ({
    owner: say(`调用方 ${place.from.zh}`, `The calling side, ${place.from.en}`),
    handOver: say(
      `附发送、思考、接收三段耗时转 ${place.from.zh};不是 ${place.to.zh} 的问题`,
      `Hand to ${place.from.en} with the time of sending, thinking and receiving; ${place.to.en} has no part in it`,
    ),
    checks: [
      say(
        `${place.from.zh} 组包与发送线程:是否单线程、是否等数据库后才写完报文`,
        `The thread of ${place.from.en} that builds and sends: only one, or waiting for a database before it finishes?`,
      ),
      say('是否分多次小包写出(Nagle 与延迟确认)', 'Does it write in many small pieces (Nagle and delayed acknowledgment)?'),
      say(
        '连接建好后多久才发首字节,连接池是否预建却不用',
        'How long from the connection to the first byte; are pooled connections opened and left?',
      ),
    ],
    workaround: say('并行发送、一次写出整条报文', 'Send in parallel, and write each message at once'),
  }),
  hears: {
    signals: ['calling/slow'],
    text: (r, place) =>
      say(`${place.from.zh} 发送慢:${ms(factOf(r, 'tookMs'))}`, `${place.from.en} takes ${ms(factOf(r, 'tookMs'))} to send`),
  },
}

function ms(value: number | null): string {
  return value === null ? '?' : `${roughly(value)} ms`
}
