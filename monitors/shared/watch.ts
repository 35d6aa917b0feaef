import type { EdgeHealth } from '../../gateway/model/entry.ts'
import { exchangeAt } from '../../gateway/model/exchange.ts'
import type { Catalogue, Hospital, Interface } from '../../gateway/model/interface.ts'
import type { InspectedExchange, Monitor, Reading, Seen } from '../../gateway/model/reading.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { keyed, type Part, versioned } from './state.ts'

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
      const { catalogue } = options
      const { hospital } = catalogue
      const places = placesOf(catalogue)
      /** By the place of the interface; and those that something was seen of, the first first. */
      const watched: (Watched<T> | undefined)[] = []
      const inOrder: Watched<T>[] = []
      const watch = (iface: Interface, place: number, memory: T): Watched<T> => {
        const fresh = { memory, at: { iface, hospital, now: 0 } }
        watched[place] = fresh
        inOrder.push(fresh)
        return fresh
      }
      for (const [id, memory] of all) {
        const known = places.get(id)
        if (known !== undefined) watch(known.iface, known.place, memory)
      }
      const begun = ({ iface, place }: Seen): Watched<T> => {
        const memory = question.memory.fresh()
        all.set(iface.id, memory)
        return watch(iface, place, memory)
      }
      /** Empty between items; kept because nearly every one leaves it so. */
      const said: Reading[] = []
      const onTick = (now: Instant, health: EdgeHealth): void => {
        for (const { memory, at } of inOrder) {
          at.now = now
          question.beat?.(memory, health, at)
          question.judge(memory, at, said)
        }
      }
      const onExchange = (item: InspectedExchange): void => {
        const known = item.seen ?? null
        const seen = known?.item === item && known.catalogue === catalogue ? known : seenIn(catalogue, places, item)
        if (seen === null) return
        const { memory } = watched[seen.place] ?? begun(seen)
        question.note(memory, seen, seen)
        question.judge(memory, seen, said)
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

type Places = ReadonlyMap<string, { readonly iface: Interface; readonly place: number }>

function placesOf({ interfaces }: Catalogue): Places {
  return new Map(interfaces.map((iface, place) => [iface.id, { iface, place }]))
}

/** Null: it is of no interface of the catalogue. */
function seenIn(catalogue: Catalogue, places: Places, item: InspectedExchange): Seen | null {
  const { exchange } = item.entry
  const known = places.get(exchange.interfaceId)
  if (known === undefined) return null
  const { iface, place } = known
  const { hospital } = catalogue
  const at = Math.min(exchangeAt(exchange), item.now)
  item.seen = { item, exchange, iface, place, catalogue, hospital, now: item.now, at, id: exchange.controlId ?? exchange.id }
  return item.seen
}
