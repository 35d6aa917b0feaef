import type { Text } from '../../model/text.ts'
import type { Severity } from '../catalogue.ts'
import { type Advice, type Cause, type Line, say, shareSign, unknown, weights, whether } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { fits, type Refusal, refusalIn } from '../evidence/refusal.ts'
import type { Place } from '../place.ts'

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
      if (outcome !== 'failed' || code === null || refusalIn(item) !== refusal) return null
      return { systemId: place.toId, text: coded.spot(place, code) }
    },
  }
}

function codeLines(e: Evidence, refusal: Refusal, words: Text): readonly Line[] {
  const count = e.since.count(`nak:${refusal}`)
  // Who rejects associations rejects no more than those: what is asked in the others is no measure.
  const requests = e.since.count(ofAssociations.has(refusal) ? 'associations' : 'requests')
  const others = e.since.count('nak') - count
  const before = e.before.count(`nak:${refusal}`)
  const codes = codesOf(e, 'code', refusal) || codesOf(e, 'err', refusal)
  const told = codes === '' ? say('见错误文本', 'by their words') : say(codes, codes)
  return [
    {
      key: `nak-${refusal}`,
      group: 'nak',
      sign: shareSign(count, Math.max(requestsOfRefused(e, count) ?? requests, count), { full: 0.3 }),
      present: weights.decisive,
      absent: -weights.veryStrong,
      text: say(`${requests} 次请求中 ${count} 次${words.zh}:${told.zh}`, `${count} of ${requests} ${words.en}: ${told.en}`),
    },
    {
      key: 'nak-others',
      group: 'others',
      sign: whether(others > count && !isBackground(e, others)),
      present: -weights.strong,
      absent: weights.some,
      text: say(`以其他代码被拒 ${others} 次`, `${others} refused with other codes`),
    },
    {
      key: 'nak-before',
      group: 'new',
      sign: e.before.count('requests') < 20 ? unknown : whether(before === 0),
      present: weights.slight,
      absent: 0,
      text: say(`故障前同类拒绝 ${before} 次`, `${before} of them before the onset`),
    },
  ]
}

const ofAssociations: ReadonlySet<Refusal> = new Set<Refusal>(['called-ae', 'calling-ae', 'congestion'])

function codesOf(e: Evidence, where: 'code' | 'err', refusal: Refusal): string {
  const fitting = e.since.top(where).filter(({ name }) => fits(name, refusal))
  return fitting.map(({ name, count }) => `${name}×${count}`).join(', ')
}

/** Other refusals are as rare as they were before: they belong to every day. */
function isBackground({ since, before }: Evidence, others: number): boolean {
  if (before.count('requests') < 20) return false
  const usual = before.count('nak') / before.count('requests')
  return others / Math.max(since.count('requests'), 1) <= Math.max(2 * usual, 0.02)
}

/** Where one device or a few have nearly all of the refusals, and a good part of their own requests is refused: what they asked. They drown in what all ask. */
function requestsOfRefused({ since }: Evidence, count: number): number | null {
  const bad = new Map(since.top('peer-bad').map((peer) => [peer.name, peer.count]))
  const refused = since.top('peer').filter(({ name, count: all }) => (bad.get(name) ?? 0) >= Math.max(2, 0.3 * all))
  const theirs = refused.reduce((sum, { name }) => sum + (bad.get(name) ?? 0), 0)
  if (count < 3 || theirs < 0.7 * count) return null
  return refused.reduce((sum, { count: all }) => sum + all, 0)
}
