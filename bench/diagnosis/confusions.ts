import type { Result } from './run-one.ts'
import { type Share, shareText, shareWhere } from './statistics.ts'
import { type Answer, isRight } from './verdict.ts'

/** The confusions behind every shortfall: what was said where it was wrong, most frequent first. */
export function confusionsOf(results: readonly Result[]): readonly string[] {
  const faults = results.filter(({ place }) => place.kind === 'fault')
  return perCause(faults.flatMap(({ verdict }) => verdict.answers)).map(([cause, share]) => {
    const wrong = faults.flatMap(({ verdict, variant }) =>
      verdict.answers
        .filter((answer) => answer.cause === cause && !isRight(answer))
        .map(
          ({ said, asides, isInTop3 }) =>
            `${variant}: ${said}${isInTop3 ? ' (in the top 3)' : ''}${said === 'nothing' && asides.length > 0 ? ` (aside: ${asides.join('+')})` : ''}`,
        ),
    )
    return `${cause.padEnd(28)} ${shareText(share)}${wrong.length > 0 ? `  ${tally(wrong)}` : ''}`
  })
}

export function tally(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([word, n]) => `${word} ×${n}`)
    .join('; ')
}

/** Of each pair, which side was taken for what. */
export function mistakenPairs(results: readonly Result[]): readonly string[] {
  const wrong = results.filter((result) => result.place.kind === 'look-alike' && !isPairRight(result))
  return [...new Set(wrong.map(({ place }) => place.group))].map((pair) => {
    const own = wrong.filter(({ place }) => place.group === pair)
    return `${pair}: ${tally(own.map(({ variant, verdict }) => `${variant}: ${verdict.answers[0]?.said ?? verdict.strayTickets.join('+')}`))}`
  })
}

/** Mixtures of which a part wasn't named, or that gave more tickets than faults. */
export function unsoundMixtures(results: readonly Result[]): readonly string[] {
  const isUnsound = ({ place, verdict }: Result) =>
    (place.kind === 'two' || place.kind === 'cascade') &&
    (verdict.answers.some((a) => !a.isInTop3) || verdict.ticketCount > verdict.answers.length)
  const lines = results
    .filter(isUnsound)
    .map(
      ({ variant, verdict }) =>
        `${variant}: ${verdict.answers.map((a) => `${a.cause}=${a.said}`).join(', ')}, ${verdict.ticketCount} tickets`,
    )
  return lines.length === 0 ? [] : tally(lines).split('; ')
}

export function perCause(answers: readonly Answer[]): readonly (readonly [string, Share])[] {
  const causes = [...new Set(answers.map(({ cause }) => cause))].sort()
  return causes.map(
    (id) =>
      [
        id,
        shareWhere(
          answers.filter(({ cause }) => cause === id),
          isRight,
        ),
      ] as const,
  )
}

/** A pair's benign side is right when it calls nobody. */
export function isPairRight({ verdict }: Result): boolean {
  return verdict.answers.length === 0 ? verdict.ticketCount === 0 : verdict.answers.every(isRight)
}
