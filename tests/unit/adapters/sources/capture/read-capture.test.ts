import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CapturedEvent, readCapture } from '../../../../../adapters/sources/capture/read-capture.ts'
import type { CaptureSource, Interface } from '../../../../../gateway/model/interface.ts'
import { exchangesOf, goldenText } from '../../../../golden/captured.ts'
import {
  captureFile,
  fragmented,
  halves,
  ipPacket,
  ipv6,
  onLink,
  pcapngBlock,
  tcpSegment,
  type WrittenPacket,
  words,
} from '../../../../support/capture-writer.ts'
import { testCatalogue, testInterface } from '../../../../support/catalogue.ts'

const captures = join(import.meta.dirname, '../../../../../fixtures/captures')
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auscult-capture-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const began = 1_795_000_000_000
const his = { host: '10.1.0.10', port: 50_000 }
const lis = { host: '10.1.0.20', port: 6661 }

/** A handshake, a question and an answer, a reset: 1.000250 ms apart, so that microseconds are tested. */
function talk(source = his, target = lis, at = began): readonly WrittenPacket[] {
  const [ask, answer] = [Buffer.from('ask'), Buffer.from('answer')]
  const steps: readonly Omit<WrittenPacket, 'at'>[] = [
    { source, target, sequence: 100, flags: 'S' },
    { source: target, target: source, sequence: 900, ack: 101, flags: 'S' },
    { source, target, sequence: 101, ack: 901, bytes: ask },
    { source: target, target: source, sequence: 901, ack: 104, bytes: answer },
    { source, target, sequence: 104, ack: 907, flags: 'R' },
  ]
  return steps.map((step, i) => ({ ...step, at: at + i * 1.00025 }))
}

const toldOfTalk = ['open', 'connected', 'initiator ask', 'acceptor answer', 'end', 'closed']

function iface(id: string, capture: CaptureSource | null): Interface {
  return { ...testInterface(id), sources: { proxy: null, capture } }
}

const toLis = iface('lis', { acceptor: { host: '10.1.0.20', port: 6661 }, initiatorHost: null })

async function write(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

async function read(files: readonly string[], interfaces: readonly Interface[] = [toLis]) {
  const reading = readCapture({ files, catalogue: testCatalogue(...interfaces) })
  const all: CapturedEvent[] = []
  for await (const events of reading.events) all.push(...events)
  const events = all.filter(({ event }) => event.kind !== 'tick')
  return { all, events, told: events.map(said), summary: reading.summary() }
}

function said({ event }: CapturedEvent): string {
  return event.kind === 'bytes' ? `${event.from} ${Buffer.from(event.bytes).toString()}` : event.kind
}

async function readPackets(packets: readonly Buffer[], options = {}, interfaces: readonly Interface[] = [toLis]) {
  const timed = packets.map((bytes, i) => ({ at: began + i * 1.00025, bytes }))
  const file = captureFile(timed, { form: 'pcap', isLittle: true, link: 1, ...options })
  return read([await write('it.pcap', file)], interfaces)
}

describe('every form, byte order and link type gives the same', () => {
  const v6 = talk({ host: 'fd00:0:0:0:0:0:0:a', port: 50_000 }, { host: 'fd00:0:0:0:0:0:0:14', port: 6661 })
  const toV6 = iface('lis', { acceptor: { host: 'FD00:0::14', port: 6661 }, initiatorHost: 'fd00::a' })
  for (const form of ['pcap', 'pcap-nano', 'pcapng'] as const) {
    for (const isLittle of [true, false]) {
      test.each([
        0, 1, 12, 14, 101, 108, 113, 228, 229, 276,
      ])(`${form}, ${isLittle ? 'little' : 'big'} endian, link %i`, async (link) => {
        const tagged = [1, 113, 276].includes(link) ? [0, 1, 2] : [0]
        for (const tags of tagged) {
          for (const [packets, to] of [
            [talk(), toLis],
            [v6, toV6],
          ] as const) {
            const frames = packets.map((packet) => onLink(link, ipPacket(packet), tags))
            const { told, events, summary } = await readPackets(frames, { form, isLittle, link }, [to])
            expect(told).toEqual(toldOfTalk)
            expect(events.map(({ event }) => Math.round((event.at - began) * 1000))).toEqual([0, 1000, 2000, 3001, 4001, 4001])
            expect(summary).toMatchObject({ packets: 5, bytesLost: 0, unmatchedConversations: 0, warnings: [] })
          }
        }
      })
    }
  }

  test('a recorded capture, rewritten', async () => {
    const name = join(captures, 'mllp-05-enhanced-CA-then-AA.pcap')
    const expected = goldenText(await exchangesOf([name]))
    const bytes = await readFile(name)
    const frames: { at: number; bytes: Buffer }[] = []
    for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) {
      const seenAt = bytes.readUInt32LE(at) * 1000 + bytes.readUInt32LE(at + 4) / 1000
      frames.push({ at: seenAt, bytes: bytes.subarray(at + 16 + 14, at + 16 + bytes.readUInt32LE(at + 8)) })
    }
    for (const form of ['pcap', 'pcap-nano', 'pcapng'] as const) {
      for (const isLittle of [true, false]) {
        for (const link of [0, 1, 101, 113, 276]) {
          const onIt = frames.map((frame) => ({ at: frame.at, bytes: onLink(link, frame.bytes) }))
          const path = await write('rewritten', captureFile(onIt, { form, isLittle, link }))
          expect(goldenText(await exchangesOf([path]))).toBe(expected)
        }
      }
    }
  })
})

