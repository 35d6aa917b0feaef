/** A breach that somebody chose to take into the contract. */
export interface Chosen {
  readonly element: string
  readonly rule: string
  readonly type: string | null
}

export interface Choosing {
  isChosen(breach: Chosen): boolean
  choose(breach: Chosen, isChosen: boolean): void
}
