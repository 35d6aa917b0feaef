import { randomUUID } from 'node:crypto'
import type { Clock, Instant } from '../model/time.ts'
import type { WorkOrder, WorkResult, Works } from '../model/work.ts'
import { Refusal } from './api/problems.ts'
import { changesBetween } from './contracts.ts'

/** A backtest or a proposal: under way, or what came of it. Held in memory; a restart forgets it. */
export interface ContractJob {
  readonly id: string
  readonly contractId: string
  readonly kind: 'backtest' | 'proposal'
  readonly startedAt: Instant
  state: 'running' | 'finished' | 'failed' | 'stopped'
  done: number
  failure: { readonly message: string; readonly advice: string } | null
  result: WorkResult | null
  /** What a finished proposal changes in the text that it began from. */
  changes: ReturnType<typeof changesBetween>
  savedAs: string | null
}

export interface ContractJobs {
  /** Refuses with TOO_MANY_REQUESTS while as many run as may. */
  start(contractId: string, before: string, order: Extract<WorkOrder, { kind: 'backtest' | 'proposal' }>): ContractJob
  find(id: string): ContractJob | null
  stop(id: string): Promise<ContractJob | null>
  close(): Promise<void>
}

const runningMax = 2
const keptMax = 30

const uncompared = {
  message: 'The proposal can not be compared with the contract that is in use.',
  advice: 'Check both with `auscult contract check`.',
}

/** `save` keeps a finished proposal where the configuration says so, and gives the file's name. */
export function createContractJobs(
  works: Works,
  clock: Clock,
  save: ((contractId: string, text: string) => Promise<string>) | null,
): ContractJobs {
  const jobs = new Map<string, { readonly job: ContractJob; readonly stop: () => Promise<void> }>()
  const finish = async (job: ContractJob, before: string, result: WorkResult) => {
    job.result = result
    if (result.kind === 'proposal') job.changes = changesBetween(before, result.text)
    if (result.kind === 'proposal' && save !== null && job.changes.length > 0)
      job.savedAs = await save(job.contractId, result.text).catch(() => null)
    job.state = 'finished'
  }
  const fail = (job: ContractJob, failure: ContractJob['failure']) => {
    job.state = 'failed'
    job.failure = failure
  }
  return {
    start(contractId, before, order) {
      const running = [...jobs.values()].filter(({ job }) => job.state === 'running').length
      if (running >= runningMax) throw new Refusal('TOO_MANY_REQUESTS', 'Other contracts are being read; wait for them.', 10)
      const [oldest] = [...jobs.values()].filter(({ job }) => job.state !== 'running')
      if (jobs.size >= keptMax && oldest !== undefined) jobs.delete(oldest.job.id)
      const job: ContractJob = {
        ...{ id: randomUUID(), contractId, kind: order.kind, startedAt: clock.now() },
        ...{ state: 'running', done: 0, failure: null, result: null, changes: [], savedAs: null },
      }
      const { stop } = works.start(order, (said) => {
        if (said.kind === 'progress') job.done = said.done
        else if (said.kind === 'finished') finish(job, before, said.result).catch(() => fail(job, uncompared))
        else fail(job, { message: said.message, advice: said.advice })
      })
      jobs.set(job.id, { job, stop })
      return job
    },
    find: (id) => jobs.get(id)?.job ?? null,
    async stop(id) {
      const found = jobs.get(id)
      if (found === undefined) return null
      if (found.job.state === 'running') {
        found.job.state = 'stopped'
        await found.stop()
      }
      return found.job
    },
    async close() {
      await Promise.all([...jobs.values()].filter(({ job }) => job.state === 'running').map(({ stop }) => stop()))
    },
  }
}
