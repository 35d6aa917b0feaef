/** How a transfer syntax writes a data set (PS3.5 Annex A). Compression of pixels is no matter of it. */
export interface Encoding {
  readonly isExplicit: boolean
  readonly isLittleEndian: boolean
  readonly isDeflated: boolean
}

export const explicitLittle: Encoding = { isExplicit: true, isLittleEndian: true, isDeflated: false }
export const implicitLittle: Encoding = { isExplicit: false, isLittleEndian: true, isDeflated: false }
const explicitBig: Encoding = { isExplicit: true, isLittleEndian: false, isDeflated: false }
const deflated: Encoding = { isExplicit: true, isLittleEndian: true, isDeflated: true }

/** By UID; null for one that is neither DICOM's nor a known private one. */
export function encodingOf(transferSyntax: string): Encoding | null {
  switch (transferSyntax) {
    case '1.2.840.10008.1.2':
    // GE's private syntax: big endian pixels in an implicit little endian data set.
    case '1.2.840.113619.5.2':
      return implicitLittle
    case '1.2.840.10008.1.2.2':
      return explicitBig
    case '1.2.840.10008.1.2.1.99':
    case '1.2.840.10008.1.2.4.95':
      return deflated
    default:
      return transferSyntax.startsWith('1.2.840.10008.1.2.') ? explicitLittle : null
  }
}

/** What the first element looks like; null when it looks like none. */
export function guessEncoding(bytes: Uint8Array): Encoding | null {
  if (bytes.length < 8) return null
  const b0 = bytes[0]
  const b1 = bytes[1] ?? 0
  const isVr = isCapital(bytes[4] ?? 0) && isCapital(bytes[5] ?? 0)
  // Data sets begin in a low group: 0008, or 0002 with file meta information.
  if (isVr) return b0 === 0 && b1 !== 0 ? explicitBig : explicitLittle
  const length = (bytes[4] ?? 0) | ((bytes[5] ?? 0) << 8) | ((bytes[6] ?? 0) << 16) | ((bytes[7] ?? 0) << 24)
  const isUndefined = length === -1
  return b1 <= 0x20 && (isUndefined || (length >= 0 && length <= Math.max(bytes.length, lengthMax))) ? implicitLittle : null
}

/** A first element longer than this is none. */
const lengthMax = 65_536

function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a
}
