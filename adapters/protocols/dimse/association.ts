import type { Envelope } from '../../../gateway/model/envelope.ts'
import { otherSide, type Side } from '../../../gateway/model/frame.ts'
import type { Associate } from './associate.ts'

/** What both sides of a connection have agreed on, as far as it was seen. Bounded: at most 128 contexts. */
export class Association {
  #callingAe: string | null = null
  #calledAe: string | null = null
  readonly #abstracts = new Map<number, string>()
  readonly #transfers = new Map<number, string>()
  /** The longest P-DATA-TF that each side takes; null: any, or not known. */
  readonly #takesMax: Record<Side, number | null> = { initiator: null, acceptor: null }

  /** A new association begins: what was agreed before is over. */
  requested(from: Side, request: Associate): void {
    this.#callingAe = request.callingAe
    this.#calledAe = request.calledAe
    this.#abstracts.clear()
    this.#transfers.clear()
    for (const { id, abstract } of request.contexts) if (abstract !== null) this.#abstracts.set(id, abstract)
    this.#takesMax[from] = request.maxLength || null
    this.#takesMax[otherSide(from)] = null
  }

  accepted(from: Side, answer: Associate): void {
    // The AE titles of an answer "shall not be tested" (PS3.8 9.3.3): they serve where the request wasn't seen.
    this.#callingAe ??= answer.callingAe
    this.#calledAe ??= answer.calledAe
    for (const { id, result, transfers } of answer.contexts) {
      const [transfer] = transfers
      if (result === 0 && transfer !== undefined) this.#transfers.set(id, transfer)
    }
    this.#takesMax[from] = answer.maxLength || null
  }

  transferSyntax(contextId: number): string | null {
    return this.#transfers.get(contextId) ?? null
  }

  /** Who speaks with whom. */
  titles(): Envelope {
    return [
      ...(this.#callingAe === null ? [] : [['calling-ae', this.#callingAe] as const]),
      ...(this.#calledAe === null ? [] : [['called-ae', this.#calledAe] as const]),
    ]
  }

  /** What stands around every message of that context. */
  envelope(contextId: number): Envelope {
    const transfer = this.transferSyntax(contextId)
    const abstract = this.#abstracts.get(contextId)
    return [
      ...this.titles(),
      ['context-id', String(contextId)],
      ...(abstract === undefined ? [] : [['abstract-syntax', abstract] as const]),
      ...(transfer === null ? [] : [['transfer-syntax', transfer] as const]),
    ]
  }

  /** A P-DATA-TF from that side is longer than the other side said that it takes. */
  isTooLong(from: Side, pduLength: number): boolean {
    const max = this.#takesMax[otherSide(from)]
    return max !== null && pduLength > max
  }

  /** Nothing of the negotiation was seen, or this context was accepted in it. */
  mayCarry(contextId: number): boolean {
    return contextId % 2 === 1 && (this.#transfers.size === 0 || this.#transfers.has(contextId))
  }
}
