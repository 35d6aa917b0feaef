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
export function formatPosition({ blockAt, index, blockBytes, logId }: Spot): Position {
  return positionsIn({ blockAt, logId })(index, blockBytes)
}

/** `formatPosition` for the entries of one block: what they share is written once. */
export function positionsIn({
  blockAt,
  logId,
}: Pick<Spot, 'blockAt' | 'logId'>): (index: number, blockBytes: number) => Position {
  const block = `${String(blockAt).padStart(16, '0')}:`
  const id = `:${logId.toString(16).padStart(8, '0')}`
  return (index, blockBytes) => `${block}${padded(index, sixZeros)}:${padded(blockBytes, tenZeros)}${id}`
}

const sixZeros = '000000'
const tenZeros = '0000000000'

/** As many digits as there are zeros. `padStart` would make the zeros anew each time. */
function padded(value: number, zeros: string): string {
  return value === 0 ? zeros : zeros.slice(String(value).length) + String(value)
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
