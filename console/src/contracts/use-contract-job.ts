import { App } from 'antd'
import { useState } from 'react'
import type { Of } from '../../../gateway/desk/api/schema.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { ApiProblem, write } from '../api/client.ts'
import { problemText } from '../parts/notes.tsx'
import { usePolling } from '../parts/polling.ts'
import { useLanguage } from '../words/language.tsx'

export type ContractJobAnswer = Of<typeof shapes.ContractJob>

export interface ContractJob {
  /** As it was last heard of; null before the first. */
  readonly job: ContractJobAnswer | null
  readonly isRunning: boolean
  start(path: string, body: object): void
  stop(): void
}

/** Work of the desk that takes a while: begun, followed, and stopped. */
export function useContractJob(): ContractJob {
  const { words } = useLanguage()
  const { message } = App.useApp()
  const [begun, setBegun] = useState<ContractJobAnswer | null>(null)
  const asked = useAnswer(begun === null ? null : `/contract-jobs/${begun.id}`, shapes.ContractJob)
  const job = begun === null ? null : asked.answer?.id === begun.id ? asked.answer : begun
  const isRunning = job?.state === 'running'
  usePolling(isRunning, asked.reload)
  const tell = (error: unknown) => {
    if (!(error instanceof ApiProblem)) throw error
    message.error(problemText(error, words))
  }
  return {
    job,
    isRunning,
    start: (path, body) => {
      write(path, body, shapes.ContractJob).then(setBegun, tell)
    },
    stop: () => {
      if (begun !== null) write(`/contract-jobs/${begun.id}/stop`, {}, shapes.ContractJob).then(asked.reload, tell)
    },
  }
}
