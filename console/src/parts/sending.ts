import { App } from 'antd'
import { useState } from 'react'
import { ApiProblem } from '../api/client.ts'
import { useWords } from '../words/language.tsx'
import { problemText } from './notes.tsx'

/** What follows on the answer. */
interface After<T> {
  /** Told to the person when it was taken. */
  readonly done?: string
  onDone?(answer: T): void
  /** After the refusal was told. */
  onRefused?(): void
}

interface Sending {
  readonly isSending: boolean
  send<T>(request: Promise<T>, after?: After<T>): void
}

/** For a form or a button: whether its request is under way, and what became of it in a message. */
export function useSending(): Sending {
  const words = useWords()
  const { message } = App.useApp()
  const [isSending, setSending] = useState(false)
  return {
    isSending,
    send: (request, { done, onDone, onRefused } = {}) => {
      setSending(true)
      request.then(
        (answer) => {
          setSending(false)
          if (done !== undefined) message.success(done)
          onDone?.(answer)
        },
        (error: unknown) => {
          setSending(false)
          if (!(error instanceof ApiProblem)) throw error
          message.error(problemText(error, words))
          onRefused?.()
        },
      )
    },
  }
}
