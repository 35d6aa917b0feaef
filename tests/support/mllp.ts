import fc from 'fast-check'
import type { Side } from '../../gateway/model/frame.ts'

const start = '\x0b'
const end = '\x1c\r'

/** An order with this control id; `fields` stand from MSH-13 on. */
export function order(id: string, fields = ''): Buffer {
  return Buffer.from(`${start}${orderText(id, fields)}${end}`)
}

/** The same without its block. */
export function orderText(id: string, fields = ''): string {
  return `MSH|^~\\&|HIS|SZPH|LIS|SZPH|20261123083001||OML^O21^OML_O21|${id}|P|2.5.1${fields}\rPID|1||P0001\r`
}

/** MSH-13 to MSH-16 of enhanced mode. */
export function enhanced(accept: string, application: string): string {
  return `|||${accept}|${application}`
}

/** An acknowledgment of this code to that control id. */
export function ack(code: string, id: string): Buffer {
  return Buffer.from(`${start}${ackText(code, id)}${end}`)
}

/** The same without its block. */
export function ackText(code: string, id: string): string {
  return `MSH|^~\\&|LIS|SZPH|HIS|SZPH|20261122215201||ACK|A${id}|P|2.5.1\rMSA|${code}|${id}\r`
}

/** Runs of either side, of what means something to MLLP in every order, whole messages and nonsense among it. */
export function mllpConversation(): fc.Arbitrary<readonly { readonly from: Side; readonly bytes: Buffer }[]> {
  const piece = fc.oneof(
    fc
      .constantFrom(
        start,
        '\x1c',
        '\r',
        '\n',
        '\x1c\r',
        '\x1c\n',
        '\x1c\x0b',
        'MSH',
        'MS',
        'MSH|^~\\&|A\r',
        '\r\nMSH|',
        '\x1c\x1c\r',
      )
      .map((text) => Buffer.from(text)),
    fc.constantFrom(order('1'), order('2', enhanced('AL', 'NE')), ack('AA', '1'), ack('CA', '2')),
    fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
    fc.integer({ min: 60, max: 200 }).map((size) => Buffer.alloc(size, 0x41)),
  )
  const run = fc.record({
    from: fc.constantFrom('initiator' as const, 'acceptor' as const),
    bytes: fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => Buffer.concat(pieces)),
  })
  return fc.array(run, { maxLength: 8 })
}
