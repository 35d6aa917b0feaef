import { open } from 'node:fs/promises'
import { fileBytes, listSegments, readSegmentHeader, removeFile } from './folder.ts'
import { segmentHeaderBytes } from './segment.ts'
import { SegmentWalk } from './walk.ts'

/** A segment that the writer found and keeps until retention drops it. */
export interface OldSegment {
  readonly base: number
  readonly path: string
  readonly bytes: number
  readonly createdAt: number
}

/** What is in the folder, after the newest segment's torn tail was cut. */
export interface FoundLog {
  readonly segments: readonly OldSegment[]
  /** Null: there was no readable header; a new log begins. */
  readonly logId: number | null
  /** Where the log ends: the place of the next byte, were there no gap after a restart. */
  readonly end: number
}

/** Reads the folder for a writer: cuts what a dying writer left unfinished, so that what is kept is whole. Damage in the middle stays. */
export async function mendLog(folder: string): Promise<FoundLog> {
  const listed = await listSegments(folder)
  const segments: OldSegment[] = []
  let logId: number | null = null
  for (const { base, path } of listed) {
    const isNewest = path === listed.at(-1)?.path
    const header = await readSegmentHeader(path)
    const bytes = isNewest ? await cutTail(path, base) : await fileBytes(path)
    if (bytes === null) continue
    logId = header?.logId ?? logId
    segments.push({ base, path, bytes, createdAt: header?.createdAt ?? segments.at(-1)?.createdAt ?? 0 })
  }
  const newest = segments.at(-1)
  return { segments, logId, end: newest === undefined ? 0 : newest.base + newest.bytes }
}

/** Bytes that are left of the segment; null when nothing whole was in it and it was removed. */
async function cutTail(path: string, base: number): Promise<number | null> {
  const size = (await fileBytes(path)) ?? 0
  const header = await readSegmentHeader(path)
  if (size <= segmentHeaderBytes) {
    await removeFile(path)
    return null
  }
  // The header was whole once, or no block would follow it: this is damage, which readers report. Nothing is thrown away.
  if (header === null) return size
  await using file = await open(path, 'r+')
  const walk = new SegmentWalk({ file, base, binding: { salt: header.salt, key: null } })
  let at = segmentHeaderBytes
  let wholeEnd = segmentHeaderBytes
  for (;;) {
    const step = await walk.step(at, true)
    if (step.kind === 'end') break
    at = step.endAt
    if (step.kind === 'block') wholeEnd = at
  }
  if (wholeEnd < size) await file.truncate(wholeEnd)
  return wholeEnd
}
