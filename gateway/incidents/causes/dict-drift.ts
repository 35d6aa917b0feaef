import type { Text } from '../../model/text.ts'
import { type Cause, factOf, heard, type Line, present, say, shareSign, unknown, weights, whether, wordOf } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { charsetLine, namedRefusalLine, oneSenderLine } from '../lines/common-lines.ts'
import { framingLine } from '../lines/dialect.ts'
import { refusedSizeLine } from '../lines/size-knee.ts'

/** A dictionary was changed on one side only: new codes that the other doesn't know, or a table that moved. */
export const dictDrift: Cause = {
  id: 'dict-drift',
  prior: -2.6,
  severity: 'P2',
  kinds: ['content'],
  explains: ['nak', 'nak-one-text', 'nak-violating', 'table', 'duplicate', 'delay-growth'],
  weigh(e) {
    return {
      isOpen: ['refused', 'moved', 'unknown'].some((what) => e.reading(`dictionary/${what}`) !== null) || isSaidOf(e),
      locus: e.locus,
      lines: [...codeLines(e), ...refusalLines(e), oneSenderLine(e, -weights.veryStrong)],
    }
  },
  title: (e) => {
    const moved = e.reading('dictionary/refused') === null && e.reading('dictionary/moved') !== null
    const path = wordOf(e.reading('dictionary/refused') ?? e.reading('dictionary/moved'), 'path')
    if (path === null)
      return say(
        `${e.place.to.zh} 不认识收到的编码(字典未同步)`,
        `${e.place.to.en} doesn't have the codes in its table (dictionary not in step)`,
      )
    return moved
      ? say(`${e.place.from.zh} 的 ${path} 整体换码`, `${e.place.from.en} has moved to other codes in ${path}`)
      : say(
          `${e.place.to.zh} 不认识 ${path} 的编码(字典未同步)`,
          `${e.place.to.en} doesn't know codes in ${path} (dictionary not in step)`,
        )
  },
  advise: (e) => ({
    owner: say('主数据/药剂科', 'Master data, pharmacy'),
    handOver: say(
      `附路径、编码形态、首现时间与被拒数,转主数据;同时告知 ${e.place.to.zh}`,
      `Hand to master data with the path, the shape of the codes, the first time and the count; tell ${e.place.to.en}`,
    ),
    checks: [
      say(
        `两侧字典版本:${e.place.from.zh} 与 ${e.place.to.zh} 的该字典是否同一版本`,
        `Dictionary versions: do ${e.place.from.en} and ${e.place.to.en} have the same one?`,
      ),
      say('该编码是否刚发布、是否已在接收方对照', 'Was the code just published, and is it mapped at the receiver?'),
      say(
        '发布后接收方的同步任务是否执行、是否报错',
        "Did the receiver's sync job run after the publication, and did it fail?",
      ),
    ],
    workaround: say(
      '在接收方补录或对照该编码后重发;未同步前暂缓启用新码',
      'Add or map the code at the receiver and resend; hold new codes back until both sides have them',
    ),
  }),
  hears: {
    signals: ['dictionary/refused', 'dictionary/moved', 'dictionary/unknown'],
    text: (r, place) => {
      if (r.signal === 'dictionary/unknown')
        return say(
          `${place.to.zh} 应答「编码未找到」${factOf(r, 'count') ?? 0} 次`,
          `${place.to.en} answers ${factOf(r, 'count') ?? 0} times that it doesn't know a code`,
        )
      return r.signal === 'dictionary/refused'
        ? say(
            `${place.to.zh} 逢 ${wordOf(r, 'path') ?? ''} 的 ${factOf(r, 'codes') ?? 1} 个编码必拒`,
            `${place.to.en} refuses ${factOf(r, 'codes') ?? 1} codes in ${wordOf(r, 'path') ?? ''} wherever they come`,
          )
        : say(`${wordOf(r, 'path') ?? ''} 整体换码`, `other codes in ${wordOf(r, 'path') ?? ''} than before`)
    },
  },
}

/** The receiver names it by HL7's code (table 0357, 103 `Table value not found`) or in words. Where every message has the code, nothing passes that it could be compared with. */
function isSaidOf({ since }: Evidence): boolean {
  const table = tableErrors(since)
  return table >= 3 && table * 2 >= since.count('nak')
}

function tableErrors(since: Evidence['since']): number {
  return Math.max(since.count('err:103'), since.count('nak:table'))
}

