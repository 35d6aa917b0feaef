import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { Probe } from '../../gateway/model/probe.ts'
import type { Instant, Millis } from '../../gateway/model/time.ts'
import { pause } from '../../gateway/model/time.ts'
import { ms, no, type ProbeAnswer, type ProbeContext, yes } from './probe-answer.ts'

/** One exchange of the on-wire protocol (RFC 5905 8). Offset: the server's clock minus ours. */
export interface NtpSample {
  readonly offsetMs: Millis
  readonly delayMs: Millis
  readonly stratum: number
  /** 3: the server's clock isn't synchronised. */
  readonly leap: number
  readonly rootDelayMs: Millis
  readonly rootDispersionMs: Millis
}

const samplesWanted = 4
const betweenMs: Millis = 50
const packetBytes = 48
/** Seconds from 1900, where NTP counts from, to 1970 (RFC 5905 figure 4). */
const epochS = 2_208_988_800
const eraS = 2 ** 32

/**
 * How far a clock is off, as an SNTP client asks (RFC 5905 14): four samples, of which the one with the least delay counts. No: NTP_OFFSET beyond the limit,
 * NTP_UNSYNCHRONISED (leap 3, or stratum above 15), NTP_KISS_OF_DEATH (stratum 0). A server that doesn't answer runs into the time-out.
 */
export async function probeNtp(probe: Extract<Probe, { kind: 'ntp' }>, context: ProbeContext): Promise<ProbeAnswer> {
  const { clock, signal } = context
  const socket = createSocket(isIPv6(probe.address.host) ? 'udp6' : 'udp4')
  let isClosed = false
  const close = () => {
    if (!isClosed) socket.close()
    isClosed = true
  }
  signal.addEventListener('abort', close)
  try {
    await connected(socket, probe.address)
    const samples: NtpSample[] = []
    while (samples.length < samplesWanted && !isClosed) {
      if (samples.length > 0) await pause(clock, betweenMs, signal)
      const sample = await oneSample(socket, clock)
      if (sample.stratum === 0) return no('NTP_KISS_OF_DEATH', { samples: samples.length })
      samples.push(sample)
    }
    const best = samples.toSorted((a, b) => a.delayMs - b.delayMs)[0]
    return best === undefined ? no('ETIMEDOUT') : judged(best, samples.length, probe.offsetMsMax)
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
}

/** A request of a client (mode 3, version 4) sent at that time. */
export function ntpRequest(sentAt: Instant): Buffer {
  const packet = Buffer.alloc(packetBytes)
  packet[0] = (4 << 3) | 3
  writeStamp(packet, 40, sentAt)
  return packet
}

/** What an answer says; null when it is none of a server (mode 4), or answers another request than ours. */
export function ntpSample(packet: Buffer, asked: Buffer, sentAt: Instant, arrivedAt: Instant): NtpSample | null {
  if (packet.length < packetBytes || ((packet[0] ?? 0) & 7) !== 4) return null
  if (!packet.subarray(24, 32).equals(asked.subarray(40, 48))) return null
  const receivedAt = readStamp(packet, 32, arrivedAt)
  const answeredAt = readStamp(packet, 40, arrivedAt)
  return {
    offsetMs: (receivedAt - sentAt + (answeredAt - arrivedAt)) / 2,
    delayMs: arrivedAt - sentAt - (answeredAt - receivedAt),
    stratum: packet[1] ?? 0,
    leap: (packet[0] ?? 0) >>> 6,
    rootDelayMs: (packet.readInt32BE(4) / 65_536) * 1000,
    rootDispersionMs: (packet.readUInt32BE(8) / 65_536) * 1000,
  }
}

function judged(best: NtpSample, samples: number, offsetMsMax: Millis): ProbeAnswer {
  const facts = {
    offsetMs: ms(best.offsetMs),
    delayMs: ms(best.delayMs),
    stratum: best.stratum,
    leap: best.leap,
    // RFC 5905 11.2: half the delay to the reference and its dispersion bound the server's own error.
    rootDistanceMs: ms(best.rootDelayMs / 2 + best.rootDispersionMs),
    samples,
  }
  if (best.leap === 3 || best.stratum > 15) return no('NTP_UNSYNCHRONISED', facts)
  return Math.abs(best.offsetMs) > offsetMsMax ? no('NTP_OFFSET', facts) : yes(facts)
}

function connected(socket: Socket, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ETIMEDOUT' })))
    socket.connect(port, host, () => resolve())
  })
}

function oneSample(socket: Socket, clock: ProbeContext['clock']): Promise<NtpSample> {
  return new Promise((resolve, reject) => {
    const sentAt = clock.now()
    const asked = ntpRequest(sentAt)
    const read = (packet: Buffer) => {
      const sample = ntpSample(packet, asked, sentAt, clock.now())
      if (sample === null) return
      socket.off('message', read)
      resolve(sample)
    }
    socket.on('message', read)
    socket.once('error', reject)
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ETIMEDOUT' })))
    socket.send(asked)
  })
}

function writeStamp(packet: Buffer, at: number, instant: Instant): void {
  const seconds = Math.floor(instant / 1000)
  packet.writeUInt32BE((seconds + epochS) % eraS, at)
  packet.writeUInt32BE(Math.floor(((instant - seconds * 1000) / 1000) * eraS), at + 4)
}

/** The instant of a stamp in the era that lies next to `near` (RFC 5905 6: eras of 136 years). */
function readStamp(packet: Buffer, at: number, near: Instant): Instant {
  const inEra = packet.readUInt32BE(at) + packet.readUInt32BE(at + 4) / eraS - epochS
  const eras = Math.round((near / 1000 - inEra) / eraS)
  return (inEra + eras * eraS) * 1000
}
