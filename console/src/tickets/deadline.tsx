import type { ReactNode } from 'react'
import type { DutyAnswer } from '../../../gateway/desk/api/shapes.ts'
import { dayTime, lengthText, msBetween } from '../parts/time.ts'
import { useLanguage } from '../words/language.tsx'

/** When a duty falls due, and how long there is or how late it is; what is over says only when it was done. */
export function Deadline({ duty, now }: { readonly duty: DutyAnswer; readonly now: string | null }): ReactNode {
  const { words } = useLanguage()
  if (duty.state !== 'open') {
    const isLate = duty.overdueAt !== null
    return (
      <span className={isLate ? 'warn figures' : 'quiet figures'}>
        {words.duties.states[duty.state]}
        {duty.endedAt !== null && ` ${dayTime(duty.endedAt, now, 'min')}`}
        {isLate && ` · ${words.duties.wasLate}`}
      </span>
    )
  }
  const leftMs = now === null ? null : msBetween(now, duty.dueAt)
  return (
    <span className={`figures ${leftMs !== null && leftMs < 0 ? 'bad' : ''}`}>
      {dayTime(duty.dueAt, now, 'min')}
      {leftMs !== null && (
        <>
          {' · '}
          {leftMs < 0 ? words.duties.lateBy(lengthText(-leftMs, words)) : words.duties.left(lengthText(leftMs, words))}
        </>
      )}
    </span>
  )
}
