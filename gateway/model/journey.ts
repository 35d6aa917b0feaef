import type { Text } from './text.ts'

/** One step of a journey: any of these interfaces does it. */
export interface JourneyStep {
  readonly interfaces: readonly string[]
  readonly name: Text
  /** It is late when it hasn't come so long after the step before. Left out: nothing is said of when. */
  readonly withinMin?: number
  /** Many orders never come here: it is not missed. */
  readonly isOptional?: boolean
}

/** The way that an order of one kind takes through the hospital's interfaces. Data, never code: gateway/catalogue/journeys.json. */
export interface JourneyPlan {
  readonly id: string
  readonly name: Text
  readonly steps: readonly JourneyStep[]
}
