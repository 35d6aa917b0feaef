import type { SystemClass } from '../../model/interface.ts'
import type { Text } from '../../model/text.ts'
import type { Ticket, TicketLevel } from '../../model/ticket.ts'

/** A length of time as rules write it: `15 min`, `4 h`, or `3 workdays`, which end with that working day. */
export type Span = string

/** What must hold for a rule: all that is named. */
export interface When {
  readonly severity?: readonly Ticket['severity'][]
  /** The leading cause is one of these. */
  readonly causes?: readonly string[]
  /** The leading cause lies in one of these layers. */
  readonly layers?: readonly string[]
  /** One of these systems is concerned. */
  readonly systems?: readonly string[]
  /** An interface between the two, either way, is concerned. */
  readonly pair?: readonly [string, string]
  readonly systemsMin?: number
  readonly interfacesMin?: number
}

export interface SystemClassRule {
  readonly name: Text
  /** Leads the work of the class and answers its calls for help. */
  readonly coordinator: string
}

export interface LimitRule {
  readonly when: When
  /** Somebody has taken it. */
  readonly assign: Span
  /** Somebody is there. */
  readonly arrive: Span
  /** It works again: the ticket's expected recovery. */
  readonly recover: Span
}

export interface RouteRule {
  readonly id: string
  readonly when: When
  readonly level?: TicketLevel
  readonly owner?: string
  readonly parties?: readonly string[]
  readonly joinsOwners?: boolean
}

/** The rules of a hospital, as `rules.schema.json` allows them. Only a file that passed `readRules` has this type. */
export interface DeskRules {
  readonly classes: { readonly [C in SystemClass]: SystemClassRule }
  /** On site, regional, headquarters: the entry of level 1 stands first. */
  readonly levels: readonly { readonly name: Text; readonly team: string }[]
  /** What owners and parties are called, by the word that rules and configuration use for them. */
  readonly teams?: { readonly [team: string]: Text }
  /** The first that holds counts; every severity has one. */
  readonly limits: readonly LimitRule[]
  readonly urgency: readonly { readonly when: When; readonly urgency: Ticket['urgency'] }[]
  readonly routes: readonly RouteRule[]
  readonly major: {
    readonly when: readonly When[]
    readonly firstNotice: Span
    readonly progress: Span
    readonly postMortem: Span
  }
  readonly difficult: { readonly after: Span; readonly level: TicketLevel }
  readonly close: Span
  readonly reopen: Span
}
