import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import type { Format } from '../model/document.ts'
import { failure } from '../model/failures.ts'
import type { Catalogue, Interface } from '../model/interface.ts'
import type { Instant } from '../model/time.ts'
import type { InterfaceEvent } from '../offline.ts'

export interface MessageFolder {
  /** The catalogue with pairing that fits: a folder that holds no acknowledgment owes none. */
  readonly catalogue: Catalogue
  readonly events: readonly InterfaceEvent[]
  readonly messageCount: number
  readonly unmatched: number
}

export interface MessageFolderOptions {
  readonly folder: string
  readonly catalogue: Catalogue
  readonly format: Format
  /** Splits a file into messages: a batch holds several. */
  split(bytes: Uint8Array): readonly Uint8Array[]
  /** Where `--interface` names it. */
  readonly interfaceId: string | null
}

/**
 * A folder of HL7 v2 message files as wire events. Which interface a file belongs to: `interfaceId`; or else the subfolder that has an
 * interface's id; or else the only HL7 v2 interface. Event time is MSH-7, as nothing else tells when a message passed.
 * Throws Failure `INPUT_UNREADABLE` when no file belongs to any interface.
 */
export function readMessageFolder(options: MessageFolderOptions): MessageFolder {
  const messages = files(options.folder).flatMap((path) =>
    options.split(readFileSync(path)).map((body) => ({ body, interfaceId: ownerOf(relative(options.folder, path), options) })),
  )
  const owned = messages.flatMap(({ body, interfaceId }) => (interfaceId === null ? [] : [{ body, interfaceId }]))
  if (owned.length === 0) {
    const message =
      messages.length === 0
        ? 'the folder holds no message'
        : 'no message of the folder belongs to an interface: name one with --interface, or put them in subfolders named by interface id'
    throw failure('INPUT_UNREADABLE', message, { place: { file: options.folder } })
  }
  const read = owned.map(({ body, interfaceId }) => ({ body, interfaceId, ...peek(body, options) }))
  const answering = new Set(read.filter((m) => m.isAnswer).map((m) => m.interfaceId))
  const events: InterfaceEvent[] = []
  let now: Instant = 0
  for (const { body, interfaceId, at, isAnswer } of read) {
    now = at === null ? now + 1 : Math.max(now, at)
    events.push({
      interfaceId,
      connectionId: interfaceId,
      event: { kind: 'bytes', at: now, from: isAnswer ? 'acceptor' : 'initiator', bytes: block(body) },
    })
  }
  const interfaces = options.catalogue.interfaces.map((iface) => (answering.has(iface.id) ? iface : withoutAcks(iface)))
  return {
    catalogue: { ...options.catalogue, interfaces },
    events,
    messageCount: messages.length,
    unmatched: messages.length - owned.length,
  }
}

function files(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && /\.(hl7|txt|msg|dat|bin|out|er7)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function ownerOf(path: string, options: MessageFolderOptions): string | null {
  if (options.interfaceId !== null) return options.interfaceId
  const candidates = options.catalogue.interfaces.filter((iface) => iface.format === options.format.name)
  const parts = [basename(options.folder), ...path.split('/')]
  const named = candidates.find((iface) => parts.includes(iface.id))
  if (named) return named.id
  return candidates.length === 1 ? (candidates[0]?.id ?? null) : null
}

function peek(body: Uint8Array, { format, catalogue }: MessageFolderOptions): { at: Instant | null; isAnswer: boolean } {
  const facts = format.read(body, { at: 0, timezone: catalogue.hospital.timezone }).facts()
  return { at: facts.stamps.find((stamp) => stamp.kind === 'message')?.at ?? null, isAnswer: facts.ack !== null }
}

function withoutAcks(iface: Interface): Interface {
  return iface.protocol === 'mllp' ? { ...iface, options: { ...iface.options, ackMode: 'none' } } : iface
}

/** Framed as MLLP frames it, so that a file goes the way that a wire goes. */
function block(body: Uint8Array): Uint8Array {
  const start = body[0] === 0x0b ? 1 : 0
  const framed = new Uint8Array(body.length - start + 3)
  framed[0] = 0x0b
  framed.set(body.subarray(start), 1)
  framed.set([0x1c, 0x0d], framed.length - 2)
  return framed
}
