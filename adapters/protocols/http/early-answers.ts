import type { Frame } from '../../../gateway/model/frame.ts'

/** Interim answers that wait; more are passed over. */
const interimMax = 4

/** Answers that came before their request was whole (100 Continue; 413 to a body that is still being sent): they wait for it. */
export class EarlyAnswers {
  readonly #charsMax: number
  #waiting: Frame[] = []
  #chars = 0

  constructor(charsMax: number) {
    this.#charsMax = charsMax
  }

  get heldBytes(): number {
    return this.#waiting.reduce((sum, { body }) => sum + body.byteLength, 2 * this.#chars)
  }

  hold(frame: Frame): void {
    if (frame.head.stage === 'interim' && this.#waiting.length >= interimMax) return
    const chars = charsOf(frame)
    const fits = this.#chars + chars <= this.#charsMax
    if (fits) this.#chars += chars
    this.#waiting.push(fits ? frame : { ...frame, envelope: [] })
  }

  /** Their request is whole, or nothing more of it is awaited. There is but one that answers may wait for: the last. */
  release(): readonly Frame[] {
    const released = this.#waiting
    this.#waiting = []
    this.#chars = 0
    return released
  }
}

function charsOf(frame: Frame): number {
  return (frame.envelope ?? []).reduce((sum, [name, value]) => sum + name.length + value.length, 0)
}
