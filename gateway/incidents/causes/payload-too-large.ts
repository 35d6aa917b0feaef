import { type Cause, present, say, shareSign, unknown, weights, whether } from '../cause.ts'
import { refusalIn } from '../evidence/refusal.ts'
import { refusedSizeOf, sizeKneeOf, unheardSizeLine, unheardSizeOf } from '../lines/size-knee.ts'

/** Only messages above a size fail: a limit of the receiver or of something on the way, told by its word (HTTP 413) or by where it breaks. */
export const payloadTooLarge: Cause = {
  id: 'payload-too-large',
  prior: -3.8,
  severity: 'P3',
  kinds: ['reach', 'content'],
  explains: [
    'reset',
    'unheard',
    'unheard-fresh',
    'unheard-stale',
    'fresh-works',
    'nak',
    'nak-one-text',
    'codes-refused',
    'callback',
    'callback-refused',
    'duplicate',
    'duplicate-reading',
  ],
  weigh(e) {
    const oversize = e.since.count('oversize')
    const told = e.since.count('nak:too-large')
    const requests = e.since.count('requests')
    const knee = sizeKneeOf(e)
    const isKnee = knee?.isKnee === true
    const refusedSize = refusedSizeOf(e)
    const brokenLarge = e.since.count('broken-large')
    const okLarge = e.since.count('ok-large')
    return {
      isOpen: oversize > 0 || isKnee || told > 0 || refusedSize !== null || unheardSizeOf(e) !== null,
      locus: e.locus,
      lines: [
        {
          key: 'size-knee',
          group: 'size',
          // One that broke off proves nothing: lines fail.
          sign: knee === null || knee.okBytes === null || (!isKnee && e.since.count('broken') < 3) ? unknown : whether(isKnee),
          present: weights.decisive,
          absent: -weights.veryStrong,
          text: say(
            `中断的报文最小 ${knee?.brokenBytes ?? 0} 字节,成功的最大 ${knee?.okBytes ?? 0} 字节`,
            `what breaks has at least ${knee?.brokenBytes ?? 0} bytes, what passes at most ${knee?.okBytes ?? 0}`,
          ),
        },
        {
          key: 'refused-size',
          group: 'size',
          sign: refusedSize === null ? unknown : present(),
          present: weights.decisive,
          absent: 0,
          text: say(
            `被拒 ${e.since.count('nak')} 条中 ${refusedSize?.refused ?? 0} 条在 ${refusedSize?.fromBytes ?? 0} 字节以上,这样大的被接收 ${refusedSize?.taken ?? 0} 条`,
            `${refusedSize?.refused ?? 0} of ${e.since.count('nak')} refused have ${refusedSize?.fromBytes ?? 0} bytes and more; as large, ${refusedSize?.taken ?? 0} were taken`,
          ),
        },
        unheardSizeLine(e, weights.decisive),
        {
          key: 'large-never-passes',
          group: 'large',
          sign: brokenLarge < 3 || knee?.isOnePlace ? unknown : whether(isKnee && okLarge <= 0.2 * brokenLarge),
          present: weights.strong,
          absent: -weights.strong,
          text: say(
            `16 KB 以上的报文中断 ${brokenLarge} 次、成功 ${okLarge} 次`,
            `of messages of 16 KB and more ${brokenLarge} broke, ${okLarge} passed`,
          ),
        },
        {
          key: 'nak-too-large',
          group: 'told',
          sign: told === 0 ? unknown : shareSign(told, requests, { full: 0.1 }),
          present: weights.decisive,
          absent: 0,
          text: say(`${requests} 次请求中 ${told} 次因过大被拒`, `${told} of ${requests} refused as too large`),
        },
        {
          key: 'oversize',
          group: 'oversize',
          sign: whether(oversize > 0),
          present: weights.strong,
          absent: 0,
          text: say(`超过帧上限 ${oversize} 条`, `${oversize} beyond the frame limit`),
        },
        {
          key: 'answered',
          group: 'others',
          // Behind one that breaks no other gets its turn.
          sign: isKnee && e.since.count('answered') === 0 ? unknown : whether(e.since.count('answered') > 0),
          present: weights.some,
          absent: -weights.some,
          text: say(`其余 ${e.since.count('answered')} 条正常应答`, `${e.since.count('answered')} others were answered`),
        },
      ],
    }
  },
  title: (e) => say(`发往 ${e.place.to.zh} 的大报文失败`, `Large messages to ${e.place.to.en} fail`),
  advise: ({ place }) => ({
    owner: say(`${place.from.zh} 与 ${place.to.zh}`, `${place.from.en} and ${place.to.en}`),
    handOver: say(`转 ${place.to.zh} 确认接收上限`, `Ask ${place.to.en} for its limit`),
    checks: [
      say('接收方与中间设备的报文上限设置', 'Message limits of the receiver and of devices on the way'),
      say('报文里是否内嵌 PDF 或图像(OBX-5)', 'A PDF or an image in OBX-5?'),
      say('失败是否总在同一字节数附近', 'Does it always break near the same byte?'),
    ],
    workaround: say('附件改用链接或压缩', 'Send attachments as links, or compressed'),
  }),
  spot({ item, place }) {
    const { code } = item.entry.exchange
    if (refusalIn(item) === 'too-large')
      return {
        systemId: place.toId,
        text: say(`${place.to.zh} 拒收过大的报文(${code})`, `${place.to.en} refuses it as too large (${code})`),
      }
    const over = item.entry.exchange.wire.find((f) => f.kind === 'oversize')
    if (over?.kind !== 'oversize') return null
    return {
      systemId: place.fromId,
      text: say(`报文 ${over.bytes} 字节,超过上限`, `a message of ${over.bytes} bytes, beyond the limit`),
    }
  },
}
