import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import type { Config } from './config.ts'
import { failure } from './model/failures.ts'

/** Keys of one installation, 32 bytes each. Never logged, never in the configuration's dump. */
export interface Secrets {
  /** Signs bearer tokens and sessions. */
  readonly signing: Uint8Array
  /** Keys the tokens by which identifiers are searched. Losing it makes stored keys unfindable. */
  readonly tokens: Uint8Array
}

/** A key that seals bodies, and what names it in the files it sealed. */
export interface SealingKey {
  readonly id: string
  readonly key: Uint8Array
}

/** Reads the installation's secrets from DATA/secrets, making them at the first start. Files are readable by their owner alone. */
export function loadSecrets(dataFolder: string): Secrets {
  const folder = join(dataFolder, 'secrets')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  return { signing: keyFile(join(folder, 'signing.key')), tokens: keyFile(join(folder, 'tokens.key')) }
}

/** The configured key that seals bodies, or null. Throws Failure `CONFIG_INVALID` when it is named and can't be read. */
export function loadSealingKey(encryption: Config['encryption']): SealingKey | null {
  if (!encryption) return null
  const { keyFile: file, keyEnv } = encryption
  const bytes = file === null ? fromText(process.env[keyEnv ?? ''] ?? '') : fromFile(file)
  if (bytes) return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 16), key: bytes }
  const where = file === null ? `environment variable ${keyEnv}` : `file ${file}`
  throw failure('CONFIG_INVALID', `the ${where} holds no key: 32 bytes or 64 hexadecimal digits`, {
    place: { key: 'encryption' },
  })
}

function keyFile(path: string): Uint8Array {
  try {
    writeFileSync(path, randomBytes(32), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!isExisting(error))
      throw failure('STORE_UNWRITABLE', 'the secrets folder cannot be written', { place: { file: path }, cause: error })
  }
  return readFileSync(path)
}

function fromFile(path: string): Uint8Array | null {
  try {
    const bytes = readFileSync(path)
    return bytes.length === 32 ? bytes : fromText(bytes.toString('latin1').trim())
  } catch {
    return null
  }
}

function fromText(text: string): Uint8Array | null {
  return /^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : null
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
