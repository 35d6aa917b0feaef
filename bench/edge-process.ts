/**
 * The edge as a process of its own, for bench/beside-haproxy.ts: `node bench/edge-process.ts UPSTREAM_PORT PROTOCOL`. Prints the port it listens
 * on. Every exchange is captured, bodies and all; the log counts them and lets them go. SIGTERM prints what was seen and ends.
 */
import { http } from '../adapters/protocols/http/protocol.ts'
import { mllp } from '../adapters/protocols/mllp/protocol.ts'
import { systemClock } from '../gateway/clock.ts'
import { startEdge } from '../gateway/edge/edge.ts'
import { defaultEdgeLimits } from '../gateway/edge/limits.ts'
import type { LogWriter } from '../gateway/model/entry.ts'

const counts = { exchanges: 0, answered: 0, bodyBytes: 0, dropped: 0 }
const counting: LogWriter = {
  async append(entries) {
    for (const entry of entries) {
      if (entry.kind === 'tick') {
        counts.dropped += Object.values(entry.health.dropped).reduce((sum, count) => sum + count, 0)
        continue
      }
      if (entry.kind !== 'exchange') continue
      counts.exchanges += 1
      if (entry.exchange.outcome === 'answered') counts.answered += 1
      counts.bodyBytes += entry.exchange.request?.body.byteLength ?? 0
    }
  },
  pendingBytes: 0,
  close: async () => {},
}

const say = (fields: object, words: string): void => console.error(words, fields)
const edge = await startEdge({
  catalogue: {
    hospital: { name: 'bench', timezone: 'Asia/Shanghai', calendar: 'cn' },
    systems: [],
    interfaces: [
      {
        id: 'bench',
        name: { zh: 'bench', en: 'bench' },
        from: 'his',
        to: 'lis',
        protocol: process.argv[3] === 'http' ? 'http' : 'mllp',
        format: 'hl7v2',
        options: {},
        contract: null,
        criticality: 'high',
        sources: {
          proxy: {
            listen: { host: '127.0.0.1', port: 0 },
            upstream: { host: '127.0.0.1', port: Number(process.argv[2]) },
            listenTls: null,
            upstreamTls: null,
          },
          capture: null,
        },
        objectives: { successRate: 0.995, latencyP95Ms: 800 },
        expectedVolume: null,
      },
    ],
  },
  protocols: [mllp, http],
  log: counting,
  clock: systemClock(),
  limits: { ...defaultEdgeLimits, drainMs: 500 },
  logger: { info: say, warn: say, error: say },
  edgeId: 'bench',
  clockHealth: () => ({ synchronised: null, errorBoundMs: null }),
})
console.log(edge.stats().listening.bench)
process.once('SIGTERM', async () => {
  await edge.drain()
  console.log(JSON.stringify(counts))
  process.exit(0)
})
