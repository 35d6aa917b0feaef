import { Button } from 'antd'
import type { ReactNode } from 'react'
import type { ApiProblem } from '../api/client.ts'
import { useLanguage } from '../words/language.tsx'
import type { Words } from '../words/zh.ts'

/** Shown only when something takes longer than a blink (the style sheet delays it). */
export function Loading(): ReactNode {
  const { words } = useLanguage()
  return (
    <p className="loading" role="status">
      {words.common.loading}
    </p>
  )
}

/** What went wrong, in the reader's language, with a way to try again. */
export function ProblemNote({ problem, onRetry }: { readonly problem: ApiProblem; readonly onRetry?: () => void }): ReactNode {
  const { words } = useLanguage()
  return (
    <div className="problem" role="alert">
      <span>{problemText(problem, words)}</span>
      {onRetry !== undefined && <Button onClick={onRetry}>{words.common.retry}</Button>}
    </div>
  )
}

/** Why work that the desk was given failed, and what to do about it, as the desk says it. */
export function FailureNote({
  failure,
}: {
  readonly failure: { readonly message: string; readonly advice: string } | null
}): ReactNode {
  if (failure === null) return null
  return (
    <p className="problem" role="alert">
      {failure.message} {failure.advice}
    </p>
  )
}

/** A calm sentence where a list has nothing to show. */
export function Empty({ children }: { readonly children: ReactNode }): ReactNode {
  return <p className="empty">{children}</p>
}

export function problemText(problem: ApiProblem, words: Words): string {
  const known = Object.entries(words.problems).find(([code]) => code === problem.code)?.[1]
  return known ?? [words.problems.other, problem.message].filter((part) => part !== '').join(': ')
}
