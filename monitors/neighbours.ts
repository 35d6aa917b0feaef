import { waitedMs } from '../gateway/model/exchange.ts'
import type { Catalogue, Interface } from '../gateway/model/interface.ts'
import type { Monitor, Reading } from '../gateway/model/reading.ts'
import type { Instant, Millis } from '../gateway/model/time.ts'
import { notePassed, slotMs, stretchesPart, turnSlot, type Window, windowsMax } from './neighbours/windows.ts'
import { amount, flag, type Held, keyed, record, versioned, word } from './shared/state.ts'
import { rounded, say, voicePart } from './shared/voice.ts'
import { binomialTail } from './statistics/binomial.ts'
import { quantile } from './statistics/quantile.ts'

const wirePart = record({
  stretches: stretchesPart,
  /** End of the last slow stretch that was looked at. */
  judgedTo: amount(),
  isVictim: flag(),
  offender: word(),
  resource: word(),
  sinceAt: amount(),
  windows: amount(),
  hits: amount(),
  batches: amount(),
  chance: amount(),
  lagS: amount(),
  controlShare: amount(),
  lastHitAt: amount(),
  voice: voicePart,
})
type Wire = Held<typeof wirePart>

const memoryOfAll = versioned(1, keyed(wirePart))

/** Domain.md 3.3, the neighbour-batch test: so many disjoint windows, so much overlap, and hardly any with who shares nothing. */
const windowsMin = 3
const overlapMin = 0.7
const controlMax = 0.3
/** Chance that so many slow stretches fall into the neighbour's batches by themselves: this little is a ticket, and worth telling of an interface that is slow anyway. */
const chanceMax = 0.001
const tellingChanceMax = 0.02
/** A control that is slow in the batches no more than chance would have it was slow for itself. */
const controlChanceMax = 0.1
/** Time before the first slow stretch counts as well, if it is remembered and no more than this: neither was slow nor sent batches then. */
const earlierMsMax: Millis = 30 * 60_000
/** A batch slows others from its first moment to a minute after. */
const lagMsMax: Millis = 60_000
/** A call is logged when it ends: a slow stretch is looked at when the batch that made it is known. */
const settleMs: Millis = 60_000
const earlyMsMax = 2 * slotMs
/** A batch is seen when several of it fall into one slot: of a thin one, minutes after it began at most so late, while what it slows is slow already. */
const unseenMsMax: Millis = 60_000
const busyShareMin = 0.02
/** Without a new coincidence for so long, or after batches that did no harm, it is over. */
const overMs: Millis = 4 * 3_600_000
const harmlessMin = 3

/**
 * Does one interface's batch slow another down? `neighbours/batch`: an interface's slow stretches fall, again and again, into the batches of another one that
 * shares a database, a host or the receiver with it, far more often than by chance, while interfaces that share nothing with it aren't slow then. Names the
 * offender and what they share.
 */
export const neighbours: Monitor = {
  name: 'neighbours',
  start({ catalogue }, saved) {
    const wires = memoryOfAll.start(saved)
    const interfaces = new Map(catalogue.interfaces.map((iface) => [iface.id, iface]))
    const shared = sharedBetween(catalogue)
    return {
      assess(item) {
        if (item.kind === 'measurement') return nothing
        if (item.kind === 'tick') return onTick({ wires, interfaces, shared, catalogue, now: item.now })
        const { exchange } = item.entry
        if (!interfaces.has(exchange.interfaceId)) return nothing
        let wire = wires.get(exchange.interfaceId)
        if (wire === undefined) {
          wire = wirePart.fresh()
          wires.set(exchange.interfaceId, wire)
        }
        const request = exchange.request ?? exchange.answers[0]
        notePassed(wire.stretches, {
          now: item.now,
          fromAt: request?.startAt ?? item.now,
          bytes: exchange.request?.wireBytes ?? 0,
          ms: waitedMs(exchange),
        })
        return nothing
      },
      save: () => memoryOfAll.save(wires),
    }
  },
}

const nothing: readonly Reading[] = []

interface Look {
  readonly wires: ReadonlyMap<string, Wire>
  readonly interfaces: ReadonlyMap<string, Interface>
  /** What two interfaces share, by both ids; nothing where they share nothing. */
  readonly shared: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly catalogue: Catalogue
  readonly now: Instant
}

