import type { Inspected, Monitor, Reading } from '../gateway/model/reading.ts'
import type { Instant } from '../gateway/model/time.ts'
import { amount, flag, type Held, keyed, record, versioned, word } from './shared/state.ts'
import { rounded, say, voicePart } from './shared/voice.ts'

const edgePart = record({
  lastTickAt: amount(),
  /** Decays by a tenth with each tick: what is odd must go on to count. */
  lag: amount(),
  lagMsMax: amount(),
  /** When it last didn't lag: what gets slower from minute to minute began then. */
  calmAt: amount(),
  dropped: amount(),
  droppedWhat: word(),
  missing: flag(),
  missingSinceAt: amount(),
  heldBytes: amount(),
  clockBad: flag(),
  errorBoundMs: amount(),
  /** The last time that it was set back, and by how much. */
  setBackAt: amount(),
  setBackMs: amount(),
  cleanTicks: amount(),
  sinceAt: amount(),
  isBad: flag(),
  isTicket: flag(),
  voice: voicePart,
  clockVoice: voicePart,
})
type Edge = Held<typeof edgePart>
type Tick = Extract<Inspected, { kind: 'tick' }>

const memoryOfAll = versioned(3, keyed(edgePart))

const edgesMax = 64
const lagMsOdd = 250
const lagMsTicket = 2_000
const lagMsCalm = 100
const creepMsMax = 600_000
/** Lag of so many of the last ticks, in effect. */
const lagTicksMin = 3
const tickMsMax = 15_000
const heldBytesMax = 256 * 1024 * 1024
const cleanTicksMin = 30
const clockErrorMsMax = 250
/** So long a clock that was set back is told, for times from before may be wrong. */
const setBackToldMs = 2 * 60_000
/** At once: it is no estimate. */
const setBackScore = 2

/**
 * Is Auscult itself well? Looked at before anybody else is blamed. `self/edge`: the edge's event loop lags, it sheds observations, it
 * holds too much, or its ticks stay away. `self/clock`: its machine's clock isn't kept in step, or was set back. Subject: the gateway, by edge id.
 */
export const self: Monitor = {
  name: 'self',
  start(_options, saved) {
    const edges = memoryOfAll.start(saved)
    return {
      assess(item) {
        const out: Reading[] = []
        if (item.kind === 'tick') {
          const { edgeId } = item.entry.health
          let edge = edges.get(edgeId)
          if (edge === undefined && edges.size < edgesMax) {
            edge = edgePart.fresh()
            edges.set(edgeId, edge)
          }
          if (edge !== undefined) noteTick(edge, item)
        }
        for (const [edgeId, edge] of edges) {
          noteAbsence(edge, item.now)
          judge(edge, edgeId, item.now, out)
        }
        return out
      },
      save: () => memoryOfAll.save(edges),
    }
  },
}

function noteTick(edge: Edge, { now, entry: { health }, setBackMs }: Tick): void {
  if (setBackMs !== undefined) Object.assign(edge, { setBackAt: now, setBackMs })
  edge.lastTickAt = now
  edge.missing = false
  const isLagging = health.loopLagMsMax > lagMsOdd
  if (health.loopLagMsMax <= lagMsCalm) edge.calmAt = now
  edge.lag = edge.lag * 0.9 + (isLagging ? 1 : 0)
  const reasons = Object.entries(health.dropped).filter(([, count]) => count > 0)
  const dropped = reasons.reduce((sum, [, count]) => sum + count, 0)
  edge.heldBytes = health.heldBytes
  edge.errorBoundMs = health.clock.errorBoundMs ?? 0
  edge.clockBad = health.clock.synchronised === false || edge.errorBoundMs > clockErrorMsMax
  const isOdd = edge.lag >= lagTicksMin || health.loopLagMsMax > lagMsTicket || dropped > 0 || health.heldBytes > heldBytesMax
  if (!isOdd) {
    edge.cleanTicks += 1
    if (edge.isBad && edge.cleanTicks >= cleanTicksMin) edge.isBad = false
    return
  }
  edge.cleanTicks = 0
  if (!edge.isBad) begin(edge, edge.calmAt === 0 ? now : Math.max(edge.calmAt, now - creepMsMax))
  edge.dropped += dropped
  if (reasons[0] !== undefined) edge.droppedWhat = reasons[0][0]
  edge.lagMsMax = Math.max(edge.lagMsMax, health.loopLagMsMax)
  if (health.loopLagMsMax > lagMsTicket || dropped > 0) edge.isTicket = true
}

function noteAbsence(edge: Edge, now: Instant): void {
  if (now - edge.lastTickAt <= tickMsMax || edge.missing) return
  edge.missing = true
  edge.missingSinceAt = edge.lastTickAt
  edge.cleanTicks = 0
  if (!edge.isBad) begin(edge, edge.lastTickAt)
  edge.isTicket = true
}

function begin(edge: Edge, at: Instant): void {
  Object.assign(edge, { isBad: true, isTicket: false, sinceAt: at, dropped: 0, droppedWhat: '', lagMsMax: 0 })
}

function judge(edge: Edge, edgeId: string, now: Instant, out: Reading[]): void {
  const wasSetBack = edge.setBackAt > 0 && now - edge.setBackAt < setBackToldMs
  const isClockOdd = edge.clockBad || wasSetBack
  if (!edge.isBad && !isClockOdd && !edge.voice.bad && !edge.clockVoice.bad) return
  const context = { monitor: 'self', subject: { kind: 'gateway', id: edgeId }, now } as const
  say(out, edge.voice, { ...context, signal: 'edge' }, edge.isBad ? (edge.isTicket ? 'ticket' : 'warn') : null, () => ({
    onsetAt: edge.sinceAt,
    score: rounded(
      Math.max(edge.lagMsMax / lagMsTicket, edge.dropped > 0 || edge.missing ? 1 : 0, edge.heldBytes / heldBytesMax),
    ),
    facts: {
      loopLagMsMax: rounded(edge.lagMsMax),
      dropped: edge.dropped,
      droppedWhat: edge.droppedWhat,
      heldBytes: edge.heldBytes,
      missingS: edge.missing ? Math.round((now - edge.missingSinceAt) / 1000) : 0,
    },
    exchangeIds: [],
  }))
  say(out, edge.clockVoice, { ...context, signal: 'clock' }, isClockOdd ? 'warn' : null, () => ({
    onsetAt: wasSetBack ? edge.setBackAt : now,
    score: rounded(Math.max(edge.errorBoundMs / clockErrorMsMax, wasSetBack ? setBackScore : 1)),
    facts: { errorBoundMs: edge.errorBoundMs, setBackS: wasSetBack ? Math.round(edge.setBackMs / 1000) : 0 },
    exchangeIds: [],
  }))
}
