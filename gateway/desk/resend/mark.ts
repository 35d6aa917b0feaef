/** Header of an HTTP message that is sent again. */
export const resendHeader = 'x-auscult-resend'

/**
 * An HL7 v2 message with a last segment that says what it is: `ZAU|RESEND|e1-...`. A receiver ignores segments that it doesn't know
 * (HL7 2.7 2.14). Null where the message has no room for it: another format, a batch, or two bytes a character.
 */
export function markedHl7(body: Uint8Array, exchangeId: string): Uint8Array | null {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (bytes.subarray(0, 3).toString('latin1') !== 'MSH' || bytes.includes(0)) return null
  const separator = String.fromCharCode(bytes[3] ?? 0x7c)
  const hasEnd = bytes.at(-1) === 0x0d || bytes.at(-1) === 0x0a
  return Buffer.concat([
    bytes,
    Buffer.from(`${hasEnd ? '' : '\r'}ZAU${separator}RESEND${separator}${exchangeId.replace(/[^\w.-]/g, '')}\r`, 'latin1'),
  ])
}
