import type { Alert, EvidenceLine, Finding, Incident, RankedCause, Withheld } from './incident.ts'
import type { Json } from './json.ts'
import type { Reading } from './reading.ts'
import { listOf, numberOf, numberOrNullOf, recordOf, textOf, textOrNullOf } from './saved.ts'
import type { Subject } from './subject.ts'
import type { Text } from './text.ts'

/** Readers of the model's shapes in saved state. They throw on anything else: see saved.ts. */
export function parseReading(saved: Json | undefined): Reading {
  const state = recordOf(saved)
  const facts: [string, number | string | null][] = Object.entries(recordOf(state.facts)).map(([name, value]) => [
    name,
    typeof value === 'number' || typeof value === 'string' ? value : null,
  ])
  return {
    monitor: textOf(state.monitor),
    signal: textOf(state.signal),
    subject: parseSubject(state.subject),
    at: numberOf(state.at),
    onsetAt: numberOf(state.onsetAt),
    state: state.state === 'bad' ? 'bad' : 'good',
    score: numberOf(state.score),
    severity: state.severity === 'ticket' ? 'ticket' : 'warn',
    facts: Object.fromEntries(facts),
    exchangeIds: listOf(state.exchangeIds).map(textOf),
  }
}

export function parseSubject(saved: Json | undefined): Subject {
  const state = recordOf(saved)
  const kind = state.kind === 'interface' || state.kind === 'system' ? state.kind : 'gateway'
  return { kind, id: textOf(state.id) }
}

export function parseAlert(saved: Json | undefined): Alert {
  const state = recordOf(saved)
  return {
    id: textOf(state.id),
    monitor: textOf(state.monitor),
    signal: textOf(state.signal),
    subject: parseSubject(state.subject),
    state: state.state === 'firing' || state.state === 'resolved' ? state.state : 'pending',
    flapping: state.flapping === true,
    onsetAt: numberOf(state.onsetAt),
    pendingAt: numberOf(state.pendingAt),
    firingAt: numberOrNullOf(state.firingAt),
    resolvedAt: numberOrNullOf(state.resolvedAt),
    lastBadAt: numberOf(state.lastBadAt),
    reading: parseReading(state.reading),
  }
}

export function parseIncident(saved: Json | undefined): Incident {
  const state = recordOf(saved)
  const peers = state.peers === undefined ? null : recordOf(state.peers)
  const withheldBy = state.withheldBy === undefined ? null : listOf(state.withheldBy).map(textOf)
  return {
    id: textOf(state.id),
    state: state.state === 'open' ? 'open' : 'resolved',
    openedAt: numberOf(state.openedAt),
    lastSeenAt: numberOf(state.lastSeenAt),
    resolvedAt: numberOrNullOf(state.resolvedAt),
    reopenedAt: numberOrNullOf(state.reopenedAt),
    onsetAt: numberOf(state.onsetAt),
    severity: parseSeverity(state.severity),
    interfaceIds: listOf(state.interfaceIds).map(textOf),
    systemIds: listOf(state.systemIds).map(textOf),
    alertIds: listOf(state.alertIds).map(textOf),
    causes: listOf(state.causes).map(parseCause),
    title: parseText(state.title),
    advice: parseText(state.advice),
    exchangeIds: listOf(state.exchangeIds).map(textOf),
    ticketed: state.ticketed === true,
    ...(peers === null ? {} : { peers: { affected: numberOf(peers.affected), seen: numberOf(peers.seen) } }),
    ...(withheldBy === null
      ? {}
      : { withheldBy, withheld: parseWithheld(state.withheld), calledAt: numberOrNullOf(state.calledAt) }),
  }
}

export function parseFinding(saved: Json | undefined): Finding {
  const state = recordOf(saved)
  return {
    cause: textOf(state.cause),
    interfaceId: textOf(state.interfaceId),
    systemId: textOrNullOf(state.systemId),
    exchangeIds: listOf(state.exchangeIds).map(textOf),
    count: numberOf(state.count),
    firstAt: numberOf(state.firstAt),
    text: parseText(state.text),
  }
}

function parseWithheld(saved: Json | undefined): Withheld | null {
  if (saved === null || saved === undefined) return null
  const state = recordOf(saved)
  return { ids: listOf(state.ids).map(textOf), untilAt: numberOf(state.untilAt) }
}

function parseCause(saved: Json | undefined): RankedCause {
  const state = recordOf(saved)
  return {
    id: textOf(state.id),
    confidence: numberOf(state.confidence),
    evidence: listOf(state.evidence).map(parseLine),
    locus: state.locus === null ? null : parseSubject(state.locus),
  }
}

function parseLine(saved: Json | undefined): EvidenceLine {
  const state = recordOf(saved)
  return { text: parseText(state.text), for: state.for === true, weight: numberOf(state.weight) }
}

function parseText(saved: Json | undefined): Text {
  const state = recordOf(saved)
  return { zh: textOf(state.zh), en: textOf(state.en) }
}

function parseSeverity(saved: Json | undefined): Incident['severity'] {
  return saved === 'P1' || saved === 'P2' || saved === 'P3' ? saved : 'P4'
}
