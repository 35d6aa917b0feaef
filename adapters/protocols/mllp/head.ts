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
export function readHead(body: Uint8Array, ackMode: AckMode): FrameHead {
  const bytes = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, headBytesMax))
  const start = findMsh(bytes)
  if (start < 0) return unknownHead
  const separator = bytes[start + 3]
  if (separator === undefined || isLineEnd(separator)) return unknownHead
  const end = lineEnd(bytes, start)
  const msh = readSegment(bytes, start, end, separator)
  // MSH-1 is the separator itself, so that MSH-n stands at n - 1.
  const componentSeparator = msh[1]?.[0] ?? '^'
  const id = valued(msh[9])
  const type = messageType(valued(msh[8]), componentSeparator)
  const msa = findMsa(bytes, end, separator)
  if (msa === null) {
    return { ...unknownHead, role: 'request', id, type, expects: expectedAnswers(msh[14], msh[15], ackMode) }
  }
  const code = valued(msa[1])
  return {
    role: 'answer',
    id,
    answersId: valued(msa[2]),
    ...(code === null ? noStage : (stages.get(code) ?? noStage)),
    code,
    type,
    expects: valued(msh[14]) === 'AL' ? { accept: true, application: false } : null,
  }
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
function findMsh(bytes: Buffer): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  for (let lines = 0; lines < 4; lines++) {
    while (isBlank(bytes[at])) at += 1
    if (isNamed(bytes, at, 0x4d, 0x53, 0x48)) return at
    if (!isNamed(bytes, at, 0x46, 0x48, 0x53) && !isNamed(bytes, at, 0x42, 0x48, 0x53)) return -1
    at = lineEnd(bytes, at)
  }
  return -1
}

/** The fields of the MSA segment after MSH, or null. Looks only past segments that may stand between the two. */
function findMsa(bytes: Buffer, mshEnd: number, separator: number): readonly string[] | null {
  let at = mshEnd
  for (let looked = 0; looked < segmentsBeforeMsaMax; looked++) {
    while (isBlank(bytes[at])) at += 1
    if (isNamed(bytes, at, 0x4d, 0x53, 0x41) && bytes[at + 3] === separator) {
      return readSegment(bytes, at, lineEnd(bytes, at), separator)
    }
    if (!mayPrecedeMsa(bytes, at)) return null
    at = lineEnd(bytes, at)
  }
  return null
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

/** The first CR or LF from `at` on, or the end. Neither can be a trail byte of UTF-8 or GB18030. */
function lineEnd(bytes: Buffer, at: number): number {
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === 0x0d || byte === 0x0a) return i
  }
  return bytes.length
}

/** The segment's fields; decoded before it is split where it holds more than ASCII, because a GB18030 trail byte can equal a delimiter. */
function readSegment(bytes: Buffer, start: number, end: number, separator: number): readonly string[] {
  for (let i = start; i < end; i++) {
    if ((bytes[i] ?? 0) > 127) return decodeStrictly(bytes.subarray(start, end)).split(String.fromCharCode(separator))
  }
  return bytes.toString('latin1', start, end).split(String.fromCharCode(separator))
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

/** Null for an absent or empty field, and for the HL7 null `""`. */
function valued(field: string | undefined): string | null {
  if (field === undefined) return null
  const text = field.trim()
  return text === '' || text === '""' ? null : text
}

/** `ORU^R01` of `ORU^R01^ORU_R01`, with `^` whatever the message's own component separator is. */
function messageType(field: string | null, componentSeparator: string): string | null {
  if (field === null) return null
  const [code = '', trigger = ''] = field.split(componentSeparator)
  return trigger === '' ? code : `${code}^${trigger}`
}

/** HL7 2.9.2 and table 0155. `ER` owes an answer only when something is wrong, so silence is no fault there. */
function expectedAnswers(accept: string | undefined, application: string | undefined, ackMode: AckMode): FrameHead['expects'] {
  if (ackMode === 'none') return { accept: false, application: false }
  if (ackMode === 'original') return { accept: false, application: true }
  const acceptCondition = valued(accept)
  const applicationCondition = valued(application)
  if (acceptCondition !== null || applicationCondition !== null) {
    return { accept: isOwed(acceptCondition), application: isOwed(applicationCondition) }
  }
  return ackMode === 'enhanced' ? { accept: true, application: false } : { accept: false, application: true }
}

function isOwed(condition: string | null): boolean {
  return condition === 'AL' || condition === 'SU'
}
