import type { BodySide } from '../../store/exchange-store.ts'
import type { MaskedMessage } from './rewire.ts'

type Fields = MaskedMessage['envelope']

/** What an exchange says of itself besides its messages. */
export interface ExchangeWords {
  readonly type: string | null
  readonly code: string | null
}

/**
 * The PDU that an envelope of DIMSE tells of (PS3.8 9.3): association, release, abort, or a message with its command set (PS3.7 6.3). The data
 * set is left out, and the command says that none follows: masked, it would be no data set any more. Null: nothing tells which PDU it was.
 */
export function dimsePdu(side: BodySide, envelope: Fields, { type, code }: ExchangeWords): Uint8Array | null {
  const isRequest = side === 'request'
  if (fieldOf(envelope, 'command') !== null) return dataPdu(envelope, isRequest)
  switch (type) {
    case 'A-ASSOCIATE': {
      const [, result, source, reason] = /^RJ-(\d+)-(\d+)-(\d+)$/.exec(code ?? '') ?? []
      if (!isRequest && result !== undefined) return pdu(3, Buffer.from([0, Number(result), Number(source), Number(reason)]))
      return associate(envelope, isRequest)
    }
    case 'A-RELEASE':
      return pdu(isRequest ? 5 : 6, Buffer.alloc(4))
    case 'A-ABORT': {
      const [, source = '0', reason = '0'] = /^(\d+)-(\d+)$/.exec(code ?? '') ?? []
      return pdu(7, Buffer.from([0, 0, Number(source), Number(reason)]))
    }
    default:
      return null
  }
}

/** The association that a message was sent on, as far as the message knows it: its own presentation context. For a slice that begins behind it. */
export function associationOf(envelope: Fields): readonly [request: Uint8Array, answer: Uint8Array] | null {
  const [id, abstract, transfer] = ['context-id', 'abstract-syntax', 'transfer-syntax'].map((name) => fieldOf(envelope, name))
  if (id == null || abstract == null || transfer == null) return null
  const titles = envelope.filter(({ name }) => name === 'calling-ae' || name === 'called-ae')
  const context = (value: string) => [...titles, { name: 'context', value }]
  return [associate(context(`${id} ${abstract} ${transfer}`), true), associate(context(`${id} 0 ${transfer}`), false)]
}

const applicationContext = '1.2.840.10008.3.1.1.1'

/** A-ASSOCIATE-RQ and -AC (PS3.8 9.3.2, 9.3.3). */
function associate(envelope: Fields, isRequest: boolean): Uint8Array {
  const head = Buffer.alloc(68)
  head.writeUInt16BE(1, 0)
  head.write((fieldOf(envelope, 'called-ae') ?? '').padEnd(16), 4, 16, 'latin1')
  head.write((fieldOf(envelope, 'calling-ae') ?? '').padEnd(16), 20, 16, 'latin1')
  const contexts = envelope.filter(({ name }) => name === 'context').map(({ value }) => presentationContext(value, isRequest))
  const maxLength = Buffer.alloc(4)
  maxLength.writeUInt32BE(Number(fieldOf(envelope, 'max-length') ?? 16_384) >>> 0)
  const user = [
    item(0x51, maxLength),
    item(0x52, text(fieldOf(envelope, 'implementation-uid') ?? '2.25.0')),
    item(0x55, text(fieldOf(envelope, 'implementation-version') ?? 'UNKNOWN')),
  ]
  const own = item(0x10, text(fieldOf(envelope, 'application-context') ?? applicationContext))
  return pdu(isRequest ? 1 : 2, Buffer.concat([head, own, ...contexts, item(0x50, Buffer.concat(user))]))
}

/** `ID ABSTRACT TRANSFER[,TRANSFER...]` of a request, `ID RESULT TRANSFER` of an answer. */
function presentationContext(told: string, isRequest: boolean): Buffer {
  const [id = '1', second = '', transfers = ''] = told.split(' ')
  const result = isRequest ? 0 : Number(second) & 0xff
  const syntaxes = transfers.split(',').map((uid) => item(0x40, text(uid)))
  const named = isRequest ? [item(0x30, text(second)), ...syntaxes] : syntaxes.slice(0, 1)
  return item(isRequest ? 0x20 : 0x21, Buffer.concat([Buffer.from([Number(id) & 0xff, 0, result, 0]), ...named]))
}

