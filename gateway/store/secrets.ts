import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { failure } from '../model/failures.ts'

/**
 * What each key of the installation is for. Every purpose has its own key, so that none opens another's door.
 * `audit` seals the chain, `checkpoints` is the seed of the pair that signs it, `pseudonyms` names patients who are not named.
 */
export type KeyPurpose = 'tokens' | 'bodies' | 'bearer' | 'log' | 'audit' | 'checkpoints' | 'pseudonyms'

/** The installation's secret: 32 random bytes in a file of its own, outside the database, from which every key comes. */
export interface Secrets {
  /** HKDF-SHA-256 with the purpose as its label. The same file gives the same key. */
  key(purpose: KeyPurpose): KeyObject
}

const secretBytes = 32

/**
 * Reads `folder/installation.key`, or makes it (mode 0600) on the first start. Two processes that start at once agree on one.
 * Fails with STORE_UNWRITABLE when the folder can't be written, SECRET_INVALID when the file isn't such a key.
 */
export function openSecrets(folder: string): Secrets {
  const file = join(folder, 'installation.key')
  const secret = read(file) ?? make(folder, file)
  return secretsFrom(secret)
}

/** The keys of a secret that is held elsewhere (tests, an environment's secret store). */
export function secretsFrom(secret: Uint8Array): Secrets {
  return {
    key: (purpose) => createSecretKey(new Uint8Array(hkdfSync('sha256', secret, 'auscult', `auscult/${purpose}/1`, 32))),
  }
}

function read(file: string): Uint8Array | null {
  let written: string
  try {
    written = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw failure('STORE_UNWRITABLE', 'The installation key can not be read.', { place: { file }, cause: error })
  }
  const secret = Buffer.from(written.trim(), 'hex')
  if (secret.length !== secretBytes)
    throw failure('SECRET_INVALID', 'The installation key is not 64 hexadecimal digits.', { place: { file } })
  return secret
}

function make(folder: string, file: string): Uint8Array {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(draft, `${randomBytes(secretBytes).toString('hex')}\n`, { mode: 0o600, flush: true })
  } catch (error) {
    throw failure('STORE_UNWRITABLE', 'The installation key can not be written.', { place: { file }, cause: error })
  }
  try {
    // A link fails when the name is taken, so that the first of two processes wins and both read its key.
    linkSync(draft, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    unlinkSync(draft)
  }
  const made = read(file)
  if (made === null) throw failure('STORE_UNWRITABLE', 'The installation key vanished while it was made.', { place: { file } })
  return made
}
