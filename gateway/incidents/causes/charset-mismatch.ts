import { type Cause, heard, say, shareSign, weights, whether } from '../cause.ts'

/** The bytes are not in the character set that the message names: names come out as rubbish, or are refused. */
export const charsetMismatch: Cause = {
  id: 'charset-mismatch',
  prior: -3,
  severity: 'P3',
  kinds: ['content'],
  explains: ['nak', 'nak-one-text', 'required', 'required-reading', 'wrong-type', 'wrong-type-reading', 'nak-trail'],
  weigh(e) {
    const wrong = e.since.count('charset:contradicts')
    const nonAscii = e.since.count('nonascii')
    const before = e.before.count('charset:contradicts')
    const seenBefore = e.before.count('nonascii')
    const nak = e.since.count('nak')
    return {
      isOpen: wrong > 0,
      locus: e.locus,
      lines: [
        {
          key: 'charset',
          group: 'charset',
          sign: shareSign(wrong, nonAscii, { full: 0.3 }),
          present: weights.decisive,
          absent: -weights.decisive,
          text: say(
            `含非 ASCII 字符的 ${nonAscii} 条中 ${wrong} 条的字节不是 MSH-18 所声明的字符集`,
            `in ${wrong} of ${nonAscii} messages with non-ASCII text the bytes are not what MSH-18 says`,
          ),
        },
        {
          key: 'charset-reading',
          group: 'charset',
          sign: heard(e.reading('contract/charset')),
          present: weights.strong,
          absent: 0,
          text: say('超出习惯水平', 'more than is usual'),
        },
        {
          key: 'charset-new',
          group: 'change',
          sign: seenBefore < 10 ? { state: 'unknown' } : whether(before / seenBefore < 0.02),
          present: weights.strong,
          absent: -weights.some,
          text: say(`故障前 ${seenBefore} 条中 ${before} 条`, `${before} of ${seenBefore} before the onset`),
        },
        {
          key: 'nak-nonascii',
          group: 'nak',
          sign: nak === 0 ? { state: 'unknown' } : whether(e.since.count('nak-nonascii') === nak),
          present: weights.some,
          absent: -weights.some,
          text: say(
            `被拒 ${nak} 条中含非 ASCII ${e.since.count('nak-nonascii')} 条`,
            `${e.since.count('nak-nonascii')} of ${nak} refused messages hold non-ASCII text`,
          ),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.from.zh} 的字符集与声明不符`, `${e.place.from.en} sends another character set than it says`),
  advise: ({ place }) => ({
    owner: say(`${place.from.zh} 接口开发`, `The interface developers of ${place.from.en}`),
    handOver: say(
      `转 ${place.from.zh}:请统一 MSH-18 与实际编码`,
      `Hand to ${place.from.en}: MSH-18 and the encoding must agree`,
    ),
    checks: [
      say('看十六进制视图:实际是 GB18030 还是 UTF-8', 'Hex view: are the bytes GB18030 or UTF-8?'),
      say(
        '首现时间是否对应升级、换机或数据库字符集变更',
        'Does the first time match a release, a new host or a database charset change?',
      ),
      say(`${place.to.zh} 中受影响患者姓名是否已成乱码`, `Are names already stored as rubbish in ${place.to.en}?`),
    ],
    workaround: say('由引擎按实际编码转码后转发', 'Let the engine transcode by what the bytes are'),
  }),
  spot({ item, place }) {
    const charset = item.requestFacts?.charset
    if (charset?.verdict !== 'contradicts') return null
    const label = charset.declared ?? '(无)'
    return {
      systemId: place.fromId,
      text: say(
        `声明 ${label},实际字节为 ${charset.detected}`,
        `says ${charset.declared ?? 'nothing'}, the bytes are ${charset.detected}`,
      ),
    }
  },
}
