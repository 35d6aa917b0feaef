/** A thread that reads bodies for the analysis while it is behind. Part of the composition: it puts the parts together on the other side. */
import { parentPort, workerData } from 'node:worker_threads'
import { createContentsReader, readPortion } from './analysis/inspect.ts'
import { Claims, portionsOf } from './analysis/portions.ts'
import { inspectParts, systemClock } from './app.ts'
import { ContentsWriter } from './contents-codec.ts'
import { giveWay } from './edge/priority.ts'
import { openLogReader } from './log/reader.ts'
import { isReadingOrder, isReadingSetup, type ReadingOrder, type ReadingResult } from './reading-setup.ts'

if (!isReadingSetup(workerData)) throw new Error('A reading thread was started with something else than its setup.')
giveWay()
const { catalogue, configFolder, log } = workerData
const reader = await openLogReader({ ...log, clock: systemClock })
const read = createContentsReader(await inspectParts(catalogue, configFolder))

parentPort?.on('message', (order: unknown) => {
  if (isReadingOrder(order)) void fulfil(order)
})

async function fulfil({ id, from, count, last, claims: memory }: ReadingOrder): Promise<void> {
  const { entries } = await reader.read(from, { entries: count, bytes: Number.POSITIVE_INFINITY })
  // Retention may have taken them: whoever asked holds them still, and reads by itself.
  const isSame = entries.length === count && entries.at(-1)?.position === last
  const portions = isSame ? portionsOf(entries) : []
  const claims = new Claims(memory)
  const writer = new ContentsWriter(entries.length)
  let portionCount = 0
  for (; portionCount < portions.length && claims.take(portionCount); portionCount += 1)
    readPortion(portions[portionCount], entries, read, (found) => writer.add(found))
  const contents = writer.finish()
  const result: ReadingResult = { id, portionCount, contents }
  parentPort?.postMessage(result, [contents.bytes.buffer, contents.starts.buffer])
}
