import { isMisread } from '../../model/charset.ts'
import type { Text } from '../../model/text.ts'
import { type Cause, heard, say, shareSign, unknown, weights, whether } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { isSaid, saidLine } from '../lines/common-lines.ts'
import { ofForm } from '../lines/form-keys.ts'

/** The bytes are not in the character set that the message names, or were misread before and written again: names come out as rubbish, or are refused. */
export const charsetMismatch: Cause = {
  id: 'charset-mismatch',
  prior: -3,
  severity: 'P3',
  kinds: ['content'],
  explains: ['nak', 'nak-one-text', 'nak-trail', ...ofForm],
  weigh(e) {
    const { wrong, nonAscii } = countsOf(e.since)
    const { wrong: before, nonAscii: seenBefore } = countsOf(e.before)
    const { charsetLabel } = e.place
    const nak = e.since.count('nak')
    // Where it is only said, the bytes are what their label says, and not what the receiver reads.
    const isOnlySaid = wrong === 0 && isSaid(e, 'charset')
    return {
      isOpen: wrong > 0 || isOnlySaid,
      locus: e.locus,
      lines: [
        {
          key: 'charset',
          group: 'charset',
          sign: isOnlySaid ? unknown : shareSign(wrong, nonAscii, { full: 0.3 }),
          present: weights.decisive,
          absent: -weights.decisive,
          text: isTwice(e)
            ? say(
                `含非 ASCII 字符的 ${nonAscii} 条中 ${wrong} 条已是乱码:字节合法,文本曾按另一字符集误读后再次编码`,
                `in ${wrong} of ${nonAscii} messages with non-ASCII text the bytes are sound, and the text was misread and encoded again`,
              )
            : say(
                `含非 ASCII 字符的 ${nonAscii} 条中 ${wrong} 条的字节不是 ${charsetLabel} 所声明的字符集`,
                `in ${wrong} of ${nonAscii} messages with non-ASCII text the bytes are not what ${charsetLabel} says`,
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
          sign: isOnlySaid || seenBefore < 10 ? unknown : whether(before / seenBefore < 0.02),
          present: weights.strong,
          absent: -weights.some,
          text: say(`故障前 ${seenBefore} 条中 ${before} 条`, `${before} of ${seenBefore} before the onset`),
        },
        saidLine(e, 'charset', say('字符集或编码不对', 'it is the character set')),
        {
          key: 'nak-nonascii',
          group: 'nak',
          sign: nak === 0 ? unknown : whether(e.since.count('nak-nonascii') === nak),
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
  title: (e) => {
    const { writer } = endsOf(e)
    if (isTwice(e)) return say(`${writer.zh} 发出的中文被二次编码(乱码)`, `${writer.en} sends text that was encoded twice`)
    return say(`${writer.zh} 的字符集与声明不符`, `${writer.en} sends another character set than it says`)
  },
  advise: (e) => ({
    owner: say(`${endsOf(e).writer.zh} 接口开发`, `The interface developers of ${endsOf(e).writer.en}`),
    handOver: isTwice(e)
      ? say(
          `转 ${endsOf(e).writer.zh}:查读取源数据(数据库客户端、文件、上游接口)时所用字符集`,
          `Hand to ${endsOf(e).writer.en}: in which character set does it read its source (database client, file, upstream)?`,
        )
      : say(
          `转 ${endsOf(e).writer.zh}:请统一 ${e.place.charsetLabel} 与实际编码`,
          `Hand to ${endsOf(e).writer.en}: ${e.place.charsetLabel} and the encoding must agree`,
        ),
    checks: [
      say('看十六进制视图:实际是 GB18030 还是 UTF-8', 'Hex view: are the bytes GB18030 or UTF-8?'),
      say(
        '首现时间是否对应升级、换机或数据库字符集变更',
        'Does the first time match a release, a new host or a database charset change?',
      ),
      say(
        `${endsOf(e).reader.zh} 中受影响患者姓名是否已成乱码`,
        `Are names already stored as rubbish in ${endsOf(e).reader.en}?`,
      ),
    ],
    workaround: say('由引擎按实际编码转码后转发', 'Let the engine transcode by what the bytes are'),
  }),
  spot({ item, place }) {
    const isAnswer = item.requestFacts === null || !isMisread(item.requestFacts.charset)
    const charset = isAnswer ? item.answerFacts?.charset : item.requestFacts?.charset
    if (charset === undefined || !isMisread(charset)) return null
    const systemId = isAnswer ? place.toId : place.fromId
    if (charset.verdict === 'garbled')
      return { systemId, text: say('中文已是乱码(二次编码)', 'the text was misread and encoded again: it is rubbish') }
    const label = charset.declared ?? '(无)'
    return {
      systemId,
      text: say(
        `声明 ${label},实际字节为 ${charset.detected}`,
        `says ${charset.declared ?? 'nothing'}, the bytes are ${charset.detected}`,
      ),
    }
  },
}

/** Requests and answers alike: the items of a worklist are answers. */
function countsOf(counts: Evidence['since']): { readonly wrong: number; readonly nonAscii: number } {
  return {
    wrong: counts.count('charset-wrong') + counts.count('answer-charset-wrong'),
    nonAscii: counts.count('nonascii') + counts.count('answer-nonascii'),
  }
}

/** Rubbish in sound bytes: whoever labels it, its writer had misread it before. */
function isTwice({ since }: Evidence): boolean {
  const garbled = since.count('charset:garbled') + since.count('answer-charset-garbled')
  return garbled * 2 > countsOf(since).wrong
}

/** Who wrote what is wrong, and who has to read it. */
function endsOf({ since, place }: Evidence): { readonly writer: Text; readonly reader: Text } {
  const isAnswers = since.count('answer-charset-wrong') > since.count('charset-wrong')
  return isAnswers ? { writer: place.to, reader: place.from } : { writer: place.from, reader: place.to }
}
