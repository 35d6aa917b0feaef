import type { ReactNode } from 'react'
import type { SystemAnswer } from '../../../gateway/desk/api/shapes.ts'
import { offsetText } from '../parts/time.ts'
import { useWords } from '../words/language.tsx'

type Clock = NonNullable<SystemAnswer['clock']>

/** The judgement of a clock in a word. */
export function Verdict({ verdict }: { readonly verdict: Clock['verdict'] }): ReactNode {
  const words = useWords()
  const grade = verdict === 'in-step' ? 'well' : verdict === 'unknown' ? 'quiet' : verdict === 'drift' ? 'warn' : 'bad'
  return <span className={`verdict verdict-${grade}`}>{words.systems.verdicts[verdict]}</span>
}

/** `慢 2.00 h ± 0.2 s`: how far it is off and how well that is known. */
export function OffsetWords({ clock }: { readonly clock: Clock }): ReactNode {
  const words = useWords()
  const { offsetS, errorS, offsetBeforeS } = clock
  if (offsetS === null) return words.common.notKnown
  const isVisible = errorS === null || Math.abs(offsetS) > errorS
  return (
    <span className="figures">
      {isVisible ? saidOffset(offsetS, words) : words.systems.inStep}
      {errorS !== null && <span className="quiet"> ± {offsetText(errorS)}</span>}
      {offsetBeforeS !== null && Math.abs(offsetBeforeS - offsetS) > (errorS ?? 0) && (
        <span className="row-sub">
          {words.systems.changedFrom(
            Math.abs(offsetBeforeS) < (errorS ?? 0.5) ? words.systems.inStep : saidOffset(offsetBeforeS, words),
          )}
        </span>
      )}
    </span>
  )
}

/** Zero in the middle, a step a decade from 0.1 s to 3 h: wrong clocks are wrong by very different amounts. */
export function OffsetBar({ clock }: { readonly clock: Clock }): ReactNode {
  const { offsetS, errorS } = clock
  if (offsetS === null) return null
  const from = place(offsetS - (errorS ?? 0))
  const to = place(offsetS + (errorS ?? 0))
  const width = Math.max(to - from, 3)
  return (
    <svg className={`offset-bar offset-${clock.verdict}`} viewBox="-100 0 200 14" preserveAspectRatio="none" aria-hidden="true">
      <path className="offset-ground" d="M-100 7h200M0 0v14M-25 4v6M-50 4v6M-75 4v6M25 4v6M50 4v6M75 4v6" />
      <rect x={(from + to) / 2 - width / 2} y="3" width={width} height="8" />
    </svg>
  )
}

const smallestS = 0.1
const largestS = 10_800

function place(s: number): number {
  const size = Math.min(Math.abs(s), largestS)
  if (size <= smallestS) return (s / smallestS) * 4
  return Math.sign(s) * (4 + (Math.log(size / smallestS) / Math.log(largestS / smallestS)) * 94)
}

function saidOffset(s: number, words: ReturnType<typeof useWords>): string {
  return s > 0 ? words.systems.ahead(offsetText(s)) : words.systems.behind(offsetText(s))
}
