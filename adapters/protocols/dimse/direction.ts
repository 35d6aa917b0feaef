import type { DecoderLimits, EndHow, Frame, FrameOddity, PendingFrame, Side } from '../../../gateway/model/frame.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import { Assembly, type Fragment, noFragment } from './assembly.ts'
import type { Association } from './association.ts'
import { ControlPdu } from './control-pdu.ts'
import type { Budget } from './kept.ts'
import { headerFrame } from './message.ts'
import { type PduHeader, pduHeaderBytes, pduTypes, pdvHeaderBytes, readPduHeader } from './pdu.ts'
import { findPdu } from './resync.ts'

/** What one direction of a connection needs to know. */
export interface DirectionOptions {
  readonly from: Side
  readonly limits: DecoderLimits
  readonly association: Association
}

/** Which part of the stream comes next. `pass`: the rest of a PDU that isn't read. `seek`: bytes were lost, and a PDU header is looked for. */
type Phase = 'pdu-header' | 'control' | 'pdv-header' | 'pdv' | 'pass' | 'seek'

/**
 * One direction of a DICOM upper layer connection (PS3.8 9.3): PDUs one after another, and in the P-DATA-TF ones presentation data values. Throws
 * ProtocolError where a PDU must begin and none does, unless bytes were lost before: then the next one is looked for.
 */
export class Direction {
  readonly #options: DirectionOptions
  readonly #budget: Budget
  readonly #assembly: Assembly
  #phase: Phase = 'pdu-header'
  /** A header that is being collected. */
  readonly #header = Buffer.alloc(pduHeaderBytes)
  #headerBytes = 0
  /** Header bytes that belong to no frame yet, and when the first of them came. */
  #loose: { bytes: number; startAt: Instant } | null = null
  #pduLeft = 0
  #isPduTooLong = false
  #pdvLeft = 0
  #fragment: Fragment = noFragment
  #control: ControlPdu | null = null
  #hasAborted = false
  /** Bytes were lost, and nothing whole was read since: a PDU that was seen may be none. */
  #isAdrift = false
  /** The end of what was looked through in vain, where a PDU may have begun. */
  #tail: Buffer = nothing
  #lastAt: Instant = 0

  constructor(options: DirectionOptions) {
    this.#options = options
    this.#budget = { leftBytes: options.limits.bodyBytesMax }
    this.#assembly = new Assembly({ ...options, budget: this.#budget })
  }

