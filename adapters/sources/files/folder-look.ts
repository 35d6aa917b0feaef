import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { matchesGlob } from '../../../gateway/model/glob.ts'
import type { FilesSource } from '../../../gateway/model/interface.ts'
import type { FileGate } from './file-gate.ts'

/** A file as a folder's listing has it. */
export interface SeenFile {
  readonly name: string
  readonly bytes: number
  readonly modifiedAt: number
}

/** What lies in a source's folder, sorted out. */
export interface FolderLook {
  /** By name: files that are delivered. At most as many as are looked at; `isCut` says that there were more. */
  readonly files: ReadonlyMap<string, SeenFile>
  /** But for those of files that aren't looked at. */
  readonly markers: ReadonlySet<string>
  readonly results: ReadonlyMap<string, SeenFile>
  readonly isCut: boolean
}

const filesMax = 5_000

/** Lists the folder (and the results' one). Rejects with the system's error, or with code FOLDER_HANGS. */
export async function lookInto(source: FilesSource, gate: FileGate): Promise<FolderLook> {
  const names = await namesIn(source.folder, gate)
  const { results, marker } = source
  const isResult = (name: string) => results !== null && matchesGlob(companionName(results.name, '*'), name)
  const isMarker = (name: string) => marker !== null && matchesGlob(companionName(marker, '*'), name)
  const resultsHere = results !== null && results.folder === source.folder
  const isFile = (name: string) =>
    matchesGlob(source.pattern, name) && !isMarker(name) && !(resultsHere && isResult(name)) && !name.startsWith('.')
  const wanted = names.filter(isFile)
  const left = new Set(marker === null ? [] : wanted.slice(0, -filesMax).map((name) => companionName(marker, name)))
  const resultNames = results === null ? [] : (resultsHere ? names : await namesIn(results.folder, gate)).filter(isResult)
  return {
    files: await statAll(source.folder, wanted, gate),
    markers: new Set(names.filter((name) => isMarker(name) && !left.has(name))),
    results: results === null ? new Map() : await statAll(results.folder, resultNames, gate),
    isCut: wanted.length > filesMax,
  }
}

/** A marker's or a result's name for a file: `{name}` is the whole name, `{stem}` the name without its last extension. */
export function companionName(template: string, name: string): string {
  const stem = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name
  return template.replaceAll('{name}', () => name).replaceAll('{stem}', () => stem)
}

async function namesIn(folder: string, gate: FileGate): Promise<readonly string[]> {
  const entries = await gate.run(() => readdir(folder, { withFileTypes: true }))
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => basename(entry.name))
    .toSorted()
}

/** The newest names are looked at when there are too many: names of deliveries carry their date. */
async function statAll(folder: string, names: readonly string[], gate: FileGate): Promise<ReadonlyMap<string, SeenFile>> {
  const found = new Map<string, SeenFile>()
  for (const name of names.slice(-filesMax)) {
    const known = await gate.run(() => stat(join(folder, name)).catch(gone))
    if (known !== null) found.set(name, { name, bytes: known.size, modifiedAt: known.mtimeMs })
  }
  return found
}

/** A file that went away between listing and asking is no fault. */
function gone(error: unknown): null {
  if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return null
  throw error
}