function onTick(look: Look): readonly Reading[] {
  const out: Reading[] = []
  for (const [id, wire] of look.wires) {
    turnSlot(wire.stretches, look.now)
    const last = wire.stretches.slow.at(-1)
    // The stretch is over, and so is what may have made it.
    if (last !== undefined && last.to > wire.judgedTo && look.now - last.to >= settleMs) {
      wire.judgedTo = last.to
      judgeVictim(look, id, wire)
    }
    if (wire.isVictim && isOver(look, wire)) wire.isVictim = false
    if (wire.isVictim || wire.voice.bad) sayVictim(look, id, wire, out)
  }
  return out
}

/** Looks for whose batches this interface's slow stretches fall into. */
function judgeVictim(look: Look, id: string, wire: Wire): void {
  const slow = lasting(wire.stretches.slow)
  const first = slow[0]
  if (slow.length < windowsMin || first === undefined) return
  let best: Match | null = null
  for (const [otherId, resource] of look.shared.get(id) ?? []) {
    const other = look.wires.get(otherId)
    if (other === undefined) continue
    const about = { otherId, resource, fromAt: first.from, now: look.now }
    const match = matchOf({ slow, slots: wire.stretches.slots }, lasting(other.stretches.busy), about)
    if (match !== null && (best === null || match.chance < best.chance)) best = match
  }
  if (best === null) return
  const controlShare = controlOf(look, id, best)
  if (controlShare > controlMax) return
  if (!wire.isVictim) wire.sinceAt = best.firstHitAt
  wire.isVictim = true
  wire.offender = best.otherId
  wire.resource = best.resource
  wire.windows = slow.length
  wire.hits = best.hits
  wire.batches = best.batches
  wire.chance = best.chance
  wire.lagS = best.lagS
  wire.controlShare = controlShare
  wire.lastHitAt = best.lastHitAt
}

/** Where stretches last for minutes, what lasts for a slot or two is everyday's: a slow answer or two in it, whoever sends batches. */
function lasting(windows: readonly Window[]): readonly Window[] {
  const longestMs = Math.max(0, ...windows.map(({ from, to }) => to - from))
  return windows.filter(({ from, to }) => to - from >= longestMs / 4)
}

interface Match {
  readonly otherId: string
  readonly resource: string
  readonly hits: number
  readonly batches: number
  readonly chance: number
  readonly lagS: number
  readonly firstHitAt: Instant
  readonly lastHitAt: Instant
}

function matchOf(
  { slow, slots }: { readonly slow: readonly Window[]; readonly slots: number },
  busy: readonly Window[],
  about: { readonly otherId: string; readonly resource: string; readonly fromAt: Instant; readonly now: Instant },
): Match | null {
  const batches = busy.filter(({ to }) => to + lagMsMax >= about.fromAt)
  const hits = slow.flatMap((window) => {
    const batch = batches.find((candidate) => coincide(candidate, window))
    return batch === undefined ? [] : [{ window, batch }]
  })
  const used = new Set(hits.map(({ batch }) => batch)).size
  if (used < windowsMin || hits.length < overlapMin * slow.length || used < overlapMin * batches.length) return null
  const isAllRemembered = slow.length < windowsMax && busy.length < windowsMax
  const fromAt = about.fromAt - (isAllRemembered ? earlierMsMax : 0)
  const spanMs = Math.max(Math.min(about.now - fromAt, slots * slotMs), about.now - about.fromAt, 1)
  const near = busy.filter(({ to }) => to + lagMsMax >= about.now - spanMs)
  // Only as much after a batch, and before it, counts for it as was needed.
  const afterMs = Math.max(0, ...hits.map(({ window, batch }) => window.from - batch.to))
  const earlyMs = Math.max(earlyMsMax, ...hits.map(({ window, batch }) => batch.from - window.from))
  const busyMs = near.reduce((sum, { from, to }) => sum + (to - from) + earlyMs + afterMs, 0)
  const within = (ms: number) => binomialTail(slow.length, hits.length, Math.min(0.9, Math.max(busyShareMin, ms / spanMs)))
  // Where batches take much of the time, falling into them proves little; to begin when they begin proves as much as ever. Two questions, so twice the chance.
  const beginMs = Math.max(0, ...hits.map(({ window, batch }) => window.from - batch.from)) + earlyMs + slotMs
  const chance = Math.min(1, 2 * Math.min(within(busyMs), within(near.length * beginMs)))
  const [first] = hits
  const last = hits.at(-1)
  if (chance > tellingChanceMax || first === undefined || last === undefined) return null
  const lagsMs = hits.map(({ window, batch }) => Math.max(0, window.from - batch.from))
  return {
    otherId: about.otherId,
    resource: about.resource,
    hits: hits.length,
    batches: batches.length,
    chance,
    lagS: rounded(quantile(lagsMs, 0.5) / 1000),
    firstHitAt: first.window.from,
    lastHitAt: last.window.to,
  }
}

