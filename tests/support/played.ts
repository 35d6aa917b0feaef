import { connect, createServer, type Server, type Socket } from 'node:net'
import { dimse } from '../../adapters/protocols/dimse/protocol.ts'
import { http } from '../../adapters/protocols/http/protocol.ts'
import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { systemClock } from '../../gateway/clock.ts'
import { type RunningEdge, startEdge } from '../../gateway/edge/edge.ts'
import { defaultEdgeLimits } from '../../gateway/edge/limits.ts'
import type { Exchange } from '../../gateway/model/exchange.ts'
import { otherSide, type Side } from '../../gateway/model/frame.ts'
import type { ProtocolName } from '../../gateway/model/interface.ts'
import type { ScriptStep } from '../laws/proxy-capture.ts'
import { testCatalogue, testInterface } from './catalogue.ts'
import { memoryLog, silent } from './log.ts'

/**
 * Plays the script over real sockets through a real edge, and gives what the edge logged. `around` may watch the conversation: it is told
 * the edge's port before the first packet, and what it returns is called after the last.
 */
export async function playedThroughEdge(
  script: readonly ScriptStep[],
  around: (port: number) => Promise<() => Promise<void>> = async () => async () => {},
  startEdgeBefore: (upstreamPort: number) => Promise<EdgeBefore> = edgeBefore('mllp'),
): Promise<readonly Exchange[]> {
  const accepted = Promise.withResolvers<End>()
  const server = createServer({ allowHalfOpen: true }, (socket) => accepted.resolve(watched(socket)))
  const upstreamPort = await listening(server)
  const { edge, exchanges } = await startEdgeBefore(upstreamPort)
  const port = edge.stats().listening.law ?? 0
  const over = await around(port)
  const initiator = watched(connect({ host: '127.0.0.1', port, allowHalfOpen: true }))
  const sides = { initiator, acceptor: await accepted.promise }
  await play(script, sides)
  await over()
  await edge.drain()
  server.close()
  for (const side of Object.values(sides)) side.socket.destroy()
  return exchanges()
}

/** An edge whose interface `law` leads to the upstream, and what it logged once it is drained. */
export interface EdgeBefore {
  readonly edge: RunningEdge
  readonly exchanges: () => readonly Exchange[]
}

/** One that observes in this thread. */
export function edgeBefore(protocol: ProtocolName): (upstreamPort: number) => Promise<EdgeBefore> {
  return async (upstreamPort) => {
    const log = memoryLog()
    const edge = await startEdge({
      catalogue: testCatalogue({ ...testInterface('law', { upstream: { host: '127.0.0.1', port: upstreamPort } }), protocol }),
      protocols: [mllp, http, dimse],
      log,
      clock: systemClock(),
      limits: { ...defaultEdgeLimits, drainMs: 2000 },
      logger: silent,
      edgeId: 'e1',
      clockHealth: () => ({ synchronised: null, errorBoundMs: null }),
    })
    return { edge, exchanges: log.exchanges }
  }
}

async function play(script: readonly ScriptStep[], ends: { readonly [side in Side]: End }): Promise<void> {
  const sent = { initiator: 0, acceptor: 0 }
  for (const step of script) {
    const [from, to] = [ends[step.from], ends[otherSide(step.from)]]
    if (step.kind === 'bytes') {
      sent[step.from] += step.bytes.length
      from.socket.write(step.bytes)
      await until(to, () => to.receivedBytes === sent[step.from])
    } else {
      if (step.kind === 'fin') from.socket.end()
      else from.socket.resetAndDestroy()
      await until(to, () => to.isEnded)
    }
  }
}

function watched(socket: Socket): End {
  const end: End = { socket, receivedBytes: 0, isEnded: false, changed: () => {} }
  const ended = () => {
    end.isEnded = true
    end.changed()
  }
  socket.setNoDelay(true)
  socket.on('data', (bytes) => {
    end.receivedBytes += bytes.length
    end.changed()
  })
  socket.on('end', ended)
  socket.on('close', ended)
  socket.on('error', ended)
  return end
}

async function until(end: End, isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    await new Promise<void>((resolve) => {
      end.changed = resolve
    })
  }
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

/** One end of the real conversation: what it has received, and how it ended. */
interface End {
  readonly socket: Socket
  receivedBytes: number
  isEnded: boolean
  /** Called on every change. */
  changed: () => void
}