describe('what else a file can be', () => {
  test('gzipped', async () => {
    const name = 'mllp-07-duplicate-resend-same-msh10'
    const path = await write('it.pcap.gz', gzipSync(await readFile(join(captures, `${name}.pcap`))))
    expect(goldenText(await exchangesOf([path]))).toBe(goldenText(await exchangesOf([join(captures, `${name}.pcap`)])))
  })

  test('cut off anywhere: what was whole is read, and it is said', async () => {
    const whole = captureFile(
      talk().map((packet) => ({ at: packet.at, bytes: onLink(1, ipPacket(packet)) })),
      { form: 'pcap', isLittle: true, link: 1 },
    )
    const counts = new Set<number>()
    for (let end = 4; end < whole.length; end += 3) {
      const { summary, told } = await read([await write('cut.pcap', whole.subarray(0, end))])
      const isAtPacket = end >= 24 && summary.warnings.length === 0
      if (!isAtPacket) expect(summary.warnings).toMatchObject([{ code: 'CAPTURE_TRUNCATED' }])
      expect(told).toEqual(toldOfTalk.slice(0, told.length))
      counts.add(summary.packets)
    }
    expect([...counts]).toEqual([0, 1, 2, 3, 4])
    const zipped = gzipSync(whole)
    const torn = await read([await write('cut.gz', zipped.subarray(0, zipped.length - 12))])
    expect(torn.summary.warnings).toMatchObject([{ code: 'CAPTURE_TRUNCATED' }])
  })

  test('nonsense from some packet on', async () => {
    const frame = onLink(1, ipPacket({ at: 0, source: his, target: lis, sequence: 100, flags: 'S' }))
    const good = captureFile([{ at: began, bytes: frame }], { form: 'pcap', isLittle: true, link: 1 })
    const { told, summary } = await read([await write('odd.pcap', Buffer.concat([good, Buffer.alloc(100, 0xee)]))])
    expect(told).toEqual(['open'])
    expect(summary.warnings).toMatchObject([{ code: 'CAPTURE_DAMAGED' }])
  })

  test('no capture, or not there', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('MSH'), Buffer.from('MSH|^~\\&|HIS|'), gzipSync('hello')]) {
      await expect(read([await write('odd', bytes)])).rejects.toMatchObject({ code: 'CAPTURE_NOT_A_CAPTURE' })
    }
    await expect(read([join(folder, 'none.pcap')])).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' })
    await expect(read([folder])).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' })
  })

  test('a link type that is not read: refused alone, passed over beside others', async () => {
    const frames = talk().map((packet) => ({ at: packet.at, bytes: onLink(1, ipPacket(packet)) }))
    const odd = await write('odd.pcap', captureFile(frames, { form: 'pcap', isLittle: true, link: 147 }))
    await expect(read([odd])).rejects.toMatchObject({ code: 'CAPTURE_LINK_TYPE' })
    const usual = await write('usual.pcap', captureFile(frames, { form: 'pcap', isLittle: true, link: 1 }))
    const { told, summary } = await read([odd, usual])
    expect(told).toEqual(toldOfTalk)
    expect(summary.warnings).toMatchObject([{ code: 'CAPTURE_LINK_TYPE' }])
  })

  test('a pcapng with sections of both byte orders, several interfaces, offsets, old and simple packets', async () => {
    const [syn, synAck, ask, answer, reset] = talk().map((packet) => ipPacket(packet))
    if (!syn || !synAck || !ask || !answer || !reset) throw new Error('unreachable')
    const section = (isLittle: boolean) => [
      pcapngBlock(
        isLittle,
        0x0a0d0d0a,
        Buffer.concat([words(isLittle, [0x1a2b3c4d]), halves(isLittle, 1, 0), words(isLittle, [0xffffffff, 0xffffffff])]),
      ),
    ]
    // Seconds since began's hour in units of 1/1024 s, the rest by if_tsoffset.
    const offset = Buffer.alloc(8)
    offset.writeBigInt64LE(BigInt(began / 1000))
    const options = [halves(true, 9, 1), Buffer.from([0x80 | 10, 0, 0, 0]), halves(true, 14, 8), offset, words(true, [0])]
    const enhanced = (isLittle: boolean, interfaceIndex: number, units: bigint, bytes: Buffer) =>
      pcapngBlock(
        isLittle,
        6,
        Buffer.concat([
          words(isLittle, [interfaceIndex, Number(units >> 32n), Number(units & 0xffffffffn), bytes.length, bytes.length]),
          bytes,
        ]),
      )
    const micros = BigInt(began) * 1000n + 5_000_000n
    const obsolete = Buffer.concat([
      halves(false, 0, 7),
      words(false, [Number(micros >> 32n), Number(micros & 0xffffffffn), answer.length, answer.length]),
      answer,
    ])
    const file = Buffer.concat([
      ...section(true),
      pcapngBlock(true, 1, Buffer.concat([halves(true, 1, 0), words(true, [0])])),
      pcapngBlock(true, 1, Buffer.concat([halves(true, 101, 0), words(true, [0]), ...options])),
      enhanced(true, 1, 1024n, syn),
      enhanced(true, 1, 2048n, synAck),
      enhanced(true, 0, BigInt(began) * 1000n + 4_000_000n, onLink(1, ask)),
      ...section(false),
      pcapngBlock(false, 1, Buffer.concat([halves(false, 101, 0), words(false, [0])])),
      pcapngBlock(false, 2, obsolete),
      pcapngBlock(false, 3, Buffer.concat([words(false, [reset.length]), reset])),
    ])
    const { told, events } = await read([await write('it.pcapng', file)])
    expect(told).toEqual(toldOfTalk)
    expect(events.map(({ event }) => event.at - began)).toEqual([1000, 2000, 4000, 5000, 5000, 5000])
  })

  test('several files are one, in the order of time', async () => {
    const at = (part: readonly WrittenPacket[]) =>
      captureFile(
        part.map((packet) => ({ at: packet.at, bytes: onLink(1, ipPacket(packet)) })),
        { form: 'pcap', isLittle: true, link: 1 },
      )
    const packets = talk()
    const files = [await write('b', at(packets.slice(3))), await write('a', at(packets.slice(0, 3)))]
    expect((await read(files)).told).toEqual(toldOfTalk)
    const odd = await write('odd', at(packets.filter((_, i) => i % 2 === 1)))
    const even = await write('even', at(packets.filter((_, i) => i % 2 === 0)))
    expect((await read([odd, even])).told).toEqual(toldOfTalk)
  })
})

