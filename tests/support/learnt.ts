import { createMessageReader, type ReadMessage } from '../../gateway/analysis/read-messages.ts'
import { formats } from '../../gateway/app.ts'
import { mondayAtTen, simulatedCatalogue, simulatedLog } from './simulated.ts'

/** What interfaces of the simulated hospital said and were answered in so many minutes, read, as a learner is given them. */
export async function simulatedMessages(
  interfaceIds: readonly string[],
  minutes: number,
  seed = 11,
): Promise<ReadonlyMap<string, readonly ReadMessage[]>> {
  const catalogue = await simulatedCatalogue('demo')
  const known = await formats()
  const readers = interfaceIds.map((id) => [id, createMessageReader({ catalogue, formats: known, interfaceId: id })] as const)
  const messages = new Map<string, ReadMessage[]>(interfaceIds.map((id) => [id, []]))
  const options = { seed, startAt: mondayAtTen, lastsMs: minutes * 60_000, interfaceIds, http: true }
  for (const { entry } of simulatedLog(catalogue, options)) {
    for (const [id, read] of readers) {
      const exchange = read(entry)
      if (exchange !== null) messages.get(id)?.push(...exchange.taken)
    }
  }
  return messages
}
