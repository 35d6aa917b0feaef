import type { Entry, LogWriter } from '../../gateway/model/entry.ts'
import type { Exchange } from '../../gateway/model/exchange.ts'

/** A log that keeps its entries in memory, for tests. */
export interface MemoryLog extends LogWriter {
  readonly entries: readonly Entry[]
  exchanges(): readonly Exchange[]
}

export function memoryLog(): MemoryLog {
  const entries: Entry[] = []
  return {
    entries,
    exchanges: () => entries.flatMap((entry) => (entry.kind === 'exchange' ? [entry.exchange] : [])),
    append: async (batch) => void entries.push(...batch),
    pendingBytes: 0,
    close: async () => {},
  }
}

/** A logger that says nothing. */
export const silent = { info: () => {}, warn: () => {}, error: () => {} }
