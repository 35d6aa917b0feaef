import type { Failure } from '../../../gateway/model/failure.ts'
import { failure } from '../../../gateway/model/failures.ts'
import type { Catalogue } from '../../../gateway/model/interface.ts'
import type { Instant, Millis } from '../../../gateway/model/time.ts'
import { type CapturedEvent, Conversations } from './conversations.ts'
import { packetsOf } from './file.ts'
import { IpReader } from './ip.ts'
import { ipInside } from './link.ts'
import type { CapturedPacket } from './packet.ts'
import { readSegment, readUnreachable } from './segment.ts'
import { defaultTcpLimits, type TcpLimits } from './tcp.ts'

export type { CapturedEvent } from './conversations.ts'

export interface CaptureLimits extends TcpLimits {
  /** Conversations of interfaces that are followed at once; beyond, the one silent for longest is given up. */
  readonly conversationsMax: number
  /** How long after the last packet the last tick is: longer than any time-out of an exchange. */
  readonly lastTickMs: Millis
}

export const defaultCaptureLimits: CaptureLimits = { ...defaultTcpLimits, conversationsMax: 10_000, lastTickMs: 120_000 }

export interface CaptureSummary {
  readonly packets: number
  /** Bytes of interfaces' conversations that the capture has not. */
  readonly bytesLost: number
  readonly unmatchedConversations: number
  /** The same by acceptor, most first; at most 200. */
  readonly unmatched: readonly { readonly acceptor: string; readonly conversations: number }[]
  /** Time of the first and of the last packet; null without any. */
  readonly from: Instant | null
  readonly to: Instant | null
  /** CAPTURE_TRUNCATED, CAPTURE_DAMAGED, CAPTURE_LINK_TYPE of an interface among others: what was whole has been read. */
  readonly warnings: readonly Failure[]
}

/** A reading of captures: the events once, in batches, and then the whole summary. */
export interface CaptureReading {
  readonly events: AsyncIterable<readonly CapturedEvent[]>
  /** As far as was read. */
  summary(): CaptureSummary
}

/**
 * Reads captures as one, in the order of their packets' times: what happened on each interface that has a capture source. As time passes in the
 * capture, each interface gets a `tick` a second, and a last one `lastTickMs` after the last packet. Memory doesn't grow with the
 * files. Rejects with INPUT_NOT_FOUND, INPUT_UNREADABLE, CAPTURE_NOT_A_CAPTURE, CAPTURE_LINK_TYPE (no packet of a known link).
 */
export function readCapture(options: {
  readonly files: readonly string[]
  readonly catalogue: Catalogue
  readonly limits?: Partial<CaptureLimits>
}): CaptureReading {
  const reading = new Reading(options.catalogue, { ...defaultCaptureLimits, ...options.limits })
  return { events: reading.events(options.files), summary: () => reading.summary() }
}

class Reading {
  readonly #limits: CaptureLimits
  readonly #conversations: Conversations
  readonly #ip = new IpReader()
  readonly #warnings: Failure[] = []
  readonly #oddLinks = new Set<string>()
  #packets = 0
  #readable = 0
  #bytesLost = 0
  #from: Instant | null = null
  #to: Instant | null = null
  #nextTickAt: Instant = Number.POSITIVE_INFINITY

  constructor(catalogue: Catalogue, limits: CaptureLimits) {
    this.#limits = limits
    this.#conversations = new Conversations(catalogue.interfaces, limits)
  }

  summary(): CaptureSummary {
    return {
      packets: this.#packets,
      bytesLost: this.#bytesLost,
      unmatchedConversations: this.#conversations.unmatchedCount,
      unmatched: this.#conversations.unmatched,
      from: this.#from,
      to: this.#to,
      warnings: this.#warnings,
    }
  }

