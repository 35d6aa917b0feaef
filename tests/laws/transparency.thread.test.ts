import { testInterface } from '../support/catalogue.ts'
import { threadedEdge } from '../support/threaded-edge.ts'
import { transparencyLaw, type WayThrough } from './transparency.ts'

/** A way through an edge with an observing thread. `always`: what the thread's decoders do with the first bytes that they see. */
function way(options: { readonly ringBytes?: number; readonly always?: string } = {}) {
  return async (upstreamPort: number): Promise<WayThrough> => {
    const upstream = { host: '127.0.0.1', port: upstreamPort }
    const { edge } = await threadedEdge([testInterface('law', { upstream })], { drainMs: 20, ...options })
    return { port: edge.stats().listening.law ?? 0, close: () => edge.drain() }
  }
}

const messages = [
  { name: 'a small one', bytes: Buffer.from('MSH|^~\\&|A|\r') },
  { name: 'a large one', bytes: Buffer.from(`MSH|^~\\&|A|\r${'x'.repeat(300_000)}\r`) },
]

transparencyLaw('the edge with an observing thread', way(), messages, 10)
transparencyLaw('the edge, when the observing thread hangs', way({ always: '!hang' }), messages, 3)
transparencyLaw('the edge, when the observing thread ends', way({ always: '!exit' }), messages, 3)
transparencyLaw('the edge, when the observing thread throws', way({ always: '!throw' }), messages, 3)
transparencyLaw('the edge, when the ring is full', way({ ringBytes: 4_096, always: '!hang' }), messages, 3)
