import { readFileSync } from 'node:fs'
import process from 'node:process'
import type { Config } from './config/config.ts'
import { failure } from './model/failures.ts'

/** The configured key that seals bodies in the log and in the store: 32 bytes, or null. Throws Failure `CONFIG_INVALID` when it is named and can't be read. */
export function loadSealingKey(encryption: Config['encryption']): Uint8Array | null {
  if (!encryption) return null
  const { keyFile, keyEnv } = encryption
  const key = keyFile === null ? fromText(process.env[keyEnv ?? ''] ?? '') : fromFile(keyFile)
  if (key) return key
  const where = keyFile === null ? `environment variable ${keyEnv}` : `file ${keyFile}`
  throw failure('CONFIG_INVALID', `the ${where} holds no key: 32 bytes or 64 hexadecimal digits`, {
    place: { key: 'encryption' },
  })
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
