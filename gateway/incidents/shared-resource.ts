import { kindsOf } from './alert-kinds.ts'
import { areClose, enrichment } from './correlate.ts'
import { alertsOf, type Dossier, leadOf } from './dossier.ts'
import type { Topology } from './topology.ts'

/** Below this chance three or more ill interfaces with one resource in common are one fault of the resource. */
const enrichmentMax = 0.01
/**
 * Where they also look alike, began together, and none is ill that doesn't need it, two will do, and this chance: that two systems fall ill in the same way within two
 * minutes is rarer than that what both need does.
 */
const enrichmentAlikeMax = 0.5
/** The other's lead must be at least a guess of this likelihood. */
const guessMin = 0.1
const interfacesMin = 3
const alikeMin = 2

/** The open incidents that are one: the elder, and those that it takes in. */
export interface Joined {
  readonly elder: Dossier
  readonly others: readonly Dossier[]
}

/**
 * A database or a host that several ill interfaces need, more than chance would have it, is the one fault of them all. Null: none is.
 * `mayJoin` says whether two incidents can have one cause at all.
 */
export function joinedByResource(
  open: readonly Dossier[],
  seen: ReadonlySet<string>,
  topology: Topology,
  mayJoin: (other: Dossier, elder: Dossier) => boolean,
): Joined | null {
  const able = open.filter(isReachOrSlow)
  if (able.length < 2) return null
  for (const { interfaceIds, isCommon } of topology.shared) {
    const tagged = interfaceIds.filter((id) => seen.has(id))
    const users = able.filter((d) => interfacesOf(d).some((id) => tagged.includes(id)))
    const [elder, ...rest] = users
    if (elder === undefined || rest.length === 0) continue
    const others = rest.filter((d) => beganTogether(d, elder) && mayJoin(d, elder))
    const ill = new Set(able.flatMap(interfacesOf))
    const hits = new Set([elder, ...others].flatMap((d) => interfacesOf(d).filter((id) => tagged.includes(id))))
    const chance = enrichment({ total: seen.size, tagged: tagged.length, drawn: ill.size, hits: hits.size })
    if (hits.size >= interfacesMin && chance < enrichmentMax) return { elder, others }
    const isAlike = others.length > 0 && hits.size === ill.size && others.every((d) => looksLike(elder, d))
    if (isAlike && hits.size >= alikeMin && chance < enrichmentAlikeMax && !isCommon) return { elder, others }
  }
  return null
}

function beganTogether(one: Dossier, other: Dossier): boolean {
  return alertsOf(one).some((a) => alertsOf(other).some((b) => areClose(a, b)))
}

/** The named lead of one is the other's too, or a likely guess of it. */
function looksLike(one: Dossier, other: Dossier): boolean {
  const holds = (a: Dossier, b: Dossier) => {
    const lead = leadOf(a.incident.causes)
    return lead !== 'unknown' && b.incident.causes.some(({ id, confidence }) => id === lead && confidence >= guessMin)
  }
  return holds(one, other) || holds(other, one)
}

function isReachOrSlow(dossier: Dossier): boolean {
  return alertsOf(dossier).every((a) => kindsOf(a).some((k) => k === 'reach' || k === 'slow'))
}

function interfacesOf(dossier: Dossier): readonly string[] {
  return alertsOf(dossier).flatMap((a) => (a.subject.kind === 'interface' ? [a.subject.id] : []))
}
