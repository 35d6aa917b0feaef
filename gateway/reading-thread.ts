/** A thread that reads bodies for the analysis while it is behind. Part of the composition: it puts the parts together on the other side. */
import { parentPort, workerData } from 'node:worker_threads'
import { createContentsReader } from './analysis/inspect.ts'
import { Claims } from './analysis/portions.ts'
import { inspectParts } from './app.ts'
import { ContentsWriter } from './contents-codec.ts'
import { giveWay } from './edge/priority.ts'
import { readEntries } from './log/entries-codec.ts'
import { isReadingOrder, isReadingSetup, type ReadingOrder, type ReadingResult } from './reading-setup.ts'

if (!isReadingSetup(workerData)) throw new Error('A reading thread was started with something else than its setup.')
giveWay()
const { catalogue, configFolder } = workerData
const read = createContentsReader(await inspectParts(catalogue, configFolder))

parentPort?.on('message', (order: unknown) => {
  if (isReadingOrder(order)) fulfil(order)
})

function fulfil({ id, entries: packed, portionEnds, claims: memory }: ReadingOrder): void {
  const entries = readEntries(packed)
  const claims = new Claims(memory)
  const writer = new ContentsWriter(entries.count)
  let portionCount = 0
  let nth = 0
  for (const end of portionEnds) {
    if (!claims.take(portionCount)) break
    for (; nth < end; nth += 1) {
      const entry = entries.read(nth)
      writer.add(entry && read(entry))
    }
    portionCount += 1
  }
  const contents = writer.finish()
  const result: ReadingResult = { id, portionCount, contents }
  parentPort?.postMessage(result, [contents.bytes.buffer, contents.starts.buffer])
}
