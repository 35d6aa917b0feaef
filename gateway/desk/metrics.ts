import type { Instant } from '../model/time.ts'
import type { Store } from '../store/store.ts'
import type { Board } from './board.ts'

type Labels = { readonly [name: string]: string }
interface Sample {
  readonly labels: Labels
  readonly value: number
}

/**
 * Everything of surface.md's metrics as Prometheus text (format 0.0.4). Labels are interfaces, systems, outcomes, causes and
 * reasons: never a key, a type or anything else that traffic brings.
 */
export async function metricsText(store: Store, board: Board, now: Instant): Promise<string> {
  const [totals, clocks, tickets, dropped, lost, resumed, deliveries, failing, { items }] = await Promise.all([
    store.totals(),
    store.clocks(),
    store.ticketCounts(),
    store.dropped(),
    store.lostBytes(),
    store.resume(),
    store.deliveryCounts(),
    store.failingChannels(),
    board.interfaces(),
  ])
  const by = (interfaceId: string, more: Labels = {}) => ({ interface: interfaceId, ...more })
  const outcomes = totals.flatMap((t) => [
    { labels: by(t.interfaceId, { outcome: 'answered' }), value: t.answered },
    { labels: by(t.interfaceId, { outcome: 'failed' }), value: t.failed },
    { labels: by(t.interfaceId, { outcome: 'unanswered' }), value: t.unanswered },
    { labels: by(t.interfaceId, { outcome: 'orphan' }), value: t.orphans },
    { labels: by(t.interfaceId, { outcome: 'one-way' }), value: t.oneWay },
  ])
  const violations = totals.flatMap((t) =>
    Object.entries(t.violations).map(([severity, value]) => ({ labels: by(t.interfaceId, { severity }), value })),
  )
  const quantiles = items.flatMap(({ id, latencyMs: { p50, p95, p99 } }) =>
    [
      { quantile: '0.5', ms: p50 },
      { quantile: '0.95', ms: p95 },
      { quantile: '0.99', ms: p99 },
    ].flatMap(({ quantile, ms }) => (ms === null ? [] : [{ labels: by(id, { quantile }), value: ms / 1000 }])),
  )
  const observed = items.filter(({ state }) => state !== 'not-yet-observed')
  const byCause = new Map<string, Sample>()
  for (const { state, cause, count } of tickets) {
    byCause.set(`${state}/${cause}`, {
      labels: { state, cause },
      value: (byCause.get(`${state}/${cause}`)?.value ?? 0) + count,
    })
  }
  return [
    family('auscult_exchanges_total', 'counter', 'Exchanges by outcome since the store was made.', outcomes),
    family('auscult_violations_total', 'counter', 'Contract violations by severity since the store was made.', violations),
    family('auscult_latency_seconds', 'gauge', 'Latency quantiles of the last hour.', quantiles),
    family(
      'auscult_interface_health',
      'gauge',
      'Health score, 0 to 100.',
      observed.map(({ id, health }) => ({ labels: by(id), value: health.score ?? 0 })),
    ),
    family(
      'auscult_clock_offset_seconds',
      'gauge',
      'System clock minus gateway clock.',
      clocks.flatMap(({ systemId, offsetS }) => (offsetS === null ? [] : [{ labels: { system: systemId }, value: offsetS }])),
    ),
    family('auscult_tickets', 'gauge', 'Tickets by state and best cause.', [...byCause.values()]),
    family(
      'auscult_observation_coverage',
      'gauge',
      'Share of the last hour that was observed in full.',
      observed.map(({ id, coverage }) => ({ labels: by(id), value: coverage })),
    ),
    family(
      'auscult_edge_dropped_total',
      'counter',
      'Observations shed, by reason.',
      dropped.map(({ reason, count }) => ({ labels: { reason }, value: count })),
    ),
    family(
      'auscult_notices',
      'gauge',
      'Notices by channel and state.',
      deliveries.map(({ channel, state, count }) => ({ labels: { channel, state }, value: count })),
    ),
    family(
      'auscult_channel_failing_seconds',
      'gauge',
      'How long a channel for notices has delivered nothing; absent for those that deliver.',
      failing.map(({ name, since }) => ({ labels: { channel: name }, value: Math.max(now - since, 0) / 1000 })),
    ),
    family('auscult_log_lost_bytes_total', 'counter', 'Bytes of the log that were gone before analysis read them.', [
      { labels: {}, value: lost },
    ]),
    family(
      'auscult_analysis_lag_seconds',
      'gauge',
      'Age of the analysis clock.',
      resumed.now === null ? [] : [{ labels: {}, value: Math.max(now - resumed.now, 0) / 1000 }],
    ),
  ].join('')
}

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`,
  )
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}
