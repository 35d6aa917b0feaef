import type { Interface } from '../gateway/model/interface.ts'
import type { Inspected, InspectedExchange, Monitor, MonitorOptions, Reading } from '../gateway/model/reading.ts'
import type { Instant } from '../gateway/model/time.ts'
import { deniedMemoryPart, judgeDenied, noteDenied } from './journeys/denied.ts'
import { type Leg, legOf } from './journeys/followed.ts'
import { legPart } from './journeys/leg-memory.ts'
import { type LegPlan, legPlansOf } from './journeys/leg-plans.ts'
import { episodeOf, goneOf, nothingMissing, tellingOf } from './journeys/leg-telling.ts'
import { callOff, cameNext, expectNext, passedThere, refusedNext, watchLeg } from './journeys/legs.ts'
import { isAcceptedForLater, isCancelling, isGet, namesAnyone, type Opening, openingsOf } from './journeys/openings.ts'
import { judgeOrphans, noteOrphan, type Orphans, orphansPart } from './journeys/orphans.ts'
import { linkingHashes } from './shared/key-hashes.ts'
import { amount, type Held, keyed, record, versioned, word } from './shared/state.ts'
import { say, voicePart } from './shared/voice.ts'

const namedLegPart = record({
  leg: legPart,
  /** The interface that opened it last. */
  lastFrom: word(),
  /** Messages that name a patient or an order, and those that name neither. */
  named: amount(),
  unnamed: amount(),
  /** How often the next message came by which interface. */
  toCounts: keyed(amount()),
})
type NamedLeg = Held<typeof namedLegPart>

const memoryPart = record({
  legs: keyed(namedLegPart),
  voices: keyed(voicePart),
  denied: deniedMemoryPart,
  /** By interface that ends a leg of a plan. */
  orphans: keyed(orphansPart),
})
type Memory = Held<typeof memoryPart>

const memoryOfAll = versioned(7, memoryPart)
const nothing: readonly Reading[] = []

/**
 * Does what is asked for come? Along the plans of orders' ways, and after what was accepted for later, the next message is awaited by the keys that both
 * carry, never by the patient. `journeys/missing`: more stay away than usual for that pair of messages, longer than usual; what comes late doesn't. `journeys/callback`: the same of
 * callbacks. `journeys/orphan`: results come of orders that neither end was sent, under numbers of another form, more than usual. `journeys/denied`: a system answers that it doesn't
 * know what it has accepted before. Time in which nobody listened, or in which we lost something, doesn't count.
 */
export const journeys: Monitor = {
  name: 'journeys',
  start(options, saved) {
    const memory = memoryOfAll.start(saved)
    const watching = new Watching(options, memory)
    return { assess: (item) => watching.assess(item), save: () => memoryOfAll.save(memory) }
  },
}

/** A leg of the plans; what is known of it from the first message on that opened it. */
interface Planned {
  readonly plan: LegPlan
  opened: { readonly named: NamedLeg; readonly leg: Leg } | null
}

class Watching {
  readonly #memory: Memory
  readonly #interfaces: ReadonlyMap<string, Interface>
  readonly #planned: readonly Planned[]
  /** By interface: the legs that its messages open, and those that end with them. */
  readonly #opened = new Map<string, readonly Planned[]>()
  readonly #ended = new Map<string, readonly Planned[]>()

