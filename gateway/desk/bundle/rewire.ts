import { STATUS_CODES } from 'node:http'
import type { ProtocolName } from '../../model/interface.ts'
import type { BodySide } from '../../store/exchange-store.ts'
import { dimsePdu, type ExchangeWords } from './dimse-wire.ts'

/** One message of an exchange, with everything that identifies hidden already. */
export interface MaskedMessage {
  readonly bytes: Uint8Array
  readonly envelope: readonly { readonly name: string; readonly value: string }[]
}

/**
 * The message as its protocol would carry it: an MLLP block, an HTTP message with the length of the masked body, a PDU of DIMSE without
 * its data set. Null where a protocol has no bytes of its own on a connection (records).
 */
export function rewired(
  protocol: ProtocolName,
  side: BodySide,
  message: MaskedMessage,
  about: ExchangeWords,
): Uint8Array | null {
  switch (protocol) {
    case 'mllp':
      return Buffer.concat([Buffer.of(0x0b), message.bytes, Buffer.of(0x1c, 0x0d)])
    case 'http':
      return httpMessage(side, message)
    case 'dimse':
      return dimsePdu(side, message.envelope, about)
    case 'record':
      return null
    default:
      return protocol satisfies never
  }
}

/** Framing that no longer holds of the masked body, and what HTTP/2 or our decoder calls by a colon. */
const dropped = new Set(['content-length', 'transfer-encoding', 'connection', 'expect', 'upgrade'])

function httpMessage(side: BodySide, { bytes, envelope }: MaskedMessage): Uint8Array {
  const of = (name: string) => envelope.find((field) => field.name === name)?.value ?? null
  const status = of(':status') ?? '200'
  const first =
    side === 'request'
      ? `${plain(of(':method') ?? 'POST')} ${target(of(':path') ?? '/')} HTTP/1.1`
      : `HTTP/1.1 ${plain(status)} ${STATUS_CODES[status] ?? ''}`
  const fields = envelope
    .filter(({ name }) => !name.startsWith(':') && !dropped.has(name))
    // Masked bytes are in no content coding any more.
    .map(({ name, value }) => `${name === 'content-encoding' ? 'x-was-content-encoding' : plain(name)}: ${line(value)}`)
  const length = side === 'answer' && /^(?:1\d\d|204|304)$/.test(status) ? [] : [`content-length: ${bytes.length}`]
  return Buffer.concat([Buffer.from(`${[first, ...fields, ...length].join('\r\n')}\r\n\r\n`), bytes])
}

function plain(word: string): string {
  return word.replace(/[^!-~]/g, '')
}

function target(path: string): string {
  return plain(path) === '' ? '/' : plain(path)
}

function line(value: string): string {
  return value.replace(/[\r\n\0]/g, ' ').slice(0, 8_000)
}
