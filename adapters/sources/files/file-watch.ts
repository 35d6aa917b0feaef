import type { FilesSource } from '../../../gateway/model/interface.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import type { FileMemory } from './file-memory.ts'
import { companionName, type FolderLook, type SeenFile } from './folder-look.ts'

/** A file that is whole and wasn't read yet. */
export interface WholeFile extends SeenFile {
  /** When its name was first seen. */
  readonly seenAt: Instant
  /** When it was there as it is: its own time, within what the looks before and after allow. */
  readonly arrivedAt: Instant
}

/** Something odd about a file that isn't whole, told once: FILE_MARKER_ALONE, FILE_MARKER_MISSING, FILE_GROWING. */
export interface OddFile {
  readonly code: 'FILE_MARKER_ALONE' | 'FILE_MARKER_MISSING' | 'FILE_GROWING'
  readonly bytes: number | null
  readonly waitedMs: number
}

interface Waiting {
  readonly seenAt: Instant
  readonly bytes: number
  readonly modifiedAt: number
  /** Since when it is as it is. */
  readonly stillSince: Instant
  readonly arrivedAt: Instant
  readonly isTold: boolean
}

/** What lies in the folder already when it is first looked into, and is older than this, is left alone. */
const lookBackMs = 86_400_000

/** Knows of each file of a folder whether it stands still. Pure: looks come in, files that are whole go out. */
export class FileWatch {
  readonly #source: FilesSource
  readonly #memory: FileMemory
  readonly #waiting = new Map<string, Waiting>()
  #previousLookAt: Instant | null = null
  readonly #markersAlone = new Map<string, { readonly seenAt: Instant; readonly isTold: boolean }>()

  constructor(source: FilesSource, memory: FileMemory) {
    this.#source = source
    this.#memory = memory
  }

  /** Files that aren't whole now. */
  get waitingCount(): number {
    return this.#waiting.size
  }

  see(look: FolderLook, at: Instant): { readonly whole: readonly WholeFile[]; readonly odd: readonly OddFile[] } {
    const whole: WholeFile[] = []
    const odd: OddFile[] = []
    for (const name of this.#waiting.keys()) if (!look.files.has(name)) this.#waiting.delete(name)
    for (const file of look.files.values()) {
      if (this.#isRead(file)) continue
      const waiting = this.#wait(file, at)
      const hasMarker = this.#source.marker === null || look.markers.has(companionName(this.#source.marker, file.name))
      const isStill = at - waiting.stillSince >= this.#source.stableMs
      if (hasMarker && isStill) whole.push({ ...file, seenAt: waiting.seenAt, arrivedAt: waiting.arrivedAt })
      else if (!waiting.isTold && at - waiting.seenAt >= this.#source.graceMs) {
        this.#waiting.set(file.name, { ...waiting, isTold: true })
        odd.push({
          code: hasMarker ? 'FILE_GROWING' : 'FILE_MARKER_MISSING',
          bytes: file.bytes,
          waitedMs: at - waiting.seenAt,
        })
      }
    }
    odd.push(...this.#markers(look, at))
    this.#previousLookAt = at
    return { whole, odd }
  }

  /** At the first look of all: files too old to be news. */
  leftAlone(look: FolderLook, at: Instant): readonly SeenFile[] {
    return [...look.files.values()].filter((file) => at - file.modifiedAt > lookBackMs)
  }

  /** It was read: it waits no more. */
  read(name: string): void {
    this.#waiting.delete(name)
  }

  #isRead(file: SeenFile): boolean {
    const known = this.#memory.files.get(file.name)
    return known !== undefined && known.bytes === file.bytes && known.modifiedAt === file.modifiedAt
  }

  #wait(file: SeenFile, at: Instant): Waiting {
    const before = this.#waiting.get(file.name)
    if (before?.bytes === file.bytes && before.modifiedAt === file.modifiedAt) return before
    const waiting: Waiting = {
      seenAt: before?.seenAt ?? at,
      bytes: file.bytes,
      modifiedAt: file.modifiedAt,
      stillSince: at,
      arrivedAt: Math.min(at, Math.max(file.modifiedAt, this.#previousLookAt ?? file.modifiedAt)),
      isTold: before?.isTold ?? false,
    }
    this.#waiting.set(file.name, waiting)
    return waiting
  }

  #markers(look: FolderLook, at: Instant): readonly OddFile[] {
    const { marker, graceMs } = this.#source
    if (marker === null) return []
    const expected = new Set([...look.files.keys()].map((name) => companionName(marker, name)))
    const alone = new Set([...look.markers].filter((name) => !expected.has(name)))
    for (const name of this.#markersAlone.keys()) if (!alone.has(name)) this.#markersAlone.delete(name)
    return [...alone].flatMap((name) => {
      const known = this.#markersAlone.get(name) ?? { seenAt: at, isTold: false }
      const isTime = !known.isTold && at - known.seenAt >= graceMs
      this.#markersAlone.set(name, { ...known, isTold: known.isTold || isTime })
      return isTime ? [{ code: 'FILE_MARKER_ALONE' as const, bytes: null, waitedMs: at - known.seenAt }] : []
    })
  }
}
