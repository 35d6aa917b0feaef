import { type Exchange, exchangeAt } from '../../gateway/model/exchange.ts'
import type { Alert } from '../../gateway/model/incident.ts'
import type { Catalogue } from '../../gateway/model/interface.ts'
import type { Json } from '../../gateway/model/json.ts'
import type { Inspected } from '../../gateway/model/reading.ts'
import { volume } from '../../monitors/volume.ts'
import { ticked } from '../unit/monitors/stream.ts'

const hourMs = 3_600_000
const tickMs = 5_000

/** What the volume monitor remembers of the morning, on a catalogue that expects what the morning's traffic is when nothing is wrong. */
export function checkpointAt(now: number, catalogue: Catalogue, exchanges: readonly Exchange[]): Json {
  const from = now - 2 * hourMs
  const ids = [...new Set(exchanges.map(({ interfaceId }) => interfaceId))]
  const monitor = volume.start({ catalogue, journeyPlans: [] }, null)
  const listening = Object.fromEntries(ids.map((id) => [id, 1]))
  const items = [
    ...exchanges.map((exchange) => exchangeItem(exchange)),
    ...Array.from({ length: (now - from) / tickMs }, (_, i) => ticked(from + i * tickMs, { listening })),
  ]
  for (const item of items.toSorted((a, b) => a.now - b.now)) monitor.assess(item)
  return { monitors: { volume: monitor.save() } }
}

/** The receiver of the exam orders came up with other software this morning. */
export function versionChangeAt(now: number): Alert {
  const changedAt = now - hourMs
  const subject = { kind: 'interface', id: 'his-ris-exam-order' } as const
  const what = { monitor: 'versions', signal: 'changed', subject } as const
  const side = { side: 'receiver', systemId: 'ris', kind: 'software', from: 'RIS-HL7/4.1.7', to: 'RIS-HL7/4.2.0' }
  const facts = { ...side, changedAt, peers: 1, changes: 1, seenSince: 180, badSince: 49, badShareBefore: 0 }
  return {
    ...what,
    id: 'versions-ris',
    state: 'resolved',
    flapping: false,
    onsetAt: changedAt,
    pendingAt: changedAt,
    firingAt: changedAt,
    resolvedAt: now - 60_000,
    lastBadAt: now - 60_000,
    reading: {
      ...what,
      at: now - 60_000,
      onsetAt: changedAt,
      state: 'bad',
      score: 1,
      severity: 'warn',
      facts,
      exchangeIds: ['e1-his-ris-exam-order-1'],
    },
  }
}

function exchangeItem(exchange: Exchange): Inspected {
  const now = exchangeAt(exchange)
  return {
    kind: 'exchange',
    now,
    entry: { kind: 'exchange', at: now, exchange },
    ...{ requestFacts: null, answerFacts: null, violations: [] },
  }
}
