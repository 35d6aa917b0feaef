/** One of the bench's processes: takes places, plays their scenarios, tells the results. */
import process from 'node:process'
import type { Place } from '../../fixtures/scenarios/list.ts'
import { openTheatre } from './play.ts'
import { type Extent, type Result, runOne } from './run-one.ts'

export interface Task {
  readonly place: Place
  readonly extent: Extent
}

export type Told =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'failed'; readonly place: Place; readonly error: string }

const theatre = await openTheatre()
const tell = (told: Told) => process.send?.(told)

process.on('message', (task: Task) => {
  try {
    tell({ kind: 'result', result: runOne(theatre, task.place, task.extent) })
  } catch (error) {
    tell({ kind: 'failed', place: task.place, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
})
tell({ kind: 'ready' })
