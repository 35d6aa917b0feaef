import type { Envelope } from './envelope.ts'
import type { Identity } from './identity.ts'
import type { Instant } from './time.ts'

/** What is known before a body is read. */
export interface Hints {
  /** When its last byte arrived, for stamps without a date's century or zone. */
  readonly at: Instant
  /** Zone of stamps that carry none. */
  readonly timezone: string
  /** Whole length, when `body` was cut by a limit. */
  readonly bodyBytes?: number
  readonly side?: 'request' | 'answer'
  /** What the protocol said around this body. */
  readonly envelope?: Envelope
  /** Of an answer: what was said around its request, for what an answer alone doesn't tell (which path was asked). */
  readonly requestEnvelope?: Envelope
}

/** A time that a message states. `path` as `MSH-7`; `kind` says whose clock and what for. */
export interface Stamp {
  readonly path: string
  /** `message`: when the sender made this message. `event`: when something clinical happened. */
  readonly kind: 'message' | 'event'
  /** Read in its own zone, or in the hint's where it carries none. Null: unreadable. */
  readonly at: Instant | null
  /** 1, 1000, 60000, 86400000: the step of the stamp. */
  readonly resolutionMs: number
  readonly hasZone: boolean
}

/** What a business key names. Patient is weak: it never joins journeys alone. The order is stored (`store/tokens.ts`): append only. */
export const keyKinds = [
  'control',
  'placer',
  'filler',
  'group',
  'accession',
  'specimen',
  'visit',
  'patient',
  'study',
  'prescription',
  'appointment',
  'surgery',
  'settlement',
  'document',
  'device',
  'donation',
  'request',
  'series',
  'instance',
  'task',
  'batch',
  'pack',
  'trace',
] as const
export type KeyKind = (typeof keyKinds)[number]

/** The kind of that name, or null. */
export function keyKindOf(text: string | undefined): KeyKind | null {
  return keyKinds.find((kind) => kind === text) ?? null
}

export interface Key {
  readonly kind: KeyKind
  readonly value: string
  /** Assigning authority, or null. */
  readonly authority: string | null
}

/** What the bytes are, against what the message says they are. */
export interface CharsetFacts {
  /** The label as the message writes it, or null. */
  readonly declared: string | null
  /** By strict decoding. `ascii`: no byte above 127. `unknown`: no known charset fits. */
  readonly detected: 'ascii' | 'utf-8' | 'gb18030' | 'iso-8859-1' | 'utf-16' | 'unknown'
  /**
   * `agrees`, `contradicts` (the label names another charset, and the bytes can't be it), `garbled` (the bytes are sound, and their text was misread before and written
   * again), `unlabelled`, `odd-label` (a label that the standard doesn't have, bytes readable).
   */
  readonly verdict: 'agrees' | 'contradicts' | 'garbled' | 'unlabelled' | 'odd-label'
  readonly nonAsciiCount: number
  /** A trail byte equals a delimiter: a receiver that splits first will break this message. */
  readonly delimiterInTrail: boolean
}

/** Something about the message's shape that its standard forbids, found while reading. Never a value. */
export interface Defect {
  readonly code: string
  /** `OBX[3]-5`, or null for the message. */
  readonly path: string | null
  readonly text: string
}

/**
 * Whether a defect is one of how a message is put together, and not of what it says: segments that end in something else than CR (HL7 2.5.1), a block that begins with no
 * MSH or with something before it, delimiters that MSH-1 and MSH-2 don't name (2.5.4). It was written for another receiver.
 */
export function isFramingDefect(code: string): boolean {
  return framingDefects.has(code)
}

const framingDefects: ReadonlySet<string> = new Set([
  'HL7_LF_SEGMENT_ENDS',
  'HL7_CRLF_SEGMENT_ENDS',
  'HL7_MIXED_SEGMENT_ENDS',
  'HL7_NO_MSH',
  'HL7_LEADING_BYTES',
  'HL7_BAD_DELIMITERS',
])

