import type { EdgeHealth } from '../gateway/model/entry.ts'
import { type Exchange, exchangeAt } from '../gateway/model/exchange.ts'
import type { Hospital, Interface } from '../gateway/model/interface.ts'
import type { InspectedExchange, Monitor, Reading } from '../gateway/model/reading.ts'
import type { Instant } from '../gateway/model/time.ts'
import { keyed, type Part, versioned } from './state.ts'

/** One exchange of an interface of the catalogue, as the monitors see it. */
export interface Seen {
  readonly item: InspectedExchange
  readonly exchange: Exchange
  readonly iface: Interface
  readonly now: Instant
  /** When its request passed: an exchange is logged when it ends, which after a time-out is long after the fault began. */
  readonly at: Instant
  /** What tells this message from others: its control id, or else the exchange's own id. */
  readonly id: string
}

export interface InterfaceNow {
  readonly iface: Interface
  readonly now: Instant
  readonly hospital: Hospital
}

/** A monitor that asks the same question of every interface by itself. */
export interface InterfaceQuestion<T> {
  readonly name: string
  /** Of the memory's form: another version's memory is not read. */
  readonly version: number
  readonly memory: Part<T>
  /** Takes the exchange into the memory. */
  note(memory: T, seen: Seen, at: InterfaceNow): void
  /** Takes a tick into the memory, where the question needs it. */
  beat?(memory: T, health: EdgeHealth, at: InterfaceNow): void
  /** Says what holds now; called after each exchange of the interface and on ticks. */
  judge(memory: T, at: InterfaceNow, out: Reading[]): void
}

const nothing: readonly Reading[] = []

/** An interface that something was seen of. */
interface Watched<T> {
  readonly memory: T
  /** One object for all ticks: a question takes from it what it needs at once. */
  readonly at: { readonly iface: Interface; readonly hospital: Hospital; now: Instant }
}

/**
 * Runs a question for each interface of the catalogue. Exchanges of interfaces that the catalogue lacks are left out: their
 * number has no bound. Memory begins with an interface's first exchange.
 */
export function watchInterfaces<T>(question: InterfaceQuestion<T>): Monitor {
  const memoryOfAll = versioned(question.version, keyed(question.memory))
  return {
    name: question.name,
    start(options, saved) {
      const all = memoryOfAll.start(saved)
      const { hospital } = options.catalogue
      const interfaces = new Map(options.catalogue.interfaces.map((iface) => [iface.id, iface]))
      const watched = new Map<string, Watched<T>>()
      const watch = (iface: Interface, memory: T): Watched<T> => {
        const fresh = { memory, at: { iface, hospital, now: 0 } }
        watched.set(iface.id, fresh)
        return fresh
      }
      for (const [id, memory] of all) {
        const iface = interfaces.get(id)
        if (iface !== undefined) watch(iface, memory)
      }
      const begun = (interfaceId: string): Watched<T> | null => {
        const iface = interfaces.get(interfaceId)
        if (iface === undefined) return null
        const memory = question.memory.fresh()
        all.set(iface.id, memory)
        return watch(iface, memory)
      }
      /** Empty between items; kept because nearly every one leaves it so. */
      const said: Reading[] = []
      const onTick = (now: Instant, health: EdgeHealth): void => {
        for (const { memory, at } of watched.values()) {
          at.now = now
          question.beat?.(memory, health, at)
          question.judge(memory, at, said)
        }
      }
      const onExchange = (item: InspectedExchange): void => {
        const { exchange } = item.entry
        const one = watched.get(exchange.interfaceId) ?? begun(exchange.interfaceId)
        if (one === null) return
        // One object for both: this runs for every exchange and question.
        const seen = {
          item,
          exchange,
          iface: one.at.iface,
          hospital,
          now: item.now,
          at: Math.min(exchangeAt(exchange), item.now),
          id: exchange.controlId ?? exchange.id,
        }
        question.note(one.memory, seen, seen)
        question.judge(one.memory, seen, said)
      }
      return {
        assess(item) {
          if (item.kind === 'exchange') onExchange(item)
          else if (item.kind === 'tick') onTick(item.now, item.entry.health)
          return said.length === 0 ? nothing : said.splice(0)
        },
        save: () => memoryOfAll.save(all),
      }
    },
  }
}
