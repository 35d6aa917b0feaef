import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { mllp } from '../../../../adapters/protocols/mllp/protocol.ts'
import { systemClock } from '../../../../gateway/clock.ts'
import { type RunningEdge, startEdge } from '../../../../gateway/edge/edge.ts'
import { defaultEdgeLimits, type EdgeLimits } from '../../../../gateway/edge/limits.ts'
import type { Interface, ProxySource, TlsOptions } from '../../../../gateway/model/interface.ts'
import { testCatalogue, testInterface } from '../../../support/catalogue.ts'
import { memoryLog, silent } from '../../../support/log.ts'
import { ack, order } from '../../../support/mllp.ts'

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** An edge over these interfaces, drained after the test. */
async function edgeOver(interfaces: readonly Interface[], limits: Partial<EdgeLimits> = {}) {
  const log = memoryLog()
  const edge = await startEdge({
    catalogue: testCatalogue(...interfaces),
    protocols: [mllp],
    log,
    clock: systemClock(),
    limits: { ...defaultEdgeLimits, drainMs: 100, ...limits },
    logger: silent,
    edgeId: 'edge1',
    clockHealth: () => ({ synchronised: true, errorBoundMs: 3 }),
  })
  closing.push(() => edge.drain())
  return { edge, log }
}

/** A receiver that answers every message with AA and its own mark as sending application. */
async function receiver(mark = 'LIS'): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (bytes) => socket.write(answerTo(bytes, mark)))
  })
  return { port: await listening(server), sockets }
}

function answerTo(bytes: Buffer, mark: string): Buffer {
  const id = bytes.toString('latin1').split('|')[9] ?? ''
  return Buffer.from(ack('AA', id).toString('latin1').replace('|LIS|', `|${mark}|`), 'latin1')
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => void server.close())
  return portOf(server)
}

function portOf(server: Server): number {
  const address = server.address()
  return address === null || typeof address === 'string' ? 0 : address.port
}

function proxy(upstreamPort: number, changed: Partial<ProxySource> = {}): Partial<ProxySource> {
  return { upstream: { host: '127.0.0.1', port: upstreamPort }, ...changed }
}

function dial(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  closing.push(() => void socket.destroy())
  return socket
}

