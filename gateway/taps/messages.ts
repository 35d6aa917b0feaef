import type { MessagePort } from 'node:worker_threads'
import type { Entry } from '../model/entry.ts'
import type { Catalogue } from '../model/interface.ts'

/** What the worker is started with. `logPort` leads to the thread that writes the log, wherever that is. */
export interface TapsTask {
  readonly catalogue: Catalogue
  readonly bodyBytesMax: number
  readonly memoryFolder: string
  readonly logPort: MessagePort
}

/** To the worker. `log-port`: the thread that writes the log began again; from now on it is reached by this port. */
export type ToWorker = { readonly kind: 'stop' } | { readonly kind: 'log-port'; readonly port: MessagePort }

/** From the worker. */
export type FromWorker =
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly fields: object; readonly words: string }
  | { readonly kind: 'alive' }
  | { readonly kind: 'stopped' }

/** Entries that shall be kept. */
export interface Offer {
  readonly number: number
  readonly entries: readonly Entry[]
}

/** What became of them: null, they are kept; or why not. */
export interface OfferAnswer {
  readonly number: number
  readonly code: string | null
}
