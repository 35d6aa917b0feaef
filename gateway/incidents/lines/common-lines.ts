import type { Reading } from '../../model/reading.ts'
import type { Text } from '../../model/text.ts'
import { factOf, fixed, heard, type Line, present, say, shareSign, unknown, weights, wordOf } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Refusal } from '../evidence/refusal.ts'
import { isAmplified } from './amplification.ts'
import { leftBehind } from './late.ts'
import { stallsOf } from './stalls.ts'

/** Lines that several causes weigh in the same words. What differs between them, a cause says. */

/** Against who is blamed for refusals in general: their codes or words name the cause by themselves, and it isn't `own`. */
export function namedRefusalLine({ since }: Evidence, own: Refusal | null = null): Line {
  const named = since.count('nak-named') - (own === null ? 0 : since.count(`nak:${own}`))
  return {
    key: 'nak-named',
    group: 'named',
    sign: shareSign(named, since.count('nak'), { none: 0.2, full: 0.8 }),
    present: -weights.decisive,
    absent: 0,
    text: say(`被拒报文中代码自明原因的 ${named} 条`, `${named} of the refusals have a code that names its cause`),
  }
}

/** Whether most refusals say in words that this is why: enough to weigh a cause that nothing else on the wire would show. */
export function isSaid({ since }: Evidence, refusal: Refusal): boolean {
  const said = since.count(`nak:${refusal}`)
  return said >= saidMin && said * 2 >= since.count('nak')
}

const saidMin = 3

/** For a cause that refusals name in words. `what`: what they say, as in `12 of 40 refusals say ...`. */
export function saidLine({ since }: Evidence, refusal: Refusal, what: Text): Line {
  const said = since.count(`nak:${refusal}`)
  const nak = since.count('nak')
  return {
    key: `nak-${refusal}`,
    group: 'said',
    sign: said === 0 ? unknown : shareSign(said, nak, { none: 0.05, full: 0.5 }),
    present: weights.decisive,
    absent: 0,
    text: say(`${nak} 次拒绝中 ${said} 次写明${what.zh}`, `${said} of ${nak} refusals say that ${what.en}`),
  }
}

/** Against refusals for what a message says: it may not have been readable. */
export function charsetLine({ since }: Evidence): Line {
  const wrong = since.count('charset-wrong')
  return {
    key: 'charset',
    group: 'charset',
    sign: shareSign(wrong, since.count('requests'), { none: 0.05 }),
    present: -weights.strong,
    absent: 0,
    text: say(`字符集与声明不符 ${wrong} 条`, `${wrong} with a wrong charset label`),
  }
}

/** Against refusals for what a message says: its receiver splits bytes before it decodes them. */
export function trailLine({ since }: Evidence): Line {
  const trail = since.count('nak-trail')
  return {
    key: 'nak-trail',
    group: 'trail',
    sign: shareSign(trail, since.count('nak'), { none: 0.2, full: 0.8 }),
    present: -weights.strong,
    absent: 0,
    text: say(`被拒报文中次字节等于分隔符 ${trail} 条`, `${trail} of the refused messages have a delimiter in a trail byte`),
  }
}

/**
 * Against what is merely slow: where many a sender had given up before its answer came, nobody knows what was done. `full`: of a slow receiver's answers some come too late on their
 * way; where one kind of message is slow, they are few of all.
 */
export function lateLine(e: Evidence, { absent = 0, full = 0.05 } = {}): Line {
  const late = leftBehind(e)
  return {
    key: 'late',
    group: 'late',
    sign: shareSign(late, e.since.count('requests'), { none: full / 10, full }),
    present: -weights.decisive,
    absent,
    text: say(`超过发送方超时的 ${late} 次`, `${late} answered after the sender's time-out`),
  }
}

/** Against what is merely slow: answers to other questions than those that wait come when the next message is sent, however fast their sender is. */
export function mismatchLine({ since }: Evidence): Line {
  const mismatch = since.count('mismatch')
  return {
    key: 'mismatch',
    group: 'mismatch',
    sign: mismatch === 0 ? unknown : shareSign(mismatch, since.count('requests'), { none: 0.02, full: 0.2 }),
    present: -weights.decisive,
    absent: 0,
    text: say(`应答号不符 ${mismatch} 次`, `${mismatch} answers named another message`),
  }
}

