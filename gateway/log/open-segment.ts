import { type FileHandle, open } from 'node:fs/promises'
import { failure } from '../model/failures.ts'
import { checkedHeader, fileBytes, isErrno, type ListedSegment } from './folder.ts'
import { keyIdOf, segmentKey } from './seal.ts'
import { type BlockBinding, type SegmentHeader, segmentHeaderBytes } from './segment.ts'
import { SegmentWalk } from './walk.ts'

/** A segment open for reading. Whoever opens it closes it. */
export interface OpenSegment {
  readonly base: number
  readonly header: SegmentHeader
  readonly binding: BlockBinding
  readonly walk: SegmentWalk
  /** The file is no longer in its folder. */
  isRemoved(): Promise<boolean>
  close(): Promise<void>
}

/** Finds the key that a segment was sealed with. */
export interface KeyRing {
  /** The segment's own key; null when it isn't sealed. LOG_KEY_MISSING when none of the configured keys is its. */
  keyFor(header: SegmentHeader, path: string): Buffer | null
}

export function keyRing(keys: readonly Uint8Array[]): KeyRing {
  const byId = new Map(keys.map((key) => [keyIdOf(key).toString('hex'), key]))
  return {
    keyFor(header, path) {
      if (header.keyId === null) return null
      const key = byId.get(header.keyId.toString('hex'))
      if (key !== undefined) return segmentKey(key, header.salt)
      const message =
        byId.size === 0 ? 'The log is encrypted and no key is configured.' : 'The log was encrypted with another key.'
      throw failure('LOG_KEY_MISSING', message, { place: { file: path } })
    },
  }
}

/**
 * Opens a listed segment. `gone`: retention was faster. `unfinished`: its header isn't written yet. `damaged`: its header can't be
 * read, nor anything behind it. LOG_KEY_MISSING, LOG_VERSION_NEWER.
 */
export async function openSegment(
  listed: ListedSegment,
  keys: KeyRing,
): Promise<OpenSegment | 'gone' | 'unfinished' | 'damaged'> {
  const file = await open(listed.path, 'r').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null
    throw error
  })
  if (file === null) return 'gone'
  try {
    const opened = await openFile(file, listed, keys)
    if (typeof opened === 'string') await file.close()
    return opened
  } catch (error) {
    await file.close()
    throw error
  }
}

async function openFile(
  file: FileHandle,
  { base, path }: ListedSegment,
  keys: KeyRing,
): Promise<OpenSegment | 'unfinished' | 'damaged'> {
  const bytes = Buffer.alloc(segmentHeaderBytes)
  const { bytesRead } = await file.read(bytes, 0, segmentHeaderBytes, 0)
  if (bytesRead < segmentHeaderBytes) return 'unfinished'
  const header = checkedHeader(bytes, path)
  if (header === null || header.base !== base)
    return ((await fileBytes(path)) ?? 0) > segmentHeaderBytes ? 'damaged' : 'unfinished'
  const binding = { salt: header.salt, key: keys.keyFor(header, path) }
  return {
    base,
    header,
    binding,
    walk: new SegmentWalk({ file, base, binding }),
    isRemoved: async () => (await file.stat()).nlink === 0,
    close: () => file.close(),
  }
}
