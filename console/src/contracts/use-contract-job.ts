import { useState } from 'react'
import type { Of } from '../../../gateway/desk/api/schema.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { write } from '../api/client.ts'
import { usePolling } from '../parts/polling.ts'
import { useSending } from '../parts/sending.ts'

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
  const { send } = useSending()
  const [begun, setBegun] = useState<ContractJobAnswer | null>(null)
  const asked = useAnswer(begun === null ? null : `/contract-jobs/${begun.id}`, shapes.ContractJob)
  const job = begun === null ? null : asked.answer?.id === begun.id ? asked.answer : begun
  const isRunning = job?.state === 'running'
  usePolling(isRunning, asked.reload)
  return {
    job,
    isRunning,
    start: (path, body) => send(write(path, body, shapes.ContractJob), { onDone: setBegun }),
    stop: () => {
      if (begun !== null) send(write(`/contract-jobs/${begun.id}/stop`, {}, shapes.ContractJob), { onDone: asked.reload })
    },
  }
}
