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
      /** Empty between exchanges; kept because nearly every one leaves it so. */
      const said: Reading[] = []
      const onTick = (now: Instant, health: EdgeHealth): readonly Reading[] => {
        const out: Reading[] = []
        for (const [id, memory] of all) {
          const iface = interfaces.get(id)
          if (iface === undefined) continue
          const at = { iface, now, hospital }
          question.beat?.(memory, health, at)
          question.judge(memory, at, out)
        }
        return out
      }
      return {
        assess(item) {
          if (item.kind === 'tick') return onTick(item.now, item.entry.health)
          if (item.kind === 'measurement') return nothing
          const exchange = item.entry.exchange
          const iface = interfaces.get(exchange.interfaceId)
          if (iface === undefined) return nothing
          let memory = all.get(iface.id)
          if (memory === undefined) {
            memory = question.memory.fresh()
            all.set(iface.id, memory)
          }
          // One object for both: this runs for every exchange and question.
          const seen = {
            item,
            exchange,
            iface,
            hospital,
            now: item.now,
            at: Math.min(exchangeAt(exchange), item.now),
            id: exchange.controlId ?? exchange.id,
          }
          question.note(memory, seen, seen)
          question.judge(memory, seen, said)
          return said.length === 0 ? nothing : said.splice(0)
        },
        save: () => memoryOfAll.save(all),
      }
    },
  }
}
