import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { dimse } from '../../adapters/protocols/dimse/protocol.ts'
import { http } from '../../adapters/protocols/http/protocol.ts'
import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { abort, message } from '../../fixtures/hospital/systems/dimse/bytes.ts'
import { systemClock } from '../../gateway/clock.ts'
import { startEdge } from '../../gateway/edge/edge.ts'
import { defaultEdgeLimits } from '../../gateway/edge/limits.ts'
import type { LogWriter } from '../../gateway/model/entry.ts'
import { failure } from '../../gateway/model/failures.ts'
import type { Protocol } from '../../gateway/model/frame.ts'
import type { ProtocolName, ProxySource, TlsOptions } from '../../gateway/model/interface.ts'
import { testCatalogue, testInterface } from '../support/catalogue.ts'
import { associateRequest, header, pixels, store } from '../support/dimse.ts'
import { sound } from '../support/http.ts'
import { memoryLog, silent } from '../support/log.ts'
import { transparencyLaw, type WayThrough } from './transparency.ts'

const folder = new URL('../../fixtures/messages/', import.meta.url)
const messages = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => ({ name: entry.name, bytes: readFileSync(`${entry.parentPath}/${entry.name}`) }))

function edge(protocol: Protocol, log: () => LogWriter, sides: Partial<ProxySource> = {}, name: ProtocolName = 'mllp') {
  return async (upstreamPort: number): Promise<WayThrough> => {
    const running = await startEdge({
      catalogue: testCatalogue({
        ...testInterface('law', { upstream: { host: '127.0.0.1', port: upstreamPort }, ...sides }),
        protocol: name,
      }),
      protocols: [protocol],
      log: log(),
      clock: systemClock(),
      limits: { ...defaultEdgeLimits, drainMs: 50 },
      logger: silent,
      edgeId: 'e1',
      clockHealth: () => ({ synchronised: null, errorBoundMs: null }),
    })
    return { port: running.stats().listening.law ?? 0, close: () => running.drain() }
  }
}

/** Two edges, one after the other, with mutual TLS between them. */
async function overTls(upstreamPort: number): Promise<WayThrough> {
  const far = await edge(mllp, memoryLog, { listenTls: tls('server') })(upstreamPort)
  const near = await edge(mllp, memoryLog, { upstreamTls: tls('client') })(far.port)
  return {
    port: near.port,
    async close() {
      await near.close()
      await far.close()
    },
  }
}

function tls(name: string): TlsOptions {
  const file = (ending: string): string => fileURLToPath(new URL(`../../fixtures/tls/${ending}`, import.meta.url))
  return { cert: file(`${name}.crt`), key: file(`${name}.key`), ca: file('ca.crt'), verifyPeer: true, serverName: 'localhost' }
}

/** A decoder with a bug in each of its ways in. */
const throwing: Protocol = {
  name: 'mllp',
  optionsSchema: {},
  decoder: () => {
    const fail = (): never => {
      throw new TypeError('a bug')
    }
    return { push: fail, gap: fail, end: fail, pending: fail, heldBytes: 0 }
  },
}

/** Both sides of what interfaces say over HTTP, whole and broken. */
const said = sound.flatMap(([asked, answered], i) => [
  { name: `request ${i}`, bytes: asked },
  { name: `answer ${i}`, bytes: answered.subarray(0, answered.length - (i % 3)) },
])

/** An association's objects, whole and broken. */
const objects = [
  {
    name: 'an object',
    bytes: Buffer.concat([associateRequest(), message(3, store(1), Buffer.concat([header, pixels(60_000)]))]),
  },
  { name: 'one broken off', bytes: Buffer.concat([message(3, store(1), header).subarray(0, 200), abort(0, 0)]) },
]

const hanging: LogWriter = { ...memoryLog(), append: () => new Promise(() => {}) }
const full: LogWriter = { ...memoryLog(), append: () => Promise.reject(failure('DISK_FULL', 'the disk is full')) }

transparencyLaw('the edge', edge(mllp, memoryLog), messages)
transparencyLaw('the edge of an interface over HTTP', edge(http, memoryLog, {}, 'http'), said)
transparencyLaw('the edge of an interface over DIMSE', edge(dimse, memoryLog, {}, 'dimse'), objects)
transparencyLaw('two edges with mutual TLS between them', overTls, messages.slice(0, 3))
transparencyLaw('the edge, when the decoder throws', edge(throwing, memoryLog), messages.slice(0, 3))
transparencyLaw(
  'the edge, when the log hangs',
  edge(mllp, () => hanging),
  messages.slice(0, 3),
)
transparencyLaw(
  'the edge, when the log rejects',
  edge(mllp, () => full),
  messages.slice(0, 3),
)