  get heldBytes(): number {
    return (this.#control?.heldBytes ?? 0) + this.#assembly.heldBytes
  }

  pending(): PendingFrame | null {
    const begun = this.#control ?? this.#assembly.first
    if (begun !== null) return { sinceAt: begun.startAt, bytes: begun.wireBytes }
    return this.#loose === null ? null : { sinceAt: this.#loose.startAt, bytes: this.#loose.bytes }
  }

  /** Returns what it left unread, to be pushed again: after an abort, which concerns the other direction too, and where a PDU has to be looked for. */
  push(bytes: Buffer, at: Instant, frames: Frame[]): Buffer {
    this.#lastAt = at
    const rest = this.#phase === 'seek' ? this.#seek(bytes, at) : this.#read(bytes, at, frames)
    if (frames.length > 0) this.#isAdrift = false
    return rest
  }

  /** Bytes were lost. Where all of them belong to one PDV, or to what is passed over, the place in the stream is still known. */
  gap(byteCount: number, at: Instant, frames: Frame[]): void {
    const isInside = byteCount > 0 && this.#headerBytes === 0
    if (isInside && this.#phase === 'pdv' && byteCount <= this.#pdvLeft) this.#loseInside(byteCount, at, frames)
    else if (isInside && this.#phase === 'pass' && byteCount <= this.#pduLeft) this.#pass(byteCount)
    else this.#loseTrack(byteCount, at, frames)
  }

  /** The direction ended, or (`timeout`) what was begun is taken as it stands: its rest is passed over if it still comes. */
  end(how: EndHow, frames: Frame[]): void {
    this.#breakOff(how, null, frames)
    if (this.#phase === 'control') this.#phase = 'pass'
    this.#fragment = { ...this.#fragment, message: null }
  }

  #read(bytes: Buffer, at: Instant, frames: Frame[]): Buffer {
    let from = 0
    this.#hasAborted = false
    while (from < bytes.length && !this.#hasAborted) {
      switch (this.#phase) {
        case 'pdu-header':
          from = this.#collect(bytes, from, at)
          if (this.#headerBytes === pduHeaderBytes) this.#beginPdu(at, frames)
          break
        case 'pdv-header':
          from = this.#collect(bytes, from, at)
          if (this.#headerBytes === pdvHeaderBytes) this.#beginPdv(at, frames)
          break
        case 'control':
          from = this.#readControl(bytes, from, at, frames)
          break
        case 'pdv':
          from = this.#readPdv(bytes, from, at, frames)
          break
        case 'pass': {
          const byteCount = Math.min(this.#pduLeft, bytes.length - from)
          this.#pass(byteCount)
          from += byteCount
          break
        }
        case 'seek':
          return bytes.subarray(from)
        default:
          this.#phase satisfies never
      }
    }
    return bytes.subarray(from)
  }

  /** Takes bytes of a header; both kinds are six long. */
  #collect(bytes: Buffer, from: number, at: Instant): number {
    const taken = Math.min(pduHeaderBytes - this.#headerBytes, bytes.length - from)
    bytes.copy(this.#header, this.#headerBytes, from, from + taken)
    this.#headerBytes += taken
    this.#loose ??= { bytes: 0, startAt: at }
    this.#loose.bytes += taken
    return from + taken
  }

  #beginPdu(at: Instant, frames: Frame[]): void {
    const { from, association, limits } = this.#options
    this.#headerBytes = 0
    const header = this.#pduHeader()
    if (header === null) return
    this.#pduLeft = header.length
    if (header.type === pduTypes.data) {
      this.#isPduTooLong = association.isTooLong(from, header.length)
      this.#nextPdv()
      return
    }
    const startAt = this.#loose?.startAt ?? at
    this.#loose = null
    const budget = this.#budget
    this.#control = new ControlPdu({ from, ...header, startAt, association, budget, bodyBytesMax: limits.bodyBytesMax })
    this.#assembly.tellLost(this.#control)
    this.#phase = 'control'
    if (header.length === 0) this.#endControl(at, frames)
  }

  /** Null: a PDU was seen where there was none, and the next one is looked for. */
  #pduHeader(): PduHeader | null {
    try {
      return readPduHeader(this.#header)
    } catch (error) {
      if (!this.#isAdrift) throw error
      this.#loose = null
      this.#phase = 'seek'
      return null
    }
  }

  #readControl(bytes: Buffer, from: number, at: Instant, frames: Frame[]): number {
    const end = from + Math.min(this.#pduLeft, bytes.length - from)
    this.#control?.take(bytes.subarray(from, end))
    this.#pduLeft -= end - from
    if (this.#pduLeft === 0) this.#endControl(at, frames)
    return end
  }

  #endControl(at: Instant, frames: Frame[]): void {
    const control = this.#control
    this.#control = null
    this.#phase = 'pdu-header'
    if (control === null) return
    control.endAt = at
    this.#hasAborted = control.isAbort
    // Whoever breaks off finishes nothing more.
    if (control.isAbort) this.#assembly.breakOff('fin', null, frames)
    frames.push(control.finish(true))
    this.#assembly.isBlind = false
  }

  /** The header of a PDV is whole: finds the message that its fragment joins. */
  #beginPdv(at: Instant, frames: Frame[]): void {
    this.#headerBytes = 0
    this.#pduLeft -= pdvHeaderBytes
    const length = this.#header.readUInt32BE(0)
    const contextId = this.#header.readUInt8(4)
    const control = this.#header.readUInt8(5)
    const isCommand = (control & 1) !== 0
    const message = this.#assembly.messageOf(contextId, isCommand, this.#loose?.startAt ?? at, frames)
    message?.count(this.#loose?.bytes ?? 0, at)
    if (this.#isPduTooLong) message?.tell({ kind: 'irregular', code: 'DIMSE_PDU_TOO_LONG' })
    this.#isPduTooLong = false
    this.#loose = null
    if (length < 2 || length - 2 > this.#pduLeft) {
      // Where the next PDV begins can't be known; where the next PDU does, can.
      message?.tell({ kind: 'irregular', code: 'DIMSE_PDV_LENGTH' })
      this.#assembly.breakOff('broken', null, frames)
      this.#pass(0)
      return
    }
    this.#pdvLeft = length - 2
    this.#fragment = { message, contextId, isCommand, isLast: (control & 2) !== 0 }
    this.#phase = 'pdv'
    if (this.#pdvLeft === 0) this.#endPdv(frames)
  }

  #readPdv(bytes: Buffer, from: number, at: Instant, frames: Frame[]): number {
    const end = from + Math.min(this.#pdvLeft, bytes.length - from)
    this.#fragment.message?.take(bytes.subarray(from, end), this.#fragment.isCommand, at)
    this.#pdvLeft -= end - from
    this.#pduLeft -= end - from
    if (this.#pdvLeft === 0) this.#endPdv(frames)
    return end
  }

  #endPdv(frames: Frame[]): void {
    const { message, contextId, isCommand, isLast } = this.#fragment
    this.#fragment = noFragment
    if (message !== null && isLast && (!isCommand || message.endCommand())) this.#assembly.give(contextId, message, frames)
    this.#nextPdv()
  }

  /** After a PDV, or after the header of a P-DATA-TF. */
  #nextPdv(): void {
    if (this.#pduLeft >= pdvHeaderBytes) this.#phase = 'pdv-header'
    else this.#pass(0)
  }

  /** Passes over bytes of a PDU that isn't read any more. */
  #pass(byteCount: number): void {
    this.#pduLeft -= byteCount
    this.#phase = this.#pduLeft > 0 ? 'pass' : 'pdu-header'
    // The header of a P-DATA-TF without a PDV belongs to nothing.
    this.#loose = null
  }

  #loseInside(byteCount: number, at: Instant, frames: Frame[]): void {
    const { message, isCommand } = this.#fragment
    if (message === null) this.#assembly.lose(byteCount)
    else message.lose(byteCount, isCommand, at)
    this.#pdvLeft -= byteCount
    this.#pduLeft -= byteCount
    if (this.#pdvLeft === 0) this.#endPdv(frames)
  }

  /** What was begun breaks off, unless all that was lost are pixels of it; the next PDU is looked for. */
  #loseTrack(byteCount: number, at: Instant, frames: Frame[]): void {
    const message = byteCount > 0 ? this.#assembly.losesPixels(byteCount) : null
    const before = frames.length
    if (message !== null) message.lose(byteCount, false, at)
    else this.#breakOff('gap', { kind: 'gap', bytes: byteCount }, frames)
    if (message === null && frames.length === before) this.#assembly.lose(byteCount)
    this.#assembly.isBlind = true
    this.#isAdrift = true
    this.#phase = 'seek'
    this.#headerBytes = 0
    this.#loose = null
    this.#tail = nothing
  }

  /** Hands out all that was begun, as broken off. */
  #breakOff(how: EndHow | 'gap', gap: FrameOddity | null, frames: Frame[]): void {
    const isBegun = this.#control !== null || this.#assembly.first !== null
    const isBlind = this.#assembly.isBlind
    this.#assembly.breakOff(how, gap, frames)
    const broken: readonly FrameOddity[] = gap === null ? [{ kind: 'partial', how }] : [gap, { kind: 'partial', how }]
    if (this.#control !== null) {
      for (const oddity of broken) this.#control.tell(oddity)
      this.#control.endAt = this.#lastAt
      frames.push(this.#control.finish(false))
    } else if (this.#loose !== null && how !== 'gap' && !isBegun && !isBlind) {
      frames.push(headerFrame({ ...this.#loose, from: this.#options.from, endAt: this.#lastAt, oddities: broken }))
    }
    this.#control = null
    this.#loose = null
    this.#assembly.isBlind = true
  }

  /** Looks for a PDU; returns the bytes from it on, or none. What lies before it are the pixels of a message that goes on, if one does. */
  #seek(bytes: Buffer, at: Instant): Buffer {
    const window = this.#tail.length === 0 ? bytes : Buffer.concat([this.#tail, bytes])
    const sighting = findPdu(window, (contextId) => this.#options.association.mayCarry(contextId))
    this.#assembly.first?.passOver(sighting.at, at)
    const rest = window.subarray(sighting.at)
    this.#tail = sighting.isFound ? nothing : Buffer.from(rest)
    if (!sighting.isFound) return nothing
    this.#phase = 'pdu-header'
    return rest
  }
}

const nothing = Buffer.alloc(0)
