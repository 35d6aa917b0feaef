import type { DecoderLimits, Frame, FrameHead, FrameOddity, Side } from '../../../gateway/model/frame.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import type { Association } from './association.ts'
import { type Command, commandBytesMax, readCommand } from './command.ts'
import { ElementWalk, encodingOf } from './element-walk.ts'
import { type Budget, Kept } from './kept.ts'

/** Of a data set beyond the frame limit so much is kept. */
const oversizeKeptBytes = 4_096

/** What a message is assembled with. */
export interface MessageSetup {
  readonly from: Side
  readonly contextId: number
  readonly association: Association
  readonly budget: Budget
  readonly limits: DecoderLimits
  readonly startAt: Instant
}

/**
 * One DIMSE message of one presentation context, put together from its fragments (PS3.7 6.3, PS3.8 annex E). Of the data set it keeps what comes
 * before the pixel data, within the limits; the rest is counted as it passes.
 */
export class Message {
  readonly startAt: Instant
  wireBytes = 0
  endAt: Instant
  readonly #setup: MessageSetup
  readonly #oddities: FrameOddity[] = []
  readonly #commandBytes: Kept
  #isCommandLost = false
  /** Undefined: not yet whole. Null: unreadable. */
  #command: Command | null | undefined
  readonly #dataSet: Kept
  #walk: ElementWalk | null = null
  #dataSetBytes = 0

  constructor(setup: MessageSetup) {
    this.#setup = setup
    this.startAt = setup.startAt
    this.endAt = setup.startAt
    this.#commandBytes = new Kept(setup.budget, Math.min(commandBytesMax, setup.limits.bodyBytesMax))
    this.#dataSet = new Kept(setup.budget, setup.limits.bodyBytesMax)
  }

  get heldBytes(): number {
    return this.#commandBytes.heldBytes + this.#dataSet.heldBytes
  }

  /** Its command set has been read, whether or not it made sense. */
  get hasCommand(): boolean {
    return this.#command !== undefined
  }

  /** Nothing of it could be read. */
  get isUnknown(): boolean {
    return this.#command === null || this.#command === undefined
  }

  /** Once each: what is wrong with every fragment is told of the first. Lost bytes are told as one sum. */
  tell(oddity: FrameOddity): void {
    const isSame = (known: FrameOddity): boolean =>
      known.kind === oddity.kind && (known.kind !== 'irregular' || oddity.kind !== 'irregular' || known.code === oddity.code)
    const index = this.#oddities.findIndex(isSame)
    const known = this.#oddities[index]
    if (known === undefined) this.#oddities.push(oddity)
    else if (known.kind === 'gap' && oddity.kind === 'gap')
      this.#oddities[index] = { kind: 'gap', bytes: known.bytes + oddity.bytes }
  }

  /** Bytes on the wire that belong to it. */
  count(byteCount: number, at: Instant): void {
    this.wireBytes += byteCount
    this.endAt = at
  }

  /** Takes in a piece of one of its fragments. */
  take(bytes: Buffer, isCommand: boolean, at: Instant): void {
    this.count(bytes.length, at)
    if (isCommand) {
      if (!this.#isCommandLost) this.#commandBytes.append(bytes, bytes.length)
      return
    }
    this.#walk ??= new ElementWalk(encodingOf(this.#setup.association.transferSyntax(this.#setup.contextId)))
    const walk = this.#walk
    const from = this.#dataSetBytes
    this.#dataSetBytes += bytes.length
    if (!walk.isDone) {
      walk.feed(bytes)
      // The beginning of the header that shows it may have been kept already.
      if (walk.isDone) this.#dataSet.limit(walk.keepBytes)
    }
    if (from < walk.keepBytes) this.#dataSet.append(bytes, Math.min(bytes.length, walk.keepBytes - from))
  }

  /** So many bytes of its pixels are still to come, whatever else comes; 0 where that isn't known. */
  get pixelBytesLeft(): number {
    return Math.max(0, (this.#walk?.pixelsEndAt ?? 0) - this.#dataSetBytes)
  }

  /** Bytes of one of its fragments were not seen; those of headers between fragments may be among them. */
  lose(byteCount: number, isCommand: boolean, at: Instant): void {
    this.count(byteCount, at)
    this.tell({ kind: 'gap', bytes: byteCount })
    if (isCommand) {
      this.#isCommandLost = true
      return
    }
    this.#dataSetBytes += byteCount
    this.#walk ??= new ElementWalk('little')
    if (!this.#walk.isDone) this.#walk.lose()
    // What comes after a hole can't be joined to what came before it.
    this.#dataSet.limit(this.#dataSet.usedBytes)
  }

  /** Bytes that came and are its own, though between which headers isn't known. */
  passOver(byteCount: number, at: Instant): void {
    if (byteCount === 0) return
    this.count(byteCount, at)
    this.#dataSetBytes += byteCount
  }

  /** The last fragment of the command has come. Returns whether the message is whole with it. */
  endCommand(): boolean {
    this.#command = this.#isCommandLost ? null : readCommand(this.#commandBytes.view())
    this.#commandBytes.letGo()
    if (this.#command === null) this.tell({ kind: 'irregular', code: 'DIMSE_COMMAND_UNREADABLE' })
    return this.#command === null || !this.#command.hasDataSet
  }

  /** As it stands now. Its memory is given back. */
  finish(): Frame {
    const { association, contextId, from, limits } = this.#setup
    const bodyBytes = this.#walk?.pixelsAt ?? this.#dataSetBytes
    if (bodyBytes > limits.frameBytesMax) {
      this.#dataSet.limit(oversizeKeptBytes)
      this.tell({ kind: 'oversize', bytes: this.wireBytes })
    }
    const pixelBytes = this.#dataSetBytes - bodyBytes
    this.#commandBytes.letGo()
    return {
      from,
      startAt: this.startAt,
      endAt: this.endAt,
      wireBytes: this.wireBytes,
      body: this.#dataSet.take(),
      bodyBytes,
      envelope: [
        ...association.envelope(contextId),
        ...(this.#command?.envelope ?? []),
        ...(pixelBytes === 0 ? [] : [['pixel-data-bytes', String(pixelBytes)] as const]),
      ],
      head: this.#command?.head ?? unknownHead,
      oddities: this.#oddities,
    }
  }

  /** Its memory is given back, and nothing comes of it. */
  letGo(): void {
    this.#commandBytes.letGo()
    this.#dataSet.letGo()
  }
}

const unknownHead: FrameHead = {
  role: 'unknown',
  id: null,
  answersId: null,
  idScope: 'connection',
  stage: null,
  verdict: null,
  code: null,
  type: null,
  expects: null,
}

/** What is left of a direction that ended inside a header: nothing is known of what it began. */
export function headerFrame(
  broken: Pick<Frame, 'from' | 'startAt' | 'endAt' | 'oddities'> & { readonly bytes: number },
): Frame {
  const { from, startAt, endAt, bytes, oddities } = broken
  return {
    from,
    startAt,
    endAt,
    wireBytes: bytes,
    body: Buffer.alloc(0),
    bodyBytes: 0,
    envelope: [],
    head: unknownHead,
    oddities,
  }
}
