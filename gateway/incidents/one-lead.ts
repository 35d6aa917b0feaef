import type { Alert } from '../model/incident.ts'
import { subjectKey } from '../model/subject.ts'
import { alertsOf, type Dossier, leadOf } from './dossier.ts'

/** Two incidents of one subject that one and the same named cause leads: one fault that was noticed by two of its marks, as slow answers and refusals. */
export function haveOneLead(one: Dossier, other: Dossier): boolean {
  const lead = leadOf(one.incident.causes)
  if (lead === 'unknown' || lead !== leadOf(other.incident.causes)) return false
  const subjects = alertsOf(one).map(({ subject }) => subjectKey(subject))
  return alertsOf(other).some(({ subject }) => subjects.includes(subjectKey(subject)))
}

/** Whether an incident that is over has come back with this alert: the same cause at the same place; two unnamed ones only when the same question was asked. */
export function isRecurrence(past: Dossier, fresh: Dossier, alert: Alert): boolean {
  if (past.absorbedBy !== null || past.incident.resolvedAt === null) return false
  const known = alertsOf(past).filter((a) => subjectKey(a.subject) === subjectKey(alert.subject))
  if (known.length === 0) return false
  const [lead, freshLead] = [leadOf(past.incident.causes), leadOf(fresh.incident.causes)]
  if (lead === freshLead && lead !== 'unknown') return true
  return (lead === 'unknown' || freshLead === 'unknown') && known.some((a) => a.signal === alert.signal)
}
