import type { Alert } from '../model/incident.ts'

/** What lies between two systems, and near one of them where it is seen on several of its interfaces, be it their sender or receiver: a cable, a firewall. */
export function isOfTheWay({ signal }: Alert): boolean {
  return signal.startsWith('stalls/') || signal.startsWith('links/') || signal === 'connections/idle'
}

/** The place that an alert says is ill by a locus that it has; null: none. What forgets idle connections lies between two systems; what loses segments is as often the end of one. */
export function votedFor(locus: string, { signal }: Alert): string | null {
  if (!locus.startsWith('way:')) return locus
  return signal === 'connections/idle' ? null : locus.replace('way:', 'system:')
}