/** PS3.7 E.1-1. */
const commands: { readonly [name: string]: number } = {
  'C-STORE': 0x0001,
  'C-GET': 0x0010,
  'C-FIND': 0x0020,
  'C-MOVE': 0x0021,
  'C-ECHO': 0x0030,
  'N-EVENT-REPORT': 0x0100,
  'N-GET': 0x0110,
  'N-SET': 0x0120,
  'N-ACTION': 0x0130,
  'N-CREATE': 0x0140,
  'N-DELETE': 0x0150,
  'C-CANCEL': 0x0fff,
}

const noDataSet = 0x0101

/** One P-DATA-TF with one PDV: the last fragment of a command (PS3.8 9.3.5, E.2). */
function dataPdu(envelope: Fields, isRequest: boolean): Uint8Array | null {
  const [, name = '', kind] = /^([CN]-[A-Z-]+)-(RQ|RSP)$/.exec(fieldOf(envelope, 'command') ?? '') ?? []
  const field = commands[name]
  if (field === undefined) return null
  const isAnswer = kind === 'RSP' || !isRequest
  const messageId = Number(fieldOf(envelope, 'message-id') ?? 0)
  const namesOther = isAnswer || name === 'C-CANCEL'
  const elements = [
    uid(envelope, 0x0002, 'affected-sop-class'),
    uid(envelope, 0x0003, 'requested-sop-class'),
    short(0x0100, isAnswer ? field | 0x8000 : field),
    short(namesOther ? 0x0120 : 0x0110, messageId),
    string(envelope, 0x0600, 'move-destination'),
    number(envelope, 0x0700, 'priority'),
    short(0x0800, noDataSet),
    ...(isAnswer ? [short(0x0900, Number.parseInt(fieldOf(envelope, 'status') ?? '0', 16))] : []),
    string(envelope, 0x0902, 'error-comment'),
    uid(envelope, 0x1000, 'affected-sop-instance'),
    uid(envelope, 0x1001, 'requested-sop-instance'),
    number(envelope, 0x1002, 'event-type'),
    number(envelope, 0x1008, 'action-type'),
    number(envelope, 0x1020, 'remaining'),
    number(envelope, 0x1021, 'completed'),
    number(envelope, 0x1022, 'failed'),
    number(envelope, 0x1023, 'warning'),
  ]
  const body = Buffer.concat(elements)
  const groupLength = Buffer.alloc(4)
  groupLength.writeUInt32LE(body.length)
  const command = Buffer.concat([element(0x0000, groupLength), body])
  const head = Buffer.alloc(6)
  head.writeUInt32BE(command.length + 2, 0)
  head.writeUInt8(Number(fieldOf(envelope, 'context-id') ?? 1) & 0xff, 4)
  head.writeUInt8(3, 5)
  return pdu(4, Buffer.concat([head, command]))
}

function fieldOf(envelope: Fields, name: string): string | null {
  return envelope.find((field) => field.name === name)?.value ?? null
}

function uid(envelope: Fields, tag: number, name: string): Buffer {
  const value = fieldOf(envelope, name)
  return value === null ? Buffer.alloc(0) : element(tag, even(text(value), 0))
}

function string(envelope: Fields, tag: number, name: string): Buffer {
  const value = fieldOf(envelope, name)
  return value === null ? Buffer.alloc(0) : element(tag, even(Buffer.from(value), 0x20))
}

function number(envelope: Fields, tag: number, name: string): Buffer {
  const value = fieldOf(envelope, name)
  return value === null ? Buffer.alloc(0) : short(tag, Number(value))
}

function short(tag: number, value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value & 0xffff)
  return element(tag, bytes)
}

/** Implicit VR Little Endian, group 0000 (PS3.5 7.1.3). */
function element(tag: number, value: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt16LE(tag, 2)
  head.writeUInt32LE(value.length, 4)
  return Buffer.concat([head, value])
}

function even(bytes: Buffer, pad: number): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(pad)])
}

function text(value: string): Buffer {
  return Buffer.from(value.slice(0, 256), 'latin1')
}

function item(type: number, value: Buffer): Buffer {
  const head = Buffer.from([type, 0, 0, 0])
  head.writeUInt16BE(value.length, 2)
  return Buffer.concat([head, value])
}

function pdu(type: number, value: Buffer): Uint8Array {
  const head = Buffer.from([type, 0, 0, 0, 0, 0])
  head.writeUInt32BE(value.length, 2)
  return Buffer.concat([head, value])
}
