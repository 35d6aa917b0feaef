import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { connect } from 'node:tls'
import type { Clock, Millis } from '../../model/time.ts'
import type { Checkpoint } from '../../store/audit-store.ts'
import { anchorData, anchorLine, type ReadAnchors, readAnchors } from './anchor-line.ts'

/** A place outside of the store where signatures of the audit are put away, so that its end can't be cut off unseen. */
export interface Anchor {
  readonly name: string
  /** Rejects when it didn't arrive; the next one stands for it too. */
  write(checkpoint: Checkpoint): Promise<void>
  /** What was put away; left out where it can't be asked. */
  read?(): Promise<ReadAnchors>
}

/** A file that only grows. On another disk, or with an append-only attribute, it is worth more. */
export function fileAnchor(file: string): Anchor {
  return {
    name: `file ${file}`,
    write: async (checkpoint) => {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 })
      await appendFile(file, anchorLine(checkpoint), { mode: 0o600, flush: true })
    },
    read: async () => {
      const text = await readFile(file, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
        throw error
      })
      return readAnchors(text)
    },
  }
}

export interface SyslogOptions {
  readonly host: string
  readonly port: number
  /** PEM. Null: the authorities that Node knows. */
  readonly ca: Buffer | null
  /** What the collector wants to see of us. */
  readonly identity: { readonly cert: Buffer; readonly key: Buffer } | null
  readonly serverName: string | null
  /** Name of this installation in the messages. */
  readonly from: string
  readonly clock: Clock
  readonly timeoutMs?: Millis
}

const timeoutMsDefault = 5_000
/** Facility 13 (log audit), severity 5 (notice): RFC 5424 6.2.1. */
const priority = 13 * 8 + 5

/**
 * A collector that takes syslog over TLS (RFC 5425). A connection for each message, once a minute at most: it is closed by us only after
 * the collector took all of it, since the protocol itself has no answer.
 */
export function syslogAnchor(options: SyslogOptions): Anchor {
  return {
    name: `syslog ${options.host}:${options.port}`,
    write: (checkpoint) => send(options, syslogMessage(checkpoint, options.from)),
  }
}

/** RFC 5424 6, with the octet count of RFC 5425 4.3 before it. */
export function syslogMessage(checkpoint: Checkpoint, from: string): string {
  const at = new Date(checkpoint.at).toISOString()
  const host = from.replace(/[^!-~]/g, '').slice(0, 255) || '-'
  const message = `<${priority}>1 ${at} ${host} auscult - audit-anchor ${anchorData(checkpoint)} records 1 to ${checkpoint.number} are sealed`
  return `${Buffer.byteLength(message)} ${message}`
}

function send({ host, port, ca, identity, serverName, clock, timeoutMs = timeoutMsDefault }: SyslogOptions, message: string) {
  return new Promise<void>((resolve, reject) => {
    const socket = connect({
      host,
      port,
      minVersion: 'TLSv1.2',
      ...(ca === null ? {} : { ca }),
      ...identity,
      ...(serverName === null ? {} : { servername: serverName }),
    })
    const cancel = clock.after(timeoutMs, () => socket.destroy(new Error('the collector takes too long')))
    socket.once('secureConnect', () => socket.end(message))
    socket.once('error', reject)
    // Collectors send nothing (RFC 5425 4.4); what they do send must not hold the connection open.
    socket.resume()
    socket.once('close', (hadError) => {
      cancel()
      if (!hadError) resolve()
    })
  })
}
