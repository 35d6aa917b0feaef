import { readFileSync } from 'node:fs'
import type { Side } from '../../gateway/model/frame.ts'
import type { WireEvent } from '../../gateway/model/wire.ts'

/** A wire event with the connection that it happened on. */
export interface Told {
  readonly connectionId: string
  readonly event: WireEvent
}

/**
 * The events of a small capture of ours (little-endian pcap, Ethernet on loopback, IPv4, nothing lost or out of order), in
 * order of the packets. Deliberately not the product's capture reader: the observer's tests stand on their own.
 */
export function eventsOfCapture(name: string): readonly Told[] {
  const file = readFileSync(new URL(`../../fixtures/captures/${name}.pcap`, import.meta.url))
  const connections = new Map<string, Connection>()
  const events: Told[] = []
  for (let at = 24; at + 16 <= file.length; ) {
    const capturedBytes = file.readUInt32LE(at + 8)
    const seenAt = file.readUInt32LE(at) * 1_000 + file.readUInt32LE(at + 4) / 1_000
    readPacket(file.subarray(at + 16 + 14, at + 16 + capturedBytes), seenAt, connections, events)
    at += 16 + capturedBytes
  }
  return events
}

interface Connection {
  readonly id: string
  readonly initiator: string
  isConnected: boolean
  /** Next sequence number of each side: what lies before was told. */
  readonly next: Record<Side, number>
  readonly ended: Set<Side>
}

function readPacket(ip: Buffer, at: number, connections: Map<string, Connection>, events: Told[]): void {
  const ipHeaderBytes = ((ip[0] ?? 0) & 15) * 4
  const tcp = ip.subarray(ipHeaderBytes, ip.readUInt16BE(2))
  const source = `${[...ip.subarray(12, 16)].join('.')}:${tcp.readUInt16BE(0)}`
  const target = `${[...ip.subarray(16, 20)].join('.')}:${tcp.readUInt16BE(2)}`
  const flags = tcp[13] ?? 0
  const sequence = tcp.readUInt32BE(4)
  const payload = tcp.subarray(((tcp[12] ?? 0) >> 4) * 4)
  const key = [source, target].sort().join(' ')
  const isSyn = (flags & 0x02) !== 0
  const isAck = (flags & 0x10) !== 0
  let connection = connections.get(key)
  const tell = (event: WireEvent): void => void events.push({ connectionId: connection?.id ?? '', event })
  if (isSyn && !isAck) {
    connection = {
      id: `c${connections.size + 1}`,
      initiator: source,
      isConnected: false,
      next: { initiator: sequence + 1, acceptor: 0 },
      ended: new Set(),
    }
    connections.set(key, connection)
    tell({ kind: 'open', at, initiator: source, acceptor: target })
    return
  }
  if (connection === undefined) return
  const from: Side = source === connection.initiator ? 'initiator' : 'acceptor'
  if (isSyn) {
    connection.next.acceptor = sequence + 1
    connection.isConnected = true
    tell({ kind: 'connected', at })
    return
  }
  if ((flags & 0x04) !== 0) {
    if (!connection.isConnected) {
      tell({ kind: 'refused', at, how: 'refused' })
      return
    }
    tell({ kind: 'end', at, from, how: 'rst' })
    tell({ kind: 'closed', at })
    return
  }
  if (payload.length > 0 && sequence >= connection.next[from]) {
    connection.next[from] = sequence + payload.length
    tell({ kind: 'bytes', at, from, bytes: payload })
  }
  if ((flags & 0x01) !== 0 && !connection.ended.has(from)) {
    connection.ended.add(from)
    tell({ kind: 'end', at, from, how: 'fin' })
    if (connection.ended.size === 2) tell({ kind: 'closed', at })
  }
}
