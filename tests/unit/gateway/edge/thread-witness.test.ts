import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Entry } from '../../../../gateway/model/entry.ts'
import type { Exchange } from '../../../../gateway/model/exchange.ts'
import type { WireFact } from '../../../../gateway/model/wire.ts'
import { testCatalogue, testInterface } from '../../../support/catalogue.ts'
import { ack, order } from '../../../support/mllp.ts'
import { type ThreadedEdge, threadedEdge } from '../../../support/threaded-edge.ts'

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** An edge with an observing thread before a receiver that answers every message, and a connection to it. */
async function connected(options: Parameters<typeof threadedEdge>[1] = {}) {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    let unanswered = ''
    socket.on('data', (bytes) => {
      unanswered += bytes.toString('latin1')
      for (let end = unanswered.indexOf('\x1c\r'); end >= 0; end = unanswered.indexOf('\x1c\r')) {
        socket.write(ack('AA', unanswered.split('|')[9] ?? ''))
        unanswered = unanswered.slice(end + 2)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => void server.close())
  const address = server.address()
  const upstream = { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0 }
  const threaded = await threadedEdge([testInterface('a', { upstream })], { drainMs: 100, ...options })
  closing.push(() => threaded.edge.drain())
  const socket = connect({ port: threaded.edge.stats().listening.a ?? 0, host: '127.0.0.1' })
  socket.on('error', () => {})
  closing.push(() => void socket.destroy())
  return { threaded, socket, upstream }
}

async function ask(socket: Socket, id: string, note = ''): Promise<void> {
  socket.write(order(id, note))
  let heard = ''
  while (!heard.includes(`MSA|AA|${id}`)) heard += String((await once(socket, 'data'))[0])
}

/** Until it is so; the test's own time limit ends a wait for what never comes. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

function seen(threaded: ThreadedEdge, id: string): Exchange | undefined {
  return threaded.exchanges().find(({ controlId }) => controlId === id)
}

function gapBytes(exchanges: readonly Exchange[]): number {
  const gaps = exchanges.flatMap(({ wire }) =>
    wire.filter((fact): fact is Extract<WireFact, { kind: 'gap' }> => fact.kind === 'gap'),
  )
  return gaps.reduce((sum, gap) => sum + gap.bytes, 0)
}

describe('an observing thread', () => {
  it('logs what passed, with ticks that know of both threads', async () => {
    const { threaded, socket } = await connected()
    await ask(socket, '1')
    const withIt = (): Entry | undefined => threaded.entries.find((e) => e.kind === 'tick' && e.health.exchanges > 0)
    await until(() => withIt() !== undefined)
    expect(seen(threaded, '1')).toMatchObject({
      interfaceId: 'a',
      outcome: 'answered',
      coverage: 'full',
      connection: { id: 'c1' },
    })
    const tick = withIt()
    expect(tick).toMatchObject({ health: { connections: 1, exchanges: 1, dropped: {}, listening: { a: 1 } } })
    expect(threaded.entries.reduce((sum, e) => sum + (e.kind === 'tick' ? e.health.forwardedBytes : 0), 0)).toBe(
      order('1').length + ack('AA', '1').length,
    )
    expect(tick?.kind === 'tick' && tick.health.observationLagMsMax).toBeGreaterThan(0)
  })

  it('brings everything to the log when the edge is drained, and what was open too', async () => {
    const { threaded, socket } = await connected({ drainMs: 2_000 })
    for (let id = 1; id <= 50; id++) await ask(socket, String(id))
    socket.write('\x0bMSH|^~\\&|A')
    await until(() => threaded.edge.stats().connections === 1)
    await threaded.edge.drain()
    expect(threaded.exchanges().filter(({ outcome }) => outcome === 'answered')).toHaveLength(50)
    expect(threaded.entries.at(-1)?.kind).toBe('tick')
  })

  it('a reload reaches it: new connections are observed as they are configured now', async () => {
    const { threaded, socket, upstream } = await connected()
    await ask(socket, '1')
    await threaded.edge.reload(testCatalogue(testInterface('a', { upstream }), testInterface('b', { upstream })))
    const other = connect({ port: threaded.edge.stats().listening.b ?? 0, host: '127.0.0.1' })
    closing.push(() => void other.destroy())
    await ask(other, '2')
    await ask(socket, '3')
    await until(() => threaded.exchanges().length === 3)
    expect(['1', '2', '3'].map((id) => seen(threaded, id)?.interfaceId)).toEqual(['a', 'b', 'a'])
  })

  it('that is too slow for a full ring: what was not observed is counted, and told as a gap of so many bytes', async () => {
    const { threaded, socket } = await connected({ ringBytes: 16_384 })
    // It sleeps on the first, and the ring takes two of the others.
    const notes = ['!sleep', ...Array.from({ length: 12 }, () => 'x'.repeat(5_000))]
    for (const [id, note] of notes.entries()) await ask(socket, `m${id}`, note)
    await until(() => threaded.dropped('ring-full') > 0)
    await ask(socket, 'after', 'a')
    await until(() => seen(threaded, 'after') !== undefined)
    socket.end()
    await once(socket, 'close')
    await threaded.edge.drain()
    const answered = threaded.exchanges().filter(({ outcome }) => outcome === 'answered')
    expect(answered.length).toBeLessThan(notes.length)
    expect(threaded.threads()).toBe(1)
    // An oddity of the first whole message behind it, and a fact of what was open when it came.
    expect(gapBytes(threaded.exchanges())).toBeGreaterThan(10_000)
  })

  it.each([
    '!throw',
    '!exit',
  ])('that is ended by %s is started again; its loss is counted and connections go on', async (mark) => {
    const { threaded, socket } = await connected()
    await ask(socket, '1', mark)
    await until(() => threaded.threads() === 2)
    await ask(socket, '2')
    await until(() => seen(threaded, '2') !== undefined && threaded.dropped('observer-died') > 0)
    expect(seen(threaded, '2')).toMatchObject({ outcome: 'answered', connection: { id: 'c1', connectMs: null } })
    expect(seen(threaded, '2')?.wire.map(({ kind }) => kind)).toContain('gap')
    const ids = threaded.exchanges().map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('that can not begin says why', async () => {
    await expect(threadedEdge([testInterface('a')], { always: '!fail' })).rejects.toMatchObject({ code: 'LOG_VERSION_NEWER' })
  })

  it('that hangs is ended and started again', async () => {
    const { threaded, socket } = await connected({ hangMs: 1_000 })
    await ask(socket, '1', '!hang')
    await until(() => threaded.threads() === 2)
    await ask(socket, '2')
    await until(() => seen(threaded, '2') !== undefined && threaded.dropped('observer-died') > 0)
  })

  it('that hangs for good does not keep the edge from ending', async () => {
    const { threaded, socket } = await connected()
    await ask(socket, '1', '!hang')
    await threaded.edge.drain()
    expect(threaded.threads()).toBe(1)
  })
})
