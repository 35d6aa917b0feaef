/**
 * The edge as a process of its own, for bench/beside-haproxy.ts: `node bench/edge-process.ts UPSTREAM_PORT PROTOCOL [here]`. Prints the port it listens on. Every
 * exchange is captured, bodies and all, in a thread of its own as in the product (`here`: in the thread that forwards); the log counts them and
 * lets them go. SIGTERM prints what was seen and ends.
 */
import { isMainThread, MessagePort, Worker, workerData } from 'node:worker_threads'
import { dimse } from '../adapters/protocols/dimse/protocol.ts'
import { http } from '../adapters/protocols/http/protocol.ts'
import { mllp } from '../adapters/protocols/mllp/protocol.ts'
import { systemClock } from '../gateway/clock.ts'
import { type RunningEdge, startEdge, startForwarding } from '../gateway/edge/edge.ts'
import { defaultEdgeLimits } from '../gateway/edge/limits.ts'
import { observeRing } from '../gateway/edge/observing.ts'
import { giveWay } from '../gateway/edge/priority.ts'
import { startThreadWitness } from '../gateway/edge/thread-witness.ts'
import type { LogWriter } from '../gateway/model/entry.ts'
import type { ProtocolName } from '../gateway/model/interface.ts'

const say = (fields: object, words: string): void => console.error(words, fields)
const shared = {
  protocols: [mllp, http, dimse],
  clock: systemClock(),
  limits: { ...defaultEdgeLimits, drainMs: 5_000 },
  logger: { info: say, warn: say, error: say },
  edgeId: 'bench',
}
if (isMainThread) await forward()
else await observe()

async function forward(): Promise<void> {
  const edge = await started(Number(process.argv[2]), protocolName(process.argv[3]), process.argv[4] === 'here')
  console.log(edge.stats().listening.bench)
  process.once('SIGTERM', () => void edge.drain())
}

function started(upstreamPort: number, protocol: ProtocolName, isHere: boolean): Promise<RunningEdge> {
  const options = {
    ...shared,
    catalogue: {
      hospital: { name: 'bench', timezone: 'Asia/Shanghai', calendar: 'cn' },
      systems: [],
      interfaces: [
        {
          id: 'bench',
          name: { zh: 'bench', en: 'bench' },
          from: 'his',
          to: 'lis',
          protocol,
          format: protocol === 'dimse' ? 'dicom' : 'hl7v2',
          options: {},
          contract: null,
          criticality: 'high',
          sources: {
            proxy: {
              listen: { host: '127.0.0.1', port: 0 },
              upstream: { host: '127.0.0.1', port: upstreamPort },
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
    clockHealth: () => ({ synchronised: null, errorBoundMs: null }),
  } as const
  if (isHere) return startEdge({ ...options, log: counting() })
  const { drainMs, ringBytes } = shared.limits
  const start = (memory: SharedArrayBuffer, port: MessagePort) =>
    new Worker(new URL(import.meta.url), { workerData: { memory, port }, transferList: [port] })
  const witness = startThreadWitness({ start, ringBytes, drainMs, hangMs: 10_000, clock: shared.clock, logger: shared.logger })
  return startForwarding(options, witness)
}

async function observe(): Promise<void> {
  const { memory, port } = workerData
  if (!(memory instanceof SharedArrayBuffer) || !(port instanceof MessagePort)) throw new Error('no ring')
  giveWay()
  const log = counting()
  await observeRing({ ...shared, memory, port, log })
  await log.close()
  port.postMessage({ kind: 'finished' })
  port.close()
}

/** Counts entries and lets them go; closed, it prints what it counted. */
function counting(): LogWriter {
  const counts: { [what: string]: number } = { exchanges: 0, answered: 0, whole: 0, bodyBytes: 0, lagMsMax: 0 }
  const add = (what: string, count: number): void => {
    counts[what] = (counts[what] ?? 0) + count
  }
  return {
    async append(entries) {
      for (const entry of entries) {
        if (entry.kind === 'tick') {
          for (const [reason, count] of Object.entries(entry.health.dropped)) add(reason, count)
          counts.lagMsMax = Math.max(counts.lagMsMax ?? 0, Math.round(entry.health.observationLagMsMax ?? 0))
        }
        if (entry.kind !== 'exchange') continue
        add('exchanges', 1)
        if (entry.exchange.outcome === 'answered') add('answered', 1)
        if (entry.exchange.coverage === 'full') add('whole', 1)
        add('bodyBytes', entry.exchange.request?.body.byteLength ?? 0)
      }
    },
    pendingBytes: 0,
    close: async () => console.log(JSON.stringify(counts)),
  }
}

function protocolName(value: string | undefined): ProtocolName {
  if (value === 'mllp' || value === 'http' || value === 'dimse') return value
  throw new Error('PROTOCOL is mllp, http or dimse')
}