  constructor({ catalogue, journeyPlans = [] }: MonitorOptions, memory: Memory) {
    this.#memory = memory
    this.#interfaces = new Map(catalogue.interfaces.map((iface) => [iface.id, iface]))
    this.#planned = legPlansOf(catalogue.interfaces, journeyPlans).map((plan) => {
      const named = memory.legs.get(plan.id)
      return { plan, opened: named === undefined ? null : { named, leg: legOf(named.leg, plan.kind) } }
    })
    for (const { id } of catalogue.interfaces) {
      const opened = this.#planned.filter(({ plan }) => plan.from.includes(id))
      const ended = this.#planned.filter(({ plan }) => plan.to.includes(id))
      if (opened.length > 0) this.#opened.set(id, opened)
      if (ended.length > 0) this.#ended.set(id, ended)
    }
  }

  assess(item: Inspected): readonly Reading[] {
    if (item.kind === 'measurement') return nothing
    if (item.kind === 'tick') return this.#tick(item)
    const iface = this.#interfaces.get(item.entry.exchange.interfaceId)
    if (iface === undefined || (item.requestFacts === null && item.answerFacts === null)) return nothing
    const isRefusedCallback = this.#end(item)
    this.#open(item)
    const { denied } = this.#memory
    const orphans = this.#orphansOf(iface)
    const ends = [denied.accepted.get(iface.from), denied.accepted.get(iface.to)]
    const isOrphan = orphans !== null && noteOrphan(orphans, item, ends)
    // Its key was accepted by who calls back: by a front door before both, the request doesn't show who denies it.
    if (!isRefusedCallback) noteDenied(denied, { item, iface, isOrphan })
    if (orphans === null && !denied.wires.has(iface.id)) return nothing
    const out: Reading[] = []
    judgeDenied(denied, iface, item.now, out)
    if (orphans !== null) this.#judgeOrphans(orphans, iface, item.now, out)
    return out
  }

  /** Of interfaces where results of planned orders come; null elsewhere. */
  #orphansOf({ id }: Interface): Orphans | null {
    const known = this.#memory.orphans.get(id)
    if (known !== undefined) return known
    if (this.#ended.get(id)?.some(({ plan }) => plan.kind === 'journey') !== true) return null
    const fresh = orphansPart.fresh()
    this.#memory.orphans.set(id, fresh)
    return fresh
  }

  #tick({ now, entry }: Extract<Inspected, { kind: 'tick' }>): readonly Reading[] {
    const { listening, dropped } = entry.health
    const isWhole = Object.values(dropped).every((count) => count === 0)
    for (const { plan, opened } of this.#planned)
      if (opened !== null && plan.to.some((id) => listening[id] !== undefined)) watchLeg(opened.leg, now, isWhole)
    const out: Reading[] = []
    this.#sayLegs(now, out)
    for (const id of this.#memory.denied.wires.keys()) {
      const iface = this.#interfaces.get(id)
      if (iface !== undefined) judgeDenied(this.#memory.denied, iface, now, out)
    }
    for (const [id, orphans] of this.#memory.orphans) {
      const iface = this.#interfaces.get(id)
      if (iface !== undefined) this.#judgeOrphans(orphans, iface, now, out)
    }
    return out
  }

  #judgeOrphans(orphans: Orphans, iface: Interface, now: Instant, out: Reading[]): void {
    const isMissing = orphans.rate.bad && this.#memory.voices.get(`missing ${iface.id}`)?.bad === true
    judgeOrphans(orphans, { iface, now, isMissing }, out)
  }

  /** True: it was a callback, and wasn't taken. */
  #end(item: InspectedExchange): boolean {
    const { exchange } = item.entry
    let isRefusedCallback = false
    let keys: readonly number[] | null = null
    for (const { plan, opened } of this.#ended.get(exchange.interfaceId) ?? none) {
      // A question about a task is no callback, and neither is the next task.
      if (opened === null || (plan.kind === 'callback' && (isGet(exchange) || isAcceptedForLater(item)))) continue
      const { named, leg } = opened
      passedThere(leg)
      if (leg.index.size === 0) continue
      keys ??= linkingHashes(item.requestFacts?.keys ?? [], item.answerFacts?.keys ?? [])
      if (plan.kind === 'callback' && (exchange.outcome === 'failed' || exchange.outcome === 'unanswered')) {
        if (refusedNext(leg, keys)) isRefusedCallback = true
        continue
      }
      // A list answers for each of what it names.
      const came = cameNext(leg, keys, item.now)
      if (came > 0) named.toCounts.set(exchange.interfaceId, (named.toCounts.get(exchange.interfaceId) ?? 0) + came)
    }
    return isRefusedCallback
  }

  #open(item: InspectedExchange): void {
    const { exchange } = item.entry
    const planned = this.#opened.get(exchange.interfaceId)
    if (planned === undefined || (exchange.outcome !== 'answered' && exchange.outcome !== 'one-way')) return
    const isLater = isAcceptedForLater(item)
    let openings: readonly Opening[] | null = null
    for (const one of planned) {
      const { kind } = one.plan
      if (kind === 'callback' && !isLater) continue
      openings ??= openingsOf(item)
      if (openings.length === 0) return
      one.opened ??= this.#begun(one.plan)
      const { named, leg } = one.opened
      named.lastFrom = exchange.interfaceId
      if (kind === 'journey' && isOfNobody(named, item)) continue
      const isOff = isCancelling(item)
      for (const opening of openings) {
        if (isOff) callOff(leg, opening.keys)
        else expectNext(leg, { keys: opening.keys, what: opening.what, at: item.now, exchangeId: exchange.id })
      }
    }
  }

  #begun({ id, kind }: LegPlan): NonNullable<Planned['opened']> {
    const named = namedLegPart.fresh()
    this.#memory.legs.set(id, named)
    return { named, leg: legOf(named.leg, kind) }
  }

  /** One reading for each place where something stays away: of several legs that end there, the shortest. */
  #sayLegs(now: Instant, out: Reading[]): void {
    const bad = new Map<string, { readonly plan: LegPlan; readonly named: NamedLeg }>()
    for (const { plan, opened } of this.#planned) {
      if (opened === null) continue
      const { named } = opened
      if (episodeOf(plan, named.leg) === null && goneOf(plan, named.leg, now) === null) continue
      const key = `${signalOf(plan)} ${subjectOf(plan, named)}`
      const known = bad.get(key)
      if (known === undefined || plan.length < known.plan.length) bad.set(key, { plan, named })
      if (!this.#memory.voices.has(key)) this.#memory.voices.set(key, voicePart.fresh())
    }
    for (const [key, voice] of this.#memory.voices) {
      const found = bad.get(key)
      if (found === undefined && !voice.bad) continue
      const [signal = '', id = ''] = key.split(' ')
      const saying = { monitor: 'journeys', signal, subject: { kind: 'interface', id }, now } as const
      say(out, voice, saying, found === undefined ? null : 'ticket', () =>
        found === undefined ? nothingMissing(now) : tellingOf(found.plan, found.named.leg, { from: found.named.lastFrom, now }),
      )
    }
  }
}

const none: readonly Planned[] = []

function signalOf({ kind }: LegPlan): string {
  return kind === 'callback' ? 'callback' : 'missing'
}

/** Where the next message stays away: where it came most often. A callback may come by any wire of the two systems; the task's own names it. */
function subjectOf(plan: LegPlan, { lastFrom, toCounts }: NamedLeg): string {
  if (plan.kind === 'callback') return lastFrom
  const [most] = [...toCounts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return most?.[0] ?? plan.to[0] ?? ''
}

/** An instrument's control material (HL7 table 0369: Q) is nobody's: where others name a patient or an order, nothing follows on what names neither. */
function isOfNobody(leg: NamedLeg, item: InspectedExchange): boolean {
  const isNamed = namesAnyone(item)
  if (isNamed) leg.named += 1
  else leg.unnamed += 1
  return !isNamed && leg.named > leg.unnamed
}
