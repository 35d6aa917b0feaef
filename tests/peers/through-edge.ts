import { http } from '../../adapters/protocols/http/protocol.ts'
import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { systemClock } from '../../gateway/clock.ts'
import { startEdge } from '../../gateway/edge/edge.ts'
import { defaultEdgeLimits } from '../../gateway/edge/limits.ts'
import type { Exchange } from '../../gateway/model/exchange.ts'
import type { Interface } from '../../gateway/model/interface.ts'
import type { Json } from '../../gateway/model/json.ts'
import { testCatalogue, testInterface } from '../support/catalogue.ts'
import { memoryLog, silent } from '../support/log.ts'

/** An edge with one interface on a free port of loopback, that writes to memory. */
export interface EdgeInFront {
  readonly port: number
  /** Ends the edge; every exchange that it saw, in the order in which they ended. */
  close(): Promise<readonly Exchange[]>
}

/** `options` as the interface's in a configuration, and `changes` of the interface itself. */
export async function edgeInFrontOf(
  upstreamPort: number,
  options: { readonly [key: string]: Json } = {},
  changes: Partial<Interface> = {},
): Promise<EdgeInFront> {
  const log = memoryLog()
  const upstream = { host: '127.0.0.1', port: upstreamPort }
  const edge = await startEdge({
    catalogue: testCatalogue({ ...testInterface('peer', { upstream }, options), ...changes }),
    protocols: [mllp, http],
    log,
    clock: systemClock(),
    limits: { ...defaultEdgeLimits, drainMs: 50 },
    logger: silent,
    edgeId: 'e1',
    clockHealth: () => ({ synchronised: null, errorBoundMs: null }),
  })
  return {
    port: edge.stats().listening.peer ?? 0,
    async close() {
      await edge.drain()
      return log.exchanges()
    },
  }
}
