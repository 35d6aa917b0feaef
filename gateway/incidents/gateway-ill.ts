import type { Alert } from '../model/incident.ts'
import type { Json } from '../model/json.ts'
import { numberOf, recordOf, textOf } from '../model/saved.ts'
import type { Instant, Millis } from '../model/time.ts'
import { onsetGapMsMax } from './correlate.ts'
import type { Dossier } from './dossier.ts'

/** Inhibition: an unwell gateway explains everything, and its own wrong clock explains every clock. */
export function isExplainedByGateway(alert: Alert, open: Iterable<Dossier>, ill: GatewayIll | null = null): boolean {
  if (isInDoubt(alert, ill)) return true
  for (const dossier of open) {
    for (const other of dossier.alerts.values()) {
      const isIll = other.subject.kind === 'gateway' && other.state === 'firing'
      const explains = !isClock(other.signal) || alert.signal.startsWith('clock/')
      if (isIll && explains && alert.onsetAt >= other.onsetAt - onsetGapMsMax) return true
    }
  }
  return false
}

/** The newest of the gateway's own alerts: while it is pending, and for a while after it, what is seen of others may be its doing. */
export interface GatewayIll {
  readonly signal: string
  readonly onsetAt: Instant
  /** By when it was well again, or when it was last said not to be. */
  readonly until: Instant
}

/** What is bad for longer than this after the gateway was, is so by itself: every monitor that is bad says so again within it. */
const graceMs: Millis = 60_000

/** What is left of a gateway alert for those that come after; null: it never was one. `before`: what alerts are held for already. */
export function gatewayIll(alert: Alert, before: GatewayIll | null): GatewayIll | null {
  const { signal, onsetAt, lastBadAt, resolvedAt, firingAt } = alert
  if (resolvedAt !== null && firingAt === null) return null
  return { signal, onsetAt: Math.min(onsetAt, before?.onsetAt ?? onsetAt), until: resolvedAt ?? lastBadAt }
}

export function loadGatewayIll(saved: Json): GatewayIll | null {
  if (saved === null) return null
  const { signal, onsetAt, until } = recordOf(saved)
  return { signal: textOf(signal), onsetAt: numberOf(onsetAt), until: numberOf(until) }
}

/** Whether nobody can tell yet that an alert isn't the gateway's doing: the gateway is in doubt, or was unwell just now, and it hasn't been said since. */
function isInDoubt(alert: Alert, ill: GatewayIll | null): boolean {
  if (ill === null || (isClock(ill.signal) && !alert.signal.startsWith('clock/'))) return false
  return alert.onsetAt >= ill.onsetAt - onsetGapMsMax && alert.lastBadAt < ill.until + graceMs
}

/** `self/clock`, `clock/gateway`: the gateway's time is in doubt, the rest of what it sees is not. */
function isClock(signal: string): boolean {
  return signal.startsWith('clock/') || signal === 'self/clock'
}
