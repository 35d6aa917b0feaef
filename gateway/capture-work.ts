import { dirname } from 'node:path'
import { readCapture } from '../adapters/sources/capture/read-capture.ts'
import type { EngineChanges } from './analysis/engine.ts'
import { startEngine } from './analysis/engine.ts'
import { startSumming } from './analysis/summary.ts'
import { deskRules, engineParts, openCaptureStore, protocols } from './app.ts'
import { addressOf } from './config/address.ts'
import type { Config } from './config/config.ts'
import { createTicketRules } from './desk/ticket-rules.ts'
import type { LoggedEntry } from './model/entry.ts'
import { Failure, failureLine } from './model/failure.ts'
import type { Catalogue } from './model/interface.ts'
import type { CaptureFound, CaptureOrder } from './model/work.ts'
import { createOfflineEdge } from './offline.ts'
import type { Store } from './store/store.ts'

const progressEvery = 20_000

/** Reads a capture by the engine that works live, and keeps its exchanges in a store of their own. */
export async function captureWork(order: CaptureOrder, config: Config, told: (done: number) => void): Promise<CaptureFound> {
  const catalogue = assigned(config.catalogue, order.assign)
  const reading = readCapture({ files: [order.file], catalogue })
  const edge = createOfflineEdge({ catalogue, protocols: await protocols(), name: 'c' })
  const engine = startEngine(await engineParts(catalogue, dirname(config.file)), null)
  const summing = startSumming(catalogue)
  const store = await openCaptureStore(order.storeFolder)
  let nextAt = progressEvery
  const take = async (entries: readonly LoggedEntry[]) => {
    const last = entries.at(-1)
    if (last === undefined) return
    const changes = engine.take(entries)
    summing.add(changes)
    await store.commit(resultsOf(last, changes))
  }
  try {
    for await (const events of reading.events) {
      await take(events.flatMap((event) => edge.see(event)))
      const { packets } = reading.summary()
      if (packets < nextAt) continue
      nextAt = packets + progressEvery
      told(packets)
    }
    await take(edge.finish())
  } finally {
    await store.close()
  }
  const { packets, bytesLost, unmatchedConversations, unmatched, from, to, warnings } = reading.summary()
  const { ticketFor } = createTicketRules(catalogue, await deskRules(config))
  const { interfaces } = summing.summary(engine, { from, to, packets, bytesLost, unmatchedConversations })
  return {
    kind: 'capture',
    ...{ from, to, packets, bytesLost, unmatched, interfaces },
    unmatchedCount: unmatchedConversations,
    warnings: warnings.map(withoutPlace).map(failureLine),
    clocks: engine.clockStates(),
    findings: engine.findings(),
    tickets: summing.incidents().flatMap((incident) => (incident.ticketed ? [ticketFor(incident)] : [])),
  }
}

/** The file's name on this machine is nothing to a reader. */
function withoutPlace({ code, message, advice }: Failure): Failure {
  return new Failure({ code, message, advice })
}

function resultsOf({ position }: LoggedEntry, changes: EngineChanges): Parameters<Store['commit']>[0] {
  const { now, exchanges, alerts, incidents, clocks } = changes
  return { position, now, exchanges, alerts, incidents, clocks, ticks: [], dropped: [], lostBytes: 0, checkpoint: null }
}

/** The catalogue with what a person said of the conversations that it doesn't know. */
function assigned(catalogue: Catalogue, assign: CaptureOrder['assign']): Catalogue {
  const interfaces = catalogue.interfaces.map((iface) => {
    const given = assign.find(({ interfaceId }) => interfaceId === iface.id)
    const acceptor = given === undefined ? null : addressOf(given.acceptor)
    return acceptor === null ? iface : { ...iface, sources: { ...iface.sources, capture: { acceptor, initiatorHost: null } } }
  })
  return { ...catalogue, interfaces }
}
