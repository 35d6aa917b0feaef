import type { Backtest } from '../model/backtest.ts'
import type { LoggedEntry } from '../model/entry.ts'
import { type Exchange, exchangeAt } from '../model/exchange.ts'
import type { Incident } from '../model/incident.ts'
import type { Interface } from '../model/interface.ts'
import { type Instant, isoInZone } from '../model/time.ts'
import { type CompiledContract, heaviestFirst, type Violation } from '../model/violation.ts'
import { type EngineParts, startEngine } from './engine.ts'

export interface RunningBacktest {
  add(entries: readonly LoggedEntry[]): void
  result(): Backtest
}

const rulesMax = 2_000
const toldRulesMax = 200
const examplesMax = 5

/**
 * The engine of the analysis with this contract in the place of the interface's own, and with the monitor of contracts alone: what it would have ticketed
 * for the contract's sake. `parts` are those of the catalogue.
 */
export function startBacktest(parts: EngineParts, iface: Interface, contract: CompiledContract): RunningBacktest {
  return new ContractBacktest(parts, iface, contract)
}

class ContractBacktest implements RunningBacktest {
  readonly #iface: Interface
  readonly #contract: CompiledContract
  readonly #engine: ReturnType<typeof startEngine>
  readonly #timezone: string
  readonly #days = new Map<string, { exchanges: number; violating: number }>()
  readonly #rules = new Map<string, RuleTally>()
  readonly #incidents = new Map<string, Incident>()
  #from: Instant | null = null
  #to: Instant | null = null
  #exchanges = 0
  #unreadable = 0
  #violating = 0

  constructor(parts: EngineParts, iface: Interface, contract: CompiledContract) {
    this.#iface = iface
    this.#contract = contract
    this.#timezone = parts.catalogue.hospital.timezone
    this.#engine = startEngine(
      {
        ...parts,
        contracts: new Map([[iface.id, contract]]),
        monitors: parts.monitors.filter(({ name }) => name === 'contract'),
      },
      null,
    )
  }

  add(entries: readonly LoggedEntry[]): void {
    const own = entries.filter(({ entry }) => entry.kind === 'tick' || isOf(entry, this.#iface.id))
    const changes = this.#engine.take(own)
    for (const { exchange, violations } of changes.exchanges) this.#note(exchange, violations)
    for (const incident of changes.incidents) this.#incidents.set(incident.id, incident)
  }

  result(): Backtest {
    const tickets = [...this.#incidents.values()]
      .filter((incident) => incident.ticketed)
      .toSorted((a, b) => a.openedAt - b.openedAt)
    const ticketDays = tickets.map((ticket) => this.#dayOf(ticket.openedAt))
    for (const day of ticketDays) if (!this.#days.has(day)) this.#days.set(day, { exchanges: 0, violating: 0 })
    return {
      interfaceId: this.#iface.id,
      contract: this.#contract.id,
      version: this.#contract.version,
      from: this.#from,
      to: this.#to,
      exchanges: this.#exchanges,
      unreadable: this.#unreadable,
      violating: this.#violating,
      days: [...this.#days]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([day, counts]) => ({ day, ...counts, tickets: ticketDays.filter((one) => one === day).length })),
      rules: [...this.#rules.values()]
        .toSorted((a, b) => heaviestFirst(a, b) || b.exchanges - a.exchanges || (a.element < b.element ? -1 : 1))
        .slice(0, toldRulesMax)
        .map(({ days, ...rule }) => ({ ...rule, days: Object.fromEntries(days) })),
      tickets: tickets.map(({ title, openedAt, resolvedAt, severity, exchangeIds, causes }) => ({
        ...{ title, openedAt, resolvedAt, severity, exchangeIds },
        causes: causes.map(({ id }) => id),
      })),
    }
  }

  #note(exchange: Exchange, violations: readonly Violation[]): void {
    const at = exchangeAt(exchange)
    this.#from = Math.min(this.#from ?? at, at)
    this.#to = Math.max(this.#to ?? at, at)
    this.#exchanges += 1
    if (!isReadable(exchange)) this.#unreadable += 1
    const day = this.#dayOf(at)
    const counts = this.#days.get(day) ?? { exchanges: 0, violating: 0 }
    this.#days.set(day, counts)
    counts.exchanges += 1
    if (violations.some(({ severity }) => severity !== 'observe')) {
      counts.violating += 1
      this.#violating += 1
    }
    const told = new Set<string>()
    for (const violation of violations) {
      const key = `${violation.side} ${violation.element} ${violation.rule} ${violation.severity}`
      if (told.has(key)) continue
      told.add(key)
      this.#noteRule(key, violation, { id: exchange.id, at, day })
    }
  }

  #noteRule(
    key: string,
    violation: Violation,
    { id, at, day }: { readonly id: string; readonly at: Instant; readonly day: string },
  ): void {
    const known = this.#rules.get(key)
    if (known === undefined && this.#rules.size >= rulesMax) return
    const { element, rule, severity, side, message } = violation
    const tally: RuleTally = known ?? {
      element,
      rule,
      severity,
      side,
      message,
      exchanges: 0,
      firstAt: at,
      lastAt: at,
      exchangeIds: [],
      days: new Map(),
    }
    this.#rules.set(key, tally)
    tally.exchanges += 1
    tally.lastAt = Math.max(tally.lastAt, at)
    tally.days.set(day, (tally.days.get(day) ?? 0) + 1)
    if (tally.exchangeIds.length >= examplesMax) tally.exchangeIds.splice(1, 1)
    tally.exchangeIds.push(id)
  }

  #dayOf(at: Instant): string {
    return isoInZone(at, this.#timezone).slice(0, 10)
  }
}

interface RuleTally extends Pick<Violation, 'element' | 'rule' | 'severity' | 'side' | 'message'> {
  exchanges: number
  readonly firstAt: Instant
  lastAt: Instant
  readonly exchangeIds: string[]
  readonly days: Map<string, number>
}

function isOf(entry: LoggedEntry['entry'], interfaceId: string): boolean {
  return entry.kind === 'exchange' && entry.exchange.interfaceId === interfaceId
}

/** A request whose body was kept, or that had none. */
function isReadable({ request, answers }: Exchange): boolean {
  const passages = [request, ...answers].filter((passage) => passage !== null)
  return (
    passages.length === 0 ||
    passages.some(({ body, bodyBytes, envelope }) => (bodyBytes > 0 ? body.length > 0 : envelope !== undefined))
  )
}
