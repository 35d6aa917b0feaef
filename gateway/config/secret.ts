import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import process from 'node:process'
import type { Failure } from '../model/failure.ts'
import type { SecretShape } from './shape.ts'

/** The secret that stands in a file or an environment variable. `fault` makes the Failure for one that is empty or can't be read. */
export function secretText({ file, env }: SecretShape, folder: string, fault: (what: string) => Failure): string {
  const text = (file === undefined ? (process.env[env ?? ''] ?? '') : readText(resolve(folder, file), fault)).trim()
  if (text === '') throw fault('is empty')
  return text
}

function readText(path: string, fault: (what: string) => Failure): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw fault('can not be read')
  }
}
