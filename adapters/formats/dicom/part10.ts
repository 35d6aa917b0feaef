import { inflateRawSync } from 'node:zlib'
import type { Defect } from '../../../gateway/model/document.ts'
import { type DataSet, givenSet, plainText } from './data-set.ts'
import { defect } from './defects.ts'
import { type Encoding, encodingOf, explicitLittle, guessEncoding } from './encoding.ts'
import { walk } from './walk.ts'

/** A data set as it was found in bytes. */
export interface Found {
  /** File meta information; null where there is none. */
  readonly meta: DataSet | null
  readonly set: DataSet
  /** UID; null where nothing says it. */
  readonly transferSyntax: string | null
  readonly defects: readonly Defect[]
}

export interface ReadOptions {
  readonly isCut: boolean
  /** Before paths: `part[2].`. */
  readonly prefix?: string
}

/** Bytes of a deflated data set once it is inflated. */
const inflatedBytesMax = 16_777_216

const mediaTransferSyntax = 0x00020010

/** Reads a file of PS3.10: preamble, file meta information (always Explicit VR Little Endian), data set. What is missing of it is a defect. Never throws. */
export function readFile(bytes: Buffer, options: ReadOptions): Found {
  const isPrefixed = hasPreamble(bytes)
  const from = isPrefixed ? 132 : 0
  const path = pathOf(options)
  // Cut before it can be told what it is.
  if (options.isCut && bytes.length < 140) return { ...nothing, defects: [defect('DICOM_CUT', path)] }
  const defects: Defect[] = isPrefixed ? [] : [defect('DICOM_NO_PREAMBLE', path)]
  const hasMeta = bytes[from] === 0x02 && bytes[from + 1] === 0x00
  if (!hasMeta) {
    const body = bytes.subarray(from)
    const encoding = guessEncoding(body)
    if (encoding === null) return { ...nothing, defects: [...defects, defect('DICOM_NOT_A_DATA_SET', path)] }
    const { set, defects: more } = walk(body, { ...options, encoding })
    return { meta: null, set, transferSyntax: null, defects: [...defects, defect('DICOM_NO_META', path), ...more] }
  }
  const meta = walk(bytes, { ...options, encoding: explicitLittle, from, group: 2 })
  const transferSyntax = plainText(meta.set, mediaTransferSyntax)
  const found = readDataSet(bytes.subarray(meta.end), transferSyntax, options)
  return { ...found, meta: meta.set, defects: [...defects, ...meta.defects, ...found.defects] }
}

/** Whether 128 bytes and `DICM` stand before all (PS3.10 7.1). */
export function hasPreamble(bytes: Buffer): boolean {
  return bytes.length >= 132 && bytes.readUInt32BE(128) === 0x4449434d
}

/** Reads a bare data set in the transfer syntax that was agreed for it; null: none is known, so the bytes decide. Never throws. */
export function readDataSet(bytes: Buffer, transferSyntax: string | null, options: ReadOptions): Found {
  if (bytes.length === 0) return { ...nothing, transferSyntax }
  const path = pathOf(options)
  const defects: Defect[] = []
  const known = transferSyntax === null ? guessEncoding(bytes) : encodingOf(transferSyntax)
  if (known === null && transferSyntax !== null) defects.push(defect('DICOM_UNKNOWN_SYNTAX', path))
  const agreed = known ?? explicitLittle
  const plain = agreed.isDeflated ? inflated(bytes, options.isCut) : bytes
  if (plain === null) return { ...nothing, transferSyntax, defects: [...defects, defect('DICOM_DEFLATE_BROKEN', path)] }
  const encoding = actual(plain, agreed)
  if (encoding === null) return { ...nothing, transferSyntax, defects: [...defects, defect('DICOM_NOT_A_DATA_SET', path)] }
  if (encoding !== agreed) defects.push(defect('DICOM_WRONG_SYNTAX', path))
  const walked = walk(plain, { ...options, encoding })
  return { meta: null, set: walked.set, transferSyntax, defects: [...defects, ...walked.defects] }
}

const nothing: Found = {
  meta: null,
  set: givenSet([], null),
  transferSyntax: null,
  defects: [],
}

function pathOf({ prefix = '' }: ReadOptions): string | null {
  return prefix === '' ? null : prefix.replace(/\.$/, '')
}

/** What the bytes are, where they can't be what was agreed; null: no data set at all. */
function actual(bytes: Buffer, agreed: Encoding): Encoding | null {
  const looks = guessEncoding(bytes)
  if (looks === null) return bytes.length < 8 ? agreed : null
  const isSame = looks.isExplicit === agreed.isExplicit && (!looks.isExplicit || looks.isLittleEndian === agreed.isLittleEndian)
  return isSame ? agreed : looks
}

/** PS3.5 A.5: RFC 1951 without the zlib header, which some writers add all the same. */
function inflated(bytes: Buffer, isCut: boolean): Buffer | null {
  const from = bytes[0] === 0x78 && ((bytes[0] << 8) | (bytes[1] ?? 0)) % 31 === 0 ? 2 : 0
  try {
    // Z_SYNC_FLUSH: what came of a cut body is had, and padding behind the end is passed over.
    return inflateRawSync(bytes.subarray(from), { maxOutputLength: inflatedBytesMax, finishFlush: isCut ? 2 : 4 })
  } catch {
    return null
  }
}
