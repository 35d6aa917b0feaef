import type { WordedCause } from '../model/wording-digest.ts'
import { type Line, say, shareSign, weights } from './cause.ts'
import type { Evidence } from './evidence.ts'

/** Two are no slip of the tongue. */
const wordedMin = 2

/** Whether refusals say in words that this is the cause: enough to weigh it without a monitor's word. */
export function isWorded(e: Evidence, cause: WordedCause): boolean {
  return e.since.count(`nak-worded:${cause}`) >= wordedMin
}

/** For causes that databases and application servers name in words of their own. Unknown without refusals. */
export function wordedLine(e: Evidence, cause: WordedCause): Line {
  const count = e.since.count(`nak-worded:${cause}`)
  const nak = e.since.count('nak')
  const { zh, en } = words[cause]
  return {
    key: 'nak-worded',
    group: 'worded',
    sign: nak === 0 ? { state: 'unknown' } : shareSign(count, nak, { none: 0.05, full: 0.5 }),
    present: weights.decisive + weights.some,
    absent: 0,
    text: say(`${nak} 次拒绝中 ${count} 次的错误文本写明${zh}`, `${count} of ${nak} refusals say in words that ${en}`),
  }
}

const words: { readonly [cause in WordedCause]: { readonly zh: string; readonly en: string } } = {
  pool: { zh: '连接或线程已用完', en: 'no connection or thread was free' },
  lock: { zh: '锁等待或死锁', en: 'a lock was waited for in vain' },
  trigger: { zh: '触发器或存储过程出错', en: 'a trigger or stored procedure failed' },
}
