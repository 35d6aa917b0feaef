import { createSocket } from 'node:dgram'
import { expect, it } from 'vitest'
import { ntpRequest, ntpSample } from '../../../../adapters/probes/ntp.ts'
import { runProbe } from '../../../../adapters/probes/run-probe.ts'
import { asking, plan } from './peer.ts'

/** An answer of a server whose clock is `aheadMs` ahead, and that takes 2 ms to answer; `change` spoils it. */
function answerTo(asked: Buffer, nowMs: number, aheadMs: number, change: (packet: Buffer) => void = () => {}): Buffer {
  const packet = Buffer.alloc(48)
  packet[0] = (4 << 3) | 4
  packet[1] = 2
  asked.copy(packet, 24, 40, 48)
  for (const [at, atMs] of [
    [32, nowMs + aheadMs],
    [40, nowMs + aheadMs + 2],
  ] as const) {
    packet.writeUInt32BE(Math.floor(atMs / 1000 + 2_208_988_800) % 2 ** 32, at)
    packet.writeUInt32BE(Math.floor(((atMs % 1000) / 1000) * 2 ** 32), at + 4)
  }
  packet.writeUInt32BE(65_536 / 100, 4)
  packet.writeUInt32BE(65_536 / 50, 8)
  change(packet)
  return packet
}

it('reckons offset and delay as RFC 5905 8 does', () => {
  const sentAt = Date.parse('2026-11-22T00:00:00.250Z')
  const asked = ntpRequest(sentAt)
  expect([asked.length, asked[0]]).toEqual([48, 0x23])
  // 10 ms to get there, 2 ms at the server, 10 ms back; the server is 5 s behind.
  const sample = ntpSample(answerTo(asked, sentAt + 10, -5_000), asked, sentAt, sentAt + 22)
  expect(sample?.offsetMs).toBeCloseTo(-5_000, 2)
  expect(sample?.delayMs).toBeCloseTo(20, 2)
  expect(sample).toMatchObject({ stratum: 2, leap: 0 })
  expect(sample?.rootDelayMs).toBeCloseTo(10, 0)
  expect(sample?.rootDispersionMs).toBeCloseTo(20, 0)
})

it('reckons on through the end of the era in 2036', () => {
  const sentAt = Date.parse('2036-02-07T06:28:15.000Z')
  const asked = ntpRequest(sentAt)
  const sample = ntpSample(answerTo(asked, sentAt + 10, 5_000), asked, sentAt, sentAt + 22)
  expect(sample?.offsetMs).toBeCloseTo(5_000, 2)
})

it('takes no answer that is not to its request, or of no server', () => {
  const asked = ntpRequest(1_000)
  const other = ntpRequest(2_000)
  expect(ntpSample(answerTo(other, 1_000, 0), asked, 1_000, 1_010)).toBeNull()
  const client = answerTo(asked, 1_000, 0, (packet) => packet.writeUInt8(0x23, 0))
  expect(ntpSample(client, asked, 1_000, 1_010)).toBeNull()
  expect(ntpSample(Buffer.alloc(12), asked, 1_000, 1_010)).toBeNull()
})

async function ask(aheadMs: number, change?: (packet: Buffer) => void) {
  const server = createSocket('udp4')
  let requests = 0
  server.on('message', (asked, from) => {
    requests += 1
    server.send(answerTo(asked, Date.now(), aheadMs, change), from.port, from.address)
  })
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', () => resolve()))
  try {
    const address = { host: '127.0.0.1', port: server.address().port }
    return { found: await runProbe({ ...plan, kind: 'ntp', address, offsetMsMax: 1_000 }, asking), requests }
  } finally {
    server.close()
  }
}

it('asks four times, and says how far the clock is off', async () => {
  const { found, requests } = await ask(0)
  expect(found).toMatchObject({ by: 'ntp', verdict: 'yes', facts: { stratum: 2, samples: 4 } })
  expect(requests).toBe(4)
  const { found: off } = await ask(-7_200_000)
  expect(off).toMatchObject({ verdict: 'no', code: 'NTP_OFFSET' })
  expect(Math.abs(Number(off.facts.offsetMs) + 7_200_000)).toBeLessThan(1_000)
})

it('believes no server that is not synchronised, or wants not to be asked', async () => {
  expect((await ask(0, (packet) => packet.writeUInt8((3 << 6) | (4 << 3) | 4, 0))).found).toMatchObject({
    verdict: 'no',
    code: 'NTP_UNSYNCHRONISED',
  })
  expect((await ask(0, (packet) => packet.writeUInt8(0, 1))).found).toMatchObject({ verdict: 'no', code: 'NTP_KISS_OF_DEATH' })
})