describe('what IP does', () => {
  test('fragments are put together, in any order, and lost ones are not waited for without end', async () => {
    const long = Buffer.alloc(1000, 'x')
    const packets = talk()
      .slice(0, 2)
      .map((packet) => onLink(1, ipPacket(packet)))
    const pieces = fragmented(ipPacket({ at: 0, source: his, target: lis, sequence: 101, ack: 901, bytes: long }), 256)
    expect(pieces.length).toBeGreaterThan(3)
    for (const order of [pieces, pieces.toReversed(), [...pieces.slice(2), ...pieces.slice(0, 3)]]) {
      const { told } = await readPackets([...packets, ...order.map((piece) => onLink(1, piece))])
      expect(told).toEqual(['open', 'connected', `initiator ${long.toString()}`])
    }
    const { told } = await readPackets([...packets, ...pieces.slice(1).map((piece) => onLink(1, piece))])
    expect(told).toEqual(['open', 'connected'])
  })

  test('padding behind a packet is no data, and IPv6 headers between are passed over', async () => {
    const padded = talk().map((packet) => Buffer.concat([onLink(1, ipPacket(packet)), Buffer.alloc(10)]))
    expect((await readPackets(padded)).told).toEqual(toldOfTalk)
    const [source, target] = [
      { host: 'fd00:0:0:0:0:0:0:a', port: 5 },
      { host: 'fd00:0:0:0:0:0:0:14', port: 6661 },
    ]
    const any = iface('lis', { acceptor: { host: 'fd00::14', port: 0 }, initiatorHost: null })
    const hopByHop = Buffer.from([60, 0, 1, 4, 0, 0, 0, 0])
    const destination = Buffer.from([44, 1, 1, 12, ...Array<number>(12).fill(0)])
    const fragment = Buffer.from([6, 0, 0, 0, 0, 0, 0, 9])
    const frames = talk(source, target).map((packet) =>
      onLink(1, ipv6(packet, 0, Buffer.concat([hopByHop, destination, fragment, tcpSegment(packet)]))),
    )
    expect((await readPackets(frames, {}, [any])).told).toEqual(toldOfTalk)
  })

  test('a snap length that cuts packets is bytes lost, and the conversation goes on', async () => {
    const frames = talk().map((packet) => onLink(1, ipPacket(packet)))
    const cut = frames.map((bytes, i) => ({
      at: began + i,
      bytes: bytes.subarray(0, 14 + 20 + 32 + 2),
      wireBytes: bytes.length,
    }))
    const { told, summary } = await read([await write('snap', captureFile(cut, { form: 'pcap', isLittle: true, link: 1 }))])
    expect(told).toEqual(['open', 'connected', 'initiator as', 'gap', 'acceptor an', 'gap', 'end', 'closed'])
    expect(summary.bytesLost).toBe(5)
  })

  test('an ICMP message that the acceptor is out of reach', async () => {
    const [syn] = talk()
    if (!syn) throw new Error('unreachable')
    const icmp = ipPacket(syn)
    const outer = Buffer.concat([
      Buffer.from(icmp.subarray(0, 20)),
      Buffer.from([3, 1, 0, 0, 0, 0, 0, 0]),
      icmp.subarray(0, 28),
    ])
    outer.writeUInt8(1, 9)
    outer.writeUInt16BE(outer.length, 2)
    const { events } = await readPackets([onLink(1, icmp), onLink(1, outer)])
    expect(events.at(-1)?.event).toMatchObject({ kind: 'refused', how: 'unreachable' })
  })
})

