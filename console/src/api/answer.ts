import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react'
import type { Schema } from '../../../gateway/desk/api/schema.ts'
import { ApiProblem, read } from './client.ts'
import { allTopics, type Live, type Topic } from './live.ts'

/** What the shell gives to every page: the live connection, and what to do when the session has ended. */
export const Connection = createContext<{ readonly live: Live | null; readonly onSignedOut: () => void }>({
  live: null,
  onSignedOut: () => {},
})

export interface Asked<T> {
  readonly answer: T | null
  readonly problem: ApiProblem | null
  readonly isLoading: boolean
  reload(): void
}

/** Two answers of one question are at least this far apart, however much changes. */
const restMs = 2_000

/**
 * The API's answer to `path` (null asks nothing), asked again when one of `topics` changes and the page is in view. While a new
 * path loads, the old answer stays, so that nothing jumps.
 */
export function useAnswer<T>(path: string | null, schema: Schema<T>, topics: readonly Topic[] = []): Asked<T> {
  const { live, onSignedOut } = useContext(Connection)
  const [state, setState] = useState<Omit<Asked<T>, 'reload'>>({ answer: null, problem: null, isLoading: path !== null })
  const asking = useRef<AbortController | null>(null)
  const ask = useCallback(() => {
    asking.current?.abort()
    if (path === null) return
    const controller = new AbortController()
    asking.current = controller
    setState((before) => ({ ...before, isLoading: true }))
    read(path, schema, controller.signal).then(
      (answer) => {
        if (!controller.signal.aborted) setState({ answer, problem: null, isLoading: false })
      },
      (error: unknown) => {
        if (controller.signal.aborted) return
        if (!(error instanceof ApiProblem)) throw error
        if (error.status === 401) onSignedOut()
        setState((before) => ({ ...before, problem: error, isLoading: false }))
      },
    )
  }, [path, schema, onSignedOut])

  useEffect(() => {
    ask()
    return () => asking.current?.abort()
  }, [ask])

  // Told by its names: a new array with the same topics changes nothing.
  const topicNames = topics.join(' ')
  useEffect(() => {
    if (live === null || topicNames === '') return
    let timer: number | undefined
    let isDue = false
    const again = () => {
      if (document.hidden) {
        isDue = true
        return
      }
      if (timer !== undefined) return
      timer = window.setTimeout(() => {
        timer = undefined
        ask()
      }, restMs)
    }
    const wake = () => {
      if (!document.hidden && isDue) {
        isDue = false
        ask()
      }
    }
    const unfollow = live.follow(
      allTopics.filter((topic) => topicNames.includes(topic)),
      again,
    )
    document.addEventListener('visibilitychange', wake)
    return () => {
      unfollow()
      window.clearTimeout(timer)
      document.removeEventListener('visibilitychange', wake)
    }
  }, [live, topicNames, ask])

  return { ...state, reload: ask }
}
