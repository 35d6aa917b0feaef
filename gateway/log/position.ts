import type { Position } from '../model/entry.ts'

/**
 * A position taken apart. `blockAt`: where in the whole log its block begins, in bytes since the log's first. `index`: the entry's
 * place in the block. `blockBytes`: 0 while the block has more entries, else its length: reading goes on at `blockAt + blockBytes`.
 * `logId` tells one log from another that was begun in the same folder.
 */
export interface Spot {
  readonly blockAt: number
  readonly index: number
  readonly blockBytes: number
  readonly logId: number
}

/** `0000000000001234:000002:0000000456:1a2b3c4d`: 43 characters of fixed width, so that the order of strings is the log's. */
export function formatPosition(spot: Spot): Position {
  const blockAt = String(spot.blockAt).padStart(16, '0')
  const index = String(spot.index).padStart(6, '0')
  const blockBytes = String(spot.blockBytes).padStart(10, '0')
  return `${blockAt}:${index}:${blockBytes}:${spot.logId.toString(16).padStart(8, '0')}`
}

/** Null for a text that is no position of a log of segment files. */
export function parsePosition(position: Position): Spot | null {
  const match = /^(\d{16}):(\d{6}):(\d{10}):([0-9a-f]{8})$/.exec(position)
  if (!match) return null
  const [, blockAt, index, blockBytes, logId] = match
  if (!Number.isSafeInteger(Number(blockAt))) return null
  return {
    blockAt: Number(blockAt),
    index: Number(index),
    blockBytes: Number(blockBytes),
    logId: Number.parseInt(logId ?? '', 16),
  }
}

/** Order of positions. A log that was begun anew in the same folder comes after the one before it, wherever it stands. */
export function comparePositions(a: Position, b: Position): number {
  if (parsePosition(a)?.logId !== parsePosition(b)?.logId) return 1
  return a < b ? -1 : a > b ? 1 : 0
}
