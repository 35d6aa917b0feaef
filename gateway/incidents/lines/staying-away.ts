import type { Reading } from '../../model/reading.ts'
import { factOf, heard, type Line, say, shareSign, unknown, weights, whether } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'

/** What tells that something was lost from that it couldn't be delivered, that it is merely late, and that everything is silent. For all causes of something that doesn't come. */
export function stayingAwayLines(e: Evidence, reading: Reading | null): readonly Line[] {
  // Where callbacks alone come there is no other traffic that could show that the wire is well.
  const passed = reading?.signal === 'journeys/callback' ? null : factOf(reading, 'passedSince')
  const late = factOf(reading, 'lateSince')
  const missing = factOf(reading, 'missing') ?? 0
  const refused = factOf(reading, 'refusedSince') ?? 0
  const exchanges = e.since.count('exchanges')
  const broken = e.since.count('refused') + e.since.count('reset') + e.since.count('unheard')
  const silence = e.reading('silence/gap')
  return [
    {
      key: 'still-flows',
      group: 'flow',
      sign: passed === null ? unknown : whether(passed > 0),
      present: weights.some,
      absent: -weights.strong,
      text: say(`同一接口期间仍有报文 ${passed ?? '?'} 条`, `${passed ?? '?'} other messages came on that interface meanwhile`),
    },
    {
      key: 'silence',
      group: 'flow',
      sign: heard(silence),
      present: -weights.decisive,
      absent: 0,
      text: say('该接口整体静默', 'the whole interface is silent'),
    },
    {
      key: 'undelivered',
      group: 'wire',
      // What is broken are they themselves then.
      sign:
        refused * 2 > missing || isCallbackUnconnected(e, reading)
          ? unknown
          : shareSign(broken, exchanges, { none: 0.05, full: 0.3 }),
      present: -weights.decisive,
      absent: weights.slight,
      text: say(
        `${exchanges} 次交互中连接被拒、中断或无应答 ${broken} 次(送不出去)`,
        `${broken} of ${exchanges} exchanges were refused, broken or unanswered: it couldn't be delivered`,
      ),
    },
    {
      key: 'came-late',
      group: 'late',
      sign: late === null || missing === 0 ? unknown : shareSign(late, missing, { none: 0.1, full: 0.6 }),
      present: -weights.veryStrong,
      absent: weights.slight,
      text: say(`超时后仍到达 ${late ?? '?'} 条(只是变慢)`, `${late ?? '?'} came after all, late`),
    },
  ]
}

/**
 * Whether it is the callbacks that get no connection: every task that was sent is answered, and about as many connections fail as callbacks are missing. Where both sides are
 * turned away, tasks are too, and more fail.
 */
export function isCallbackUnconnected({ since }: Evidence, reading: Reading | null): boolean {
  const missing = reading?.signal === 'journeys/callback' ? (factOf(reading, 'missing') ?? 0) : 0
  const failed = since.count('refused') + since.count('reset')
  const answered = since.count('answered') + since.count('failed')
  return missing > 0 && answered >= 0.9 * since.count('requests') && failed >= 0.5 * missing && failed <= 1.5 * missing
}

/** Of how many so many stayed away, and how long they usually take. */
export function stayingAwayText(reading: Reading | null): {
  readonly share: string
  readonly usualS: string
  readonly limitS: string
} {
  const told = (name: string) => String(Math.round(factOf(reading, name) ?? 0))
  return { share: `${told('missing')}/${told('awaited')}`, usualS: told('usualS'), limitS: told('limitS') }
}
