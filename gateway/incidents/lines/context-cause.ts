import { aeTitlesOf, type LackingSyntax, lackingSyntaxes } from '../../model/association.ts'
import type { Text } from '../../model/text.ts'
import { type Advice, type Cause, heard, mostOften, say, shareSign, unknown, weights, whether } from '../cause.ts'
import type { Place } from '../place.ts'

/** A cause that a presentation context's result names, though the association was accepted (PS3.8 9.3.3.2). */
export interface ContextCause {
  readonly id: string
  /** 3: the abstract syntax is not supported; 4: none of the transfer syntaxes is. */
  readonly result: 3 | 4
  readonly prior: number
  /** What the associations lack, with how many there were and which syntaxes. */
  readonly words: (counts: { readonly lacking: number; readonly opened: number; readonly syntaxes: string }) => Text
  readonly title: (place: Place) => Text
  readonly owner: (place: Place) => Text
  readonly checks: Advice['checks']
  /** What one such association shows. */
  readonly spot: (place: Place, lacking: LackingSyntax, calling: string) => Text
}

/** Weighs the share of associations that lack a context for that result, against the other result and against what was before. */
export function contextCause(context: ContextCause): Cause {
  const { id, result, prior } = context
  const other = result === 3 ? 4 : 3
  return {
    id,
    prior,
    severity: 'P3',
    kinds: ['content'],
    explains: ['aborted', 'silence', 'nak'],
    weigh(e) {
      const lacking = e.since.count(`lacking:${result}`)
      const opened = e.since.count('associations')
      const before = e.before.count(`lacking:${result}`)
      const openedBefore = e.before.count('associations')
      return {
        isOpen: lacking > 0,
        locus: e.locus,
        lines: [
          {
            key: `lacking-${result}`,
            group: 'contexts',
            // One device of many that never gets through is few of all, and no less sure.
            sign: shareSign(lacking, opened, { full: 0.1 }),
            present: weights.decisive,
            absent: -weights.veryStrong,
            text: context.words({ lacking, opened, syntaxes: mostOften(e.since.top('lacking-syntax')) }),
          },
          {
            key: `lacking-${other}`,
            group: 'other-result',
            sign: whether(e.since.count(`lacking:${other}`) > lacking),
            present: -weights.veryStrong,
            absent: 0,
            text: say(
              `以另一原因(结果 ${other})被拒的关联 ${e.since.count(`lacking:${other}`)} 次`,
              `${e.since.count(`lacking:${other}`)} associations lack a context for the other reason (result ${other})`,
            ),
          },
          {
            key: 'contexts-reading',
            group: 'monitor',
            sign: heard(e.reading('associations/contexts')),
            present: weights.strong,
            absent: 0,
            text: say('关联的表示上下文反复被拒', 'presentation contexts are rejected again and again'),
          },
          {
            key: 'lacking-before',
            group: 'new',
            sign: openedBefore < 5 ? unknown : whether(before === 0),
            present: weights.some,
            absent: -weights.slight,
            text: say(
              `故障前 ${openedBefore} 次关联中同样被拒 ${before} 次`,
              `before the onset ${before} of ${openedBefore} associations lacked it too`,
            ),
          },
        ],
      }
    },
    title: (e) => context.title(e.place),
    advise: ({ place }) => ({
      owner: context.owner(place),
      handOver: say(
        `附语法 UID 与主叫 AE 转 ${place.to.zh} 与设备厂商核对一致性声明`,
        `Have ${place.to.en} and the vendor of the device compare their conformance statements; give the UIDs and the calling AE title`,
      ),
      checks: context.checks,
      workaround: say('设备端改用双方都支持的语法重发', 'Send again in a syntax that both support'),
    }),
    spot({ item, place }) {
      const { exchange } = item.entry
      if (exchange.type !== 'A-ASSOCIATE') return null
      const lacking = lackingSyntaxes(exchange).find((one) => one.result === result)
      if (lacking === undefined) return null
      return { systemId: place.toId, text: context.spot(place, lacking, aeTitlesOf(exchange).calling ?? '?') }
    },
  }
}
