import { aeTitlesOf, lackingSyntaxes } from '../../model/association.ts'
import { type Cause, heard, say, shareSign, weights, whether } from '../cause.ts'

/** An abstract syntax (SOP class) is not supported: presentation context result 3 (PS3.8 9.3.3.2), though the association was accepted. */
export const pcRejected: Cause = {
  id: 'pc-rejected',
  prior: -3.6,
  severity: 'P3',
  kinds: ['content'],
  explains: ['aborted', 'silence', 'nak'],
  weigh(e) {
    const lacking = e.since.count('lacking:3')
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
          key: 'lacking-3',
          group: 'contexts',
          sign: shareSign(lacking, opened, { full: 0.3 }),
          present: weights.decisive,
          absent: -weights.veryStrong,
          text: say(
            `${opened} 次关联中 ${lacking} 次所需抽象语法未被接受:${syntaxes}`,
            `${lacking} of ${opened} associations lack an abstract syntax that was asked for: ${syntaxes}`,
          ),
        },
        {
          key: 'lacking-4',
          group: 'other-result',
          sign: whether(e.since.count('lacking:4') > lacking),
          present: -weights.veryStrong,
          absent: 0,
          text: say(
            `以另一原因(结果 4)被拒的关联 ${e.since.count('lacking:4')} 次`,
            `${e.since.count('lacking:4')} associations lack a context for the other reason (result 4)`,
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
          sign: e.before.count('associations') < 5 ? { state: 'unknown' } : whether(e.before.count('lacking:3') === 0),
          present: weights.some,
          absent: -weights.slight,
          text: say(
            `故障前 ${e.before.count('associations')} 次关联中同样被拒 ${e.before.count('lacking:3')} 次`,
            `before the onset ${e.before.count('lacking:3')} of ${e.before.count('associations')} associations lacked it too`,
          ),
        },
      ],
    }
  },
  title: (e) =>
    say(`${e.place.to.zh} 不支持所需的 SOP 类`, `${e.place.to.en} does not support the SOP class that is asked for`),
  advise: ({ place }) => ({
    owner: say(`${place.to.zh}`, `${place.to.en}`),
    handOver: say(
      `附语法 UID 与主叫 AE 转 ${place.to.zh} 与设备厂商核对一致性声明`,
      `Have ${place.to.en} and the vendor of the device compare their conformance statements; give the UIDs and the calling AE title`,
    ),
    checks: [
      say('是否新的检查类型或对象类(心电、增强 MR、SR)', 'A new kind of object (ECG, enhanced MR, SR)?'),
      say('接收方的 SOP 类清单最近是否变更', 'Did the list of SOP classes of the acceptor change?'),
      say('其他设备以同一 SOP 类是否成功', 'Do other devices succeed with the same SOP class?'),
    ],
    workaround: say('设备端改用双方都支持的语法重发', 'Send again in a syntax that both support'),
  }),
  spotsSound: true,
  spot({ item, place }) {
    const { exchange } = item.entry
    if (exchange.type !== 'A-ASSOCIATE') return null
    const lacking = lackingSyntaxes(exchange).find(({ result }) => result === 3)
    if (lacking === undefined) return null
    const calling = aeTitlesOf(exchange).calling ?? '?'
    return {
      systemId: place.toId,
      text: say(
        `${place.to.zh} 不接受抽象语法 ${lacking.abstractSyntax}(主叫 ${calling})`,
        `${place.to.en} does not accept the abstract syntax ${lacking.abstractSyntax} (calling AE ${calling})`,
      ),
    }
  },
}
