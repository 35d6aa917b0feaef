import { ProtocolError } from '../../../gateway/model/frame.ts'
import { associateBytesMax } from './associate.ts'

/** PDU types (PS3.8 9.3.1). */
export const pduTypes = {
  associateRequest: 1,
  associateAccept: 2,
  associateReject: 3,
  data: 4,
  releaseRequest: 5,
  releaseAnswer: 6,
  abort: 7,
} as const

/** Type, a reserved byte, and the length of what follows in 32 bits, big endian (PS3.8 9.3.1). */
export const pduHeaderBytes = 6
/** Length in 32 bits, context id, message control header (PS3.8 9.3.5.1, annex E). */
export const pdvHeaderBytes = 6

/** An A-ASSOCIATE beyond this isn't one; the longest that the standard allows to be useful is far below. */
const associateLengthMax = 4 * associateBytesMax
/** Reject, release and abort are four bytes long (PS3.8 9.3.4, 9.3.6 to 9.3.8). */
const fixedLengthMax = 4_096

export interface PduHeader {
  readonly type: number
  readonly length: number
}

/**
 * Reads the six bytes of a PDU header. Throws a ProtocolError where there is none: `DIMSE_HTTP_SPOKEN` and `TLS_PASSED_THROUGH` when it is plain what is spoken instead,
 * `DIMSE_NOT_A_PDU` for a type that doesn't exist, `DIMSE_PDU_LENGTH` for a length that its type can't have.
 */
export function readPduHeader(bytes: Buffer): PduHeader {
  const type = bytes.readUInt8(0)
  const length = bytes.readUInt32BE(2)
  if (type < pduTypes.associateRequest || type > pduTypes.abort) throw notPdu(bytes)
  if (!isLengthOf(type, length)) throw new ProtocolError('DIMSE_PDU_LENGTH', 'a PDU of this type has no such length')
  return { type, length }
}

function isLengthOf(type: number, length: number): boolean {
  if (type === pduTypes.data) return true
  return (
    length <= (type === pduTypes.associateRequest || type === pduTypes.associateAccept ? associateLengthMax : fixedLengthMax)
  )
}

function notPdu(bytes: Buffer): ProtocolError {
  if (/^(?:GET |HEAD |POST |PUT |DELETE|OPTION|PATCH |CONNEC|TRACE |HTTP\/|PRI \*)/.test(bytes.toString('latin1')))
    return new ProtocolError('DIMSE_HTTP_SPOKEN', 'HTTP is spoken where DICOM is awaited')
  if (bytes[0] === 0x16 && bytes[1] === 0x03)
    return new ProtocolError('TLS_PASSED_THROUGH', 'TLS is spoken where plain DICOM is awaited: what it carries is not seen')
  return new ProtocolError('DIMSE_NOT_A_PDU', 'the bytes are no PDU of the DICOM upper layer')
}
