import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Config } from './config/config.ts'
import { type Anchor, fileAnchor, syslogAnchor } from './desk/audit/anchors.ts'
import { failure } from './model/failures.ts'
import type { Clock } from './model/time.ts'

/** The anchor that every installation has, in its data folder. */
export function ownAnchorFile(dataFolder: string): string {
  return join(dataFolder, 'audit', 'anchor.jsonl')
}

/** Where this configuration wants signatures of the audit. Throws TLS_MATERIAL_UNREADABLE. */
export function openAnchors({ audit }: Config, dataFolder: string, clock: Clock): readonly Anchor[] {
  const files = [ownAnchorFile(dataFolder), ...(audit.anchorFile === null ? [] : [audit.anchorFile])]
  const { syslog } = audit
  if (syslog === null) return files.map(fileAnchor)
  const { host, port, ca, cert, key, serverName } = syslog
  const identity = cert === null || key === null ? null : { cert: readMaterial(cert), key: readMaterial(key) }
  const collector = syslogAnchor({
    host,
    port,
    ca: ca === null ? null : readMaterial(ca),
    identity,
    serverName,
    from: hostname(),
    clock,
  })
  return [...files.map(fileAnchor), collector]
}

/** A PEM file. Throws TLS_MATERIAL_UNREADABLE. */
export function readMaterial(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw failure('TLS_MATERIAL_UNREADABLE', 'a key or certificate can not be read', { place: { file }, cause })
  }
}
