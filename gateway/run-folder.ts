import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { failure } from './model/failures.ts'

/** What a running process of this installation says of itself in `DATA/run/NAME.json`. */
export interface Running {
  readonly name: string
  readonly pid: number
  /** Distinguishes this process from a later one with the same pid; null where the system doesn't tell. */
  readonly bornAt: string | null
  readonly phase: 'starting' | 'ready'
  /** Addresses and links that others may want, as `console`. */
  readonly says: { readonly [key: string]: string }
}

/** Writes, or renews, this process's own note. Throws Failure DISK_FULL or STORE_UNWRITABLE when the data folder doesn't take it. */
export function announce(dataFolder: string, name: string, phase: Running['phase'], says: Running['says'] = {}): void {
  const folder = join(dataFolder, 'run')
  const note: Running = { name, pid: process.pid, bornAt: bornAt(process.pid), phase, says }
  const temporary = join(folder, `${name}.${process.pid}.tmp`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(temporary, JSON.stringify(note))
    renameSync(temporary, join(folder, `${name}.json`))
  } catch (cause) {
    const place = { file: folder }
    const isFull = cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')
    if (isFull) throw failure('DISK_FULL', 'the disk of the data folder is full', { place, cause })
    throw failure('STORE_UNWRITABLE', 'the data folder cannot be written', { place, cause })
  }
}

/** Takes this process's note away; another process's note stays. */
export function withdraw(dataFolder: string, name: string): void {
  if (readNote(dataFolder, name)?.pid === process.pid) rmSync(join(dataFolder, 'run', `${name}.json`), { force: true })
}

/** Notes which configuration the data folder is used with, for commands that come later and are told none. */
export function rememberConfig(dataFolder: string, configFile: string): void {
  writeFileSync(join(dataFolder, 'run', configNote), JSON.stringify({ file: resolve(configFile) }))
}

/** The configuration that the data folder was last used with; null: none that anybody noted. */
export function rememberedConfig(dataFolder: string): string | null {
  try {
    const note: unknown = JSON.parse(readFileSync(join(dataFolder, 'run', configNote), 'utf8'))
    return typeof note === 'object' && note !== null && 'file' in note && typeof note.file === 'string' ? note.file : null
  } catch {
    return null
  }
}

/** No `.json`: it is no process's note. */
const configNote = 'used-with'

/** The live process that announced itself by that name, or null. */
export function findRunning(dataFolder: string, name: string): Running | null {
  const note = readNote(dataFolder, name)
  return note && isAlive(note) ? note : null
}

/** False once the process is gone, even when its pid is in use again. */
export function isAlive(running: Pick<Running, 'pid' | 'bornAt'>): boolean {
  try {
    process.kill(running.pid, 0)
  } catch {
    return false
  }
  const born = bornAt(running.pid)
  return born === null || running.bornAt === null || born === running.bornAt
}

function readNote(dataFolder: string, name: string): Running | null {
  try {
    const note: unknown = JSON.parse(readFileSync(join(dataFolder, 'run', `${name}.json`), 'utf8'))
    return isRunning(note) ? note : null
  } catch {
    return null
  }
}

/** Linux: the start time in clock ticks since boot, field 22 of /proc/PID/stat; a zombie counts as gone. Elsewhere null. */
function bornAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? 'gone' : (fields[19] ?? null)
  } catch {
    return null
  }
}

function isRunning(value: unknown): value is Running {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'name' in value &&
    typeof value.name === 'string' &&
    'bornAt' in value &&
    'says' in value &&
    typeof value.says === 'object'
  )
}