/** Whether the slow stretch began while the batch ran or within the lag, or so little earlier as slots are coarse, or earlier while it wasn't seen yet. */
function coincide(batch: Window, slow: Window): boolean {
  if (slow.from > batch.to + lagMsMax) return false
  return slow.from >= batch.from - earlyMsMax || (slow.from >= batch.from - unseenMsMax && slow.to >= batch.from - earlyMsMax)
}

/** Of interfaces that share nothing with the offender: the largest share of its batches in which one of them was slow. */
function controlOf(look: Look, victimId: string, match: Match): number {
  const sharing = look.shared.get(match.otherId)
  const busy = look.wires.get(match.otherId)?.stretches.busy ?? []
  let worst = 0
  for (const [id, wire] of look.wires) {
    if (id === victimId || id === match.otherId || sharing?.has(id) === true || busy.length === 0) continue
    const { slow } = wire.stretches
    const hits = busy.filter((batch) => slow.some((window) => coincide(batch, window))).length
    if (hits === 0 || isChance(busy, slow, look.now)) continue
    worst = Math.max(worst, hits / busy.length)
  }
  return worst
}

/** Whether so many slow stretches fall into the batches of whom they have nothing to do with. */
function isChance(busy: readonly Window[], slow: readonly Window[], now: Instant): boolean {
  const from = Math.min(busy[0]?.from ?? now, slow[0]?.from ?? now)
  const busyMs = busy.reduce((sum, window) => sum + (window.to - window.from) + lagMsMax + unseenMsMax, 0)
  const hits = slow.filter((window) => busy.some((batch) => coincide(batch, window))).length
  return binomialTail(slow.length, hits, Math.min(0.9, busyMs / Math.max(now - from, 1))) > controlChanceMax
}

function isOver({ wires, now }: Look, wire: Wire): boolean {
  if (now - wire.lastHitAt >= overMs) return true
  const later = wires
    .get(wire.offender)
    ?.stretches.busy.filter(({ from, to }) => from > wire.lastHitAt && now - to >= 2 * settleMs)
  return (later?.length ?? 0) >= harmlessMin
}

function sayVictim(look: Look, id: string, wire: Wire, out: Reading[]): void {
  const saying = { monitor: 'neighbours', signal: 'batch', subject: { kind: 'interface', id }, now: look.now } as const
  const severity = wire.chance <= chanceMax ? 'ticket' : 'warn'
  say(out, wire.voice, saying, wire.isVictim ? severity : null, () => {
    const offender = look.interfaces.get(wire.offender)
    const sender = look.catalogue.systems.find((system) => system.id === offender?.from)
    return {
      onsetAt: wire.sinceAt,
      score: rounded(Math.max(1, wire.hits / windowsMin)),
      facts: {
        offender: wire.offender,
        offenderZh: offender?.name.zh ?? null,
        offenderEn: offender?.name.en ?? null,
        senderZh: sender?.name.zh ?? null,
        senderEn: sender?.name.en ?? null,
        resource: wire.resource,
        windows: wire.windows,
        hits: wire.hits,
        batches: wire.batches,
        lagS: wire.lagS,
        chance: wire.chance,
        controlShare: rounded(wire.controlShare),
      },
      exchangeIds: [],
    }
  })
}

/**
 * What each pair of interfaces has in common at their receiving ends: the receiver itself, or a resource that it needs. What more than half of all systems need
 * (a core switch) tells nobody apart. Of several, the one that fewest need.
 */
function sharedBetween({ interfaces, systems }: Catalogue): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const depends = new Map(systems.map(({ id, depends: needed }) => [id, needed]))
  const users = new Map<string, number>()
  for (const { depends: needed } of systems)
    for (const resource of new Set(needed)) users.set(resource, (users.get(resource) ?? 0) + 1)
  const isTelling = (resource: string) => (users.get(resource) ?? 0) <= systems.length / 2
  const needsOf = ({ to }: Interface) => [to, ...(depends.get(to) ?? []).filter(isTelling)]
  const pairs = new Map<string, Map<string, string>>()
  for (const one of interfaces) {
    const needs = needsOf(one)
    const own = new Map<string, string>()
    for (const other of interfaces) {
      if (other.id === one.id) continue
      const common = needsOf(other).filter((resource) => needs.includes(resource))
      // A system is nearer than what it needs; of resources the rarer.
      const [nearest] = common.sort((a, b) => (users.get(a) ?? 0) - (users.get(b) ?? 0) || (a < b ? -1 : 1))
      if (nearest !== undefined) own.set(other.id, nearest)
    }
    pairs.set(one.id, own)
  }
  return pairs
}