/** Resolves when the socket is closed, by an error or without. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

async function ask(socket: Socket, id: string): Promise<string> {
  socket.write(order(id))
  const [bytes] = await once(socket, 'data')
  return String(bytes)
}

const portOn = (edge: RunningEdge, id: string): number => edge.stats().listening[id] ?? 0

/** Until it is so; the test's own time limit ends a wait for what never comes. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('a running edge', () => {
  it('carries, observes and logs, with ids that name the edge', async () => {
    const { port } = await receiver()
    const { edge, log } = await edgeOver([testInterface('a', proxy(port))])
    const socket = dial(portOn(edge, 'a'))
    expect(await ask(socket, '1')).toContain('MSA|AA|1')
    await until(() => log.exchanges().length === 1)
    expect(log.exchanges()[0]).toMatchObject({
      interfaceId: 'a',
      outcome: 'answered',
      controlId: '1',
      id: expect.stringMatching(/^edge1-[0-9a-z]+-1$/),
      connection: { id: 'c1', acceptor: `127.0.0.1:${port}` },
    })
    expect(edge.stats().connections).toBe(1)
  })

  it('ticks once a second with its own health', async () => {
    const { port } = await receiver()
    const { edge, log } = await edgeOver([testInterface('a', proxy(port))])
    await ask(dial(portOn(edge, 'a')), '1')
    await until(() => log.entries.some(({ kind }) => kind === 'tick'))
    const tick = log.entries.find((entry) => entry.kind === 'tick')
    expect(tick).toMatchObject({
      health: {
        edgeId: 'edge1',
        connections: 1,
        exchanges: 1,
        dropped: {},
        clock: { synchronised: true, errorBoundMs: 3 },
        listening: { a: 1 },
      },
    })
    expect(tick?.kind === 'tick' && tick.health.forwardedBytes).toBe(order('1').length + ack('AA', '1').length)
  })

  it('tells a refused upstream in an exchange without a request', async () => {
    const server = createServer()
    const port = await listening(server)
    server.close()
    await once(server, 'close')
    const { edge, log } = await edgeOver([testInterface('a', proxy(port))])
    await closed(dial(portOn(edge, 'a')))
    await until(() => log.exchanges().length === 1)
    expect(log.exchanges()[0]).toMatchObject({
      outcome: 'unanswered',
      request: null,
      wire: [{ kind: 'refused', how: 'refused' }],
    })
  })

  it('resets connections beyond its limit at once, and counts them', async () => {
    const { port } = await receiver()
    const { edge, log } = await edgeOver([testInterface('a', proxy(port))], { connectionsMax: 1 })
    const first = dial(portOn(edge, 'a'))
    await ask(first, '1')
    const second = dial(portOn(edge, 'a'))
    await closed(second)
    expect(await ask(first, '2')).toContain('MSA|AA|2')
    await until(() => log.entries.some((entry) => entry.kind === 'tick' && entry.health.dropped['connection-limit'] === 1))
  })

  it('at its start names every address that it can not have, and listens on none', async () => {
    const busy = [createServer(), createServer()]
    const ports = [await listening(busy[0] ?? createServer()), await listening(busy[1] ?? createServer())]
    const on = (port: number) => ({ listen: { host: '127.0.0.1', port } })
    const free = createServer()
    const freePort = await listening(free)
    free.close()
    await once(free, 'close')
    const interfaces = [
      testInterface('a', on(ports[0] ?? 0)),
      testInterface('b', on(freePort)),
      testInterface('c', on(ports[1] ?? 0)),
    ]
    const failed = edgeOver(interfaces)
    await expect(failed).rejects.toMatchObject({ code: 'PORT_IN_USE' })
    await expect(failed).rejects.toThrow(new RegExp(`interface a .*:${ports[0]}.*interface c .*:${ports[1]}`))
    const again = createServer()
    again.listen(freePort, '127.0.0.1')
    await once(again, 'listening')
    again.close()
  })
})

describe('reload', () => {
  it('drops no connection, uses a new upstream for new ones, and adds and takes away interfaces', async () => {
    const [old, next] = [await receiver('OLD'), await receiver('NEW')]
    const [a, b] = [testInterface('a', proxy(old.port)), testInterface('b', proxy(old.port))]
    const { edge } = await edgeOver([a, b])
    const [onA, onB] = [dial(portOn(edge, 'a')), dial(portOn(edge, 'b'))]
    await ask(onA, '1')
    await ask(onB, '1')
    const [portA, portB] = [portOn(edge, 'a'), portOn(edge, 'b')]
    const failures = await edge.reload(
      testCatalogue(testInterface('a', proxy(next.port)), testInterface('c', proxy(next.port))),
    )
    expect(failures).toEqual([])
    expect(await ask(onA, '2')).toContain('|OLD|')
    expect(await ask(onB, '2')).toContain('|OLD|')
    expect(portOn(edge, 'a')).toBe(portA)
    expect(await ask(dial(portA), '3')).toContain('|NEW|')
    expect(await ask(dial(portOn(edge, 'c')), '3')).toContain('|NEW|')
    const refused = connect({ port: portB, host: '127.0.0.1' })
    const [error] = await once(refused, 'error')
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
    expect(edge.stats().connections).toBe(4)
  })

  it('does what it can and says what it could not', async () => {
    const { port } = await receiver()
    const busy = await listening(createServer())
    const { edge } = await edgeOver([testInterface('a', proxy(port))])
    const failures = await edge.reload(
      testCatalogue(
        testInterface('a', proxy(port)),
        testInterface('b', proxy(port, { listen: { host: '127.0.0.1', port: busy } })),
        testInterface('c', proxy(port, { listenTls: tls('missing') })),
        { ...testInterface('d', proxy(port)), protocol: 'dimse' },
        testInterface('e', proxy(port)),
      ),
    )
    expect(failures.map(({ code }) => code).toSorted()).toEqual(['PORT_IN_USE', 'PROTOCOL_UNKNOWN', 'TLS_MATERIAL_UNREADABLE'])
    for (const id of ['a', 'e']) expect(await ask(dial(portOn(edge, id)), '1')).toContain('MSA|AA|1')
  })

  it('an exchange that was open under the old options is ended by them', async () => {
    const mute = createServer((socket) => socket.on('error', () => {}).resume())
    const port = await listening(mute)
    const { edge, log } = await edgeOver([testInterface('a', proxy(port), { ackTimeoutMs: 200, lateWindowMs: 100 })])
    const socket = dial(portOn(edge, 'a'))
    socket.write(order('1'))
    await until(() => edge.stats().connections === 1)
    await edge.reload(testCatalogue(testInterface('a', proxy(port), { ackTimeoutMs: 86_400_000 })))
    await until(() => log.exchanges().length === 1)
    expect(log.exchanges()[0]).toMatchObject({ outcome: 'unanswered', wire: [{ kind: 'timeout', afterMs: 200 }] })
  })
})

describe('drain', () => {
  it('accepts no more, lets what is under way end, and logs what was open', async () => {
    const { port } = await receiver()
    const { edge, log } = await edgeOver([testInterface('a', proxy(port))], { drainMs: 5_000 })
    const socket = dial(portOn(edge, 'a'))
    await ask(socket, '1')
    const listened = portOn(edge, 'a')
    const drained = edge.drain()
    expect(await ask(socket, '2')).toContain('MSA|AA|2')
    const refused = connect({ port: listened, host: '127.0.0.1' })
    const [error] = await once(refused, 'error')
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
    socket.end()
    await drained
    expect(log.exchanges().map(({ controlId }) => controlId)).toEqual(['1', '2'])
    expect(log.entries.at(-1)?.kind).toBe('tick')
  })
})

describe('TLS', () => {
  it('on both sides, mutual: the initiator’s certificate is asked for, ours is shown upstream', async () => {
    const material = { cert: file('server.crt'), key: file('server.key'), ca: file('ca.crt') }
    const upstream = createTlsServer({ ...read(material), requestCert: true, rejectUnauthorized: true }, (socket) =>
      socket.on('error', () => {}).on('data', (bytes) => socket.write(answerTo(bytes, 'LIS'))),
    )
    const port = await listening(upstream)
    const { edge, log } = await edgeOver([
      testInterface('a', proxy(port, { listenTls: tls('server'), upstreamTls: { ...tls('client'), serverName: 'localhost' } })),
    ])
    const client = read({ cert: file('client.crt'), key: file('client.key'), ca: file('ca.crt') })
    const socket = connectTls({ port: portOn(edge, 'a'), host: '127.0.0.1', servername: 'localhost', ...client })
    closing.push(() => void socket.destroy())
    expect(await ask(socket, '1')).toContain('MSA|AA|1')
    await until(() => log.exchanges().length === 1)
    expect(log.exchanges()[0]).toMatchObject({ outcome: 'answered', controlId: '1' })
    // A reset goes through TLS as well.
    upstream.once('secureConnection', (secured) => secured.on('error', () => {}))
    const isClosed = closed(socket)
    socket.on('error', () => {})
    upstream.close()
    socket.destroy()
    await isClosed
    await until(() => edge.stats().connections === 0)
  })

  it('an initiator without a certificate is turned away when one is asked for', async () => {
    const { port, sockets } = await receiver()
    const { edge } = await edgeOver([testInterface('a', proxy(port, { listenTls: tls('server') }))])
    const socket = connectTls({
      port: portOn(edge, 'a'),
      host: '127.0.0.1',
      servername: 'localhost',
      ca: readFileSync(file('ca.crt')),
    })
    socket.on('error', () => {})
    socket.on('secureConnect', () => socket.write(order('1')))
    await closed(socket)
    await until(() => edge.stats().connections === 0)
    expect(sockets).toHaveLength(0)
  })

  it('an upstream whose certificate no CA of ours signed is refused as tls', async () => {
    const upstream = createTlsServer(read({ cert: file('server.crt'), key: file('server.key'), ca: file('ca.crt') }))
    upstream.on('tlsClientError', () => {})
    const port = await listening(upstream)
    const { edge, log } = await edgeOver([
      testInterface('a', proxy(port, { upstreamTls: { ...tls('client'), ca: null, serverName: 'localhost' } })),
    ])
    await closed(dial(portOn(edge, 'a')))
    await until(() => log.exchanges().length === 1)
    expect(log.exchanges()[0]).toMatchObject({ wire: [{ kind: 'refused', how: 'tls' }] })
  })

  it('an upstream that never speaks TLS ends with the dial’s time-out', async () => {
    const mute = createServer((socket) => socket.on('error', () => {}).resume())
    const port = await listening(mute)
    const { edge, log } = await edgeOver([testInterface('a', proxy(port, { upstreamTls: tls('client') }))], {
      dialTimeoutMs: 50,
    })
    await closed(dial(portOn(edge, 'a')))
    await until(() => log.exchanges().length === 1)
    expect(log.exchanges()[0]).toMatchObject({ wire: [{ kind: 'refused', how: 'timeout' }] })
  })
})

function file(name: string): string {
  return fileURLToPath(new URL(`../../../../fixtures/tls/${name}`, import.meta.url))
}

function tls(name: string): TlsOptions {
  return { cert: file(`${name}.crt`), key: file(`${name}.key`), ca: file('ca.crt'), verifyPeer: true, serverName: null }
}

function read(material: { cert: string; key: string; ca: string }) {
  return { cert: readFileSync(material.cert), key: readFileSync(material.key), ca: readFileSync(material.ca) }
}
