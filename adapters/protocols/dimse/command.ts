import type { Envelope } from '../../../gateway/model/envelope.ts'
import type { FrameHead } from '../../../gateway/model/frame.ts'
import { fieldText } from './field-text.ts'
import { statusFacts } from './status.ts'

/** A command set as far as it matters here. */
export interface Command {
  readonly head: FrameHead
  /** A data set follows (Command Data Set Type, PS3.7 6.3.1). */
  readonly hasDataSet: boolean
  readonly envelope: Envelope
}

/** A command set longer than this is read by its beginning: it has a dozen short elements. */
export const commandBytesMax = 16_384
const elementsMax = 256

/** Reads a command set: Implicit VR Little Endian, whatever was negotiated (PS3.7 6.3.1). Null: it names no command that PS3.7 has. Never throws. */
export function readCommand(bytes: Buffer): Command | null {
  const elements = elementsOf(bytes)
  const number = (element: number): number | null => {
    const value = elements.get(element)
    return value !== undefined && value.length >= 2 ? value.readUInt16LE(0) : null
  }
  const field = number(commandField)
  const name = field === null ? undefined : commandNames.get(field & 0x7fff)
  if (field === null || name === undefined) return null
  const isAnswer = (field & 0x8000) !== 0
  const status = isAnswer ? number(0x0900) : null
  // A C-CANCEL-RQ names the message that it cancels where answers name theirs (PS3.7 9.3.2.3).
  const messageId = isAnswer || name === 'C-CANCEL' ? number(0x0120) : number(0x0110)
  const type = number(0x0800)
  return {
    head: isAnswer ? answerHead(name, messageId, status) : requestHead(name, messageId),
    hasDataSet: type !== null && type !== 0x0101,
    envelope: [
      ['command', `${name}-${isAnswer ? 'RSP' : 'RQ'}`],
      ...(messageId === null ? [] : [['message-id', String(messageId)] as const]),
      ...(status === null ? [] : [['status', statusFacts(status).code ?? ''] as const]),
      ...others(elements, number),
    ],
  }
}

const commandField = 0x0100

/** PS3.7 E.1-1: Command Field of the requests; 8000H more is the answer. */
const commandNames: ReadonlyMap<number, string> = new Map([
  [0x0001, 'C-STORE'],
  [0x0010, 'C-GET'],
  [0x0020, 'C-FIND'],
  [0x0021, 'C-MOVE'],
  [0x0030, 'C-ECHO'],
  [0x0100, 'N-EVENT-REPORT'],
  [0x0110, 'N-GET'],
  [0x0120, 'N-SET'],
  [0x0130, 'N-ACTION'],
  [0x0140, 'N-CREATE'],
  [0x0150, 'N-DELETE'],
  [0x0fff, 'C-CANCEL'],
])

/** The elements that the envelope names, in the order of their tags. */
const texts: readonly (readonly [element: number, name: string, charactersMax: number])[] = [
  [0x0002, 'affected-sop-class', 64],
  [0x0003, 'requested-sop-class', 64],
  [0x0600, 'move-destination', 16],
  [0x0902, 'error-comment', 128],
  [0x1000, 'affected-sop-instance', 64],
  [0x1001, 'requested-sop-instance', 64],
  [0x1030, 'move-originator', 16],
]
const numbers: readonly (readonly [element: number, name: string])[] = [
  [0x0700, 'priority'],
  [0x0903, 'error-id'],
  [0x1002, 'event-type'],
  [0x1008, 'action-type'],
  [0x1020, 'remaining'],
  [0x1021, 'completed'],
  [0x1022, 'failed'],
  [0x1023, 'warning'],
  [0x1031, 'move-originator-message-id'],
]
const offendingMax = 32

function others(elements: ReadonlyMap<number, Buffer>, number: (element: number) => number | null): Envelope {
  const envelope: [string, string][] = []
  for (const [element, name, charactersMax] of texts) {
    const text = fieldText(elements.get(element) ?? nothing, charactersMax)
    if (text !== '') envelope.push([name, text])
  }
  for (const [element, name] of numbers) {
    const value = number(element)
    if (value !== null) envelope.push([name, String(value)])
  }
  const offending = elements.get(0x0901) ?? nothing
  for (let at = 0; at + 4 <= offending.length && at < 4 * offendingMax; at += 4) {
    envelope.push(['offending-element', hex4(offending.readUInt16LE(at)) + hex4(offending.readUInt16LE(at + 2))])
  }
  return envelope
}

function hex4(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0')
}

/** Values of the elements of group 0000; the first of several alike. What is cut off at the end is left out. */
function elementsOf(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const elements = new Map<number, Buffer>()
  for (let at = 0; at + 8 <= bytes.length && elements.size < elementsMax; ) {
    const end = at + 8 + bytes.readUInt32LE(at + 4)
    if (end > bytes.length) break
    const element = bytes.readUInt16LE(at + 2)
    if (bytes.readUInt16LE(at) === 0 && !elements.has(element)) elements.set(element, bytes.subarray(at + 8, end))
    at = end
  }
  return elements
}

const noAnswer = { accept: false, application: false } as const
const oneAnswer = { accept: false, application: true } as const

function requestHead(name: string, messageId: number | null): FrameHead {
  const isCancel = name === 'C-CANCEL'
  return {
    role: 'request',
    // A cancel is answered by the last answer of what it cancels.
    id: isCancel || messageId === null ? null : String(messageId),
    answersId: null,
    idScope: 'connection',
    stage: null,
    verdict: null,
    code: null,
    type: name,
    expects: isCancel ? noAnswer : oneAnswer,
  }
}

function answerHead(name: string, messageId: number | null, status: number | null): FrameHead {
  const facts = status === null ? ({ stage: null, verdict: null, code: null } as const) : statusFacts(status)
  const answersId = messageId === null ? null : String(messageId)
  return { role: 'answer', id: null, answersId, idScope: 'connection', ...facts, type: name, expects: null }
}

const nothing = Buffer.alloc(0)
