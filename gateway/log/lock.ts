import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../model/failures.ts'
import { isErrno, removeFile } from './folder.ts'

/**
 * Takes the folder for one writer. LOG_LOCKED when a living process of this machine holds it; a lock whose process is gone is taken
 * over. Returns what gives it back. Processes of other machines or containers that share the folder aren't seen.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'writer.lock')
  const mine = join(folder, `writer.lock.${randomUUID()}`)
  const holder = holderOf(process.pid)
  await writeFile(mine, JSON.stringify(holder), { mode: 0o600 })
  try {
    for (let tries = 0; tries < triesMax; tries += 1) {
      if (await linkTo(mine, path)) return () => removeFile(path)
      const text = await readFile(path, 'utf8').catch(() => '')
      if (isAlive(text)) break
      await takeAway(path, text)
    }
  } finally {
    await removeFile(mine)
  }
  throw failure('LOG_LOCKED', 'Another process writes this log folder.', { place: { file: folder } })
}

const triesMax = 3

/** False when there is a lock already. A link appears whole or not at all: nobody reads a lock that is half written. */
async function linkTo(mine: string, path: string): Promise<boolean> {
  try {
    await link(mine, path)
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  }
}

/** Removes the lock that said `text`. Where another process was faster, its lock is put back. */
async function takeAway(path: string, text: string): Promise<void> {
  const away = `${path}.${randomUUID()}`
  try {
    await rename(path, away)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return
    throw error
  }
  const isOther = (await readFile(away, 'utf8').catch(() => text)) !== text
  if (isOther) await linkTo(away, path)
  await removeFile(away)
}

interface Holder {
  readonly pid: number
  /** When the process began, in the kernel's count; empty where that can't be told. A pid alone comes back, in containers at once. */
  readonly began: string
}

function holderOf(pid: number): Holder {
  return { pid, began: beganOf(pid) ?? '' }
}

/** Null when there is no such process; empty where the system doesn't tell. Field 22 of /proc/PID/stat (proc(5)), with the boot's id. */
function beganOf(pid: number): string | null {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (isErrno(error, 'ESRCH')) return null
  }
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : `${boot}:${fields[19] ?? ''}`
  } catch {
    return ''
  }
}

function isAlive(text: string): boolean {
  const holder = parseHolder(text)
  if (holder === null) return false
  const began = beganOf(holder.pid)
  return began !== null && (began === holder.began || began === '' || holder.began === '')
}

function parseHolder(text: string): Holder | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('began' in value)) return null
    const { pid, began } = value
    return typeof pid === 'number' && Number.isInteger(pid) && pid > 0 && typeof began === 'string' ? { pid, began } : null
  } catch {
    return null
  }
}
