/** A thread that does one piece of the desk's long work and ends. Part of the composition: it puts the parts together on the other side. */
import { parentPort, workerData } from 'node:worker_threads'
import { openStore, type RoleOptions, readSoundConfig } from './app.ts'
import { captureWork } from './capture-work.ts'
import type { Config } from './config/config.ts'
import { backtestWork, proposalWork } from './contract-work.ts'
import { Failure } from './model/failure.ts'
import type { WorkOrder, WorkResult, WorkSaid } from './model/work.ts'
import type { Store } from './store/store.ts'
import { isWorkSetup } from './work-setup.ts'

if (!isWorkSetup(workerData)) throw new Error('A work thread was started with something else than its setup.')
const setup = workerData
const say = (said: WorkSaid): void => parentPort?.postMessage(said)
const told = (done: number): void => say({ kind: 'progress', done })
try {
  say({ kind: 'finished', result: await work(setup.order, setup.role) })
} catch (error) {
  if (!(error instanceof Failure)) throw error
  say({ kind: 'failed', message: error.message, advice: error.advice })
}

async function work(order: WorkOrder, role: RoleOptions): Promise<WorkResult> {
  switch (order.kind) {
    case 'capture':
      return captureWork(order, await readSoundConfig(order.configFile ?? role.configFile), told)
    case 'backtest': {
      const config = await readSoundConfig(role.configFile)
      return withStore(config, role, (store) => backtestWork(order, { config, store, told }))
    }
    case 'proposal': {
      const config = await readSoundConfig(role.configFile)
      return withStore(config, role, (store) => proposalWork(order, { config, store, told }))
    }
    default:
      return order satisfies never
  }
}

async function withStore<T>(config: Config, role: RoleOptions, run: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(config, role.dataFolder)
  try {
    return await run(store)
  } finally {
    await store.close()
  }
}
