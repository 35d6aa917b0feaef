import { App } from 'antd'
import { useState } from 'react'
import type { Schema } from '../../../gateway/desk/api/schema.ts'
import { ApiProblem, write } from '../api/client.ts'
import { problemText } from '../parts/notes.tsx'
import { useWords } from '../words/language.tsx'

/** Writes once at a time, says what became of it, and calls `onDone` when it was taken. */
export function useSending(): {
  readonly isSending: boolean
  send<T>(path: string, body: object, schema: Schema<T>, done: string, onDone: () => void): void
} {
  const words = useWords()
  const { message } = App.useApp()
  const [isSending, setSending] = useState(false)
  return {
    isSending,
    send: (path, body, schema, done, onDone) => {
      setSending(true)
      write(path, body, schema).then(
        () => {
          message.success(done)
          setSending(false)
          onDone()
        },
        (error: unknown) => {
          if (!(error instanceof ApiProblem)) throw error
          setSending(false)
          message.error(problemText(error, words))
        },
      )
    },
  }
}
