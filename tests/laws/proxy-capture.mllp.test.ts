import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { Exchange } from '../../gateway/model/exchange.ts'
import { otherSide, type Side } from '../../gateway/model/frame.ts'
import { capturedInterface, exchangesOf } from '../golden/captured.ts'
import { captureFile, ipPacket, onLink, type WrittenPacket } from '../support/capture-writer.ts'
import { testInterface } from '../support/catalogue.ts'
import { playedThroughEdge } from '../support/played.ts'
import { threadedEdge } from '../support/threaded-edge.ts'
import { type Disorder, proxyCaptureLaw, type ScriptStep } from './proxy-capture.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auscult-law-'))
})
afterAll(() => rm(folder, { recursive: true }))

proxyCaptureLaw('the edge and a written capture', { throughProxy: (script) => playedThroughEdge(script), throughCapture })
proxyCaptureLaw(
  'the edge with an observing thread and a written capture',
  {
    throughProxy: (script) =>
      playedThroughEdge(script, undefined, (port) =>
        threadedEdge([testInterface('law', { upstream: { host: '127.0.0.1', port } })]),
      ),
    throughCapture,
  },
  20,
)

async function throughCapture(script: readonly ScriptStep[], disorder: Disorder): Promise<readonly Exchange[]> {
  const packets = recorded(script, disorder)
  const timed = packets.map((packet, i) => ({
    at: 1_795_000_000_000 + i * 0.5,
    bytes: onLink(1, ipPacket({ ...packet, at: 0 })),
  }))
  const path = join(folder, 'law.pcap')
  await writeFile(path, captureFile(timed, { form: 'pcap', isLittle: true, link: 1 }))
  const { exchanges } = await exchangesOf([path], capturedInterface())
  return exchanges
}

/** The script as a tap would have recorded it: a handshake, segments of any length, some twice, some in the wrong order, and the ends. */
function recorded(script: readonly ScriptStep[], { lengths, fates }: Disorder): readonly Omit<WrittenPacket, 'at'>[] {
  const ends = {
    initiator: { at: { host: '10.1.0.10', port: 50_000 }, next: 0xfffff000 },
    acceptor: { at: { host: '10.1.0.20', port: 6661 }, next: 77 },
  }
  const packet = (from: Side, rest: Partial<WrittenPacket> = {}) => ({
    source: ends[from].at,
    target: ends[otherSide(from)].at,
    sequence: ends[from].next,
    ack: ends[otherSide(from)].next,
    ...rest,
  })
  const { ack: _, ...syn } = packet('initiator', { flags: 'S' })
  ends.initiator.next += 1
  const packets: Omit<WrittenPacket, 'at'>[] = [syn, packet('acceptor', { flags: 'S' })]
  ends.acceptor.next += 1
  packets.push(packet('initiator'))
  let drawn = 0
  for (const step of script) {
    if (step.kind !== 'bytes') {
      packets.push(packet(step.from, { flags: step.kind === 'fin' ? 'F' : 'R' }))
      ends[step.from].next += 1
      continue
    }
    const segments: Omit<WrittenPacket, 'at'>[] = []
    for (let at = 0; at < step.bytes.length; ) {
      const length = lengths[drawn % lengths.length] ?? 1500
      const segment = packet(step.from, { flags: 'P', bytes: step.bytes.subarray(at, at + length) })
      const fate = fates[drawn % fates.length]
      if (fate === 'swapped') segments.splice(Math.max(0, segments.length - 1), 0, segment)
      else segments.push(segment, ...(fate === 'again' ? [segment] : []))
      ends[step.from].next += Math.min(length, step.bytes.length - at)
      at += length
      drawn += 1
    }
    packets.push(...segments, packet(otherSide(step.from)))
  }
  return packets
}
