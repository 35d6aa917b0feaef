import { silenceEndOf, windowEndOf } from '../model/change.ts'
import type { Alert } from '../model/incident.ts'
import type { Address, Catalogue, Interface } from '../model/interface.ts'
import type { Ticket } from '../model/ticket.ts'
import { type Clock, type Instant, isoInZone } from '../model/time.ts'
import type { InterfaceTotals, SeriesPoint, Store } from '../store/store.ts'
import type { InterfaceAnswer, Overview } from './api/shapes.ts'
import { type Standing, standingAt } from './changes.ts'
import { coverageOf, healthOf, type Signs, stateOf } from './health.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000
/** Answers are this old at most: many people watch the same board. */
const keptMs = 1_000
/** An interface is down or not by its last minutes. */
const recentMinutes = 5

/** The state of all interfaces now, as the board, the API and the metrics show it. */
export interface Board {
  interfaces(): Promise<{ readonly at: Instant; readonly items: readonly InterfaceAnswer[] }>
  overview(): Promise<Overview>
}

export function createBoard(store: Store, catalogue: Catalogue, clock: Clock): Board {
  let kept: { readonly at: Instant; readonly items: Promise<readonly InterfaceAnswer[]> } | null = null
  const interfaces = async () => {
    const now = clock.now()
    // Those who ask at the same time wait for the same answer; one that failed is nobody's.
    if (kept === null || now < kept.at || now - kept.at >= keptMs)
      kept = { at: now, items: readInterfaces(store, catalogue, now) }
    const asked = kept
    try {
      return { at: asked.at, items: await asked.items }
    } catch (error) {
      if (kept === asked) kept = null
      throw error
    }
  }
  return { interfaces, overview: async () => readOverview(store, catalogue, clock.now(), (await interfaces()).items) }
}

async function readInterfaces(store: Store, catalogue: Catalogue, now: Instant): Promise<readonly InterfaceAnswer[]> {
  const [totals, firing, openTickets, standing] = await Promise.all([
    store.totals(),
    store.alerts({ state: 'firing' }),
    store.openTicketCounts(),
    standingAt(store, catalogue, now),
  ])
  const byId = new Map(totals.map((t) => [t.interfaceId, t]))
  const answers: InterfaceAnswer[] = []
  for (const iface of catalogue.interfaces) {
    const own = firing.filter((alert) => concerns(alert, iface))
    const read = await readHour(store, iface.id, now)
    answers.push(
      answerOf(iface, catalogue.hospital.timezone, {
        ...read,
        totals: byId.get(iface.id),
        firing: own,
        openTickets: openTickets[iface.id] ?? 0,
        standing,
      }),
    )
  }
  return answers
}

/** An alert on a system is felt on every interface of that system. */
function concerns({ subject }: Alert, iface: Interface): boolean {
  if (subject.kind === 'interface') return subject.id === iface.id
  return subject.kind === 'system' && (subject.id === iface.from || subject.id === iface.to)
}

interface Hour {
  readonly from: Instant
  readonly minutes: readonly SeriesPoint[]
  readonly hour: SeriesPoint
}

/** The last 60 minutes, the one that is running among them. */
async function readHour(store: Store, interfaceId: string, now: Instant): Promise<Hour> {
  const to = (Math.floor(now / minuteMs) + 1) * minuteMs
  const from = to - hourMs
  const minutes = await store.series({ interfaceId, from, to, stepMs: minuteMs })
  // One step over the same minutes: quantiles of the hour come from merged sketches, never from quantiles of minutes.
  const [hour] = await store.series({ interfaceId, from: from - minuteMs, to, stepMs: hourMs + minuteMs })
  if (hour === undefined) throw new Error('a span of an hour has a step')
  return { from, minutes, hour }
}

function answerOf(
  iface: Interface,
  timezone: string,
  read: Hour & {
    readonly totals: InterfaceTotals | undefined
    readonly firing: readonly Alert[]
    readonly openTickets: number
    readonly standing: Standing
  },
): InterfaceAnswer {
  const { hour, minutes, totals, firing } = read
  const signs: Signs = { isObserved: totals !== undefined, lastHour: hour, lastMinutes: minutes.slice(-recentMinutes), firing }
  const health = healthOf(iface, signs)
  const onset = firing.reduce<Instant | null>(
    (first, alert) => (first === null ? alert.onsetAt : Math.min(first, alert.onsetAt)),
    null,
  )
  return {
    id: iface.id,
    name: iface.name,
    from: iface.from,
    to: iface.to,
    protocol: iface.protocol,
    format: iface.format,
    contract: iface.contract,
    criticality: iface.criticality,
    objectives: iface.objectives,
    listen: addressText(iface.sources.proxy?.listen),
    upstream: addressText(iface.sources.proxy?.upstream),
    source: iface.sources.kafka?.topics ?? iface.sources.files?.pattern ?? null,
    state: stateOf(signs, health),
    illSince: onset === null ? null : isoInZone(onset, timezone),
    health,
    lastExchangeAt: totals === undefined ? null : isoInZone(totals.lastAt, timezone),
    rate1m: minutes.at(-2)?.exchanges ?? 0,
    counts: {
      exchanges: hour.exchanges,
      answered: hour.answered,
      failed: hour.failed,
      unanswered: hour.unanswered,
      orphans: hour.orphans,
      oneWay: hour.oneWay,
      violations: hour.violations.observe + hour.violations.warn + hour.violations.ticket,
    },
    latencyMs: hour.latencyMs,
    openTickets: read.openTickets,
    ...marksOf(iface, timezone, read.standing),
    coverage: coverageOf(hour.exchanges, hour.fullyObserved),
    lastHour: {
      from: isoInZone(read.from, timezone),
      exchanges: minutes.map((p) => p.exchanges),
      failed: minutes.map((p) => p.failed + p.unanswered),
    },
  }
}

