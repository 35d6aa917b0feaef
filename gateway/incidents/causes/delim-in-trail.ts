import { type Cause, say, shareSign, weights, whether } from '../cause.ts'
import { ofForm } from '../lines/form-keys.ts'

/** In GB18030 a second byte can equal a delimiter: a receiver that splits before it decodes breaks just those messages. */
export const delimInTrail: Cause = {
  id: 'delim-in-trail',
  prior: -4,
  severity: 'P3',
  kinds: ['content'],
  explains: ['nak', 'nak-one-text', 'charset', ...ofForm],
  weigh(e) {
    const nak = e.since.count('nak')
    const withTrail = e.since.count('nak-trail')
    const trail = e.since.count('trail')
    const without = nak - withTrail
    return {
      isOpen: withTrail > 0,
      locus: e.locus,
      lines: [
        {
          key: 'nak-trail',
          group: 'trail',
          sign: shareSign(withTrail, nak, { none: 0.2, full: 0.9 }),
          present: weights.decisive,
          absent: -weights.veryStrong,
          text: say(
            `被拒 ${nak} 条中 ${withTrail} 条的次字节等于分隔符`,
            `${withTrail} of ${nak} refused messages have a delimiter in a trail byte`,
          ),
        },
        {
          key: 'trail-all',
          group: 'always',
          sign: shareSign(withTrail, trail, { none: 0.2, full: 0.9 }),
          present: weights.veryStrong,
          absent: -weights.strong,
          text: say(`此类报文共 ${trail} 条,被拒 ${withTrail} 条`, `${withTrail} of ${trail} such messages were refused`),
        },
        {
          key: 'nak-without-trail',
          group: 'others',
          sign: whether(without > withTrail),
          present: -weights.veryStrong,
          absent: weights.some,
          text: say(`不含此类字节而被拒 ${without} 条`, `${without} were refused without such a byte`),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.to.zh} 按字节切分 GB18030 报文`, `${e.place.to.en} splits GB18030 text before decoding it`),
  advise: ({ place }) => ({
    owner: say(`${place.to.zh} 接口开发(解析方)`, `The developers of ${place.to.en}, who parse`),
    handOver: say(`转 ${place.to.zh}:须先解码再切分`, `Hand to ${place.to.en}: decode first, then split`),
    checks: [
      say(
        '被拒报文是否都含次字节 7C/5C/5E/7E 的生僻字',
        'Do all refused messages hold a character with trail byte 7C, 5C, 5E or 7E?',
      ),
      say('同一患者是否每次都失败', 'Does the same patient fail every time?'),
      say('改用 UTF-8 发送是否成功', 'Does it pass in UTF-8?'),
    ],
    workaround: say('由引擎转为 UTF-8 后转发', 'Let the engine convert to UTF-8'),
  }),
  spot({ item, place }) {
    if (item.entry.exchange.outcome !== 'failed' || item.requestFacts?.charset.delimiterInTrail !== true) return null
    return {
      systemId: place.toId,
      text: say('被拒报文含有次字节等于分隔符的汉字', 'a refused message holds a character whose trail byte is a delimiter'),
    }
  },
}
