import { type Cause, factOf, heard, present, say, shareSign, unknown, weights, whether } from '../cause.ts'
import { areSystemsMissing } from '../lines/missing-systems.ts'

/** A local code stands where the standard's is due. Nothing breaks at once; what joins several sources can't use it. */
export const codeUnmapped: Cause = {
  id: 'code-unmapped',
  prior: -2.6,
  severity: 'P4',
  kinds: ['quality', 'content'],
  explains: ['required', 'required-reading'],
  weigh(e) {
    const reading = e.reading('dictionary/unmapped')
    const nak = e.since.count('nak')
    const requests = e.since.count('requests')
    const areMissing = areSystemsMissing(e)
    return {
      // Beside refusals and other breaches it is what it always was.
      isOpen: e.kinds.includes('quality') ? reading !== null : areMissing,
      locus: e.locus,
      lines: [
        {
          key: 'unmapped',
          group: 'codes',
          sign: heard(reading),
          present: weights.decisive,
          absent: 0,
          text: say(
            `${factOf(reading, 'seen') ?? 0} 条中 ${factOf(reading, 'count') ?? 0} 条含未带编码体系的本地码${distinct(reading).zh}`,
            `${factOf(reading, 'count') ?? 0} of ${factOf(reading, 'seen') ?? 0} messages have a local code without a coding system${distinct(reading).en}`,
          ),
        },
        {
          key: 'systems-missing',
          group: 'codes',
          sign: areMissing ? present() : unknown,
          present: weights.decisive,
          absent: 0,
          text: say(
            '合约要求的编码体系名称缺失,其他必填内容齐全',
            'what the contract requires and misses is the name of coding systems, and nothing else',
          ),
        },
        {
          key: 'nak',
          group: 'nak',
          sign: shareSign(nak, requests, { least: 5, none: 0.05, full: 0.3 }),
          present: -weights.some,
          absent: weights.some,
          text: say(`${requests} 次请求被拒 ${nak} 次`, `${nak} of ${requests} requests were refused`),
        },
        {
          key: 'charset',
          group: 'charset',
          sign: whether(e.since.count('charset-wrong') + e.since.count('answer-charset-wrong') > 0),
          present: -weights.some,
          absent: 0,
          text: say('有报文字符集与声明不符', 'some messages are not in the character set that they name'),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.iface.zh} 有本地码未映射标准码`, `Local codes without a standard's on ${e.place.iface.en}`),
  advise: ({ place }) => ({
    owner: say('主数据', 'Master data'),
    handOver: say(
      `附映射缺口的路径与样例转主数据,列入对照清单`,
      'Hand to master data with the paths and an example, for the mapping list',
    ),
    checks: [
      say('这些编码在对照表里是否有标准码', "Do these codes have a standard's in the mapping table?"),
      say(
        `是否集中在一个来源或一个科室(${place.from.zh} / ${place.to.zh})`,
        `One source or one ward (${place.from.en} / ${place.to.en})?`,
      ),
      say('是新增项目未对照,还是映射表未下发', 'New items that nobody mapped, or a mapping table that was not delivered?'),
    ],
    workaround: say(
      '先按本地码展示,补齐对照后重新归并',
      'Show them by the local code, and join them again when they are mapped',
    ),
  }),
}

function distinct(reading: Parameters<typeof factOf>[0]) {
  const codes = factOf(reading, 'codes') ?? 0
  return codes === 0 ? say('', '') : say(`(不同编码至少 ${codes} 个)`, ` (at least ${codes} different ones)`)
}