/** What an answer says of its request: an HL7 acknowledgment, an OperationOutcome, a SOAP fault, an NHSA envelope, a DIMSE status. */
export interface AckFacts {
  readonly code: string
  /** Where the body alone decides it; left out: the protocol's own verdict stands. */
  readonly verdict?: 'yes' | 'no' | null
  readonly answersId: string | null
  /** HL7 table 0357 code, location, as ERR has them; the text only as a stable digest. */
  readonly errors: readonly {
    readonly code: string | null
    readonly location: string | null
    readonly textDigest: string | null
  }[]
}

/** What the product needs of a message, whatever its format. Values stay inside the process; stores keep tokens. */
export interface Facts {
  readonly type: string | null
  readonly version: string | null
  readonly controlId: string | null
  /** Application and facility as sent, for splitting by instrument or node. */
  readonly sender: string | null
  readonly receiver: string | null
  readonly sequence: number | null
  readonly stamps: readonly Stamp[]
  readonly keys: readonly Key[]
  readonly charset: CharsetFacts
  readonly ack: AckFacts | null
  readonly defects: readonly Defect[]
  /** What a body holds several of: the entries of a Bundle, the instances of a multipart. At most 1,000. */
  readonly parts?: readonly PartFacts[]
  readonly reckoning?: Reckoning
  /** An answer counts more than it brings, and names no way to the rest. */
  readonly countsMore?: true
  /** An answer says, without refusing, that it has nothing of what it was asked for: an empty list, a total of 0, a status of not found. */
  readonly hasNone?: true
  /**
   * Coded fields that dictionaries govern: `OBX-3.1` -> value. For novelty, never for display of patient data. `isLocal`: of a concept (concepts.ts), the
   * house's own code stands alone, where the standard's may stand beside it (OBX-3.4 to 6).
   */
  readonly codes: readonly { readonly path: string; readonly value: string; readonly isLocal?: true }[]
}

/** What a message says of the books of both ends: that they were compared, how many rows there are to be, or how many of a batch were taken. */
export interface Reckoning {
  /** Whether they agree; null: it only counts. */
  readonly agrees: boolean | null
  /** Rows so far by what they are of (a table), as the sender counts them. */
  readonly counts: readonly { readonly of: string; readonly count: number }[]
  /** Of a batch: how many things it sends, and by its answer how many of them were taken and left. */
  readonly sent?: number
  readonly taken?: number
  readonly left?: number
  /** The standard has one answer for each thing that was sent: fewer are never usual. */
  readonly isOneEach?: true
}

/** One part of a body that has several. */
export interface PartFacts {
  readonly type: string | null
  readonly keys: readonly Key[]
  readonly ack: AckFacts | null
}

/** One node of a message's tree, for people. */
export interface TreeNode {
  /** `PID`, `PID-5`, `PID-5.1`; repetitions as `PID-3[2]`, segments as `OBX[3]`. */
  readonly path: string
  readonly name: { readonly zh: string; readonly en: string } | null
  readonly dataType: string | null
  /** The raw text after decoding the charset and escapes; null for a node with children. */
  readonly value: string | null
  /** What the table says of a coded value. */
  readonly meaning: { readonly zh: string; readonly en: string } | null
  readonly children: readonly TreeNode[]
}

/** A body that was read. Reading is lazy: only what is asked for is cut. */
export interface Document {
  readonly format: string
  facts(): Facts
  /** The decoded text, with segment ends as line feeds. */
  text(): string
  tree(): readonly TreeNode[]
  /** The value at `PID-5.1` or `OBX[2]-5`; the first repetition where none is named; null when absent. Escapes are resolved. */
  get(path: string): string | null
  /**
   * What a contract's JSON Schema is checked against. HL7 v2: `{ "segments": [["MSH","|","^~\\&",...], ["PID",...]] }` with raw
   * field texts (index = field number), not yet split below the field.
   */
  shape(): unknown
}

export interface Format {
  readonly name: string
  /**
   * What the value at a path of this format's trees tells of a person, for whoever shows it; null: nothing by its place. Left out by HL7 v2, whose fields the
   * desk knows by itself, and by a format of which nothing may be shown.
   */
  identityOf?(path: string): Identity | null
  /** Never throws for bad input: what is wrong is among `facts().defects`. */
  read(body: Uint8Array, hints: Hints): Document
}
