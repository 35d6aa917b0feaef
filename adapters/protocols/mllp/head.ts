import type { FrameHead } from '../../../gateway/model/frame.ts'

/**
 * How answers are owed. `auto`: as MSH-15 and MSH-16 say (HL7 2.9.2). `original`: an application ack to every message,
 * whatever those fields say. `enhanced`: an accept ack where those fields are empty. `none`: this interface never answers.
 */
export type AckMode = 'auto' | 'original' | 'enhanced' | 'none'

/** Bytes of a body that the head may look at; MSH and MSA stand at its beginning (HL7 2.14.8, 2.14.9). */
const headBytesMax = 16_384
/** Segments between MSH and MSA that are looked over: SFT, UAC and stray ones. */
const segmentsBeforeMsaMax = 16

/** Reads what pairing needs from the first bytes of an HL7 v2 message. Never throws; what can't be read is null, and the role `unknown`. */
export function readHead(body: Buffer, ackMode: AckMode): FrameHead {
  const limit = Math.min(body.length, headBytesMax)
  const start = findMsh(body, limit)
  if (start < 0) return unknownHead
  const separator = body[start + 3]
  if (separator === undefined || isLineEnd(separator)) return unknownHead
  const end = lineEnd(body, start, limit)
  const msh = new Fields(segmentText(body, start, end), String.fromCharCode(separator))
  // MSH-1 is the separator itself, so that MSH-n stands at n - 1.
  const componentSeparator = msh.raw(1)[0] ?? '^'
  const type = messageType(msh.valued(8), componentSeparator)
  const id = msh.valued(9)
  const accept = msh.valued(14)
  const msaStart = findMsa(body, end, limit, separator)
  // An acknowledgment without MSA answers nothing that could be known, and asks nothing either (HL7 2.13.1).
  if (msaStart < 0 && (type === 'ACK' || type?.startsWith('ACK^') === true)) return { ...unknownHead, role: 'answer', id, type }
  if (msaStart < 0) return request(id, type, expectedAnswers(accept, msh.valued(15), ackMode))
  const msa = new Fields(segmentText(body, msaStart, lineEnd(body, msaStart, limit)), String.fromCharCode(separator))
  const code = msa.valued(1)
  const { stage, verdict } = (code === null ? undefined : stages.get(code)) ?? noStage
  const expects = accept === 'AL' ? acceptOnly : null
  return { role: 'answer', id, answersId: msa.valued(2), stage, verdict, code, type, expects }
}

function request(id: string | null, type: string | null, expects: FrameHead['expects']): FrameHead {
  return { role: 'request', id, answersId: null, stage: null, verdict: null, code: null, type, expects }
}

const unknownHead: FrameHead = {
  role: 'unknown',
  id: null,
  answersId: null,
  stage: null,
  verdict: null,
  code: null,
  type: null,
  expects: null,
}

const noStage = { stage: null, verdict: null } as const

/** HL7 table 0008. */
const stages: ReadonlyMap<string, Pick<FrameHead, 'stage' | 'verdict'>> = new Map([
  ['AA', { stage: 'application', verdict: 'yes' }],
  ['AE', { stage: 'application', verdict: 'no' }],
  ['AR', { stage: 'application', verdict: 'no' }],
  ['CA', { stage: 'accept', verdict: 'yes' }],
  ['CE', { stage: 'accept', verdict: 'no' }],
  ['CR', { stage: 'accept', verdict: 'no' }],
])

/**
 * Where the first MSH begins, or -1. A byte order mark, blanks and line ends before it are passed over, and so are the
 * batch headers FHS and BHS (HL7 2.10.3): a batch is paired by its first message.
 */
function findMsh(bytes: Buffer, limit: number): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  for (let lines = 0; lines < 4; lines++) {
    while (isBlank(bytes[at])) at += 1
    if (isNamed(bytes, at, 0x4d, 0x53, 0x48)) return at
    if (!isNamed(bytes, at, 0x46, 0x48, 0x53) && !isNamed(bytes, at, 0x42, 0x48, 0x53)) return -1
    at = lineEnd(bytes, at, limit)
  }
  return -1
}

/** Where the MSA segment after MSH begins, or -1. Looks only past segments that may stand between the two. */
function findMsa(bytes: Buffer, mshEnd: number, limit: number, separator: number): number {
  let at = mshEnd
  for (let looked = 0; looked < segmentsBeforeMsaMax; looked++) {
    while (isBlank(bytes[at])) at += 1
    if (isNamed(bytes, at, 0x4d, 0x53, 0x41) && bytes[at + 3] === separator) return at
    if (!mayPrecedeMsa(bytes, at)) return -1
    at = lineEnd(bytes, at, limit)
  }
  return -1
}

