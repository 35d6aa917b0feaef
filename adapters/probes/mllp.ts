import type { Socket } from 'node:net'
import type { Probe } from '../../gateway/model/probe.ts'
import { type Instant, isoInZone } from '../../gateway/model/time.ts'
import { dial, dialTls } from './dial.ts'
import { ms, no, type ProbeAnswer, type ProbeContext, yes } from './probe-answer.ts'
import { probeMessage } from './probe-message.ts'
import { caOf } from './tls.ts'

const answerBytesMax = 1_048_576
const startBlock = 0x0b
const endBlock = 0x1c
const carriageReturn = 0x0d

/**
 * Sends one harmless message and waits for its acknowledgment (HL7 2.9.2, MLLP release 1). Yes: AA or CA that names our control id. No: the code as it is
 * (AE, AR, CE, CR), ACK_MISMATCH, or that the connection ended (ECONNRESET). node-hl7-client builds the message, and nothing more: its client hangs the
 * event loop on a second send before the first acknowledgment and knows no time-out, so the socket is ours.
 */
export async function probeMllp(probe: Extract<Probe, { kind: 'mllp' }>, context: ProbeContext): Promise<ProbeAnswer> {
  const { clock, signal } = context
  const controlId = `AUSC${Math.floor(clock.now()).toString(36).toUpperCase()}`
  const own = { controlId, stamp: stampOf(clock.now(), context.timezone) }
  const message = await probeMessage(probe.message, own, signal)
  const ca = await caOf(probe.ca)
  const { address } = probe
  const begunMs = clock.monotonic()
  const socket = probe.isTls
    ? await dialTls({ address, serverName: null, ca, isChecked: true }, signal)
    : await dial(address, signal)
  const connectMs = ms(clock.monotonic() - begunMs)
  try {
    socket.write(Buffer.concat([Buffer.from([startBlock]), message, Buffer.from([endBlock, carriageReturn])]))
    const sentMs = clock.monotonic()
    const { code, answersId } = ackOf(await oneBlock(socket))
    const facts = { connectMs, ackMs: ms(clock.monotonic() - sentMs), ackCode: code }
    if (code === null) return no('ACK_UNREADABLE', facts)
    if (answersId !== controlId) return no('ACK_MISMATCH', facts)
    return code === 'AA' || code === 'CA' ? yes(facts) : no(code, facts)
  } finally {
    socket.destroy()
  }
}

/** `20261122083000+0800` */
function stampOf(at: Instant, timezone: string): string {
  const iso = isoInZone(at, timezone)
  return `${iso.slice(0, 19).replace(/[-T:]/g, '')}${iso.slice(23).replace(':', '')}`
}

/** The first whole block that comes. Rejects with ECONNRESET when the connection ends before, ACK_TOO_LARGE beyond the limit. */
function oneBlock(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let held = Buffer.alloc(0)
    socket.on('data', (bytes) => {
      held = Buffer.concat([held, bytes])
      const from = held.indexOf(startBlock)
      const to = held.indexOf(Buffer.from([endBlock, carriageReturn]), Math.max(0, from))
      if (from >= 0 && to > from) resolve(held.subarray(from + 1, to))
      else if (held.length > answerBytesMax) reject(coded('ACK_TOO_LARGE'))
    })
    socket.on('error', reject)
    socket.on('close', () => reject(coded('ECONNRESET')))
    socket.on('end', () => reject(coded('ECONNRESET')))
  })
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** MSA-1 and MSA-2, by the field separator that the answer itself names. */
function ackOf(block: Buffer): { code: string | null; answersId: string | null } {
  const segments = block.toString('latin1').split(/[\r\n]+/)
  const separator = segments[0]?.startsWith('MSH') ? (segments[0][3] ?? '|') : '|'
  const fields = segments.find((segment) => segment.startsWith(`MSA${separator}`))?.split(separator)
  const code = fields?.[1] ?? ''
  return { code: /^[AC][AER]$/.test(code) ? code : null, answersId: fields?.[2] ?? null }
}
