import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { ProtocolName } from '../../gateway/model/interface.ts'
import { once, root } from '../e2e/child.ts'
import { captureNames } from './capture-names.ts'

const folder = mkdtempSync(join(tmpdir(), 'auscult-mixed-'))
afterAll(() => rmSync(folder, { recursive: true }))

const spoken = ['mllp', 'http', 'dimse'] as const satisfies readonly ProtocolName[]
/** Where the captures' acceptors listen. */
const ports = { mllp: [21_575], http: [18_980], dimse: [21_104, 21_105, 21_120, 21_122, 21_130, 21_199] }
const formats = { mllp: 'hl7v2', http: 'json', dimse: 'dicom' }
const headerBytes = 24

test('one capture with every protocol mixed: each conversation is its interface’s, and shows what it shows alone', {
  timeout: 120_000,
}, async () => {
  const capture = join(folder, 'mixed.pcap')
  writeFileSync(capture, mixed())
  const config = join(folder, 'auscult.yaml')
  writeFileSync(config, configuration())
  const told = JSON.parse(await once([join(root, 'gateway/cli.ts'), 'analyze', capture, '--config', config, '--json']))
  expect(told.input.unmatchedConversations).toBe(0)
  const counts = new Map<string, number>()
  for (const { id, exchanges } of told.interfaces) {
    const protocol = String(id).split('-')[0] ?? ''
    counts.set(protocol, (counts.get(protocol) ?? 0) + exchanges)
  }
  expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(spoken.map((protocol) => [protocol, goldenCount(protocol)])))
})

/** The packets of all captures. Each protocol's captures follow each other as they were taken, and all protocols begin at one moment. */
function mixed(): Buffer {
  const packets = spoken.flatMap((protocol) => {
    const own = captureNames(protocol)
      .flatMap((name) => packetsOf(readFileSync(join(root, 'fixtures/captures', `${name}.pcap`))))
      .sort((a, b) => a.at - b.at)
    const began = own[0]?.at ?? 0
    return own.map((packet) => ({ ...packet, at: 1_795_000_000_000_000 + packet.at - began }))
  })
  const header = readFileSync(join(root, 'fixtures/captures', `${captureNames()[0]}.pcap`)).subarray(0, headerBytes)
  const records = packets
    .sort((a, b) => a.at - b.at)
    .map(({ at, record }) => {
      const moved = Buffer.from(record)
      moved.writeUInt32LE(Math.floor(at / 1_000_000), 0)
      moved.writeUInt32LE(at % 1_000_000, 4)
      return moved
    })
  return Buffer.concat([header, ...records])
}

/** Records of a classic pcap, little endian, with their time in microseconds. */
function packetsOf(file: Buffer): readonly { readonly at: number; readonly record: Buffer }[] {
  expect(file.readUInt32LE(0)).toBe(0xa1b2c3d4)
  const packets: { at: number; record: Buffer }[] = []
  for (let start = headerBytes; start < file.length; ) {
    const end = start + 16 + file.readUInt32LE(start + 8)
    packets.push({
      at: file.readUInt32LE(start) * 1_000_000 + file.readUInt32LE(start + 4),
      record: file.subarray(start, end),
    })
    start = end
  }
  return packets
}

function configuration(): string {
  const interfaces = spoken.flatMap((protocol) =>
    ports[protocol].map((port) => ({
      id: `${protocol}-${port}`,
      name: { zh: `${protocol} ${port}`, en: `${protocol} ${port}` },
      from: 'a',
      to: 'b',
      protocol,
      format: formats[protocol],
      source: { capture: { acceptor: `127.0.0.1:${port}` } },
    })),
  )
  const systems = ['a', 'b'].map((id) => ({ id, name: { zh: id, en: id } }))
  return JSON.stringify({
    hospital: { name: 'mixed', timezone: 'Asia/Shanghai', calendar: 'cn' },
    systems,
    interfaces,
  })
}

/** How many exchanges the captures of a protocol show when each is read by itself. */
function goldenCount(protocol: ProtocolName): number {
  return captureNames(protocol)
    .map((name) => JSON.parse(readFileSync(join(import.meta.dirname, 'exchanges', `${name}.json`), 'utf8')).exchanges.length)
    .reduce((sum: number, count: number) => sum + count, 0)
}
