import type { Alert } from '../model/incident.ts'
import { onsetGapMsMax } from './correlate.ts'
import type { Dossier } from './dossier.ts'

/** Inhibition: an unwell gateway explains everything, and its own wrong clock explains every clock. */
export function isExplainedByGateway(alert: Alert, open: Iterable<Dossier>): boolean {
  for (const dossier of open) {
    for (const other of dossier.alerts.values()) {
      const isIll = other.subject.kind === 'gateway' && other.state === 'firing'
      const explains = !isClock(other.signal) || alert.signal.startsWith('clock/')
      if (isIll && explains && alert.onsetAt >= other.onsetAt - onsetGapMsMax) return true
    }
  }
  return false
}

/** `self/clock`, `clock/gateway`: the gateway's time is in doubt, the rest of what it sees is not. */
function isClock(signal: string): boolean {
  return signal.startsWith('clock/') || signal === 'self/clock'
}
