import { failureMode } from '../alert-kinds.ts'
import { type Cause, factOf, heard, mostOften, say, shareSign, unknown, weights, whether } from '../cause.ts'
import { type Refusal, refusalIn } from '../evidence/refusal.ts'
import { amplifiedLine, charsetLine, deniedLine, namedRefusalLine, oneSenderLine, trailLine } from '../lines/common-lines.ts'
import { framingLine } from '../lines/dialect.ts'
import { codeWords, refusalWords } from '../lines/protocol-words.ts'
import { refusedSizeLine } from '../lines/size-knee.ts'
import { turnedAwayLine } from '../lines/turned-away.ts'

/** The receiver understood the message and refuses it: AE, AR, CE, CR. */
export const appNak: Cause = {
  id: 'app-nak',
  prior: -2.3,
  severity: 'P2',
  kinds: ['content'],
  explains: ['duplicate', 'duplicate-reading', 'delay-growth'],
  weigh(e) {
    const nak = e.since.count('nak')
    const requests = e.since.count('requests')
    const violating = e.since.count('nak-violating')
    const codes = mostOften(e.since.top('code'))
    const errors = mostOften(e.since.top('err'))
    const texts = e.since.top('err-text')
    const failures = e.readings('failures/')
    // Where most got no word at all, what was refused by word is of every day.
    const isTooMany = failures.some((reading) => failureMode(reading) === 'nak')
    return {
      isOpen: nak > 0,
      locus: e.locus,
      lines: [
        {
          key: 'nak',
          group: 'nak',
          // One or two, or one in a hundred, are refused on any day, unless the monitor finds them too many.
          sign: shareSign(isTooMany || nak >= 3 ? nak : 0, requests, { none: isTooMany ? 0 : 0.01, full: 0.3 }),
          present: weights.decisive,
          absent: -weights.veryStrong,
          text: say(
            `${requests} 次请求被拒 ${nak} 次:${codes}${errors === '' ? '' : `;错误码 ${errors}`}`,
            `${nak} of ${requests} refused: ${codes}${errors === '' ? '' : `; error codes ${errors}`}`,
          ),
        },
        {
          key: 'nak-one-text',
          group: 'cluster',
          sign: texts.length === 0 ? unknown : whether(texts.length <= 2),
          present: weights.some,
          absent: 0,
          text: say(`错误文本共 ${texts.length} 种`, `${texts.length} distinct error texts`),
        },
        {
          key: 'nak-violating',
          group: 'contract',
          sign: shareSign(violating, nak, { none: 0.2, full: 0.8 }),
          present: -weights.veryStrong,
          absent: weights.some,
          text: say(`被拒报文中违反合约的 ${violating} 条`, `${violating} of the refused messages break the contract`),
        },
        trailLine(e),
        namedRefusalLine(e),
        refusedSizeLine(e),
        oneSenderLine(e, -weights.veryStrong),
        {
          key: 'codes-refused',
          group: 'codes',
          sign: heard(e.reading('dictionary/refused')),
          present: -weights.strong,
          absent: 0,
          text: say(
            `总是同样 ${factOf(e.reading('dictionary/refused'), 'codes') ?? 0} 个编码被拒`,
            `it is always the same ${factOf(e.reading('dictionary/refused'), 'codes') ?? 0} codes that are refused`,
          ),
        },
        {
          key: 'err-103',
          group: 'codes',
          sign: shareSign(e.since.count('err:103'), nak, { none: 0.2, full: 0.8 }),
          present: -weights.decisive,
          absent: 0,
          text: say(
            `接收方以 103(表值不存在)拒绝 ${e.since.count('err:103')} 次`,
            `refused ${e.since.count('err:103')} times with 103 (table value not found)`,
          ),
        },
        {
          key: 'err-form',
          group: 'codes',
          sign: shareSign(e.since.count('err:101') + e.since.count('err:102'), nak, { none: 0.2, full: 0.8 }),
          present: -weights.decisive,
          absent: 0,
          text: say(
            `接收方以 101(缺必填)或 102(类型错误)拒绝 ${e.since.count('err:101') + e.since.count('err:102')} 次`,
            `refused ${e.since.count('err:101') + e.since.count('err:102')} times with 101 (required field missing) or 102 (data type error)`,
          ),
        },
        framingLine(e),
        charsetLine(e),
        {
          key: 'nak-result-unknown',
          group: 'orphan',
          sign: whether(e.since.count('nak-unknown-order') * 2 > nak && e.since.count('nak-result') * 2 > nak),
          present: -weights.strong,
          absent: 0,
          text: say(
            `结果报文因申请不存在被拒 ${e.since.count('nak-unknown-order')} 次`,
            `${e.since.count('nak-unknown-order')} results refused as their order is unknown`,
          ),
        },
        turnedAwayLine(e, -weights.decisive),
        amplifiedLine(e),
        deniedLine(e, { group: 'denied', weight: -weights.veryStrong }),
      ],
    }
  },
  title: (e) =>
    say(
      `${e.place.to.zh} 业务拒绝(${e.since.top('code')[0]?.name ?? '?'})`,
      `${e.place.to.en} refuses messages (${e.since.top('code')[0]?.name ?? '?'})`,
    ),
  advise: (e) => ({
    owner: say(`${e.place.to.zh}(按错误码再分派)`, `${e.place.to.en}, then by error code`),
    handOver: say(
      `附错误码 ${mostOften(e.since.top('err')) || mostOften(e.since.top('code'))} 与报文样例转 ${e.place.to.zh}`,
      `Hand to ${e.place.to.en} with the error codes ${mostOften(e.since.top('err')) || mostOften(e.since.top('code'))} and an example`,
    ),
    checks: [
      say(
        `看${refusalWords(e).zh}:是否集中在一种错误、一类编码、一个科室`,
        `Read ${refusalWords(e).en}: one error, one code, one ward?`,
      ),
      codeWords(e),
      say('同类报文昨天是否成功', 'Did the same type pass yesterday?'),
    ],
    workaround: say('修正后由发送方重发被拒报文', 'Have the refused messages resent once corrected'),
  }),
  spot({ item, place }) {
    const { exchange } = item.entry
    if (exchange.outcome !== 'failed') return null
    // What names its cause is that cause's to tell; but of one code that is unknown, or one time that is refused, no dictionary and no clock is to blame yet.
    const refusal = refusalIn(item)
    if (refusal !== null && !untoldOfOne.has(refusal)) return null
    const codes = (item.answerFacts?.ack?.errors ?? []).flatMap((x) => x.code ?? [])
    const errors = codes.length === 0 ? '' : ` (${[...new Set(codes)].join(', ')})`
    return {
      systemId: place.toId,
      text: say(
        `${place.to.zh} 拒绝:${exchange.code ?? '否'}${errors}`,
        `${place.to.en} refuses: ${exchange.code ?? 'no'}${errors}`,
      ),
    }
  },
}

/** What no cause tells of one refusal alone. */
const untoldOfOne: ReadonlySet<Refusal> = new Set([
  'table',
  'clock',
  'version',
  'charset',
  'missing',
  'shape',
  'certificate',
  'name',
  'down',
])
