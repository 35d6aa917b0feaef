import { readdirSync } from 'node:fs'
import type { ProtocolName } from '../../gateway/model/interface.ts'

/** Every capture of the repository, by name; or those of one protocol. */
export function captureNames(protocol?: ProtocolName): readonly string[] {
  return readdirSync(new URL('../../fixtures/captures/', import.meta.url))
    .filter((name) => name.endsWith('.pcap') && (protocol === undefined || protocolOf(name) === protocol))
    .map((name) => name.slice(0, -'.pcap'.length))
    .sort()
}

/** A capture's name begins with its protocol. */
export function protocolOf(name: string): ProtocolName {
  return name.startsWith('http-') ? 'http' : 'mllp'
}
