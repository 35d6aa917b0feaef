import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { versionIn } from '../contracts/language/contract-head.ts'
import type { ContractText, ReadText } from '../contracts/language/contract-language.ts'
import { findContract, loadContract } from '../contracts/library.ts'
import type { CompiledContract } from './model/violation.ts'

/** Folder of the contracts that come with the product. */
export const libraryFolder = fileURLToPath(new URL('../contracts/library', import.meta.url))

/**
 * The contract that a configuration names, ready to check messages: an id of the library, or a path that is taken from `folder`
 * (that of the configuration file). Throws CONFIG_CONTRACT_UNKNOWN or CONTRACT_INVALID with file, line and column.
 */
export function compileContractFile(name: string, folder: string): CompiledContract {
  return loadContract(name, libraryFolder, readNear(folder))
}

/** The same as text. */
export function readContractFile(name: string, folder: string): ContractText {
  return findContract(name, libraryFolder, readNear(folder))
}

/** Reads files that a contract names beside it; their paths are taken from `folder`. */
export function readNear(folder: string): ReadText {
  return (path) => readText(resolve(folder, path))
}

/** Writes a proposed contract as `ID.VERSION.yaml`, and gives that name. Never over a file that is there. */
export async function saveContract(folder: string, id: string, text: string): Promise<string> {
  const name = `${id}.${versionIn(text) ?? '0'}.yaml`
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, name), text, { flag: 'wx' })
  return name
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ENOENT' || error.code === 'EISDIR' || error.code === 'ENOTDIR')
    )
      return null
    throw error
  }
}
