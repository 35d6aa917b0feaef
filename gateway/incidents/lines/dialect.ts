import { type Line, say, shareSign, weights } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { type OneSender, oneBadSender } from './common-lines.ts'

/** What a receiver says of a message that it can't make out: segments, fields, types, its kind or all of it (HL7 table 0357). */
const formCodes = ['100', '101', '102', '200', '201', '207'] as const

/**
 * One device of several that writes numbers, units or segments its own way: only its messages break the contract or can't be read, whatever they are called for
 * it; null: none does. Over HTTP senders are told apart by their software, and what is new in that is a version.
 */
export function dialectOf(e: Evidence): OneSender | null {
  const { since } = e
  const one = e.interfaces[0]?.protocol === 'mllp' ? oneBadSender(e) : null
  if (one === null) return null
  const nak = since.count('nak')
  const ofForm = formCodes.reduce((sum, code) => sum + since.count(`err:${code}`), 0)
  const isOfForm =
    since.count('violating') >= 0.7 * one.refused ? ofForm >= 0.5 * nak : nak >= 0.7 * one.refused && ofForm >= 0.7 * nak
  return isOfForm ? one : null
}

/** Against who is blamed for what is refused: it is framed oddly, so that it may not have been readable. */
export function framingLine({ since }: Evidence): Line {
  const odd = since.count('nak-framing')
  return {
    key: 'nak-framing',
    group: 'framing',
    sign: shareSign(odd, since.count('nak'), { none: 0.2, full: 0.8 }),
    present: -weights.decisive,
    absent: 0,
    text: say(`被拒报文中帧或段结束符异常 ${odd} 条`, `${odd} of the refused messages are framed oddly`),
  }
}
