import type { Text } from '../model/text.ts'
import type { Severity } from './catalogue.ts'
import { type Advice, type Cause, type Line, say, shareSign, weights, whether } from './cause.ts'
import type { Evidence } from './evidence.ts'
import type { Place } from './place.ts'
import { type Refusal, refusalOf } from './refusal.ts'

/** A cause that the code of a refusal names by itself. */
export interface CodedCause {
  readonly id: string
  readonly refusal: Refusal
  readonly prior: number
  readonly severity: Severity
  readonly explains?: readonly string[]
  /** What such a refusal is called, with its codes and how many there were: `12 of 40 refused for ...`. */
  readonly words: Text
  /** What speaks for or against it besides its codes. */
  readonly more?: (evidence: Evidence) => readonly Line[]
  readonly title: (place: Place) => Text
  readonly advise: (evidence: Evidence) => Advice
  /** What one such exchange shows. */
  readonly spot: (place: Place, code: string) => Text
}

/** Weighs the share of requests that were refused with its codes, what other refusals there are, and whether it is new. */
export function codedCause(coded: CodedCause): Cause {
  const { id, refusal, prior, severity, words } = coded
  return {
    id,
    prior,
    severity,
    kinds: ['content', 'reach'],
    explains: ['nak', 'silence', 'none-answered', 'delay-growth', 'duplicate', ...(coded.explains ?? [])],
    weigh(e) {
      const count = e.since.count(`nak:${refusal}`)
      return {
        isOpen: count > 0,
        locus: e.locus,
        lines: [...codeLines(e, refusal, words), ...(coded.more?.(e) ?? [])],
      }
    },
    title: (e) => coded.title(e.place),
    advise: coded.advise,
    spot({ item, place }) {
      const { code, outcome } = item.entry.exchange
      if (outcome !== 'failed' || code === null || refusalOf(code) !== refusal) return null
      return { systemId: place.toId, text: coded.spot(place, code) }
    },
  }
}

function codeLines(e: Evidence, refusal: Refusal, words: Text): readonly Line[] {
  const count = e.since.count(`nak:${refusal}`)
  const requests = e.since.count('requests')
  const others = e.since.count('nak') - count
  const before = e.before.count(`nak:${refusal}`)
  const codes = e.since
    .top('code')
    .filter(({ name }) => refusalOf(name) === refusal)
    .map(({ name, count: n }) => `${name}×${n}`)
    .join(', ')
  return [
    {
      key: `nak-${refusal}`,
      group: 'nak',
      sign: shareSign(count, requests, { full: 0.3 }),
      present: weights.decisive,
      absent: -weights.veryStrong,
      text: say(`${requests} 次请求中 ${count} 次${words.zh}:${codes}`, `${count} of ${requests} ${words.en}: ${codes}`),
    },
    {
      key: 'nak-others',
      group: 'others',
      sign: whether(others > count),
      present: -weights.strong,
      absent: weights.some,
      text: say(`以其他代码被拒 ${others} 次`, `${others} refused with other codes`),
    },
    {
      key: 'nak-before',
      group: 'new',
      sign: e.before.count('requests') < 20 ? { state: 'unknown' } : whether(before === 0),
      present: weights.slight,
      absent: 0,
      text: say(`故障前同类拒绝 ${before} 次`, `${before} of them before the onset`),
    },
  ]
}
