/** The arithmetic of the audit's chain: seals, and signatures under them. */
import { createHmac, createPrivateKey, createPublicKey, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto'
import type { AuditLink, AuditRow, Checkpoint } from './audit-store.ts'

/** What stands before the first record. */
export const beforeFirst: AuditLink = { number: 0, hash: '0'.repeat(64) }

/** What the store writes of a row: every field there, and only characters that come back from a database as they were. */
export function writtenForm(row: AuditRow): Required<AuditRow> {
  const { at, by, role, action, subject, reason, address = null, outcome = 'done' } = row
  return {
    at,
    by: storable(by),
    role: storable(role),
    action: storable(action),
    subject: storable(subject),
    reason: reason === null ? null : storable(reason),
    address: address === null ? null : storable(address),
    outcome,
  }
}

/**
 * Seal of the record that follows `previous`: HMAC-SHA-256 over a JSON array of fixed order, which has one spelling for each list of
 * texts, numbers and nulls (ECMA-262 25.5.2). The number is part of it, so that no record fits another place.
 */
export function sealOf(key: KeyObject, previous: AuditLink, row: Required<AuditRow>): string {
  const { at, by, role, action, subject, reason, address, outcome } = row
  return hmac(key, ['record', previous.number + 1, previous.hash, at, by, role, action, subject, reason, address, outcome])
}

/** Seal of the chain's end. Another one than the record's own: who cuts the chain can't make the end that it then needs. */
export function endSealOf(key: KeyObject, end: AuditLink): string {
  return hmac(key, ['end', end.number, end.hash])
}

export function isSameSeal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

/** The pair of keys that signs checkpoints (Ed25519, RFC 8032), made from 32 secret bytes. */
export interface SigningKeys {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export function signingKeysFrom(seed: KeyObject): SigningKeys {
  // RFC 8410 7: the PKCS #8 frame of an Ed25519 private key, whose contents are the seed.
  const frame = Buffer.from('302e020100300506032b657004220420', 'hex')
  const privateKey = createPrivateKey({ key: Buffer.concat([frame, seed.export()]), format: 'der', type: 'pkcs8' })
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

export function signCheckpoint({ privateKey }: SigningKeys, place: Omit<Checkpoint, 'signature'>): Checkpoint {
  const { number, hash, at } = place
  return { number, hash, at, signature: sign(null, statementOf(place), privateKey).toString('hex') }
}

export function isSignedBy({ publicKey }: Pick<SigningKeys, 'publicKey'>, checkpoint: Checkpoint): boolean {
  return verify(null, statementOf(checkpoint), publicKey, Buffer.from(checkpoint.signature, 'hex'))
}

function statementOf({ number, hash, at }: Omit<Checkpoint, 'signature'>): Uint8Array {
  return Buffer.from(JSON.stringify(['auscult audit', number, hash, at]))
}

function hmac(key: KeyObject, parts: readonly (string | number | null)[]): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex')
}

/** Half of a surrogate pair and the null character don't survive a database's text column. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd')
}
