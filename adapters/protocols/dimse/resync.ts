import { pduHeaderBytes, pduTypes, pdvHeaderBytes } from './pdu.ts'

/** Where a PDU seems to begin; or, not found, from where on more bytes are needed to tell. */
export interface Sighting {
  readonly at: number
  readonly isFound: boolean
}

/**
 * Looks for a PDU header in bytes whose place in the stream isn't known. Pixel data holds everything, so a header counts only with what its type has beyond
 * the six bytes: a P-DATA-TF whose one PDV fills it, or whose first PDV is a command set that begins as all do (PS3.7 6.3.1); an A-ASSOCIATE with its version
 * and reserved bytes; the short ones only as the last bytes that came, for after them their sender waits.
 */
export function findPdu(window: Buffer, mayCarry: (contextId: number) => boolean): Sighting {
  for (let at = 0; at < window.length; at++) {
    const type = window[at] ?? 0
    if (type < pduTypes.associateRequest || type > pduTypes.abort) continue
    const seen = plausible(window, at, mayCarry)
    if (seen !== 'no') return { at, isFound: seen === 'yes' }
  }
  return { at: window.length, isFound: false }
}

/** `more`: the bytes so far fit, and end too early. */
type Plausible = 'yes' | 'no' | 'more'

function plausible(window: Buffer, at: number, mayCarry: (contextId: number) => boolean): Plausible {
  const bytes = window.subarray(at, at + lookBytes)
  if (bytes.length < pduHeaderBytes) return (bytes[1] ?? 0) === 0 ? 'more' : 'no'
  if (bytes[1] !== 0) return 'no'
  const length = bytes.readUInt32BE(2)
  switch (bytes[0]) {
    case pduTypes.data:
      return plausibleData(bytes, length, mayCarry)
    case pduTypes.associateRequest:
    case pduTypes.associateAccept:
      return plausibleAssociate(bytes, length)
    default:
      return plausibleShort(bytes, length, at + pduHeaderBytes + 4 === window.length)
  }
}

/** A P-DATA-TF longer than this is not looked for. */
const dataLengthMax = 16_777_216
const associateLengthMin = 68
const associateLengthMax = 1_048_576
/** The group length element that every command set begins with: (0000,0000), four bytes long, little endian. */
const commandStart = Buffer.from([0, 0, 0, 0, 4, 0, 0, 0])
const lookBytes = pduHeaderBytes + pdvHeaderBytes + commandStart.length

function plausibleData(bytes: Buffer, length: number, mayCarry: (contextId: number) => boolean): Plausible {
  if (length < pdvHeaderBytes || length > dataLengthMax) return 'no'
  if (bytes.length < pduHeaderBytes + pdvHeaderBytes) return 'more'
  const pdvLength = bytes.readUInt32BE(6)
  const control = bytes[11] ?? 0
  if (pdvLength < 2 || pdvLength > length - 4 || control > 3 || !mayCarry(bytes[10] ?? 0)) return 'no'
  if (pdvLength === length - 4) return 'yes'
  if ((control & 1) === 0) return 'no'
  if (bytes.length < lookBytes) return 'more'
  return bytes.subarray(pduHeaderBytes + pdvHeaderBytes, lookBytes).equals(commandStart) ? 'yes' : 'no'
}

function plausibleAssociate(bytes: Buffer, length: number): Plausible {
  if (length < associateLengthMin || length > associateLengthMax) return 'no'
  if (bytes.length < 10) return 'more'
  return bytes.readUInt16BE(6) === 1 && bytes.readUInt16BE(8) === 0 ? 'yes' : 'no'
}

function plausibleShort(bytes: Buffer, length: number, isLast: boolean): Plausible {
  if (length !== 4) return 'no'
  if (bytes.length < 10) return 'more'
  return isLast && bytes[6] === 0 ? 'yes' : 'no'
}
