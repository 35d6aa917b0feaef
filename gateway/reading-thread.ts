/** A thread that reads bodies for the analysis while it is behind. Part of the composition: it puts the parts together on the other side. */
import { parentPort, workerData } from 'node:worker_threads'
import { createContentsReader } from './analysis/inspect.ts'
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

async function fulfil({ id, from, count, next, claims: memory }: ReadingOrder): Promise<void> {
  const outline = await reader.outline(from, { entries: count, bytes: Number.POSITIVE_INFINITY })
  // Retention may have taken them: whoever asked reads by itself what it holds.
  const isSame = outline.entries.length === count && outline.next === next
  const portions = isSame ? portionsOf(outline.entries.map(({ interfaceId }) => interfaceId)) : []
  const claims = new Claims(memory)
  const writer = new ContentsWriter(count)
  let portionCount = 0
  for (; portionCount < portions.length && claims.take(portionCount); portionCount += 1)
    for (const place of portions[portionCount] ?? []) {
      const entry = outline.entries[place]?.entry()
      writer.add(entry ? read(entry) : null)
    }
  const contents = writer.finish()
  const result: ReadingResult = { id, portionCount, contents }
  parentPort?.postMessage(result, [contents.bytes.buffer, contents.starts.buffer])
}