describe('which conversation is which interface', () => {
  const other = { host: '10.1.0.11', port: 50_000 }
  const frames = [...talk(), ...talk(other, lis), ...talk(his, { host: '10.1.0.30', port: 80 })].map((packet) =>
    onLink(1, ipPacket(packet)),
  )

  test('by acceptor and initiator; the rest is counted', async () => {
    const ofHis = iface('his-lis', { acceptor: { host: '10.1.0.20', port: 6661 }, initiatorHost: '10.1.0.10' })
    const ofOthers = iface('others', { acceptor: { host: '10.1.0.20', port: 6661 }, initiatorHost: '10.1.0.11' })
    const none = iface('none', null)
    const { events, summary } = await readPackets(frames, {}, [none, ofHis, ofOthers])
    const byInterface = Map.groupBy(events, (event) => event.interfaceId)
    expect([...byInterface.keys()]).toEqual(['his-lis', 'others'])
    expect(byInterface.get('others')?.map(said)).toEqual(toldOfTalk)
    expect(new Set(events.map((event) => event.connectionId)).size).toBe(2)
    expect(summary.unmatchedConversations).toBe(1)
  })

  test('the same ports again are a new connection', async () => {
    const moved = talk().map(({ sequence, ack, ...rest }) => ({
      ...rest,
      sequence: sequence + 5000,
      ...(ack === undefined ? {} : { ack: ack + 5000 }),
    }))
    const { told, events } = await readPackets([...talk(), ...moved].map((packet) => onLink(1, ipPacket(packet))))
    expect(told).toEqual([...toldOfTalk, ...toldOfTalk])
    expect([...new Set(events.map((event) => event.connectionId))]).toEqual(['c1', 'c2'])
  })

  test('in the middle of a conversation the acceptor is known by its address', async () => {
    const more = { at: began + 9, source: his, target: lis, sequence: 104, ack: 907, bytes: Buffer.from('more') }
    const middle = [...talk().slice(3, 4), more]
    const { events } = await readPackets(middle.map((packet) => onLink(1, ipPacket(packet))))
    expect(events.map(said)).toEqual(['open', 'connected', 'acceptor answer', 'initiator more'])
    expect(events[0]?.event).toMatchObject({ initiator: '10.1.0.10:50000', acceptor: '10.1.0.20:6661' })
  })
})

