import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { failure } from '../model/failures.ts'

/**
 * What each key of the installation is for. Every purpose has its own key, so that none opens another's door.
 * `audit` seals the chain, `checkpoints` is the seed of the pair that signs it, `pseudonyms` names patients who are not named.
 */
export type KeyPurpose = 'tokens' | 'bodies' | 'bearer' | 'log' | 'audit' | 'checkpoints' | 'pseudonyms'

/** The installation's secrets: 32 random bytes each, in a file of its own, outside the database, from which every key comes. */
export interface Secrets {
  /** HKDF-SHA-256 with the purpose as its label. The same file gives the same key. */
  key(purpose: KeyPurpose): KeyObject
  /** Every key that there ever was for a purpose that rotates, newest last: what was made under an earlier one is still found. */
  keys(purpose: RotatingPurpose): readonly KeyObject[]
}
export type RotatingPurpose = (typeof rotating)[number]

/** What a new secret changes. The others hold together what is stored, a chain or a seal, and come from the first one for good. */
const rotating = ['tokens', 'bearer'] as const satisfies readonly KeyPurpose[]

const secretBytes = 32
/** As many as `createTokens` takes. */
const secretsMax = 256

/**
 * Reads `folder/installation.key`, or makes it (mode 0600) on the first start. Two processes that start at once agree on one.
 * Fails with STORE_UNWRITABLE when the folder can't be written, SECRET_INVALID when the file isn't such a key.
 */
export function openSecrets(folder: string): Secrets {
  const file = join(folder, 'installation.key')
  const [first, ...later] = read(file) ?? make(folder, file)
  if (first === undefined) throw invalid(file)
  return secretsFrom(first, ...later)
}

/** The keys of secrets that are held elsewhere (tests, an environment's secret store), oldest first. */
export function secretsFrom(first: Uint8Array, ...later: readonly Uint8Array[]): Secrets {
  const keyOf = (secret: Uint8Array, purpose: KeyPurpose) =>
    createSecretKey(new Uint8Array(hkdfSync('sha256', secret, 'auscult', `auscult/${purpose}/1`, 32)))
  const newest = later.at(-1) ?? first
  return {
    key: (purpose) => keyOf(rotating.some((one) => one === purpose) ? newest : first, purpose),
    keys: (purpose) => [first, ...later].map((secret) => keyOf(secret, purpose)),
  }
}

/**
 * Adds a secret to `folder/installation.key`: tokens for programs that were signed before are no longer taken, and searches are stored under a new key;
 * earlier ones are still found. Counts for processes that open it afterwards. Fails with SECRET_INVALID where there is none yet, or too many.
 */
export function addSecret(folder: string): void {
  const file = join(folder, 'installation.key')
  const before = read(file) ?? []
  if (before.length === 0 || before.length >= secretsMax) throw invalid(file)
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    const lines = [...before, randomBytes(secretBytes)].map((secret) => `${Buffer.from(secret).toString('hex')}\n`)
    writeFileSync(draft, lines.join(''), { mode: 0o600, flush: true })
    renameSync(draft, file)
  } catch (error) {
    throw failure('STORE_UNWRITABLE', 'The installation key can not be written.', { place: { file }, cause: error })
  }
}

function invalid(file: string) {
  const message = `The installation key is not 1 to ${secretsMax} lines of 64 hexadecimal digits.`
  return failure('SECRET_INVALID', message, { place: { file } })
}

function read(file: string): readonly Uint8Array[] | null {
  let written: string
  try {
    written = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw failure('STORE_UNWRITABLE', 'The installation key can not be read.', { place: { file }, cause: error })
  }
  const lines = written.trim().split(/\s+/)
  if (lines.length > secretsMax || !lines.every((line) => /^[\da-f]{64}$/i.test(line))) throw invalid(file)
  return lines.map((line) => Buffer.from(line, 'hex'))
}

function make(folder: string, file: string): readonly Uint8Array[] {
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
