import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { systemClock } from '../../gateway/clock.ts'
import { startEdge } from '../../gateway/edge/edge.ts'
import { defaultEdgeLimits } from '../../gateway/edge/limits.ts'
import type { Exchange } from '../../gateway/model/exchange.ts'
import { otherSide, type Side } from '../../gateway/model/frame.ts'
import { capturedInterface, exchangesOf } from '../golden/captured.ts'
import { captureFile, ipPacket, onLink, type WrittenPacket } from '../support/capture-writer.ts'
import { testCatalogue, testInterface } from '../support/catalogue.ts'
import { memoryLog, silent } from '../support/log.ts'
import { type Disorder, proxyCaptureLaw, type ScriptStep } from './proxy-capture.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auscult-law-'))
})
afterAll(() => rm(folder, { recursive: true }))

proxyCaptureLaw('the edge and a written capture', { throughProxy, throughCapture })

/** One end of the real conversation: what it has received, and how it ended. */
interface End {
  readonly socket: Socket
  receivedBytes: number
  isEnded: boolean
  /** Called on every change. */
  changed: () => void
}

async function throughProxy(script: readonly ScriptStep[]): Promise<readonly Exchange[]> {
  const accepted = Promise.withResolvers<End>()
  const server = createServer({ allowHalfOpen: true }, (socket) => accepted.resolve(watched(socket)))
  const upstreamPort = await listening(server)
  const log = memoryLog()
  const edge = await startEdge({
    catalogue: testCatalogue(testInterface('law', { upstream: { host: '127.0.0.1', port: upstreamPort } })),
    protocols: [mllp],
    log,
    clock: systemClock(),
    limits: { ...defaultEdgeLimits, drainMs: 2000 },
    logger: silent,
    edgeId: 'e1',
    clockHealth: () => ({ synchronised: null, errorBoundMs: null }),
  })
  const initiator = watched(connect({ host: '127.0.0.1', port: edge.stats().listening.law ?? 0, allowHalfOpen: true }))
  const sides = { initiator, acceptor: await accepted.promise }
  await play(script, sides)
  await edge.drain()
  server.close()
  for (const side of Object.values(sides)) side.socket.destroy()
  return log.exchanges()
}

async function play(script: readonly ScriptStep[], ends: { readonly [side in Side]: End }): Promise<void> {
  const sent = { initiator: 0, acceptor: 0 }
  for (const step of script) {
    const [from, to] = [ends[step.from], ends[otherSide(step.from)]]
    if (step.kind === 'bytes') {
      sent[step.from] += step.bytes.length
      from.socket.write(step.bytes)
      await until(to, () => to.receivedBytes === sent[step.from])
    } else {
      if (step.kind === 'fin') from.socket.end()
      else from.socket.resetAndDestroy()
      await until(to, () => to.isEnded)
    }
  }
}

function watched(socket: Socket): End {
  const end: End = { socket, receivedBytes: 0, isEnded: false, changed: () => {} }
  const ended = () => {
    end.isEnded = true
    end.changed()
  }
  socket.setNoDelay(true)
  socket.on('data', (bytes) => {
    end.receivedBytes += bytes.length
    end.changed()
  })
  socket.on('end', ended)
  socket.on('close', ended)
  socket.on('error', ended)
  return end
}

async function until(end: End, isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    await new Promise<void>((resolve) => {
      end.changed = resolve
    })
  }
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

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
