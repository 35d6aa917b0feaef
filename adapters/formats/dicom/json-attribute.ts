import { vrNamed } from './vr.ts'

/** An attribute of the DICOM JSON Model (PS3.18 F.2.2). Numbers are texts, as the wire has them or as they are written shortest. */
export interface JsonAttribute {
  readonly vr: string
  readonly Value?: readonly (string | JsonName | JsonDataSet)[]
  /** A value that is there and was not kept: binary data. */
  readonly BulkDataURI?: string
}

export interface JsonName {
  readonly Alphabetic?: string
  readonly Ideographic?: string
  readonly Phonetic?: string
}

/** An attribute as the member of a data set. */
export interface JsonMember {
  /** `00100010`. */
  readonly tag: string
  readonly attribute: JsonAttribute
}

/** Members that stand one after the other. */
export interface JsonStretch {
  readonly members: readonly JsonMember[]
  /** Of such as are handed out again for the same bytes, their place among those; else -1. */
  readonly place: number
}

/** In their order, and each tag once: of one that stands twice, the last. */
export type JsonDataSet = readonly JsonStretch[]

/** An element that is no sequence. */
export interface Valued {
  readonly vr: string
  readonly values: readonly string[]
  readonly byteCount: number
  readonly isCut: boolean
}

/** Not kept: bytes, and what goes on behind the end of what was read. */
export function jsonAttribute({ vr, values, byteCount, isCut }: Valued): JsonAttribute {
  if (values.length > 0) return { vr, Value: vr === 'PN' ? values.map(nameOf) : values }
  // A text of blanks alone is no value; bytes are one, whatever they are.
  const isBulk = isCut || (byteCount > 0 && vrNamed(vr)?.content === 'bytes')
  return isBulk ? { vr, BulkDataURI: `bytes=${byteCount}` } : { vr }
}

/** PS3.5 6.2.1.1: up to three component groups. */
function nameOf(text: string): JsonName {
  const [alphabetic = '', ideographic = '', phonetic = ''] = text.split('=', 3)
  return {
    ...(alphabetic === '' ? {} : { Alphabetic: alphabetic }),
    ...(ideographic === '' ? {} : { Ideographic: ideographic }),
    ...(phonetic === '' ? {} : { Phonetic: phonetic }),
  }
}