/** SFT and UAC by the standard; ERR, NTE and Z segments by what is met. */
function mayPrecedeMsa(bytes: Buffer, at: number): boolean {
  return (
    isNamed(bytes, at, 0x53, 0x46, 0x54) ||
    isNamed(bytes, at, 0x55, 0x41, 0x43) ||
    isNamed(bytes, at, 0x45, 0x52, 0x52) ||
    isNamed(bytes, at, 0x4e, 0x54, 0x45) ||
    bytes[at] === 0x5a
  )
}

function isNamed(bytes: Buffer, at: number, first: number, second: number, third: number): boolean {
  return bytes[at] === first && bytes[at + 1] === second && bytes[at + 2] === third
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 0x0d || byte === 0x0a
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x0d || byte === 0x0a || byte === 0x20
}

/** The first CR or LF from `at` on, or the limit. Neither can be a trail byte of UTF-8 or GB18030. */
function lineEnd(bytes: Buffer, at: number, limit: number): number {
  for (let i = at; i < limit; i++) {
    const byte = bytes[i]
    if (byte === 0x0d || byte === 0x0a) return i
  }
  return limit
}

/** The segment's text; decoded strictly where it holds more than ASCII, before it is split, because a GB18030 trail byte can equal a delimiter. */
function segmentText(bytes: Buffer, start: number, end: number): string {
  for (let i = start; i < end; i++) {
    if ((bytes[i] ?? 0) > 127) return decodeStrictly(bytes.subarray(start, end))
  }
  return bytes.toString('latin1', start, end)
}

/** A segment's fields, cut as they are asked for, in rising order. */
class Fields {
  readonly #text: string
  readonly #separator: string
  #number = 0
  #start = 0

  constructor(text: string, separator: string) {
    this.#text = text
    this.#separator = separator
  }

  /** The field's text; empty when it is absent. Field 0 is the segment's name. */
  raw(number: number): string {
    while (this.#number < number && this.#start >= 0) {
      const separator = this.#text.indexOf(this.#separator, this.#start)
      this.#start = separator < 0 ? -1 : separator + 1
      this.#number += 1
    }
    if (this.#start < 0) return ''
    const end = this.#text.indexOf(this.#separator, this.#start)
    return end < 0 ? this.#text.slice(this.#start) : this.#text.slice(this.#start, end)
  }

  /** Null for an absent or empty field, and for the HL7 null `""`. At most 199 characters: the longest that MSH-10 may be in any version. */
  valued(number: number): string | null {
    const text = this.raw(number).trim()
    return text === '' || text === '""' ? null : text.slice(0, 199)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
const gb18030 = new TextDecoder('gb18030', { fatal: true })

function decodeStrictly(segment: Uint8Array): string {
  for (const decoder of [utf8, gb18030]) {
    try {
      return decoder.decode(segment)
    } catch {
      // Not this charset: the next one, and latin1 last, in which every byte is something.
    }
  }
  return Buffer.from(segment).toString('latin1')
}

/** `ORU^R01` of `ORU^R01^ORU_R01`, with `^` whatever the message's own component separator is. */
function messageType(field: string | null, componentSeparator: string): string | null {
  if (field === null) return null
  const first = field.indexOf(componentSeparator)
  if (first < 0) return field
  const second = field.indexOf(componentSeparator, first + 1)
  const trigger = second < 0 ? field.slice(first + 1) : field.slice(first + 1, second)
  const code = field.slice(0, first)
  return trigger === '' ? code : `${code}^${trigger}`
}

const applicationOnly = { accept: false, application: true } as const
const acceptOnly = { accept: true, application: false } as const
const noAnswer = { accept: false, application: false } as const

/** HL7 2.9.2 and table 0155. `ER` owes an answer only when something is wrong, so silence is no fault there. */
function expectedAnswers(accept: string | null, application: string | null, ackMode: AckMode): FrameHead['expects'] {
  if (ackMode === 'none') return noAnswer
  if (ackMode === 'original') return applicationOnly
  if (accept !== null || application !== null) return { accept: isOwed(accept), application: isOwed(application) }
  return ackMode === 'enhanced' ? acceptOnly : applicationOnly
}

function isOwed(condition: string | null): boolean {
  return condition === 'AL' || condition === 'SU'
}
