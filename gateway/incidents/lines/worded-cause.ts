import type { WordedCause } from '../../model/vocabulary.ts'
import { type Line, present, say, shareSign, unknown, weights, whether } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'

/** Two are no slip of the tongue. */
const wordedMin = 2

/** Whether refusals say in words that this is the cause: enough to weigh it without a monitor's word. */
export function isWorded(e: Evidence, cause: WordedCause): boolean {
  return e.since.count(`nak-worded:${cause}`) >= wordedMin
}

/** For causes that databases and application servers name in words of their own. Unknown without refusals. */
export function wordedLines(e: Evidence, cause: WordedCause): readonly Line[] {
  const count = e.since.count(`nak-worded:${cause}`)
  const nak = e.since.count('nak')
  const { zh, en } = words[cause]
  return [
    {
      key: 'nak-worded',
      group: 'worded',
      sign: nak === 0 ? unknown : shareSign(count, nak, { none: 0.05, full: 0.5 }),
      present: weights.decisive,
      absent: 0,
      text: say(`${nak} 次拒绝中 ${count} 次的错误文本写明${zh}`, `${count} of ${nak} refusals say in words that ${en}`),
    },
    {
      key: 'nak-worded-all',
      group: 'worded-all',
      sign: count < wordedMin ? unknown : whether(count >= 0.8 * nak),
      present: weights.strong,
      absent: 0,
      text: say(`其他原因的拒绝 ${nak - count} 次`, `${nak - count} were refused for something else`),
    },
  ]
}

/** Against causes of slowness: refusals say in words that it is another than `own`. */
export function otherwiseWordedLine(e: Evidence, own: WordedCause | null): Line {
  const isOther = (['pool', 'lock', 'trigger'] as const).some((cause) => cause !== own && isWorded(e, cause))
  return {
    key: 'nak-worded-otherwise',
    group: 'worded',
    sign: isOther ? present() : unknown,
    present: -weights.decisive,
    absent: 0,
    text: say('错误文本已写明原因', 'refusals say in words why'),
  }
}

const words: { readonly [cause in WordedCause]: { readonly zh: string; readonly en: string } } = {
  pool: { zh: '连接或线程已用完', en: 'no connection or thread was free' },
  lock: { zh: '锁等待或死锁', en: 'a lock was waited for in vain' },
  trigger: { zh: '触发器或存储过程出错', en: 'a trigger or stored procedure failed' },
}
