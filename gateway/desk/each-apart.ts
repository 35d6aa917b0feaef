import { Failure } from '../model/failure.ts'

/**
 * Does the work for each in turn. A fault of ours with one of them holds up none of the others: it is thrown at the end. What the store says no with ends it
 * at once, since it would say it to the others too.
 */
export async function eachApart<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const faults: unknown[] = []
  for (const item of items) {
    try {
      await work(item)
    } catch (error) {
      if (error instanceof Failure) throw error
      faults.push(error)
    }
  }
  if (faults.length > 0) throw faults[0]
}
