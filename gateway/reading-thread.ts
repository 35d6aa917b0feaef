/** A thread that reads bodies for the analysis while it is behind. Part of the composition: it puts the parts together on the other side. */
import { parentPort, workerData } from 'node:worker_threads'
import { createContentsReader, readByInterface } from './analysis/inspect.ts'
import { inspectParts, systemClock } from './app.ts'
import { encodeContents } from './contents-codec.ts'
import { giveWay } from './edge/priority.ts'
import { openLogReader } from './log/reader.ts'
import { isReadingOrder, isReadingSetup, type ReadingOrder, type ReadingResult } from './reading-setup.ts'

if (!isReadingSetup(workerData)) throw new Error('A reading thread was started with something else than its setup.')
giveWay()
const { catalogue, configFolder, log } = workerData
const reader = await openLogReader({ ...log, clock: systemClock })
const contentsOf = createContentsReader(await inspectParts(catalogue, configFolder))

parentPort?.on('message', (order: unknown) => {
  if (isReadingOrder(order)) void read(order)
})

async function read({ id, from, count, last }: ReadingOrder): Promise<void> {
  const { entries } = await reader.read(from, { entries: count, bytes: Number.POSITIVE_INFINITY })
  const isSame = entries.length === count && entries.at(-1)?.position === last
  const contents = isSame ? encodeContents(readByInterface(entries, contentsOf)) : undefined
  const result: ReadingResult = { id, contents }
  parentPort?.postMessage(result, contents === undefined ? [] : [contents.buffer])
}