test('time passes once a second for each interface, at the end too, and never backwards', async () => {
  const frames = talk().map((packet, i) => ({ at: began + i * 1500, bytes: onLink(1, ipPacket(packet)) }))
  const { all } = await read([await write('slow', captureFile(frames, { form: 'pcap', isLittle: true, link: 1 }))])
  const ticks = all.flatMap(({ event }) => (event.kind === 'tick' ? [event.at - began] : []))
  expect(ticks).toEqual([1000, 2000, 3000, 4000, 5000, 6000, 126_000])
  const times = all.map(({ event }) => event.at)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
})

test('memory does not grow with the file', async () => {
  const names = (await readdir(captures)).filter((name) => name.startsWith('mllp-17'))
  const bytes = await readFile(join(captures, names[0] ?? ''))
  const body = bytes.subarray(24)
  const path = await write('large.pcap', Buffer.concat([bytes, ...Array.from({ length: 150 }, () => body)]))
  const reading = readCapture({
    files: [path],
    catalogue: testCatalogue(iface('x', { acceptor: { host: '*', port: 0 }, initiatorHost: null })),
  })
  let most = 0
  for await (const events of reading.events) {
    expect(events.length).toBeGreaterThan(0)
    most = Math.max(most, events.length)
  }
  // One batch holds what one read of the file brought, never the file.
  expect(most).toBeLessThan(200)
  expect(reading.summary().packets).toBeGreaterThan(1500)
})
