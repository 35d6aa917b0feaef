import type { Frame } from '../../../gateway/model/frame.ts'

/** Interim answers that wait; more are passed over. */
const interimMax = 4

/** Answers that came before their request was whole (100 Continue; 413 to a body that is still being sent): they wait for it. */
export class EarlyAnswers {
  readonly #charsMax: number
  #waiting: { readonly number: number; readonly frame: Frame }[] = []
  #chars = 0

  constructor(charsMax: number) {
    this.#charsMax = charsMax
  }

  get heldBytes(): number {
    return this.#waiting.reduce((sum, { frame }) => sum + frame.body.byteLength, 2 * this.#chars)
  }

  hold(number: number, frame: Frame): void {
    if (frame.head.stage === 'interim' && this.#waiting.length >= interimMax) return
    const chars = charsOf(frame)
    const fits = this.#chars + chars <= this.#charsMax
    if (fits) this.#chars += chars
    this.#waiting.push({ number, frame: fits ? frame : { ...frame, envelope: [] } })
  }

  /** Those that answer this request, or one before it. */
  release(number: number): readonly Frame[] {
    if (this.#waiting.length === 0) return []
    const released = this.#waiting.filter((waiting) => waiting.number <= number).map(({ frame }) => frame)
    this.#waiting = this.#waiting.filter((waiting) => waiting.number > number)
    this.#chars = this.#waiting.reduce((sum, { frame }) => sum + charsOf(frame), 0)
    return released
  }
}

function charsOf(frame: Frame): number {
  return (frame.envelope ?? []).reduce((sum, [name, value]) => sum + name.length + value.length, 0)
}
