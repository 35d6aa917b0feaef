import type { ReactNode } from 'react'
import type { JourneyAnswer } from '../../../gateway/desk/api/shapes.ts'
import { dayTime, lengthText } from '../parts/time.ts'
import { useLanguage } from '../words/language.tsx'

const marks = { done: '✓', failed: '✕', awaited: '…', late: '!', missing: '✕', open: '○', unobserved: '–' } as const

/** How far the order has come: a mark and a word for each step, never colour alone. */
export function Steps({ steps, today }: { readonly steps: JourneyAnswer['steps']; readonly today: string }): ReactNode {
  const { words, pick } = useLanguage()
  return (
    <ol className="steps">
      {steps.map((step) => (
        <li key={step.interfaceIds.join(' ')} className={`step step-${step.state}`}>
          <span className="step-mark" aria-hidden="true">
            {marks[step.state]}
          </span>
          <span className="step-name">{pick(step.name)}</span>
          <span className="step-state">{words.journeys.states[step.state]}</span>
          <span className="step-at figures quiet">
            {step.at === null
              ? step.dueAt === null
                ? ''
                : words.journeys.due(dayTime(step.dueAt, today, 'min'))
              : dayTime(step.at, today)}
            {step.afterMs !== null && ` +${lengthText(step.afterMs, words)}`}
          </span>
        </li>
      ))}
    </ol>
  )
}