/** Against one kind of message that is slow: most of them were never answered, and how long that took is their senders' patience. */
export function neverAnsweredLine(reading: Reading | null): Line {
  const unanswered = factOf(reading, 'unanswered') ?? 0
  const messages = factOf(reading, 'messages') ?? 0
  return {
    key: 'never-answered',
    group: 'answer',
    sign: unanswered === 0 ? unknown : shareSign(unanswered, messages, { none: 0.2, full: 0.6 }),
    present: -weights.decisive,
    absent: 0,
    text: say(
      `变慢的 ${messages} 条中 ${unanswered} 条始终无应答`,
      `${unanswered} of ${messages} that seem slow were never answered`,
    ),
  }
}

/** Against one slow side: requests and answers both stand still. */
export function bothWaysLine(e: Evidence): Line {
  const { isBothWays, isConnectSlow, send, receive } = stallsOf(e)
  return {
    key: 'stalls',
    group: 'stalls',
    sign: isBothWays || e.reading('stalls/both-ways') !== null ? present() : unknown,
    present: -weights.decisive,
    absent: 0,
    text: say(
      `收发双向停顿(发送 ${send} 次、接收 ${receive} 次${isConnectSlow ? ',建连也变慢' : ''})`,
      `both ways stand still now and then (${send} while sending, ${receive} while receiving${isConnectSlow ? '; connecting is slow too' : ''})`,
    ),
  }
}

/** Against who is slow or refuses under it: copies multiply the load. */
export function amplifiedLine(e: Evidence): Line {
  return {
    key: 'amplified',
    group: 'amplification',
    sign: isAmplified(e) ? present() : unknown,
    present: -weights.decisive,
    absent: 0,
    text: say('请求被重试放大,接收方因此变慢或拒绝', 'retries amplify the load: that makes any receiver slow, or busy'),
  }
}

/** Against a slow receiver: the network loses what is sent. */
export function lossLine(e: Evidence, weight: number): Line {
  const text = say('网络在重传', 'the network sends again what it lost')
  return heardLine(e, 'links/loss', { key: 'loss', group: 'network', weight, text })
}

/** Against connections that break at any age. */
export function idleAgeLine(e: Evidence, group: string): Line {
  const text = say('只在空闲超过固定时长后发生(会话老化)', 'only after a silence of a certain length: an idle time-out')
  return heardLine(e, 'connections/idle', { key: 'idle-age', group, weight: -weights.decisive, text })
}

/** Less came than is usual at that time. */
export function volumeLowLine(e: Evidence, group: string): Line {
  const reading = e.reading('volume/low')
  const expected = fixed(factOf(reading, 'expected') ?? 0, 0)
  const count = factOf(reading, 'count') ?? 0
  const text = say(`该时段应有 ${expected} 条,实到 ${count} 条`, `${count} messages where ${expected} are usual at that time`)
  return heardLine(e, 'volume/low', { key: 'volume-low', group, weight: weights.some, text })
}

/** Against what a message is refused for: the same system had accepted its keys. */
export function deniedLine(e: Evidence, how: { readonly group: string; readonly weight: number }): Line {
  const text = say('该系统此前受理过这些键(两端数据不一致)', 'the same system had accepted those keys before')
  return heardLine(e, 'journeys/denied', { key: 'denied', ...how, text })
}

/** Slow only beside somebody's batches. */
export function neighbourBatchLine(e: Evidence): Line {
  const text = say('只在邻居批量期间变慢', 'slow only while a neighbour’s batches run')
  return heardLine(e, 'neighbours/batch', { key: 'neighbour-batch', group: 'closer', weight: -weights.decisive, text })
}

/** Slow by the byte. */
export function throughputLine(e: Evidence, weight: number): Line {
  const text = say('变慢与数据量成正比(写入吞吐下降)', 'slow in proportion to the bytes: throughput has fallen')
  return heardLine(e, 'throughput/fall', { key: 'throughput', group: 'closer', weight, text })
}

/** One of several senders. */
export interface OneSender {
  readonly name: string
  /** Of its messages, those that were refused, unanswered or in breach of their contract. */
  readonly refused: number
  readonly sent: number
}

/** One of several senders is refused, and hardly anybody else; null: not so. */
export function oneRefusedSender(e: Evidence): OneSender | null {
  const one = oneBadSender(e)
  return one === null || e.since.count('nak') < 0.7 * one.refused ? null : one
}

