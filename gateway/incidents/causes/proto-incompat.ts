import { isFramingDefect } from '../../model/document.ts'
import { type Cause, heard, present, say, shareSign, unknown, weights, whether } from '../cause.ts'
import { oneRefusedSender, oneSenderLine } from '../lines/common-lines.ts'
import { dialectOf } from '../lines/dialect.ts'
import { ofForm } from '../lines/form-keys.ts'

/** A device or a peer speaks its protocol a little differently: block ends, segment ends, bytes between messages, header lines that the standard forbids. */
export const protoIncompat: Cause = {
  id: 'proto-incompat',
  prior: -3,
  severity: 'P3',
  kinds: ['framing', 'content'],
  explains: ['nak', 'nak-one-text', 'codes-refused', 'unheard', 'reset', ...ofForm],
  weigh(e) {
    const odd = e.since.count('framing')
    const exchanges = e.since.count('exchanges')
    const kinds = e.since.top('framing')
    const senders = e.since.top('sender')
    const bad = e.since.top('sender-bad')
    // What can't be read is refused without a word of what it says (HL7 table 0357: 207).
    const isUnread = oneRefusedSender(e) !== null && e.since.count('err:207') >= 0.7 * e.since.count('nak')
    const dialect = dialectOf(e)
    const isDialect = dialect !== null
    return {
      isOpen: odd > 0 || isUnread || isDialect,
      locus: e.locus,
      lines: [
        {
          key: 'framing',
          group: 'framing',
          sign: (isUnread || isDialect) && odd === 0 ? unknown : shareSign(odd, exchanges, { none: 0.01, full: 0.3 }),
          present: weights.decisive,
          absent: -weights.some,
          text: say(
            `${exchanges} 次交互中帧或段结束符异常 ${odd} 次:${kinds.map((k) => `${k.name}×${k.count}`).join(', ')}`,
            `odd framing or segment ends in ${odd} of ${exchanges}: ${kinds.map((k) => `${k.name}×${k.count}`).join(', ')}`,
          ),
        },
        {
          key: 'framing-reading',
          group: 'framing',
          sign: heard(e.reading('framing/')),
          present: weights.strong,
          absent: 0,
          text: say('超出习惯水平', 'more than is usual'),
        },
        isUnread || isDialect
          ? oneSenderLine(e, weights.decisive, dialect ?? oneRefusedSender(e))
          : {
              key: 'one-sender',
              group: 'sender',
              sign: senders.length < 2 ? unknown : whether(bad.length === 1),
              present: weights.veryStrong,
              absent: -weights.some,
              text: say(
                `异常来自 ${senders.length} 个来源中的 ${bad.length} 个:${bad[0]?.name ?? ''}`,
                `${bad.length} of ${senders.length} senders show it: ${bad[0]?.name ?? ''}`,
              ),
            },
        {
          key: 'nak-unread',
          group: 'unread',
          sign: isUnread ? present() : unknown,
          present: weights.some,
          absent: 0,
          text: say(
            `被拒时只说无法处理(207)${e.since.count('err:207')} 次,不指字段内容`,
            `${e.since.count('err:207')} refusals only say that it couldn't be processed (207)`,
          ),
        },
        {
          key: 'one-dialect',
          group: 'unread',
          sign: isDialect ? present() : unknown,
          present: weights.strong,
          absent: 0,
          text: say(
            `违反合约的 ${e.since.count('violating')} 条、被拒的 ${e.since.count('nak')} 条集中在一台设备,同类报文的其他设备正常`,
            `${e.since.count('violating')} in breach of the contract and ${e.since.count('nak')} refused come from one device; others write the same correctly`,
          ),
        },
        {
          key: 'framing-new',
          group: 'change',
          sign: odd === 0 || e.before.count('exchanges') < 20 ? unknown : whether(e.before.count('framing') === 0),
          present: weights.strong,
          absent: -weights.some,
          text: say(`故障前异常 ${e.before.count('framing')} 次`, `${e.before.count('framing')} before the onset`),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.from.zh} 的协议格式不兼容`, `${e.place.from.en} speaks another dialect of its protocol`),
  advise: ({ place }) => ({
    owner: say(`${place.from.zh} 设备商`, `The vendor of ${place.from.en}`),
    handOver: say(`转 ${place.from.zh} 厂商,附十六进制样例`, `Hand to the vendor of ${place.from.en} with a hex example`),
    checks: [
      say('是否只有一台仪器,固件是否刚升级', 'One device only? New firmware?'),
      say(
        '十六进制:MLLP 块首 0B、块尾 1C 0D、段尾 0D;HTTP 行尾 0D 0A',
        'Hex: MLLP start 0B, end 1C 0D, segments end in 0D; HTTP lines end in 0D 0A',
      ),
      say('接收方是否因此不应答或拒绝', 'Does the receiver refuse or ignore it?'),
    ],
    workaround: say('由引擎归一化后转发', 'Let the engine normalise it'),
  }),
  spot({ item, place }) {
    const fact = item.entry.exchange.wire.find(
      (f) =>
        f.kind === 'missing-final-cr' ||
        f.kind === 'unframed' ||
        f.kind === 'bytes-before-start' ||
        f.kind === 'end-block-in-data' ||
        f.kind === 'irregular',
    )
    if (fact !== undefined) {
      const name = fact.kind === 'irregular' ? fact.code : fact.kind
      return {
        systemId: 'by' in fact && fact.by === 'acceptor' ? place.toId : place.fromId,
        text: say(`帧格式异常:${name}`, `odd framing: ${name}`),
      }
    }
    const defect = item.requestFacts?.defects.find((d) => isFramingDefect(d.code))
    if (defect === undefined) return null
    return { systemId: place.fromId, text: say(`报文格式异常:${defect.code}`, `odd form: ${defect.code}`) }
  },
}
