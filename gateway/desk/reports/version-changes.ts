import { isoInZone } from '../../model/time.ts'
import { versionChangeText } from '../../model/version-change.ts'
import type { VersionChange } from '../api/report-shapes.ts'
import type { Gathered } from './gather.ts'
import { systemName } from './system-report.ts'

/**
 * What became of the systems' software and message versions in the period, as the monitor of versions found it on the wire: oldest first. A change that shows
 * on several interfaces of its system at once is one; of several on one interface within a day the alert keeps the last.
 */
export function versionChanges({ alerts, period, catalogue }: Gathered): readonly VersionChange[] {
  const found = new Map<string, { readonly at: number; readonly change: VersionChange; readonly interfaceIds: Set<string> }>()
  for (const { monitor, subject, reading } of alerts.toSorted((a, b) => a.reading.onsetAt - b.reading.onsetAt)) {
    const { changedAt, systemId, kind, from, to } = reading.facts
    if (monitor !== 'versions' || typeof changedAt !== 'number' || typeof systemId !== 'string') continue
    if (changedAt < period.from || changedAt >= period.to || subject.kind === 'gateway') continue
    const key = JSON.stringify([systemId, kind, from, to])
    const name = systemName(systemId, catalogue)
    const { zh, en } = versionChangeText(reading, name)
    const text = { zh, en: en.charAt(0).toUpperCase() + en.slice(1) }
    const at = isoInZone(changedAt, catalogue.hospital.timezone)
    const known = found.get(key) ?? { at: changedAt, change: { at, subject: '', text }, interfaceIds: new Set() }
    found.set(key, known)
    known.interfaceIds.add(subject.id)
  }
  return [...found.values()]
    .toSorted((a, b) => a.at - b.at)
    .map(({ change, interfaceIds }) => ({ ...change, subject: [...interfaceIds].sort().join(', ') }))
}
