import type { Document } from '../../gateway/model/document.ts'
import type { Text } from '../../gateway/model/text.ts'
import type { Sureness } from './judge.ts'
import type { Sighting } from './scalar-tally.ts'
import type { Written } from './write-contract.ts'

/** Learns what messages of one format hold, in the contract language of that format. One for each format; listed in `infer.ts`. */
export interface Learner {
  /** A whole message of an exchange that its receiver didn't refuse. */
  note(document: Document, side: 'request' | 'answer', sighting: Sighting): void
  /** The contract's keys below `format`, and lines for the head of the file. Null: nothing was seen that a contract could be made of. */
  learnt(sureness: Sureness): Learnt | null
}

export interface Learnt {
  readonly body: { readonly [key: string]: Written }
  /** What was seen but not taken in, and why. English, as all comments of a contract that a program writes. */
  readonly words: readonly string[]
}

/** A contract that was learnt. */
export interface InferredContract {
  readonly text: string
  readonly messageCount: number
}

export interface InferenceOptions {
  readonly id: string
  readonly version: number
  readonly title: Text
  readonly sureness: Sureness
  /** Where the traffic is from, as `2026-11-22 to 2026-11-23`; null: not said. */
  readonly span: string | null
}
