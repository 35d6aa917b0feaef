import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isErrno } from './folder.ts'

/** The file operations of the writer: what a full or failing disk can refuse. */
export interface SegmentFile {
  /** Writes all of `buffers` from `at` on. `written` is less than their sum only with an `error`. */
  write(buffers: readonly Buffer[], at: number): Promise<{ readonly written: number; readonly error: unknown }>
  /** Resolves when what was written would survive a loss of power. */
  sync(): Promise<void>
  truncate(bytes: number): Promise<void>
  close(): Promise<void>
}

export type OpenSegmentFile = (path: string) => Promise<SegmentFile>

/** Makes a new file, readable by this user only. */
export async function openSegmentFile(path: string): Promise<SegmentFile> {
  const file = await open(path, 'wx', 0o600)
  return {
    write: (buffers, at) => writeAll(file, buffers, at),
    sync: () => file.datasync(),
    truncate: (bytes) => file.truncate(bytes),
    close: () => file.close(),
  }
}

/** Makes the folder's list of files survive a loss of power. File systems that can't are left at what they do. */
export async function syncFolderOf(path: string): Promise<void> {
  try {
    await using folder = await open(dirname(path), 'r')
    await folder.sync()
  } catch (error) {
    if (!isErrno(error, 'EINVAL') && !isErrno(error, 'EPERM') && !isErrno(error, 'EISDIR')) throw error
  }
}

async function writeAll(file: FileHandle, buffers: readonly Buffer[], at: number) {
  let written = 0
  let rest = [...buffers]
  try {
    while (rest.length > 0) {
      const { bytesWritten } = await file.writev(rest.slice(0, vectorsMax), at + written)
      if (bytesWritten === 0) throw new Error('The file takes no more bytes.')
      written += bytesWritten
      rest = after(rest, bytesWritten)
    }
    return { written, error: null }
  } catch (error) {
    return { written, error }
  }
}

/** IOV_MAX of Linux. */
const vectorsMax = 1024

function after(buffers: readonly Buffer[], count: number): Buffer[] {
  let skip = count
  const index = buffers.findIndex((buffer) => {
    if (skip < buffer.length) return true
    skip -= buffer.length
    return false
  })
  const first = buffers[index]
  return first === undefined ? [] : [first.subarray(skip), ...buffers.slice(index + 1)]
}
