import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useWords } from '../words/language.tsx'

/** The API gives this many of a list at most. */
export const limitMax = 500

/** Below a list that has more than it shows: asks for `next` of them, or as many as there can be. */
export function More({
  asked: { answer, isLoading },
  limit,
  next,
  onLimit,
}: {
  readonly asked: { readonly answer: { readonly nextCursor: string | null } | null; readonly isLoading: boolean }
  readonly limit: number
  readonly next: number
  readonly onLimit: (limit: number) => void
}): ReactNode {
  const { common } = useWords()
  if (answer === null || answer.nextCursor === null || limit >= limitMax) return null
  return (
    <p className="list-more">
      <Button loading={isLoading} onClick={() => onLimit(Math.min(next, limitMax))}>
        {common.more}
      </Button>
    </p>
  )
}
