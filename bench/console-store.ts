import { comparePositions, dawn, madeBatch, madeExchange, madeViolation, positionOf } from '../fixtures/observed/made.ts'
import type { Catalogue } from '../gateway/model/interface.ts'
import { secretsFrom } from '../gateway/store/secrets.ts'
import { openSqliteStore } from '../gateway/store/sqlite-store.ts'
import type { Store } from '../gateway/store/store.ts'
import { alertsAt, clocksAt, incidentsAt } from '../tests/e2e/console-incidents.ts'
import { orderExchange, stepMs } from './orders.ts'

export const secrets = secretsFrom(new Uint8Array(32).fill(7))

/** The moment after the last exchange. */
export function endOf(total: number): number {
  return dawn + total * stepMs
}

/** A store of `total` exchanges on all interfaces of the catalogue, with open tickets' incidents. What a fill that was broken off has stored is not stored again. */
export async function openFilled(folder: string, total: number, catalogue: Catalogue): Promise<Store> {
  const store = openSqliteStore({
    folder,
    tokenKeys: [secrets.key('tokens')],
    bodyKey: null,
    comparePositions,
  })
  const stored = Number((await store.resume()).committed ?? 0)
  const batchSize = 5_000
  for (let first = stored; first < total; first += batchSize) {
    const batch = Array.from({ length: Math.min(batchSize, total - first) }, (_, i) => exchangeOf(first + i, catalogue))
    await store.commit({ ...madeBatch(batch), now: endOf(first + batch.length) })
  }
  const now = endOf(total)
  const none = () => []
  await store.commit(
    madeBatch([], {
      position: positionOf(total + 1),
      now,
      alerts: alertsAt(now, none),
      incidents: incidentsAt(now, none),
      clocks: clocksAt(now),
    }),
  )
  return store
}

/** The steps of an order go over five interfaces; one exchange in fifty fails, one in twenty breaks its contract. */
function exchangeOf(number: number, { interfaces }: Catalogue) {
  const made = orderExchange(number)
  const iface = interfaces[(made.order * 5 + made.step) % interfaces.length]
  return madeExchange({
    ...made,
    interfaceId: iface?.id ?? '',
    type: ['OMI^O23', 'ORM^O01', 'OML^O21', 'ADT^A08', 'ORU^R01'][made.step] ?? '',
    ...(number % 50 === 0 ? { outcome: 'failed' as const } : {}),
    ...(number % 20 === 0 ? { violations: [madeViolation('PID-3')] } : {}),
  })
}
