import { existsSync, readdirSync, statSync } from 'node:fs'
import { splitBatch } from '../../adapters/formats/hl7v2/batch.ts'
import { hl7v2 } from '../../adapters/formats/hl7v2/hl7v2.ts'
import { readCapture } from '../../adapters/sources/capture/read-capture.ts'
import type { InputFacts } from '../analysis/summary.ts'
import { protocols, systemClock } from '../app.ts'
import type { Config } from '../config/config.ts'
import { openLogReader } from '../log/reader.ts'
import type { LoggedEntry, Position } from '../model/entry.ts'
import { failureLine } from '../model/failure.ts'
import { failure } from '../model/failures.ts'
import type { Catalogue } from '../model/interface.ts'
import { createOfflineEdge } from '../offline.ts'
import { loadSealingKey } from '../sealing-key.ts'
import { readMessageFolder } from './message-folder.ts'

/** An input of `analyze`, opened: its entries in batches, and afterwards what there is to say of it. */
export interface Input {
  /** The configuration's, or one that fits the input better: see `message-folder.ts`. */
  readonly catalogue: Catalogue
  readonly entries: AsyncIterable<readonly LoggedEntry[]>
  facts(): InputFacts
  /** Lines for standard error. */
  warnings(): readonly string[]
}

/** Opens capture files, a folder of messages, or a log folder. Throws Failure INPUT_NOT_FOUND or INPUT_UNREADABLE. */
export async function openInput(paths: readonly string[], config: Config, interfaceId: string | null): Promise<Input> {
  for (const path of paths)
    if (!existsSync(path)) throw failure('INPUT_NOT_FOUND', 'there is no such file or folder', { place: { file: path } })
  const folders = paths.filter((path) => statSync(path).isDirectory())
  const [folder] = folders
  if (folder === undefined) return captureInput(paths, config)
  if (paths.length > 1) throw failure('INPUT_UNREADABLE', 'give capture files, or one folder', { place: { file: folder } })
  const isLog = readdirSync(folder).some((name) => /^\d{16}\.log$/.test(name))
  return isLog ? logInput(folder, config) : messageInput(folder, config, interfaceId)
}

async function captureInput(files: readonly string[], config: Config): Promise<Input> {
  const { catalogue } = config
  if (!catalogue.interfaces.some((iface) => iface.sources.capture)) {
    throw failure('CONFIG_INVALID', 'no interface has a capture source: give source.capture.acceptor', {
      place: { file: config.file, key: 'interfaces' },
    })
  }
  const reading = readCapture({ files, catalogue })
  const edge = createOfflineEdge({ catalogue, protocols: await protocols(), name: 'c' })
  async function* entries() {
    for await (const events of reading.events) yield events.flatMap((event) => edge.see(event))
    yield edge.finish()
  }
  return {
    catalogue,
    entries: entries(),
    facts: () => {
      const { from, to, packets, bytesLost, unmatchedConversations } = reading.summary()
      return { from, to, packets, bytesLost, unmatchedConversations }
    },
    warnings: () => reading.summary().warnings.map(failureLine),
  }
}

async function messageInput(folder: string, config: Config, interfaceId: string | null): Promise<Input> {
  if (interfaceId !== null && !config.catalogue.interfaces.some((iface) => iface.id === interfaceId)) {
    throw failure('ARGUMENTS_INVALID', `the configuration has no interface "${interfaceId}"`)
  }
  const messages = readMessageFolder({ folder, catalogue: config.catalogue, format: hl7v2, split: splitBatch, interfaceId })
  const edge = createOfflineEdge({ catalogue: messages.catalogue, protocols: await protocols(), name: 'm' })
  async function* entries() {
    yield messages.events.flatMap((event) => edge.see(event))
    yield edge.finish()
  }
  return {
    catalogue: messages.catalogue,
    entries: entries(),
    facts: () => ({
      from: messages.events[0]?.event.at ?? null,
      to: messages.events.at(-1)?.event.at ?? null,
      packets: messages.messageCount,
      bytesLost: 0,
      unmatchedConversations: messages.unmatched,
    }),
    warnings: () =>
      messages.unmatched > 0
        ? [
            `${messages.unmatched} messages belong to no interface: name one with --interface, or put them in subfolders named by interface id`,
          ]
        : [],
  }
}

async function logInput(folder: string, config: Config): Promise<Input> {
  const reader = await openLogReader({ folder, key: loadSealingKey(config.encryption), clock: systemClock })
  const seen = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY, entries: 0, lost: 0 }
  async function* entries() {
    let position: Position | null = null
    for (;;) {
      const batch = await reader.read(position, { entries: 2_000, bytes: 8 * 1024 * 1024 })
      const last = batch.entries.at(-1)
      seen.lost += batch.lost.reduce((sum, lost) => sum + lost.bytes, 0)
      if (!last) break
      for (const { entry } of batch.entries) {
        seen.from = Math.min(seen.from, entry.at)
        seen.to = Math.max(seen.to, entry.at)
      }
      seen.entries += batch.entries.length
      position = last.position
      yield batch.entries
    }
    await reader.close()
  }
  const known = (at: number) => (Number.isFinite(at) ? at : null)
  return {
    catalogue: config.catalogue,
    entries: entries(),
    facts: () => ({
      from: known(seen.from),
      to: known(seen.to),
      packets: seen.entries,
      bytesLost: seen.lost,
      unmatchedConversations: 0,
    }),
    warnings: () => (seen.lost > 0 ? [`${seen.lost} bytes of the log are damaged and were passed over [LOG_CORRUPT]`] : []),
  }
}
