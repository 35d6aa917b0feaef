import type { Alert } from '../model/incident.ts'
import type { Json } from '../model/json.ts'
import { parseAlert } from '../model/parse.ts'
import { type JsonRecord, listOf, numberOf, plain, recordOf, textOf } from '../model/saved.ts'
import type { Instant, Millis } from '../model/time.ts'
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

const heldMax = 500

/** Firing alerts that wait until the gateway itself is well, and whether it is. */
export class HeldAlerts {
  #alerts = new Map<string, Alert>()
  #ill: GatewayIll | null = null

  get size(): number {
    return this.#alerts.size
  }

  /** An alert of the gateway's own. */
  hear({ signal, onsetAt, lastBadAt, resolvedAt, firingAt }: Alert): void {
    if (resolvedAt !== null && firingAt === null) {
      this.#ill = null
      return
    }
    // What is held already is held for the illness before.
    const sinceAt = this.#alerts.size > 0 ? Math.min(onsetAt, this.#ill?.onsetAt ?? onsetAt) : onsetAt
    this.#ill = { signal, onsetAt: sinceAt, until: resolvedAt ?? lastBadAt }
  }

  /** Whether it may be the gateway's doing, and waits. */
  hold(alert: Alert, open: Iterable<Dossier>): boolean {
    if (!this.#mayBeGateways(alert, open)) return false
    if (this.#alerts.size < heldMax) this.#alerts.set(alert.id, alert)
    return true
  }

  drop(alertId: string): void {
    this.#alerts.delete(alertId)
  }

  /** The first that nothing of the gateway's explains any longer: it waits no more. */
  release(open: Iterable<Dossier>): Alert | null {
    for (const alert of this.#alerts.values()) {
      if (this.#mayBeGateways(alert, open)) continue
      this.#alerts.delete(alert.id)
      return alert
    }
    return null
  }

  save(): { readonly held: Json; readonly gatewayIll: Json } {
    return { held: [...this.#alerts.values()].map(plain), gatewayIll: this.#ill === null ? null : plain(this.#ill) }
  }

  /** A state of before illness was remembered has none. */
  load({ held, gatewayIll = null }: JsonRecord): void {
    for (const alert of listOf(held).map(parseAlert)) this.#alerts.set(alert.id, alert)
    if (gatewayIll === null) return
    const { signal, onsetAt, until } = recordOf(gatewayIll)
    this.#ill = { signal: textOf(signal), onsetAt: numberOf(onsetAt), until: numberOf(until) }
  }

  #mayBeGateways(alert: Alert, open: Iterable<Dossier>): boolean {
    return isInDoubt(alert, this.#ill) || isExplainedByGateway(alert, open)
  }
}

/** The newest of the gateway's own alerts: while it is pending, and for a while after it, what is seen of others may be its doing. */
interface GatewayIll {
  readonly signal: string
  readonly onsetAt: Instant
  /** By when it was well again, or when it was last said not to be. */
  readonly until: Instant
}

/** What is bad for longer than this after the gateway was, is so by itself: every monitor that is bad says so again within it. */
const graceMs: Millis = 60_000

/** Whether nobody can tell yet that an alert isn't the gateway's doing: the gateway is in doubt, or was unwell just now, and it hasn't been said since. */
function isInDoubt(alert: Alert, ill: GatewayIll | null): boolean {
  if (ill === null || (isClock(ill.signal) && !alert.signal.startsWith('clock/'))) return false
  return alert.onsetAt >= ill.onsetAt - onsetGapMsMax && alert.lastBadAt < ill.until + graceMs
}

/** `self/clock`, `clock/gateway`: the gateway's time is in doubt, the rest of what it sees is not. */
function isClock(signal: string): boolean {
  return signal.startsWith('clock/') || signal === 'self/clock'
}