/** Something is wrong with what one of several senders sends, and with hardly anything else; null: not so. What it sent before the fault counts too where the onset was guessed early. */
export function oneBadSender(e: Evidence): OneSender | null {
  const { since } = e
  const [worst] = since.top('sender-bad')
  // Who goes by another name since a change is the same sender.
  const renamed = e.readings('versions/changed').find((reading) => wordOf(reading, 'to') === worst?.name)
  const senders = since.top('sender').filter(({ name }) => name !== wordOf(renamed ?? null, 'from'))
  if (worst === undefined || senders.length < 2) return null
  const sent = senders.find(({ name }) => name === worst.name)?.count ?? 0
  const others = since.top('sender-bad').reduce((sum, { count }) => sum + count, 0) - worst.count
  if (worst.count < 4 || worst.count < 0.3 * sent || others > 0.25 * worst.count) return null
  return { name: worst.name, refused: worst.count, sent }
}

/** Against who refuses in general, and against tables: it is one device, whatever it says. */
export function oneSenderLine(e: Evidence, weight: number, one = oneRefusedSender(e)): Line {
  const text = { name: one?.name ?? '', refused: one?.refused ?? 0, sent: one?.sent ?? 0 }
  return {
    key: 'one-sender',
    group: 'sender',
    sign: one === null ? unknown : present(),
    present: weight,
    absent: 0,
    text: say(
      `只有 ${text.name} 被拒或违约:${text.sent} 条中 ${text.refused} 条,其他来源正常`,
      `${text.name} alone is refused or breaks the contract, ${text.refused} of ${text.sent}; the other senders don't`,
    ),
  }
}

/** Weighs where a monitor says so, and nothing where none does. */
function heardLine(
  e: Evidence,
  signal: string,
  line: { readonly key: string; readonly group: string; readonly weight: number; readonly text: Text },
): Line {
  const { key, group, weight, text } = line
  return { key, group, sign: heard(e.reading(signal)), present: weight, absent: 0, text }
}

/**
 * A listener that answers the first message of each connection alone: every second one goes unanswered, minutes before any device on the way would forget a connection that was
 * silent. `weight`: for it.
 */
export function onlyFirstLine(e: Evidence, weight: number): Line {
  const second = e.since.count('unheard-second')
  const unheard = e.since.count('unheard')
  return {
    key: 'only-first',
    group: 'position',
    sign: isOnlyFirst(e) ? present() : unknown,
    present: weight,
    absent: 0,
    text: say(
      `无应答 ${unheard} 次中 ${second} 次是连接上紧接首条之后的第二条`,
      `${second} of ${unheard} unanswered requests were the second of their connection, soon after the first`,
    ),
  }
}

/** One kind of message is never answered and hardly any other isn't: whether new connections answer the others says nothing of the connection. `weight`: for it. */
export function deafTypeLine(e: Evidence, weight: number): Line {
  const type = deafTypeOf(e)
  return {
    key: 'deaf-type',
    group: 'type',
    sign: type === null ? unknown : present(),
    present: weight,
    absent: 0,
    text: say(
      `无应答的几乎都是 ${type?.name ?? ''}:${type?.of ?? 0} 条中 ${type?.count ?? 0} 条,其他报文正常应答`,
      `nearly all that went unanswered is ${type?.name ?? ''}, ${type?.count ?? 0} of ${type?.of ?? 0}; other messages are answered`,
    ),
  }
}

export function deafTypeOf({ since }: Evidence): { readonly name: string; readonly count: number; readonly of: number } | null {
  const [worst] = since.top('type-bad')
  if (worst === undefined || worst.count < 5 || since.count('unheard') < 0.7 * since.count('unanswered')) return null
  const of = since.top('type').find(({ name }) => name === worst.name)?.count ?? 0
  const others = since.count('requests') - of
  const isMost = worst.count >= 0.8 * of && since.count('unheard') >= 0.7 * worst.count
  const isAlone = worst.count >= 0.8 * since.count('unheard') && others >= worst.count / 2
  return isMost && isAlone ? { ...worst, of } : null
}

/** So many such can't be chance, as connections carry many messages; and hardly a second one is answered, as it is where some of those who send are gone. */
export function isOnlyFirst(e: Evidence): boolean {
  const second = e.since.count('unheard-second')
  return second >= 3 && second >= 0.25 * e.since.count('unheard') && e.since.count('answered-second') <= 0.1 * second
}