  async *events(files: readonly string[]): AsyncGenerator<readonly CapturedEvent[]> {
    for await (const { file, packets } of merged(files, (warning) => this.#warnings.push(warning))) {
      const events: CapturedEvent[] = []
      for (const packet of packets) this.#packet(packet, file, events)
      if (events.length > 0) yield this.#counted(events)
    }
    if (this.#packets > 0 && this.#readable === 0) throw this.#warnings.find(isLinkWarning) ?? new Error('No packet was read.')
    if (this.#to === null) return
    yield this.#counted(this.#conversations.finish(this.#to, this.#to + this.#limits.lastTickMs))
  }

  #packet(packet: CapturedPacket, file: string, events: CapturedEvent[]): void {
    const { at } = packet
    this.#packets += 1
    this.#from = Math.min(this.#from ?? at, at)
    this.#to = Math.max(this.#to ?? at, at)
    this.#passTime(at, events)
    const inside = ipInside(packet.link, packet.bytes)
    if (inside === 'unknown') {
      this.#oddLink(packet.link, file)
      return
    }
    this.#readable += 1
    const ip = inside === null ? null : this.#ip.read(inside, at)
    if (ip === null) return
    const segment = readSegment(ip)
    if (segment !== null) {
      for (const event of this.#conversations.see(segment, at)) events.push(event)
      return
    }
    const refused = readUnreachable(ip)
    if (refused !== null) events.push(...this.#conversations.unreachable(refused, at))
  }

  #passTime(at: Instant, events: CapturedEvent[]): void {
    if (this.#nextTickAt === Number.POSITIVE_INFINITY) this.#nextTickAt = at + tickMs
    // After a long silence one tick stands for many: what falls due in it falls due in order.
    if (at - this.#nextTickAt > ticksInRowMax * tickMs) this.#nextTickAt = at - ticksInRowMax * tickMs
    for (; this.#nextTickAt <= at; this.#nextTickAt += tickMs) {
      for (const event of this.#conversations.passTime(this.#nextTickAt)) events.push(event)
    }
  }

  #oddLink(link: number, file: string): void {
    const key = `${link} ${file}`
    if (this.#oddLinks.has(key)) return
    this.#oddLinks.add(key)
    this.#warnings.push(failure('CAPTURE_LINK_TYPE', `Packets of link type ${link} can't be read.`, { place: { file } }))
  }

  #counted(events: readonly CapturedEvent[]): readonly CapturedEvent[] {
    for (const { event } of events) if (event.kind === 'gap') this.#bytesLost += event.byteCount
    return events
  }
}

const tickMs = 1000
const ticksInRowMax = 3600

function isLinkWarning(warning: Failure): boolean {
  return warning.code === 'CAPTURE_LINK_TYPE'
}

interface OpenFile {
  readonly file: string
  readonly packets: AsyncGenerator<readonly CapturedPacket[]>
  batch: readonly CapturedPacket[]
  at: number
}

/** The files' packets in the order of time, as long runs of one file as that allows. */
async function* merged(
  files: readonly string[],
  warn: (failure: Failure) => void,
): AsyncGenerator<{ readonly file: string; readonly packets: readonly CapturedPacket[] }> {
  const open: OpenFile[] = []
  try {
    for (const file of files) {
      const opened = { file, packets: packetsOf(file, warn), batch: [], at: 0 }
      open.push(opened)
      await fill(opened)
    }
    for (;;) {
      const left = open.filter((file) => file.batch.length > file.at).sort((a, b) => headAt(a) - headAt(b))
      const [first, second] = left
      if (first === undefined) return
      const untilAt = second === undefined ? Number.POSITIVE_INFINITY : headAt(second)
      const later = first.batch.findIndex((packet, index) => index > first.at && packet.at > untilAt)
      const end = later === -1 ? first.batch.length : later
      yield { file: first.file, packets: first.batch.slice(first.at, end) }
      first.at = end
      await fill(first)
    }
  } finally {
    for (const file of open) await file.packets.return(undefined)
  }
}

async function fill(file: OpenFile): Promise<void> {
  while (file.at >= file.batch.length) {
    const next = await file.packets.next()
    if (next.done) return
    file.batch = next.value
    file.at = 0
  }
}

function headAt(file: OpenFile): Instant {
  return file.batch[file.at]?.at ?? Number.POSITIVE_INFINITY
}
