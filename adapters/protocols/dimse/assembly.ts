import type { DecoderLimits, Frame, FrameOddity, Side } from '../../../gateway/model/frame.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import type { Association } from './association.ts'
import type { Budget } from './kept.ts'
import { Message } from './message.ts'

/** How a frame came to break off. */
export type BrokenHow = Extract<FrameOddity, { kind: 'partial' }>['how']

/** What the messages of one direction are put together with. */
export interface AssemblyOptions {
  readonly from: Side
  readonly limits: DecoderLimits
  readonly association: Association
  readonly budget: Budget
}

/** The message that the fragment of a PDV joins; null: none that is read. */
export interface Fragment {
  readonly message: Message | null
  readonly contextId: number
  readonly isCommand: boolean
  readonly isLast: boolean
}

export const noFragment: Fragment = { message: null, contextId: 0, isCommand: false, isLast: false }

/** The messages of one direction that were begun, one at most in each presentation context: their fragments may alternate (PS3.8 annex E). */
export class Assembly {
  readonly #options: AssemblyOptions
  readonly #messages = new Map<number, Message>()
  /** Bytes were lost or taken away: what comes now may be the end of something whose beginning isn't known. */
  isBlind = false
  #lostBytes = 0

  constructor(options: AssemblyOptions) {
    this.#options = options
  }

  get heldBytes(): number {
    let bytes = 0
    for (const message of this.#messages.values()) bytes += message.heldBytes
    return bytes
  }

  /** The oldest that was begun. */
  get first(): Message | null {
    for (const message of this.#messages.values()) return message
    return null
  }

  /** The one message that is begun, and whose pixels so many lost bytes must have been: what comes next still belongs to it. */
  losesPixels(byteCount: number): Message | null {
    const only = this.#messages.size === 1 ? this.first : null
    return only !== null && byteCount <= only.pixelBytesLeft ? only : null
  }

  /** The message that a fragment joins; null: the end of one whose beginning was lost. */
  messageOf(contextId: number, isCommand: boolean, startAt: Instant, frames: Frame[]): Message | null {
    const known = this.#messages.get(contextId) ?? null
    if (known !== null && isCommand && known.hasCommand) {
      known.tell({ kind: 'irregular', code: 'DIMSE_DATA_SET_MISSING' })
      this.give(contextId, known, frames)
    } else if (known !== null) {
      if (!isCommand && !known.hasCommand) known.tell({ kind: 'irregular', code: 'DIMSE_COMMAND_UNFINISHED' })
      return known
    }
    if (this.isBlind && !isCommand) return null
    const message = new Message({ ...this.#options, contextId, startAt })
    if (!isCommand) message.tell({ kind: 'irregular', code: 'DIMSE_COMMAND_MISSING' })
    this.tellLost(message)
    this.#messages.set(contextId, message)
    return message
  }

  /** Hands a message out; after a loss one that says nothing is let go. */
  give(contextId: number, message: Message, frames: Frame[]): void {
    this.#messages.delete(contextId)
    this.#handOut(message, frames)
  }

  /** Hands out all that was begun, as broken off. */
  breakOff(how: BrokenHow, gap: FrameOddity | null, frames: Frame[]): void {
    for (const message of this.#messages.values()) {
      if (gap !== null) message.tell(gap)
      message.tell({ kind: 'partial', how })
      this.#handOut(message, frames)
    }
    this.#messages.clear()
    this.isBlind = true
  }

  /** Bytes were lost that no frame tells of: the next one does. */
  lose(byteCount: number): void {
    this.#lostBytes += byteCount
  }

  tellLost(frame: { tell(oddity: FrameOddity): void }): void {
    if (this.#lostBytes > 0) frame.tell({ kind: 'gap', bytes: this.#lostBytes })
    this.#lostBytes = 0
  }

  #handOut(message: Message, frames: Frame[]): void {
    if (this.isBlind && message.isUnknown) {
      message.letGo()
      return
    }
    frames.push(message.finish())
    this.isBlind = false
  }
}
