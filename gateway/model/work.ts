import type { Backtest } from './backtest.ts'
import type { Finding } from './incident.ts'
import type { InterfaceSummary } from './interface-summary.ts'
import type { ClockState } from './reading.ts'
import type { Ticket } from './ticket.ts'
import type { Instant } from './time.ts'

/** Long work that the desk gives to a thread of its own: what is to be done. Plain data, for it is handed over. */
export type WorkOrder = BacktestOrder | ProposalOrder | CaptureOrder

export interface BacktestOrder {
  readonly kind: 'backtest'
  readonly interfaceId: string
  /** A contract's text; `name` is how the configuration names it, for files beside it. */
  readonly contract: { readonly text: string; readonly name: string }
  readonly days: number
}

export interface ProposalOrder {
  readonly kind: 'proposal'
  readonly interfaceIds: readonly string[]
  readonly contract: { readonly text: string; readonly name: string }
  readonly accepts: readonly { readonly element: string; readonly rule: string; readonly type: string | null }[]
  readonly days: number
}

export interface CaptureOrder {
  readonly kind: 'capture'
  readonly file: string
  /** Null: the installation's own configuration. */
  readonly configFile: string | null
  /** Where its exchanges are kept: an own store, never the live one. */
  readonly storeFolder: string
  /** Conversations with these acceptors are these interfaces, whatever the configuration says. */
  readonly assign: readonly { readonly acceptor: string; readonly interfaceId: string }[]
}

/** What a capture showed. */
export interface CaptureFound {
  readonly kind: 'capture'
  readonly from: Instant | null
  readonly to: Instant | null
  readonly packets: number
  readonly bytesLost: number
  readonly unmatchedCount: number
  /** Conversations that no interface takes, by acceptor, most first. */
  readonly unmatched: readonly { readonly acceptor: string; readonly conversations: number }[]
  readonly warnings: readonly string[]
  readonly interfaces: readonly InterfaceSummary[]
  readonly clocks: readonly ClockState[]
  readonly findings: readonly Finding[]
  readonly tickets: readonly Ticket[]
}

export interface Proposal {
  readonly kind: 'proposal'
  readonly text: string
  /** What can't be taken in by itself. */
  readonly left: ProposalOrder['accepts']
  /** Messages that it was learnt from. */
  readonly messages: number
}

export type WorkResult = { readonly kind: 'backtest'; readonly backtest: Backtest } | Proposal | CaptureFound

/** What a thread tells of its work. */
export type WorkSaid =
  /** Exchanges, messages or packets that were read so far; how many there are nobody knows. */
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'finished'; readonly result: WorkResult }
  | { readonly kind: 'failed'; readonly message: string; readonly advice: string }

/** Does work beside the desk's own thread. */
export interface Works {
  /** `told` hears of progress and at last of `finished` or `failed`, unless it was stopped. */
  start(order: WorkOrder, told: (said: WorkSaid) => void): { stop(): Promise<void> }
}
