import { aeTitlesOf, lackingSyntaxes } from '../../model/association.ts'
import { type Cause, heard, say, shareSign, weights, whether } from '../cause.ts'

/** None of the proposed transfer syntaxes is supported: presentation context result 4 (PS3.8 9.3.3.2), though the association was accepted. */
export const tsRejected: Cause = {
  id: 'ts-rejected',
  prior: -3.6,
  severity: 'P3',
  kinds: ['content'],
  explains: ['aborted', 'silence', 'nak'],
  weigh(e) {
    const lacking = e.since.count('lacking:4')
    const opened = e.since.count('associations')
    const syntaxes = e.since
      .top('lacking-syntax')
      .slice(0, 3)
      .map(({ name, count }) => `${name}×${count}`)
      .join(', ')
    return {
      isOpen: lacking > 0,
      locus: e.locus,
      lines: [
        {
          key: 'lacking-4',
          group: 'contexts',
          sign: shareSign(lacking, opened, { full: 0.3 }),
          present: weights.decisive,
          absent: -weights.veryStrong,
          text: say(
            `${opened} 次关联中 ${lacking} 次传输语法未被接受:${syntaxes}`,
            `${lacking} of ${opened} associations have no transfer syntax accepted: ${syntaxes}`,
          ),
        },
        {
          key: 'lacking-3',
          group: 'other-result',
          sign: whether(e.since.count('lacking:3') > lacking),
          present: -weights.veryStrong,
          absent: 0,
          text: say(
            `以另一原因(结果 3)被拒的关联 ${e.since.count('lacking:3')} 次`,
            `${e.since.count('lacking:3')} associations lack a context for the other reason (result 3)`,
          ),
        },
        {
          key: 'contexts-reading',
          group: 'monitor',
          sign: heard(e.reading('associations/contexts')),
          present: weights.some,
          absent: 0,
          text: say('关联的表示上下文反复被拒', 'presentation contexts are rejected again and again'),
        },
        {
          key: 'lacking-before',
          group: 'new',
          sign: e.before.count('associations') < 5 ? { state: 'unknown' } : whether(e.before.count('lacking:4') === 0),
          present: weights.some,
          absent: -weights.slight,
          text: say(
            `故障前 ${e.before.count('associations')} 次关联中同样被拒 ${e.before.count('lacking:4')} 次`,
            `before the onset ${e.before.count('lacking:4')} of ${e.before.count('associations')} associations lacked it too`,
          ),
        },
      ],
    }
  },
  title: (e) =>
    say(`${e.place.to.zh} 不支持所提议的传输语法`, `${e.place.to.en} supports none of the transfer syntaxes proposed`),
  advise: ({ place }) => ({
    owner: say(`${place.to.zh} 与设备科`, `${place.to.en} and the device team`),
    handOver: say(
      `附语法 UID 与主叫 AE 转 ${place.to.zh} 与设备厂商核对一致性声明`,
      `Have ${place.to.en} and the vendor of the device compare their conformance statements; give the UIDs and the calling AE title`,
    ),
    checks: [
      say(
        '设备是否只提议压缩语法(JPEG2000、JPEG-LS)',
        'Does the device propose compressed syntaxes only (JPEG 2000, JPEG-LS)?',
      ),
      say('接收方的解码许可或配置是否变更', 'Did the acceptor lose a codec, by licence or by configuration?'),
      say('设备能否转为 Explicit VR Little Endian', 'Can the device send Explicit VR Little Endian?'),
    ],
    workaround: say('设备端改用双方都支持的语法重发', 'Send again in a syntax that both support'),
  }),
  spotsSound: true,
  spot({ item, place }) {
    const { exchange } = item.entry
    if (exchange.type !== 'A-ASSOCIATE') return null
    const lacking = lackingSyntaxes(exchange).find(({ result }) => result === 4)
    if (lacking === undefined) return null
    const calling = aeTitlesOf(exchange).calling ?? '?'
    return {
      systemId: place.toId,
      text: say(
        `${place.to.zh} 不接受传输语法 ${lacking.transferSyntaxes.slice(0, 3).join(', ')}(主叫 ${calling})`,
        `${place.to.en} accepts none of the transfer syntaxes ${lacking.transferSyntaxes.slice(0, 3).join(', ')} (calling AE ${calling})`,
      ),
    }
  },
}