function marksOf(iface: Interface, timezone: string, standing: Standing): Pick<InterfaceAnswer, 'window' | 'silence'> {
  const change = standing.windowOf(iface)
  const silence = standing.silenceOf(iface)
  return {
    window: change && {
      changeId: change.id,
      title: change.title,
      approval: change.approval,
      until: isoInZone(windowEndOf(change), timezone),
    },
    silence: silence && {
      silenceId: silence.id,
      reason: silence.reason,
      cause: silence.cause,
      until: isoInZone(silenceEndOf(silence), timezone),
    },
  }
}

function addressText(address: Address | undefined): string | null {
  if (address === undefined) return null
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}

async function readOverview(
  store: Store,
  catalogue: Catalogue,
  now: Instant,
  interfaces: readonly InterfaceAnswer[],
): Promise<Overview> {
  const { hospital } = catalogue
  const iso = (at: Instant) => isoInZone(at, hospital.timezone)
  const [counts, resumed, edges, dropped, lately, tallies, load] = await Promise.all([
    store.ticketCounts(),
    store.resume(),
    store.edges(),
    store.dropped(now - hourMs),
    store.tickets({ openedFrom: now - 7 * dayMs, limit: 500 }),
    store.dutyTallies(now - 7 * dayMs, now),
    store.ownerLoads(),
  ])
  const active = counts.filter(({ state }) => state === 'open' || state === 'assigned')
  const sum = (rows: readonly { readonly count: number }[]) => rows.reduce((total, { count }) => total + count, 0)
  const observed = interfaces.reduce(
    (total, { counts: c, coverage }) => ({ all: total.all + c.exchanges, full: total.full + c.exchanges * coverage }),
    { all: 0, full: 0 },
  )
  const deadlines = tallies.filter(({ kind }) => kind === 'assign' || kind === 'arrive' || kind === 'recover')
  const responses = lately.items.map(responseMs).filter((ms) => ms !== null)
  return {
    at: iso(now),
    hospital: { name: hospital.name, timezone: hospital.timezone },
    tickets: {
      open: sum(active.filter(({ state }) => state === 'open')),
      assigned: sum(active.filter(({ state }) => state === 'assigned')),
      P1: sum(active.filter(({ severity }) => severity === 'P1')),
      P2: sum(active.filter(({ severity }) => severity === 'P2')),
      P3: sum(active.filter(({ severity }) => severity === 'P3')),
      P4: sum(active.filter(({ severity }) => severity === 'P4')),
    },
    responseMinMean: responses.length === 0 ? null : responses.reduce((a, b) => a + b, 0) / responses.length / minuteMs,
    deadlines: {
      kept: deadlines.reduce((total, { kept }) => total + kept, 0),
      late: deadlines.reduce((total, { late }) => total + late, 0),
    },
    load,
    coverage: coverageOf(observed.all + sum(dropped), observed.full),
    exchangesPerMin: interfaces.reduce((total, { rate1m }) => total + rate1m, 0),
    analysedAt: resumed.now === null ? null : iso(resumed.now),
    edges: edges.map(({ edgeId, at, health }) => ({ id: edgeId, at: iso(at), ...edgeNumbers(health) })),
    dropped,
  }
}

/** From opening to the first thing that a person did. */
function responseMs(ticket: Ticket): number | null {
  const first = ticket.timeline.find(
    ({ by, kind }) =>
      by !== 'auscult' && (kind === 'assigned' || kind === 'transferred' || kind === 'comment' || kind === 'arrived'),
  )
  return first === undefined ? null : Math.max(first.at - ticket.openedAt, 0)
}

function edgeNumbers(health: unknown): Omit<Overview['edges'][number], 'id' | 'at'> {
  const clock = field(health, 'clock')
  const synchronised = field(clock, 'synchronised')
  const number = (value: unknown) => (typeof value === 'number' ? value : null)
  return {
    loopLagMsMax: number(field(health, 'loopLagMsMax')),
    observationLagMsMax: number(field(health, 'observationLagMsMax')),
    connections: number(field(health, 'connections')),
    clockSynchronised: typeof synchronised === 'boolean' ? synchronised : null,
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}
