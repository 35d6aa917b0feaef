import { mkdir, open, readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../model/failures.ts'
import { entryCodecVersion } from './entry-codec.ts'
import { decodeSegmentHeader, type SegmentHeader, segmentHeaderBytes } from './segment.ts'

/** A segment file as the folder lists it. `base` is the place of its first byte in the whole log. */
export interface ListedSegment {
  readonly base: number
  readonly path: string
}

/** Segments of the folder, oldest first. None when there is no such folder yet. */
export async function listSegments(folder: string): Promise<readonly ListedSegment[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return []
    throw error
  })
  const segments = names.filter((name) => /^\d{16}\.log$/.test(name)).sort()
  return segments.map((name) => ({ base: Number(name.slice(0, 16)), path: join(folder, name) }))
}

export function segmentPath(folder: string, base: number): string {
  return join(folder, `${String(base).padStart(16, '0')}.log`)
}

/** Bytes of a file now; null when it is gone. */
export async function fileBytes(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null
    throw error
  }
}

/** The header of a segment file; null when it is damaged, unfinished or gone. LOG_VERSION_NEWER where this version can't read on. */
export async function readSegmentHeader(path: string): Promise<SegmentHeader | null> {
  const bytes = Buffer.alloc(segmentHeaderBytes)
  try {
    await using file = await open(path, 'r')
    await file.read(bytes, 0, segmentHeaderBytes, 0)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null
    throw error
  }
  return checkedHeader(bytes, path)
}

/** As decodeSegmentHeader, with LOG_VERSION_NEWER thrown. */
export function checkedHeader(bytes: Buffer, path: string): SegmentHeader | null {
  const header = decodeSegmentHeader(bytes)
  if (header === 'newer' || (header !== null && header.codecVersion > entryCodecVersion)) {
    throw failure('LOG_VERSION_NEWER', 'The log segment has a newer format than this version reads.', { place: { file: path } })
  }
  return header
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
}

/** Removes a file; that it is gone already is no error. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error
  }
}

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
