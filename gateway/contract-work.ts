import { dirname } from 'node:path'
import { acceptInto } from '../contracts/accept/accept.ts'
import { startInference } from '../contracts/infer/infer.ts'
import { defaultSureness } from '../contracts/infer/judge.ts'
import { compileContractText } from '../contracts/languages.ts'
import { startBacktest } from './analysis/backtest.ts'
import { createMessageReader } from './analysis/read-messages.ts'
import { engineParts, formats } from './app.ts'
import type { Config } from './config/config.ts'
import { readContractFile, readNear } from './contract-files.ts'
import { failure } from './model/failures.ts'
import type { Interface } from './model/interface.ts'
import type { BacktestOrder, Proposal, ProposalOrder, WorkResult } from './model/work.ts'
import type { Store } from './store/store.ts'
import { lastDaysOf, storedEntries } from './store/stored-entries.ts'

/** A backtest of the console is bounded; the command has no such limit. */
const exchangesMax = 200_000
/** So many are enough to learn what a contract lacks. */
const learntMax = 20_000

interface Given {
  readonly config: Config
  readonly store: Store
  readonly told: (done: number) => void
}

/** What a contract would have ticketed on the stored days of one interface. */
export async function backtestWork(order: BacktestOrder, given: Given): Promise<WorkResult> {
  const { config } = given
  const folder = dirname(config.file)
  const iface = interfaceOf(config, order.interfaceId)
  const contract = compileContractText(placed(order.contract, folder), readNear(folder))
  const running = startBacktest(await engineParts(config.catalogue, folder), iface, contract)
  let done = 0
  const span = { ...(await lastDaysOf(iface.id, order.days, given.store)), exchangesMax }
  for await (const entries of storedEntries(given.store, span)) {
    running.add(entries)
    done += entries.filter(({ entry }) => entry.kind === 'exchange').length
    given.told(done)
  }
  return { kind: 'backtest', backtest: running.result() }
}

/** A contract's text with breaches taken in, by what the stored days of its interfaces show. */
export async function proposalWork(order: ProposalOrder, given: Given): Promise<Proposal> {
  const { config, store } = given
  const folder = dirname(config.file)
  const interfaces = order.interfaceIds.map((id) => interfaceOf(config, id))
  const [first] = interfaces
  if (first === undefined) throw failure('ARGUMENTS_INVALID', 'no interface is held to this contract')
  const inference = startInference(first.format)
  let messages = 0
  for (const iface of interfaces) {
    const read = createMessageReader({ catalogue: config.catalogue, formats: await formats(), interfaceId: iface.id })
    const span = { ...(await lastDaysOf(iface.id, order.days, store)), exchangesMax: learntMax }
    for await (const entries of storedEntries(store, span)) {
      for (const { entry } of entries) {
        for (const { document, side } of read(entry)?.taken ?? []) {
          inference.note(document, side)
          messages += 1
        }
      }
      given.told(messages)
    }
  }
  const learnt = inference.contract({ id: 'learnt', version: 1, title: first.name, sureness: defaultSureness, span: null })
  const { text, left } = acceptInto(order.contract.text, order.accepts, learnt?.text ?? null)
  compileContractText({ ...placed(order.contract, folder), text }, readNear(folder))
  return { kind: 'proposal', text, left, messages }
}

/** With the path that its configuration gives it, for files that it names beside itself. */
function placed({ text, name }: BacktestOrder['contract'], folder: string) {
  return { text, path: readContractFile(name, folder).path }
}

function interfaceOf(config: Config, id: string): Interface {
  const found = config.catalogue.interfaces.find((iface) => iface.id === id)
  if (found === undefined) throw failure('ARGUMENTS_INVALID', 'the configuration has no such interface')
  return found
}
