import { type Cause, factOf, heard, say, weights, whether, wordOf } from '../cause.ts'
import { volumeLowLine } from '../lines/common-lines.ts'

/** Sequence numbers are skipped or come out of order: messages were lost or overtook each other. */
export const seqGap: Cause = {
  id: 'seq-gap',
  prior: -3.2,
  severity: 'P2',
  kinds: ['flow'],
  weigh(e) {
    const reading = e.reading('sequence/')
    const isOffsets = wordOf(reading, 'of') === 'offset'
    const copies = e.since.count('duplicate')
    const broken = e.since.count('refused') + e.since.count('reset')
    return {
      isOpen: reading !== null,
      locus: e.locus,
      lines: [
        {
          key: 'sequence',
          group: 'sequence',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: isOffsets
            ? say(
                `主题 ${wordOf(reading, 'sender') ?? '?'} 的位点跳过 ${factOf(reading, 'missing') ?? '?'} 个(读到末尾,非压缩)`,
                `${factOf(reading, 'missing') ?? '?'} offsets of topic ${wordOf(reading, 'sender') ?? '?'} are nowhere, though it is read at its end`,
              )
            : say(
                `MSH-13 序号缺 ${factOf(reading, 'missing') ?? '?'} 条、乱序 ${factOf(reading, 'outOfOrder') ?? '?'} 次`,
                `MSH-13: ${factOf(reading, 'missing') ?? '?'} missing, ${factOf(reading, 'outOfOrder') ?? '?'} out of order`,
              ),
        },
        volumeLowLine(e, 'sequence'),
        {
          key: 'duplicate',
          group: 'copies',
          sign: whether(copies > 0),
          present: -weights.some,
          absent: weights.slight,
          text: say(`重复 ${copies} 条`, `${copies} duplicates`),
        },
        {
          key: 'refused',
          group: 'broken',
          sign: whether(broken > 0),
          present: weights.slight,
          absent: weights.slight,
          text: say(`其间连接中断或被拒 ${broken} 次`, `${broken} broken or refused connections meanwhile`),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.from.zh} 的报文序号缺口或乱序`, `Messages of ${e.place.from.en} are missing or out of order`),
  advise: ({ place }) => ({
    owner: say(`${place.from.zh} 与接口引擎`, `${place.from.en} and the interface engine`),
    handOver: say(
      `附缺失的序号区间转 ${place.from.zh} 补发`,
      `Hand to ${place.from.en} with the missing numbers, to be sent again`,
    ),
    checks: [
      say('缺失的报文在源端是否存在、为何未发', 'Do the missing messages exist at the source? Why were they not sent?'),
      say('引擎是否新增过滤或改了路由', 'A new filter or route in the engine?'),
      say('是否多线程或多连接导致乱序', 'Several threads or connections that overtake each other?'),
    ],
    workaround: say('由源端补发缺失区间', 'Have the missing range sent again'),
  }),
  spotsSound: true,
  spot({ memory, place }) {
    if (memory.isFillingGap) return { withdraw: true, text: say('', '') }
    if (memory.skippedCount > 0) {
      return {
        systemId: place.fromId,
        text: say(`序号缺 ${memory.skippedCount} 条`, `${memory.skippedCount} sequence numbers skipped`),
      }
    }
    if (!memory.isBackward) return null
    return { systemId: place.fromId, text: say('序号倒退(乱序)', 'a sequence number out of order') }
  },
}