function codeLines(e: Evidence): readonly Line[] {
  const refused = e.reading('dictionary/refused')
  const moved = e.reading('dictionary/moved')
  const novel = e.reading('dictionary/novel')
  const unknownCodes = e.reading('dictionary/unknown')
  const told = refused ?? moved
  const beforeS = factOf(told, 'publishedBeforeS')
  const published = factOf(told, 'published') ?? 0
  return [
    {
      key: 'codes-refused',
      group: 'codes',
      sign: heard(refused),
      present: weights.decisive,
      absent: 0,
      text: refusedText(refused),
    },
    {
      key: 'codes-unknown',
      group: 'codes',
      sign: heard(unknownCodes),
      present: weights.decisive,
      absent: 0,
      text: say(
        `接收方受理 ${factOf(unknownCodes, 'seen') ?? 0} 次,其中 ${factOf(unknownCodes, 'count') ?? 0} 次应答编码未找到`,
        `of ${factOf(unknownCodes, 'seen') ?? 0} requests that were taken, ${factOf(unknownCodes, 'count') ?? 0} were answered by a code that says that theirs is unknown`,
      ),
    },
    {
      key: 'codes-moved',
      group: 'codes',
      sign: heard(moved),
      present: weights.decisive,
      absent: 0,
      text: say(
        `${wordOf(moved, 'path') ?? ''} 中 ${factOf(moved, 'renamed') ?? 0} 个旧码消失、新码以同样频率出现`,
        `in ${wordOf(moved, 'path') ?? ''} ${factOf(moved, 'renamed') ?? 0} old codes are gone and new ones come as often`,
      ),
    },
    {
      key: 'codes-novel',
      group: 'novelty',
      sign: novel === null && (factOf(refused, 'novel') ?? 0) === 0 ? unknown : present(),
      present: weights.strong,
      absent: 0,
      text: say(
        `此前从未出现的编码 ${factOf(novel, 'codes') ?? factOf(refused, 'novel') ?? 0} 个`,
        `${factOf(novel, 'codes') ?? factOf(refused, 'novel') ?? 0} codes that never came before`,
      ),
    },
    {
      key: 'codes-published',
      group: 'publication',
      sign: published > 0 ? present() : unknown,
      present: weights.decisive,
      absent: 0,
      text: say(
        `其中 ${published} 个刚在 ${wordOf(told, 'publishedOn') ?? ''} 发布`,
        `${published} of them were just published on ${wordOf(told, 'publishedOn') ?? ''}`,
      ),
    },
    {
      key: 'dictionary-published',
      group: 'publication',
      sign: beforeS === null ? unknown : whether(beforeS <= 24 * 3600),
      present: weights.strong,
      absent: 0,
      text: say(`开始前 ${ago(beforeS).zh} 有字典发布`, `a dictionary was published ${ago(beforeS).en} before the onset`),
    },
  ]
}

function refusalLines(e: Evidence): readonly Line[] {
  const nak = e.since.count('nak')
  const table = tableErrors(e.since)
  const oneSender = isOneSender(e)
  return [
    {
      key: 'err-103',
      group: 'codes',
      sign: table > 0 || hasTableErrors(e) ? shareSign(table, nak, { none: 0, full: 0.5 }) : unknown,
      present: weights.decisive,
      absent: -weights.some,
      text: say(
        `接收方以 103(表值不存在)或「未对照/编码不存在」拒绝 ${table} 次`,
        `refused ${table} times with 103 (table value not found), or in words that a code is unknown`,
      ),
    },
    {
      key: 'one-sender',
      group: 'sender',
      sign: oneSender === null ? unknown : whether(oneSender),
      present: -weights.veryStrong,
      absent: 0,
      text: say(
        `被拒报文几乎全部来自一个来源:${e.since.top('sender-bad')[0]?.name ?? ''}`,
        `nearly all of what is refused comes from one sender: ${e.since.top('sender-bad')[0]?.name ?? ''}`,
      ),
    },
    namedRefusalLine(e, 'table'),
    refusedSizeLine(e),
    {
      key: 'shape-breach',
      group: 'contract',
      sign: shareSign(
        e.since.count('violation:required') + e.since.count('violation:type') + e.since.count('violation:structure'),
        Math.max(nak, 1),
        { none: 0.2, full: 1 },
      ),
      present: -weights.strong,
      absent: weights.some,
      text: say(
        `缺项、类型或结构违约 ${e.since.count('violating')} 条`,
        `${e.since.count('violating')} messages break the contract in what is required, types or structure`,
      ),
    },
    charsetLine(e),
    framingLine(e),
  ]
}

/** Of errors by HL7's table 0357 the one for codes is missed where it isn't used; other vocabularies say nothing by its absence. */
function hasTableErrors({ since }: Evidence): boolean {
  return since.top('err').some(({ name }) => /^(10[0-3]|20[0-7])$/.test(name))
}

/** Whether one of several senders has nearly all of what was refused, and a smaller part of the traffic: its messages are refused, whatever their codes. */
function isOneSender({ since }: Evidence): boolean | null {
  const senders = since.top('sender')
  const [worst] = since.top('sender-bad')
  if (senders.length < 2 || worst === undefined) return null
  const all = senders.reduce((sum, { count }) => sum + count, 0)
  const bad = since.top('sender-bad').reduce((sum, { count }) => sum + count, 0)
  const own = senders.find(({ name }) => name === worst.name)?.count ?? worst.count
  return worst.count >= 3 && worst.count >= 0.75 * bad && own <= 0.6 * all
}

function refusedText(reading: Parameters<typeof factOf>[0]): Text {
  const number = (name: string) => factOf(reading, name) ?? 0
  const path = wordOf(reading, 'path') ?? ''
  const shape = wordOf(reading, 'shape') ?? ''
  return say(
    `含 ${path} 的 ${number('codes')} 个编码(${shape})的报文全部被拒(${number('refused')} 条),不含的 ${number('othersAccepted')} 条通过、${number('othersRefused')} 条被拒`,
    `every message with one of ${number('codes')} codes in ${path} (${shape}) is refused (${number('refused')}); of those without, ${number('othersAccepted')} passed and ${number('othersRefused')} were refused`,
  )
}

function ago(seconds: number | null): Text {
  const minutes = Math.round((seconds ?? 0) / 60)
  return minutes < 120
    ? say(`${minutes} 分钟`, `${minutes} min`)
    : say(`${Math.round(minutes / 60)} 小时`, `${Math.round(minutes / 60)} h`)
}
