import type { Entry } from '../model/entry.ts'
import type { Catalogue } from '../model/interface.ts'

/** What the worker is started with. */
export interface TapsTask {
  readonly catalogue: Catalogue
  readonly bodyBytesMax: number
  readonly memoryFolder: string
}

/** To the worker. `kept`, `refused` (and why): what became of the entries of that number. */
export type ToWorker =
  | { readonly kind: 'kept'; readonly number: number }
  | { readonly kind: 'refused'; readonly number: number; readonly code: string }
  | { readonly kind: 'stop' }

/** From the worker. */
export type FromWorker =
  | { readonly kind: 'entries'; readonly number: number; readonly entries: readonly Entry[] }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly fields: object; readonly words: string }
  | { readonly kind: 'alive' }
  | { readonly kind: 'stopped' }
