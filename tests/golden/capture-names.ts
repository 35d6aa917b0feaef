import { readdirSync } from 'node:fs'

/** Every capture of the repository, by name. */
export function captureNames(): readonly string[] {
  return readdirSync(new URL('../../fixtures/captures/', import.meta.url))
    .filter((name) => name.endsWith('.pcap'))
    .map((name) => name.slice(0, -'.pcap'.length))
    .sort()
}
