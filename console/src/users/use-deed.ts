import { App } from 'antd'
import { useState } from 'react'
import type { Of, Schema } from '../../../gateway/desk/api/schema.ts'
import type { shapes } from '../../../gateway/desk/api/shapes.ts'
import { ApiProblem, write } from '../api/client.ts'
import { problemText } from '../parts/notes.tsx'
import { useLanguage } from '../words/language.tsx'

export type Invitation = Of<typeof shapes.Invitation>

/** A write whose failure is said in a message, and whose answer is handed on. */
export function useDeed(): {
  readonly isSending: boolean
  send<T>(path: string, body: object, schema: Schema<T>, onDone: (answer: T) => void): void
} {
  const { words } = useLanguage()
  const { message } = App.useApp()
  const [isSending, setSending] = useState(false)
  return {
    isSending,
    send: (path, body, schema, onDone) => {
      setSending(true)
      write(path, body, schema)
        .then(onDone, (error: unknown) => {
          if (!(error instanceof ApiProblem)) throw error
          message.error(problemText(error, words))
        })
        .finally(() => setSending(false))
    },
  }
}
