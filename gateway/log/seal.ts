import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'

/** Bytes that sealing adds to a block: GCM's tag. */
export const tagBytes = 16

/** Names a key without telling it: the first 8 bytes of an HMAC under it. Stands in the header of every segment sealed with it. */
export function keyIdOf(key: Uint8Array): Buffer {
  return createHmac('sha256', key).update('auscult log key id').digest().subarray(0, 8)
}

/**
 * Each segment has its own key, made of the configured key and the segment's random salt, and within it every block has its own
 * number: so a nonce never repeats under one key, whatever is cut, retried or restarted.
 */
export function segmentKey(key: Uint8Array, salt: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, 'auscult log segment', 32))
}

/** AES-256-GCM in place: seals `bytes` and writes the tag at `tag`. `head` is bound to it, so that a block can't be moved. */
export function seal(key: Buffer, counter: number, head: Buffer, bytes: Buffer, tag: Buffer): void {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(counter))
  cipher.setAAD(head)
  cipher.update(bytes).copy(bytes)
  cipher.final()
  cipher.getAuthTag().copy(tag)
}

/** The bytes that were sealed, or null when they, their head or their tag are not what was written. */
export function unseal(key: Buffer, counter: number, head: Buffer, bytes: Buffer, tag: Buffer): Buffer | null {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(counter))
  decipher.setAAD(head)
  decipher.setAuthTag(tag)
  const plain = decipher.update(bytes)
  try {
    decipher.final()
  } catch {
    return null
  }
  return plain
}

function nonce(counter: number): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32LE(counter, 0)
  return bytes
}
