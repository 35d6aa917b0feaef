import type { Alert } from '../model/incident.ts'
import { subjectKey } from '../model/subject.ts'
import type { Millis } from '../model/time.ts'
import { kindsOf } from './alert-kinds.ts'
import { areClose, belongs, isSameQuestion, lociOf } from './correlate.ts'
import { alertsOf, type Dossier, leadOf } from './dossier.ts'
import type { EvidenceBook } from './evidence/evidence.ts'
import type { Topology } from './topology.ts'
import { isOfTheWay } from './ways.ts'

/** Whether an alert belongs to an open incident. */
export function joins(alert: Alert, dossier: Dossier, evidence: EvidenceBook, topology: Topology): boolean {
  return belongsTo(earliest(alert, dossier, evidence), dossier, topology)
}

function belongsTo(alert: Alert, dossier: Dossier, topology: Topology): boolean {
  return belongs(alert, { alerts: alertsOf(dossier) }, topology)
}

/** The same, of a subject that it is about already. */
export function isMoreOf(alert: Alert, dossier: Dossier, topology: Topology): boolean {
  return isOfSubject(dossier, alert) && belongsTo(alert, dossier, topology)
}

/** An interface with little traffic shows a dead receiver only with its next message: nothing answered between, no later onset. */
function earliest(alert: Alert, { incident }: Dossier, evidence: EvidenceBook): Alert {
  if (alert.subject.kind !== 'interface' || alert.onsetAt <= incident.onsetAt || !kindsOf(alert).includes('reach')) return alert
  const wasWell = evidence.answeredSince(alert.subject.id, incident.onsetAt)
  return wasWell ? alert : { ...alert, onsetAt: incident.onsetAt }
}

/**
 * Two incidents of one subject that one and the same named cause leads: one fault that was noticed by two of its marks, as slow answers and refusals; or of two ways
 * to one system, which a cable or a firewall of it makes.
 */
export function haveOneLead(one: Dossier, other: Dossier, topology: Topology): boolean {
  const lead = leadOf(one.incident.causes)
  if (lead === 'unknown' || lead !== leadOf(other.incident.causes)) return false
  const subjects = alertsOf(one).map(({ subject }) => subjectKey(subject))
  if (alertsOf(other).some(({ subject }) => subjects.includes(subjectKey(subject)))) return true
  return alertsOf(one).some((a) => alertsOf(other).some((b) => shareWay(a, b, topology)))
}

/** Whether both are seen on the ways to one system, and may have begun at one time. */
function shareWay(a: Alert, b: Alert, topology: Topology): boolean {
  if (!isOfTheWay(a) || a.signal !== b.signal || !areClose(a, b)) return false
  const theirs = lociOf(b, topology).strong
  return lociOf(a, topology).strong.some((locus) => theirs.includes(locus))
}

/** Whether it holds an alert of the same subject. */
export function isOfSubject(dossier: Dossier, { subject }: Alert): boolean {
  return alertsOf(dossier).some((other) => subjectKey(other.subject) === subjectKey(subject))
}

/** What returns so soon is the same fault, whatever either time was taken for: the slow spells that a neighbour's batches make. */
const soonMs: Millis = 3_600_000

/**
 * Whether an incident that is over has come back with this alert: the same cause at the same place, or the same question there when one of the two is unnamed
 * or the other was over only just now.
 */
export function isRecurrence(past: Dossier, fresh: Dossier, alert: Alert): boolean {
  const { resolvedAt } = past.incident
  if (past.absorbedBy !== null || resolvedAt === null) return false
  const known = alertsOf(past).filter((a) => subjectKey(a.subject) === subjectKey(alert.subject))
  if (known.length === 0) return false
  const [lead, freshLead] = [leadOf(past.incident.causes), leadOf(fresh.incident.causes)]
  if (lead === freshLead && lead !== 'unknown') return true
  const isSoon = alert.pendingAt - resolvedAt <= soonMs
  return (lead === 'unknown' || freshLead === 'unknown' || isSoon) && known.some((a) => isSameQuestion(a, alert))
}

/**
 * Whether an alert is of an incident that is over, and was only noticed after it: it began while that lasted, would have belonged to it, and both have one named
 * lead. What is off and on again by the minute is noticed on a rarely used interface between two times.
 */
export function wasPartOf(past: Dossier, fresh: Dossier, alert: Alert, topology: Topology): boolean {
  const { resolvedAt } = past.incident
  if (past.absorbedBy !== null || resolvedAt === null || alert.onsetAt > resolvedAt) return false
  const lead = leadOf(fresh.incident.causes)
  return lead !== 'unknown' && lead === leadOf(past.incident.causes) && belongsTo(alert, past, topology)
}
