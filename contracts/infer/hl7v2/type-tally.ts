import type { Sides } from '../counts.ts'
import type { TreeTally } from '../tree-tally.ts'

/** Everything that was seen of one message type. */
export interface TypeTally {
  readonly type: string
  readonly version: string
  readonly tree: TreeTally
  count: number
  readonly sides: Sides
  /** Segment names in their order, with how many messages had them so. */
  readonly sequences: Map<string, number>
  /** By `ELEMENT rule`: messages that break the standard there. */
  readonly breaches: Map<string, number>
}
