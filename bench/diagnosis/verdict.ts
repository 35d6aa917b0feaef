import type { Label, Scenario } from '../../fixtures/scenarios/scenario.ts'
import type { Incident, RankedCause } from '../../gateway/model/incident.ts'
import { subjectKey } from '../../gateway/model/subject.ts'
import type { Played, SeenIncident } from './play.ts'

/** What was said of one fault. */
export interface Answer {
  readonly cause: string
  /** The lead of its ticket (or, of what needs none, of its incident or finding); `nothing` when there was none. */
  readonly said: string
  readonly confidence: number | null
  /** The best named cause, be it below `unknown`: what calibration is about. */
  readonly guess: { readonly cause: string; readonly confidence: number } | null
  readonly isInTop3: boolean
  /** Whether the place that the right cause named, or else the lead, is right. Null when nothing was said. */
  readonly isRightPlace: boolean | null
  /** Until its first ticket. */
  readonly afterMs: number | null
  readonly afterMessages: number | null
  readonly incidentId: string | null
  /** Said without a ticket: by a warning's incident or a finding. Empty when a ticket said it. */
  readonly asides: readonly string[]
}

export function isRight({ cause, said }: Answer): boolean {
  return cause === said
}

export interface Verdict {
  readonly id: string
  readonly answers: readonly Answer[]
  /** All tickets of the scenario, and those that belong to no fault of it, by their leads. */
  readonly ticketCount: number
  readonly strayTickets: readonly string[]
  readonly interfaceWeeks: number
  readonly exchangeCount: number
  readonly cpuMs: number
}

const weekMs = 7 * 24 * 3_600_000
/** Onset estimates may lie a little before the truth. */
const earlyMs = 5 * 60_000

/** Holds what was said against the truth. */
export function judge(scenario: Scenario, played: Played): Verdict {
  const tickets = played.incidents.filter(({ ticketed }) => ticketed !== null)
  const used = new Set<string>()
  const answers = scenario.labels.map((label) => {
    const own = tickets.filter((seen) => isAbout(seen, label))
    for (const seen of own) used.add(seen.incident.id)
    return answerOf(label, own, played, scenario.labels.length > 1)
  })
  return {
    id: scenario.id,
    answers,
    ticketCount: tickets.length,
    strayTickets: tickets
      .filter(({ incident }) => !used.has(incident.id))
      .map(({ incident }) => incident.causes[0]?.id ?? 'unknown'),
    interfaceWeeks: (scenario.feeds.length * scenario.lastsMs) / weekMs,
    exchangeCount: played.exchangeCount,
    cpuMs: Math.round(played.cpuMs),
  }
}

function isAbout({ incident, ticketed }: SeenIncident, label: Label): boolean {
  if (ticketed === null || !sharesPlace(incident, label)) return false
  // What was told before it happened, and stands, needs no second ticket: a certificate in its last week.
  const isForetold = incident.causes[0]?.id === label.cause && (incident.resolvedAt ?? label.from) >= label.from
  return isForetold || ticketed.at >= label.from - earlyMs
}

function sharesPlace(incident: Incident, { interfaceIds, loci }: Label): boolean {
  if (incident.interfaceIds.some((id) => interfaceIds.includes(id))) return true
  const keys = loci.map(subjectKey)
  return (
    incident.systemIds.some((id) => keys.includes(`system:${id}`)) ||
    incident.causes.some(({ locus }) => locus?.kind === 'gateway' && loci.some((l) => l.kind === 'gateway'))
  )
}

function answerOf(label: Label, own: readonly SeenIncident[], played: Played, isOneOfSeveral: boolean): Answer {
  const first = chosen(label, own, isOneOfSeveral)
  const asides = first === null ? asidesOf(label, played) : []
  if (first === null) {
    const isSaid = label.isQuiet === true && asides.includes(label.cause)
    return {
      cause: label.cause,
      said: isSaid ? label.cause : 'nothing',
      confidence: null,
      guess: null,
      isInTop3: isSaid,
      isRightPlace: null,
      afterMs: null,
      afterMessages: null,
      incidentId: null,
      asides,
    }
  }
  const { incident, ticketed } = first
  const [lead] = incident.causes
  const named = incident.causes.find(({ id }) => id === label.cause) ?? lead
  const messages = label.interfaceIds.reduce((sum, id) => sum + (ticketed?.exchanges.get(id) ?? 0), 0)
  return {
    cause: label.cause,
    said: lead?.id ?? 'unknown',
    confidence: lead?.confidence ?? null,
    guess: guessOf(incident.causes),
    isInTop3: topThree(incident.causes).includes(label.cause),
    isRightPlace: isRightPlace(named, incident, label),
    afterMs: ticketed === null ? null : Math.max(0, ticketed.at - label.from),
    afterMessages: messages,
    incidentId: incident.id,
    asides,
  }
}

/** Of several tickets for one fault the first is what people act on; of two faults at once each gets the ticket that names it, if one does. */
function chosen(label: Label, own: readonly SeenIncident[], isOneOfSeveral: boolean): SeenIncident | null {
  const byTime = [...own].sort((a, b) => (a.ticketed?.at ?? 0) - (b.ticketed?.at ?? 0))
  const naming = isOneOfSeveral ? byTime.find(({ incident }) => topThree(incident.causes).includes(label.cause)) : undefined
  return naming ?? byTime[0] ?? null
}

/** `unknown` leads what follows as guesses: they are the three. */
function topThree(causes: readonly RankedCause[]): readonly string[] {
  return causes
    .map(({ id }) => id)
    .filter((id) => id !== 'unknown')
    .slice(0, 3)
}

function guessOf(causes: readonly RankedCause[]): Answer['guess'] {
  const best = causes.find(({ id }) => id !== 'unknown')
  return best === undefined ? null : { cause: best.id, confidence: best.confidence }
}

function isRightPlace(named: RankedCause | undefined, incident: Incident, label: Label): boolean {
  const keys = label.loci.map(subjectKey)
  const locus = named?.locus ?? null
  if (locus !== null)
    return keys.includes(subjectKey(locus)) || (locus.kind === 'gateway' && label.loci.some((l) => l.kind === 'gateway'))
  return incident.interfaceIds.some((id) => keys.includes(`interface:${id}`))
}

function asidesOf(label: Label, played: Played): readonly string[] {
  const warned = played.incidents
    .filter(
      ({ incident, ticketed }) =>
        ticketed === null && sharesPlace(incident, label) && incident.openedAt >= label.from - earlyMs,
    )
    .flatMap(({ incident }) => topThree(incident.causes).slice(0, 1))
  const found = played.findings
    .filter(({ interfaceId, count }) => label.interfaceIds.includes(interfaceId) && count >= 3)
    .map(({ cause }) => cause)
  return [...new Set([...warned, ...found])]
}
