import {
  type CharsetClaim,
  charsetFactsOf,
  type DecodedText,
  decodeText,
  hasByteInTrail,
} from '../../../gateway/model/charset.ts'
import type { CharsetFacts, Defect, Hints } from '../../../gateway/model/document.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { readEntity } from '../../../gateway/model/http/entity.ts'
import { type MediaType, readMediaType } from '../../../gateway/model/http/media-type.ts'
import { type CsvFile, readCsv } from './csv.ts'
import { defect } from './defects.ts'
import { readJson } from './read-json.ts'

/** What a body turned out to hold. `opaque`: one encoded or encrypted text. `other`: something of another format, as an HTML page of a proxy. */
export type ContentKind = 'json' | 'csv' | 'form' | 'empty' | 'opaque' | 'other'

export interface Content {
  readonly kind: ContentKind
  readonly text: string
  /** The JSON value; of a CSV file a `CsvFile`; of a form its fields. Undefined: nothing could be read. */
  readonly value: unknown
  readonly rows: CsvFile | null
  readonly charset: CharsetFacts
  readonly defects: readonly Defect[]
  /** Names before a colon that the text has; null where they don't count. */
  readonly nameCount: number | null
  readonly isCut: boolean
}

/** Reads a body as what it is: its content coding undone, its character set decided by the bytes. */
export function contentOf(body: Uint8Array, hints: Hints): Content {
  const entity = readEntity(body, { envelope: hints.envelope, bodyBytes: hints.bodyBytes })
  const mediaType = readMediaType(envelopeValue(hints.envelope, 'content-type'))
  const isCut = entity.extent === 'cut'
  const label = mediaType?.charset ?? null
  const decoded = decodeText(entity.bytes, { label, isCut })
  const { text } = decoded
  const kind = kindOf(text, mediaType, envelopeValue(hints.envelope, 'file'))
  const read = readAs(kind, decoded, isCut)
  const charset = charsetFactsOf(decoded, claimOf(kind, label, entity.bytes, decoded, read.delimiters))
  const defects = [...(entity.defect === null ? [] : [entity.defect]), ...read.defects]
  if (decoded.isBroken) defects.push(defect('JSON_CHARSET_BROKEN'))
  return { kind, text, value: read.value, rows: read.rows, charset, defects, nameCount: read.nameCount, isCut }
}

interface Read {
  readonly value: unknown
  readonly rows: CsvFile | null
  readonly defects: readonly Defect[]
  readonly nameCount: number | null
  /** Bytes that a receiver which doesn't decode first stumbles over. */
  readonly delimiters: string
}

const nothingRead: Read = { value: undefined, rows: null, defects: [], nameCount: null, delimiters: '' }

function readAs(kind: ContentKind, { text, hasMark }: DecodedText, isCut: boolean): Read {
  switch (kind) {
    case 'empty':
      return nothingRead
    case 'json': {
      const { value, defects, nameCount } = readJson(text, isCut)
      const marked = hasMark ? [defect('JSON_BYTE_ORDER_MARK'), ...defects] : defects
      return { value, rows: null, defects: marked, nameCount, delimiters: '\\' }
    }
    case 'csv': {
      const { value, defects, delimiter } = readCsv(text, isCut)
      return { value, rows: value, defects, nameCount: null, delimiters: delimiter }
    }
    case 'form':
      return { ...nothingRead, value: formOf(text) }
    case 'opaque':
      return { ...nothingRead, defects: [defect('JSON_OPAQUE')] }
    case 'other':
      return { ...nothingRead, defects: [defect('JSON_OTHER_CONTENT')] }
    default:
      return kind satisfies never
  }
}

/** What the body says of itself counts for files and forms; JSON is known by its first character, as senders label it in many ways. */
function kindOf(text: string, mediaType: MediaType | null, file: string | null): ContentKind {
  const first = /\S/.exec(text)?.[0]
  if (first === undefined) return 'empty'
  if (mediaType?.syntax === 'csv' || (file !== null && /\.(?:csv|tsv|txt)$/i.test(file))) return 'csv'
  if (mediaType?.syntax === 'x-www-form-urlencoded' && first !== '{') return 'form'
  if (/[{["]/.test(first) || /^\s*(?:-?\d|true|false|null)/.test(text)) return 'json'
  return /^\s*[\w+/-]{32,}={0,2}\s*$/.test(text) ? 'opaque' : 'other'
}

function claimOf(
  kind: ContentKind,
  declared: string | null,
  bytes: Uint8Array,
  { detected }: DecodedText,
  delimiters: string,
): CharsetClaim {
  const delimiterInTrail = detected === 'gb18030' && hasByteInTrail(bytes, delimiters)
  // RFC 8259 8.1: JSON between systems is UTF-8. A file of rows has no such rule.
  if (kind !== 'json') return { declared, assumed: null, delimiterInTrail }
  return { declared, assumed: 'utf-8', allowed: ['utf-8', 'ascii'], delimiterInTrail }
}

const formFieldsMax = 1_000

function formOf(text: string): { readonly [name: string]: string } {
  return Object.fromEntries([...new URLSearchParams(text)].slice(0, formFieldsMax))
}
