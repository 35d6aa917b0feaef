import type { PlannedChange } from '../model/change.ts'
import type { Instant } from '../model/time.ts'

/** One planned change as it bears upon an incident. */
export interface WindowView {
  /** The one in whose window it began. */
  readonly change: PlannedChange
  /** The one that ends last of those that prolong it: itself where none does. */
  readonly last: PlannedChange
  readonly endAt: Instant
  /** Of the incident's `alertCount` alerts, those that began in the window at its subjects. */
  readonly coveredCount: number
  readonly alertCount: number
  /** Something of it still fires, longer after the window's end than its grace. */
  readonly hasOverrun: boolean
}
