/** Counts by reason, taken and set back once a tick. */
export class Tally {
  #counts = new Map<string, number>()

  add(reason: string, count: number): void {
    if (count > 0) this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count)
  }

  /** The counts since the last call. */
  take(): { readonly [reason: string]: number } {
    const counts = Object.fromEntries(this.#counts)
    this.#counts = new Map()
    return counts
  }
}
